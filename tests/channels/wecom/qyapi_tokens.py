"""gettoken: one token an application, the same one until it expires or is revoked."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from platform_clock import PlatformClock
from platform_corp import App, Corp
from platform_rates import HOUR, Penalties
from platform_refusal import Refusal
from qyapi_calls import Call

EXPIRES_IN = 7200


class Tokens:
    """Hands out access tokens and knows those that are worth nothing any more."""

    def __init__(self, corp: Corp, clock: PlatformClock) -> None:
        self.corp, self.clock = corp, clock
        self.fetched = 0
        self.always_refused = 0  # an errcode that every token meets from now on
        self._valid: dict[int, tuple[str, datetime]] = {}
        self._given: dict[str, int] = {}
        self._revoked: set[str] = set()
        self._numbers = count(1)
        self.failures = Penalties((2000, HOUR))
        self.routes = {"gettoken": self.gettoken}

    async def gettoken(self, call: Call) -> dict[str, Any]:
        self.fetched += 1
        app = self._app_of(call)
        token, until = self._valid.get(app.agentid, ("", self.clock()))
        if until <= self.clock() or token in self._revoked:
            token = self._make(app)
            until = self._valid[app.agentid][1]
        left = int((until - self.clock()).total_seconds())
        return {"access_token": token, "expires_in": left}

    def revoke(self, agentid: int | None = None) -> None:
        """Make the tokens of an application, or of all, invalid before their time."""
        for owner, (token, _) in self._valid.items():
            if agentid in (None, owner):
                self._revoked.add(token)

    def app_of(self, token: str) -> App:
        """Return whose token it is; refuse what is missing, strange, revoked, old."""
        if self.always_refused:
            raise Refusal(self.always_refused)
        if not token:
            raise Refusal(41001)
        owner = self._given.get(token)
        if owner is None or token in self._revoked:
            raise Refusal(40014)
        newest, until = self._valid[owner]
        if token != newest or until <= self.clock():
            raise Refusal(42001)
        return self.corp.app(owner)

    def _app_of(self, call: Call) -> App:
        if call.query.get("corpid") != self.corp.corpid:
            raise Refusal(40013)
        for app in self.corp.apps:
            if app.secret == call.query.get("corpsecret"):
                return app
        if not self.failures.allow("gettoken", now=self.clock()):
            raise Refusal(45009)
        raise Refusal(40001)

    def _make(self, app: App) -> str:
        token = f"tok{next(self._numbers):04}-{app.agentid}-" + "x" * 190
        self._given[token] = app.agentid
        until = self.clock() + timedelta(seconds=EXPIRES_IN)
        self._valid[app.agentid] = (token, until)
        return token
