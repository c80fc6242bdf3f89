"""The admins are told once a day whom to telephone, and how the day's reports stand."""

from datetime import datetime

import pytest
from front_door import OTHER, OWN
from report_office import NUDGING, ReportOffice, at

from handlers.tell_office import tell_office_daily


@pytest.fixture
async def busy(office: ReportOffice) -> ReportOffice:
    """Give an office in which one of two departments has reported."""
    await office.admin()
    (await office.liaison("7", "王敏", OWN)).phone = "12345678"
    await office.duty(OWN, OTHER)
    await office.door.says("7", "已报")
    return office


async def told_at(office: ReportOffice, *moments: datetime) -> list[str]:
    for now in moments:
        await tell_office_daily(office.door.session, NUDGING, now=now)
    return [body.text for body in await office.told(to="1")]


async def test_the_day_before_the_admins_get_a_phone_list_once(
    busy: ReportOffice,
) -> None:
    (text,) = await told_at(busy, at(12, 29, 9), at(12, 29, 10), at(12, 29, 17))

    assert "需电话联系" in text
    assert f"{OTHER}（无联络员）" in text
    assert OWN not in text


async def test_on_the_day_the_admins_get_a_digest_in_the_afternoon(
    busy: ReportOffice,
) -> None:
    assert await told_at(busy, at(12, 30, 9), at(12, 30, 16)) == []

    (text,) = await told_at(busy, at(12, 30, 16, 30))

    assert "已报 1/2，待核 1" in text


@pytest.mark.parametrize("now", [at(12, 28, 9), at(12, 29, 20), at(12, 26, 10)])
async def test_on_other_days_at_night_and_on_rest_days_they_hear_nothing(
    busy: ReportOffice, now: datetime
) -> None:
    assert await told_at(busy, now) == []
