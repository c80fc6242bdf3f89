"""The address book, the application itself, and the platform's addresses."""

from typing import Any

from platform_corp import App, Corp, Member
from platform_refusal import Refusal
from qyapi_calls import Call

CALLBACK_IPS = ["101.226.103.0/25", "203.205.239.82"]


class Directory:
    """Answers who is there, as far as the asking application may see."""

    def __init__(self, corp: Corp) -> None:
        self.corp = corp
        self.routes = {
            "user/get": self.user,
            "user/simplelist": self.simple_list,
            "user/list": self.full_list,
            "department/list": self.departments,
            "agent/get": self.agent,
            "getcallbackip": self.callback_ips,
        }

    async def user(self, call: Call, app: App) -> dict[str, Any]:
        member = self.corp.member(call.query.get("userid", ""))
        if member is None:
            raise Refusal(60111)
        if not app.sees(member):
            raise Refusal(60011)
        return _full(member)

    async def simple_list(self, call: Call, app: App) -> dict[str, Any]:
        return {"userlist": [_simple(one) for one in self._listed(call, app)]}

    async def full_list(self, call: Call, app: App) -> dict[str, Any]:
        return {"userlist": [_full(one) for one in self._listed(call, app)]}

    async def departments(self, call: Call, app: App) -> dict[str, Any]:
        listed = [
            {"id": number, "name": name, "parentid": parent, "order": number}
            for number, (name, parent) in self.corp.departments.items()
        ]
        return {"department": listed}

    async def agent(self, call: Call, app: App) -> dict[str, Any]:
        if call.query.get("agentid") != str(app.agentid):
            raise Refusal(301002)
        seen = sorted(app.visible or ())
        return {
            "agentid": app.agentid,
            "name": app.name,
            "close": int(app.closed),
            "allow_userinfos": {"user": [{"userid": one} for one in seen]},
            "allow_partys": {"partyid": [1] if app.sees_root else []},
            "allow_tags": {"tagid": []},
            "redirect_domain": "",
            "report_location_flag": 0,
            "isreportenter": 1,
        }

    async def callback_ips(self, call: Call, app: App) -> dict[str, Any]:
        return {"ip_list": CALLBACK_IPS}

    def _listed(self, call: Call, app: App) -> list[Member]:
        asked = call.query.get("department_id", "")
        if not asked.isdecimal() or int(asked) not in self.corp.departments:
            raise Refusal(60123, "invalid department id")
        inside = {int(asked)}
        if call.query.get("fetch_child") == "1":
            inside = self.corp.inside(int(asked))
        people = self.corp.members.values()
        return [p for p in people if inside & set(p.departments) and app.sees(p)]


def _simple(member: Member) -> dict[str, Any]:
    departments = list(member.departments)
    return {"userid": member.userid, "name": member.name, "department": departments}


def _full(member: Member) -> dict[str, Any]:
    more = {"mobile": member.mobile, "status": member.status, "isleader": 0}
    return {**_simple(member), **more}
