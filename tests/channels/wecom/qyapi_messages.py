"""message/send, update_template_card, recall: an application speaks to members."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from platform_cards import INTERACTIVE, Card, check_card
from platform_clock import PlatformClock
from platform_corp import App, Corp, Member
from platform_rates import DAY, HOUR, MINUTE, Penalties, Windows
from platform_refusal import Refusal, byte_length, cut, field_of
from qyapi_calls import Call, Post
from qyapi_media import Media

CODE_LASTS, RECALL_LASTS = timedelta(hours=72), timedelta(hours=24)
LONGEST_DUPLICATE_CHECK = 4 * 3600


@dataclass
class SentCard:
    """A card with a task_id: what each of its users sees now."""

    agentid: int
    task_id: str
    shown: dict[str, Card] = field(default_factory=dict)
    replaced_name: dict[str, str] = field(default_factory=dict)


class Messages:
    """What applications gave to members, cards and their codes included."""

    def __init__(self, corp: Corp, clock: PlatformClock, media: Media) -> None:
        self.corp, self.clock, self.media = corp, clock, media
        self.posts: list[Post] = []
        self.dropped: list[Post] = []
        self.cards: dict[tuple[int, str], SentCard] = {}
        self.member_rate = Windows((30, MINUTE), (1000, HOUR))
        self._daily: dict[int, Penalties] = {}
        self._codes: dict[str, tuple[SentCard, datetime]] = {}
        self._seen: dict[tuple[int, str], tuple[datetime, dict[str, Any]]] = {}
        self._senders: dict[str, tuple[int, datetime]] = {}
        self._numbers = count(1)
        self.routes = {
            "message/send": self.send,
            "message/update_template_card": self.update_card,
            "message/recall": self.recall,
        }

    async def send(self, call: Call, app: App) -> dict[str, Any]:
        body = call.body
        _check_agent(body, app)
        if before := self._same_before(call, app):
            return before
        content = self._content(body, app)
        people, invalid = self._recipients(body, app)
        msgid = f"msgid-{next(self._numbers):08}"
        answer = {**invalid, "msgid": msgid}
        if body["msgtype"] == "template_card" and "task_id" in content:
            self._remember_card(app, content, people)
            if content["card_type"] in INTERACTIVE or "action_menu" in content:
                code = self.new_code(app.agentid, content["task_id"])
                answer["response_code"] = code
        for member in people:
            self._give(app, member, body["msgtype"], content, msgid)
        self._senders[msgid] = (app.agentid, self.clock())
        self._remember_bytes(call, app, answer)
        return answer

    async def update_card(self, call: Call, app: App) -> dict[str, Any]:
        body = call.body
        _check_agent(body, app)
        card = self._spend(body.get("response_code"), app)
        users = [one.lower() for one in body.get("userids") or []]
        if body.get("atall"):
            users = list(card.shown)
        if len(users) > 1000 or not (users or body.get("partyids")):
            raise Refusal(40058, "userids")
        if "template_card" in body:
            new = check_card(body["template_card"])
            card.shown |= {one: new for one in users if one in card.shown}
        else:
            name = field_of(field_of(body, "button", dict), "replace_name")
            card.replaced_name |= {one: name for one in users if one in card.shown}
        strange = [one for one in users if one not in self.corp.members]
        return {"invaliduser": strange}

    async def recall(self, call: Call, app: App) -> dict[str, Any]:
        msgid = field_of(call.body, "msgid")
        agentid, at = self._senders.get(msgid, (None, self.clock()))
        if agentid != app.agentid or self.clock() - at > RECALL_LASTS:
            raise Refusal(40058, "msgid")
        for post in self.posts:
            post.recalled |= post.msgid == msgid
        return {}

    def new_code(self, agentid: int, task_id: str) -> str:
        """Make one more response_code of a card: sending gives one, each click too."""
        code = f"code-{next(self._numbers):08}"
        self._codes[code] = (self.cards[agentid, task_id], self.clock())
        return code

    def _spend(self, code: Any, app: App) -> SentCard:
        """Return the card of a response_code, which is worth nothing any more then."""
        card, at = self._codes.get(code, (None, self.clock()))
        if card is None or card.agentid != app.agentid:
            raise Refusal(40058, "response_code")
        del self._codes[code]
        if self.clock() - at > CODE_LASTS:
            raise Refusal(40058, "response_code expired")
        return card

    def _remember_card(self, app: App, card: Card, people: list[Member]) -> None:
        shown = {one.userid.lower(): card for one in people}
        sent = SentCard(app.agentid, card["task_id"], shown)
        self.cards[app.agentid, card["task_id"]] = sent

    def _same_before(self, call: Call, app: App) -> dict[str, Any] | None:
        """Return the first answer if the same bytes came within the interval."""
        body = call.body
        if body.get("enable_duplicate_check") != 1:
            return None
        interval = body.get("duplicate_check_interval", 1800)
        if not isinstance(interval, int) or interval > LONGEST_DUPLICATE_CHECK:
            raise Refusal(40058, "duplicate_check_interval")
        at, answer = self._seen.get(_print(call, app), (None, {}))
        if at is None or self.clock() - at >= timedelta(seconds=interval):
            return None
        return {key: answer[key] for key in answer if key != "response_code"}

    def _remember_bytes(self, call: Call, app: App, answer: dict[str, Any]) -> None:
        if call.body.get("enable_duplicate_check") == 1:
            self._seen[_print(call, app)] = (self.clock(), answer)

    def _recipients(
        self, body: dict[str, Any], app: App
    ) -> tuple[list[Member], dict[str, str]]:
        """Return who gets it, and who cannot, as the answer says it."""
        asked = _split(body.get("touser"), high=1000)
        parties = _split(body.get("toparty"), high=100)
        tags = _split(body.get("totag"), high=100)
        if asked == ["@all"]:
            everybody = [one for one in self.corp.members.values() if app.sees(one)]
            return everybody, {}
        known = [self.corp.member(one) for one in asked]
        pairs = list(zip(asked, known, strict=True))
        bad = [one.lower() for one, who in pairs if not who or not app.sees(who)]
        seen = [who for who in known if who and app.sees(who)]
        unlicensed = [one.userid.lower() for one in seen if not one.licensed]
        strange = [one for one in parties if not _is_department(self.corp, one)]
        people = seen + self._of_parties(parties, app) + self._of_tags(tags, app)
        invalid = {
            "invaliduser": "|".join(bad),
            "invalidparty": "|".join(strange),
            "invalidtag": "",
            "unlicenseduser": "|".join(unlicensed),
        }
        served = list({one.userid: one for one in people if one.licensed}.values())
        if not served and not unlicensed:
            raise Refusal(81013, **invalid)
        return served, {key: value for key, value in invalid.items() if value}

    def _of_parties(self, parties: list[str], app: App) -> list[Member]:
        inside: set[int] = set()
        for party in parties:
            if _is_department(self.corp, party):
                inside |= self.corp.inside(int(party))
        people = self.corp.members.values()
        return [p for p in people if inside & set(p.departments) and app.sees(p)]

    def _of_tags(self, tags: list[str], app: App) -> list[Member]:
        people = self.corp.members.values()
        return [p for p in people if set(tags) & set(p.tags) and app.sees(p)]

    def _content(self, body: dict[str, Any], app: App) -> dict[str, Any]:
        """Check and return what members will see: cut where the platform cuts."""
        kind = body.get("msgtype")
        make = _CONTENTS.get(kind)  # type: ignore[arg-type]
        if kind == "template_card":
            card = check_card(body.get("template_card"))
            if (app.agentid, card.get("task_id", "")) in self.cards:
                raise Refusal(42014, "used before")
            return card
        if kind in ("image", "voice", "video", "file"):
            self.media.find(field_of(field_of(body, kind, dict), "media_id"))
            return dict(body[kind])
        if make is None:
            raise Refusal(40008)
        return make(field_of(body, str(kind), dict))

    def _give(
        self, app: App, to: Member, kind: str, content: dict[str, Any], msgid: str
    ) -> None:
        """Give it to one member; beyond the member's rate it is dropped in silence."""
        daily = self._daily.setdefault(
            app.agentid, Penalties((len(self.corp.members) * 200, DAY))
        )
        if not daily.allow(app.agentid, now=self.clock()):
            raise Refusal(45009, "person-times of the day")
        userid = to.userid.lower()
        post = Post(app.agentid, userid, kind, content, msgid, self.clock())
        fits = self.member_rate.take((app.agentid, userid), now=self.clock())
        (self.posts if fits else self.dropped).append(post)


def _check_agent(body: dict[str, Any], app: App) -> None:
    if str(body.get("agentid")) != str(app.agentid):
        raise Refusal(40056 if not body.get("agentid") else 301002)
    if app.closed:
        raise Refusal(50003, "app is disabled")


def _split(value: Any, *, high: int) -> list[str]:
    parts = [one.strip() for one in str(value or "").split("|") if one.strip()]
    if len(parts) > high:
        raise Refusal(40058, f"more than {high}")
    return parts


def _is_department(corp: Corp, party: str) -> bool:
    return party.isdecimal() and int(party) in corp.departments


def _print(call: Call, app: App) -> tuple[int, str]:
    return app.agentid, hashlib.sha256(call.raw).hexdigest()


def _text(text: dict[str, Any]) -> dict[str, Any]:
    content = field_of(text, "content")
    if not content.strip():
        raise Refusal(44004)
    return {"content": cut(content, 2048)}


def _markdown(markdown: dict[str, Any]) -> dict[str, Any]:
    content = field_of(markdown, "content")
    if not content.strip():
        raise Refusal(44004)
    if byte_length(content) > 2048:
        raise Refusal(45002)
    return {"content": content}


def _textcard(card: dict[str, Any]) -> dict[str, Any]:
    if "://" not in field_of(card, "url"):
        raise Refusal(40058, "url without a scheme")
    title, words = field_of(card, "title"), field_of(card, "description")
    return {**card, "title": cut(title, 128), "description": cut(words, 512)}


def _news(news: dict[str, Any]) -> dict[str, Any]:
    articles = field_of(news, "articles", list)
    if not 1 <= len(articles) <= 8:
        raise Refusal(40058, "articles: 1 to 8")
    return news


_CONTENTS = {"text": _text, "markdown": _markdown, "textcard": _textcard, "news": _news}
