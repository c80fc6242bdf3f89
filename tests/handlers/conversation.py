"""A conversation with the desk, as the dialogue tests hold it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.messages import Reply
from bot.model import Talk
from handlers.desk import Desk
from handlers.intent import Asker

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


@dataclass
class Conversation:
    """One person at the desk; what was said before is carried on."""

    desk: Desk
    asker: Asker
    talk: Talk = field(default_factory=Talk)

    def says(self, words: str) -> Reply:
        answer = self.desk.answer(words, asker=self.asker, talk=self.talk, at=NOON)
        self.talk = answer.talk
        return answer.reply


Talker = Callable[[str], Conversation]
