"""What an answer offers, and what a short word in the next letter takes of it."""

import re

from msgspec.structs import replace

from bot.messages import Reply
from handlers.act import Doing

_YES = re.compile("(?:是|是的|对|对的|好|好的|可以|行|确认|提交|ok|嗯|同意)[。!~]*")
_PLAIN_YES = re.compile("(?:是|是的|是啊|是呀|对|对的|对啊|没错|确认|确实)[。!~]*")
_PLAIN_NO = re.compile("(?:不是|不是的|没有|没|还没|还没有|否|不)[。!~]*")
_NUMBER = re.compile("第?([1-9一二三四五])[个项条]?[。]?")
_CHINESE = "一二三四五"
_UNDO = re.compile("撤[销消回](?:一下|吧|了)?[。!~]*")
_CLAIM = "已报"
_NOES = ("还没报", "再想想")

SAY_WHICH = "请回复序号，或者直接写明。"


def offer(doing: Doing, reply: Reply, *, asks_yes: bool = False) -> Reply:
    """Remember what the buttons say, for those who answer by number.

    Where it *asks_yes*, a plain 是 says the first. In a group nobody is offered.
    """
    if not doing.in_group and reply.buttons:
        choices = tuple(button.says for button in reply.buttons)
        talk = replace(doing.account.talk, choices=choices, asks_yes=asks_yes)
        doing.account.talk = talk
    return reply


def effective_words(doing: Doing) -> str:
    """Return what is meant: a number, 是, 不是, 撤销 may stand for what was offered."""
    choices = doing.choices
    if not choices or doing.in_group:
        return doing.words
    number = _NUMBER.fullmatch(doing.folded)
    if number:
        said = number[1]
        place = _CHINESE.index(said) if said in _CHINESE else int(said) - 1
        return choices[place] if place < len(choices) else doing.words
    if choices[0].startswith("撤销") and _UNDO.fullmatch(doing.folded):
        return choices[0]
    if not doing.asks_yes:
        return doing.words
    if _PLAIN_NO.fullmatch(doing.folded) and choices[-1].startswith(_NOES):
        return choices[-1]
    yes = _PLAIN_YES if choices[0].startswith(_CLAIM) else _YES  # 好的 claims nothing
    return choices[0] if yes.fullmatch(doing.folded) else doing.words


def says_yes_to_which(doing: Doing) -> bool:
    """Tell whether somebody says 是 where he was asked which."""
    was_asked = doing.choices and not doing.asks_yes and not doing.in_group
    return bool(was_asked) and _PLAIN_YES.fullmatch(doing.folded) is not None


def ask_which_again(doing: Doing) -> Reply:
    """Ask for more than a yes; what was offered stays so."""
    keep_offer(doing)
    return Reply(SAY_WHICH)


def keep_offer(doing: Doing) -> None:
    """Let what was offered before this letter stay offered."""
    doing.account.talk = replace(
        doing.account.talk, choices=doing.choices, asks_yes=doing.asks_yes
    )
