"""The whole error tree: what went wrong, and the words for the person.

BotError
 ├── SettingsError      the settings are incomplete or hold an unknown key
 ├── StoreError         the database cannot be opened or has another schema
 ├── DocumentError      a file cannot be read as a document
 ├── PlanRefused        a document was read, but may not come into force so
 ├── NotFound           what was asked for does not exist
 ├── NotAllowed         this person may not do this, or not in this place
 ├── LaneLost           (bot.mail.lanes) another holds the lane: what one had is theirs
 └── DeliveryError      a channel did not take a message
      ├── NotSent       it certainly was not taken: try again later
      ├── Refused       it was refused for good: trying again is useless
      └── Unanswered    nobody can know whether it was taken: never try again unasked

NotReady is none of these: nothing went wrong, and nobody is told.
"""

from collections.abc import Awaitable, Callable


class BotError(Exception):
    """Base of all our errors: `str(error)` is for the log, `reply` for the person."""

    reply = "抱歉，这一步没有办成，请稍后再试。"

    def __init__(self, message: str, *, reply: str = "") -> None:
        super().__init__(message)
        if reply:
            self.reply = reply


class SettingsError(BotError):
    """The settings are incomplete, wrong, or hold a key that nobody knows."""

    reply = "配置有误，请按提示修改 config/bot.toml。"


class StoreError(BotError):
    """The database cannot be opened, or its schema is not ours."""

    reply = "数据库打不开，请联系管理员。"


class DocumentError(BotError):
    """A file cannot be read as a document; nothing of it was stored."""

    reply = "这个文件读不出文字，请换成 docx、txt 或带文字层的 pdf 再导入。"


class PlanRefused(BotError):
    """A document was read, but as it stands it may not come into force."""

    reply = "该文件暂不能发布。"


class NotFound(BotError):
    """What was asked for does not exist."""

    reply = "没有查到。"


class NotAllowed(BotError):
    """The person may not do this, or may not do it here."""

    reply = "您暂无此项权限，需要请联系办公室。"


class DeliveryError(BotError):
    """A channel did not take a message, or did not say that it did."""


class NotSent(DeliveryError):
    """A message was certainly not taken, and may be tried again.

    *retry_after* is what the product asks for, in seconds; *everywhere* says that it
    asks so of the whole credential, not of this chat alone. *flooded* says that the
    credential has sent too much: besides this chat all that is no answer waits as long.
    """

    def __init__(
        self,
        message: str,
        *,
        retry_after: float | None = None,
        everywhere: bool = False,
        flooded: bool = False,
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.everywhere = everywhere
        self.flooded = flooded


class Refused(DeliveryError):
    """A message was refused for good; *gone* if the chat takes none any more."""

    def __init__(self, message: str, *, gone: bool = False) -> None:
        super().__init__(message)
        self.gone = gone


class Unanswered(DeliveryError):
    """The request left us and no answer came: nobody can know whether it was taken."""


class NotReady(Exception):
    """Something takes too long to be made while others wait to write.

    Whoever opened the transaction lets it be undone, awaits `make` outside, and asks
    once more for the same: then it is there.
    """

    def __init__(self, make: Callable[[], Awaitable[None]]) -> None:
        super().__init__("something is to be made first")
        self.make = make
