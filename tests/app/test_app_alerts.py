"""WeCom says that it switches the app off: the office has an alarm of it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.app.app_alerts import keep_alert
from bot.channels.wecom.intake_app import AppAlert
from bot.database import Database
from bot.mail.alarms import alarms

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


async def told(database: Database, *kinds: str) -> list[str]:
    for kind in kinds:
        at = datetime(2026, 11, 30, 20, 0, tzinfo=UTC)
        alert = AppAlert(kind=kind, at=at, product_id="app:evt:1")
        await keep_alert(database, alert, now=NOW)
    async with database.reading() as session:
        return [one.words for one in await alarms(session)]


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        (("inactive_alert",), "企业微信将于12月01日停用本应用"),
        (("inactive_alert", "inactive_alert"), "企业微信将于12月01日停用本应用"),
        (("inactive_alert", "close_inactive_agent"), "企业微信已于12月01日停用本应用"),
    ],
)
async def test_the_office_has_one_alarm_with_the_last_words(
    database: Database, kinds: tuple[str, ...], words: str
) -> None:
    (alarm,) = await told(database, *kinds)

    assert alarm.startswith(words)


async def test_an_app_that_is_back_clears_it(database: Database) -> None:
    assert await told(database, "close_inactive_agent", "reopen_inactive_agent") == []
