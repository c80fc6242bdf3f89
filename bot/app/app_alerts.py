"""What WeCom says of switching our app off, kept as an alarm for the office."""

from datetime import datetime
from typing import TYPE_CHECKING

from bot.database import Database
from bot.mail.alarms import clear_alarm, raise_alarm

if TYPE_CHECKING:
    from bot.channels.wecom.intake_app import AppAlert

KEY = "wecom:inactive"

_BACK = "reopen_inactive_agent"
_WORDS = {
    "inactive_alert": "企业微信将于{when}停用本应用（长期无人使用）："
    "请管理员到企业微信管理后台确认，并请联络员打开应用看一看。",
    "close_inactive_agent": "企业微信已于{when}停用本应用（长期无人使用），"
    "收发都已中断：请管理员到管理后台“应用管理”里重新启用。",
}


async def keep_alert(database: Database, alert: "AppAlert", *, now: datetime) -> None:
    """Raise the alarm, or clear it once the app is back. Raises StoreError."""
    async with database.writing() as session:
        if alert.kind == _BACK:
            await clear_alarm(session, KEY, at=now)
            return
        when = f"{alert.at.astimezone(now.tzinfo):%m月%d日}"
        words = _WORDS.get(alert.kind, _WORDS["inactive_alert"])
        await raise_alarm(session, KEY, words.format(when=when), at=now)
