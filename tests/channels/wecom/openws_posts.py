"""What a robot put into chats: messages, streams, cards, and how often it may."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aibot_said import Body
from platform_cards import Card, check_card
from platform_clock import PlatformClock
from platform_rates import HOUR, MINUTE, Windows
from platform_refusal import Refusal
from qyapi_calls import Post

GROUP, SINGLE = 2, 1


@dataclass
class CardUpdate:
    """One change of a card; `users` empty means everybody."""

    task_id: str
    card: Card
    users: tuple[str, ...]
    at: datetime


class Posts:
    """The chats that know the robot, and what it said there."""

    def __init__(self, bot_id: str, clock: PlatformClock) -> None:
        self.bot_id, self.clock = bot_id, clock
        self.groups: set[str] = set()
        self.people: dict[str, str] = {}
        self.posts: list[Post] = []
        self.cards: dict[str, Card] = {}
        self.updates: list[CardUpdate] = []
        self.rate = Windows((30, MINUTE), (1000, HOUR))
        self.is_pushing_to_groups = True  # False: 600039, as one project saw

    def meet(self, body: Body) -> None:
        """Remember a chat in which somebody spoke to the robot."""
        if chat := body.get("chatid"):
            self.groups.add(chat)
        elif who := body.get("from", {}).get("userid"):
            self.people[who.lower()] = who

    def chat_of(self, body: Body) -> str:
        """Return the chat of a callback: the group, or the user id."""
        return str(body.get("chatid") or body["from"]["userid"])

    def address(self, body: Body) -> str:
        """Return the chat that a push means; groups are case-sensitive, people not."""
        chat, kind = str(body.get("chatid", "")), body.get("chat_type") or 0
        if kind not in (0, SINGLE, GROUP):
            raise Refusal(40058, "chat_type")
        if kind != SINGLE and chat in self.groups:
            if not self.is_pushing_to_groups:
                raise Refusal(600039)
            return chat
        if kind != GROUP and chat.lower() in self.people:
            return self.people[chat.lower()]
        raise Refusal(93006)

    def check_rate(self, chat: str) -> None:
        if not self.rate.take(chat, now=self.clock()):
            raise Refusal(45009)

    def put(self, chat: str, kind: str, content: dict[str, Any]) -> Post:
        self.check_rate(chat)
        if kind == "template_card":
            self.add_card(content)
        msgid = f"post-{len(self.posts) + 1:08}"
        post = Post(self.bot_id, chat, kind, content, msgid, self.clock())
        self.posts.append(post)
        return post

    def check_card(self, card: Any) -> Card:
        """Refuse a bad card, and a task_id that was used before."""
        checked = check_card(card)
        if checked.get("task_id") in self.cards:
            raise Refusal(42014, "used before")
        return checked

    def add_card(self, card: Card) -> None:
        if "task_id" in card:
            self.cards[card["task_id"]] = card

    def change_card(self, card: Card, users: list[str]) -> None:
        self.cards[card["task_id"]] = card
        self.updates.append(
            CardUpdate(card["task_id"], card, tuple(users), self.clock())
        )
