"""What we read of Telegram's objects; all that they hold besides is passed over.

They are our own and few: one wrong or unknown field elsewhere spoils no update, and
reading takes some microseconds instead of half a millisecond.
"""

from typing import Any

from msgspec import Struct, field

_GENERAL = 1  # its number, which Telegram does not take back


class User(Struct, frozen=True):
    """A person, or a bot; `id` is who it is, whatever the names."""

    id: int
    is_bot: bool = False
    username: str | None = None


class Chat(Struct, frozen=True):
    """A conversation: private, group, supergroup or channel."""

    id: int
    type: str
    title: str | None = None

    @property
    def is_group(self) -> bool:
        """Tell whether it is a group of either kind."""
        return self.type in ("group", "supergroup")


class Entity(Struct, frozen=True):
    """A marked place in a text; offset and length in UTF-16 units."""

    type: str
    offset: int
    length: int
    user: User | None = None


class File(Struct, frozen=True):
    """A document, a video, a voice message, or one size of a picture."""

    file_id: str
    file_name: str | None = None
    file_size: int | None = None


class Key(Struct, frozen=True):
    """A button of a keyboard under a message."""

    text: str
    callback_data: str | None = None


class Keyboard(Struct, frozen=True):
    """The buttons under a message."""

    inline_keyboard: list[list[Key]]


class RepliedTo(Struct, frozen=True):
    """The message that another replies to."""

    message_id: int
    sender: User | None = field(default=None, name="from")
    forum_topic_created: Any = None


class Message(Struct, frozen=True):
    """A message, or what is left of one that is too old: its number and chat."""

    message_id: int
    chat: Chat
    date: int = 0
    sender: User | None = field(default=None, name="from")
    sender_chat: Chat | None = None
    edit_date: int | None = None
    is_topic_message: bool = False
    message_thread_id: int | None = None
    text: str | None = None
    caption: str | None = None
    entities: list[Entity] = []
    caption_entities: list[Entity] = []
    document: File | None = None
    photo: list[File] = []
    media_group_id: str | None = None
    reply_to_message: RepliedTo | None = None
    reply_markup: Keyboard | None = None
    migrate_to_chat_id: int | None = None
    migrate_from_chat_id: int | None = None
    video: File | None = None
    video_note: File | None = None
    audio: File | None = None
    voice: File | None = None
    sticker: Any = None
    contact: Any = None
    location: Any = None
    poll: Any = None
    dice: Any = None
    checklist: Any = None
    story: Any = None
    paid_media: Any = None

    @property
    def thread(self) -> int | None:
        """Return the topic; General has none, and other threads are no topics."""
        is_topic = self.is_topic_message and self.message_thread_id != _GENERAL
        return self.message_thread_id if is_topic else None

    @property
    def says_something_else(self) -> bool:
        """Tell whether it is a thing that a person sent and that we cannot read."""
        things = (self.sticker, self.contact, self.location, self.poll, self.dice)
        return any((*things, self.checklist, self.story, self.paid_media))


class Press(Struct, frozen=True):
    """The press of a button under a message."""

    id: str
    sender: User = field(name="from")
    message: Message | None = None
    data: str | None = None


class Member(Struct, frozen=True):
    """What somebody is in a chat."""

    status: str
    is_member: bool = False
    can_send_messages: bool = True
    can_send_documents: bool = True

    @property
    def may_speak(self) -> bool:
        """Tell whether they are there and may say something."""
        if self.status == "restricted":
            return self.is_member and self.can_send_messages
        return self.status in ("creator", "administrator", "member")


class Membership(Struct, frozen=True):
    """That the bot was added, removed, blocked or let in again."""

    chat: Chat
    sender: User = field(name="from")
    date: int
    old_chat_member: Member
    new_chat_member: Member


class Update(Struct, frozen=True):
    """One update of a kind that we ask for."""

    update_id: int
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: Press | None = None
    my_chat_member: Membership | None = None


class Me(Struct, frozen=True):
    """The bot itself."""

    id: int
    username: str = ""
    can_read_all_group_messages: bool = False
    can_join_groups: bool = True


ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
"""What we ask Telegram for, each time: left out, it goes by what was asked before."""
