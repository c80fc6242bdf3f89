"""A corporation on the platform: members, departments, applications, robots."""

from dataclasses import dataclass, field
from typing import Any

from platform_envelope import Envelope

CORP_ID = "wwfake0corp0of0tests"
SECRET = "app-secret-of-the-tests-0123456789abcdefghi"
CONTACT_SECRET = "contact-secret-of-the-tests-0123456789abcd"
AGENT = 1000002
CALLBACK_TOKEN = "TokenOfTheTests"
CALLBACK_KEY = "K9fakeKeyOfTheTests0123456789abcdefghijklmE"


@dataclass
class Member:
    """Somebody of the corporation; `licensed` is the paid seat that apps may need."""

    userid: str
    name: str = ""
    departments: tuple[int, ...] = (1,)
    licensed: bool = True
    tags: tuple[str, ...] = ()
    mobile: str = ""
    status: int = 1


@dataclass
class App:
    """A self-built application, and whom it may see (None: everybody)."""

    agentid: int = AGENT
    secret: str = SECRET
    name: str = "实施方案"
    visible: set[str] | None = None
    trusted_ips: set[str] | None = None
    closed: bool = False
    token: str = CALLBACK_TOKEN
    key: str = CALLBACK_KEY

    def sees(self, member: Member) -> bool:
        return self.visible is None or member.userid.lower() in self.visible

    @property
    def sees_root(self) -> bool:
        return self.visible is None


@dataclass
class Webhook:
    """A push robot of one group; `state` is 0 or the errcode that it answers with."""

    key: str
    chat: str
    state: int = 0


@dataclass
class Corp:
    """Everything that an administrator of the corporation has set up."""

    corpid: str = CORP_ID
    members: dict[str, Member] = field(default_factory=dict)
    departments: dict[int, tuple[str, int]] = field(
        default_factory=lambda: {1: ("平安区", 0)}
    )
    apps: list[App] = field(default_factory=lambda: [App()])
    webhooks: dict[str, Webhook] = field(default_factory=dict)

    def add(self, *userids: str, **more: Any) -> None:
        """Let people join; user ids differ only in more than their case."""
        for userid in userids:
            name = more.get("name", f"{userid}先生")
            member = Member(userid, **(more | {"name": name}))
            self.members[userid.lower()] = member

    def add_webhook(self, key: str, *, chat: str) -> None:
        self.webhooks[key] = Webhook(key, chat)

    def member(self, userid: str) -> Member | None:
        return self.members.get(userid.lower())

    def app(self, agentid: int) -> App:
        return next(app for app in self.apps if app.agentid == agentid)

    def envelope(self, agentid: int = AGENT) -> Envelope:
        """Give what seals the callbacks of an application."""
        app = self.app(agentid)
        return Envelope(token=app.token, key=app.key, receiver=self.corpid)

    def inside(self, department: int) -> set[int]:
        """Return a department with all that are below it."""
        found = {department}
        while more := {
            number
            for number, (_, parent) in self.departments.items()
            if parent in found and number not in found
        }:
            found |= more
        return found
