"""An album comes as many messages, and is one thing: asked about once, all kept."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
import said
from fake_api import Call, FakeTelegram
from test_office_dialogues import SPOKEN, labels
from test_office_reports import CHIEF, DONE, LI, OWN, Year
from whole_office import Open

from bot.channels.telegram import MANNERS
from bot.model import Evidence, LetterStatus, Submission
from bot.model import SubmissionState as State

STRANGER = 99


@pytest.fixture
async def year(open_office: Open, office_url: str, telegram: FakeTelegram) -> Year:
    """Give an office with the manners of Telegram, on 16 December."""
    year = Year(telegram)
    office = await open_office(
        office_url, telegram.base_url, clock=year.clock, manners=MANNERS
    )
    await year.open(office)
    return year


def photo(number: int, **more: Any) -> dict[str, Any]:
    size = {"file_id": f"p{number}", "file_unique_id": "u", "width": 1, "height": 1}
    return {"photo": [size | {"file_size": 9}], **more}


def document(name: str, **more: Any) -> dict[str, Any]:
    file = {"file_id": f"f{name}", "file_unique_id": "u", "file_name": name}
    return {"document": file, **more}


async def sends(
    year: Year, *parts: dict[str, Any], who: int = LI, album: str = "g", **where: Any
) -> Sequence[Call]:
    """Send an album; returns what was said after its last part was answered."""
    sender = {"id": who, "is_bot": False, "first_name": "某"}
    calls = len(year.telegram.calls)
    updates = [
        said.said(sender=sender, media_group_id=album, **where, **part)
        for part in parts
    ]
    for update in updates:
        update["message"]["date"] = int(year.clock().timestamp())
    year.telegram.tell(*updates)
    async with asyncio.timeout(20):
        while not await _all_answered(year, updates):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    await year._rest()
    return [one for one in year.telegram.calls[calls:] if one.method in SPOKEN]


async def _all_answered(year: Year, updates: Sequence[dict[str, Any]]) -> bool:
    ids = {str(one["update_id"]) for one in updates}
    letters = [one for one in await year.office.letters() if one.product_id in ids]
    ended = all(one.status is not LetterStatus.WAITING for one in letters)
    return ended and len(letters) == len(ids)


async def tied(year: Year) -> list[int | None]:
    return [one.submission_id for one in await year.office.rows(Evidence)]


@pytest.mark.parametrize("how", ["pressed", "typed"])
async def test_ten_pictures_are_one_question_and_one_report(
    year: Year, how: str
) -> None:
    (asked,) = await sends(year, *(photo(number) for number in range(10)))

    assert asked.text == (
        "已收《图片.jpg》等一组文件。是否作为2026年全年落实情况报送？"
    )
    assert labels(asked) == ["是", "仅留存"]
    assert await tied(year) == [None] * 10

    if how == "pressed":
        done = await year.presses("是", under="是否作为")
    else:
        done = await year.says("是")
    assert done.text.startswith(DONE)
    (submission,) = await year.office.rows(Submission)
    assert await tied(year) == [submission.id] * 10


async def test_what_the_first_part_says_is_said_of_all(year: Year) -> None:
    (done,) = await sends(year, photo(1, caption="已报"), photo(2), photo(3))

    assert done.text.startswith(DONE)
    (submission,) = await year.office.rows(Submission)
    assert await tied(year) == [submission.id] * 3


async def test_what_the_last_part_says_is_said_of_all(year: Year) -> None:
    last = document("三.docx", caption="已报，见附件")
    answers = await sends(year, document("一.docx"), document("二.docx"), last)

    assert [one.text[:3] for one in answers] == ["已收《", "已记："]
    (submission,) = await year.office.rows(Submission)
    assert await tied(year) == [submission.id] * 3


async def test_two_albums_are_two_things(year: Year) -> None:
    await sends(year, photo(1), photo(2), album="g")
    (asked,) = await sends(year, photo(3), photo(4), album="h")

    assert "等一组文件" in asked.text
    await year.presses("是", under="是否作为")
    assert [one is not None for one in await tied(year)] == [False, False, True, True]


async def test_part_of_an_album_that_is_no_file_for_us_is_told_once(
    year: Year,
) -> None:
    film = {"video": {"file_id": "v", "file_unique_id": "u", "file_size": 9}}
    answers = await sends(year, film, photo(1), film, photo(2), document("x.exe"))

    assert [one.text[:4] for one in answers] == ["视频没有", "已收《图", "这类文件"]
    assert await tied(year) == [None, None]
    assert await year.state() is State.OPEN


async def test_of_an_album_that_the_guard_refuses_nothing_is_kept(year: Year) -> None:
    (told,) = await sends(year, photo(1, caption="涉密文件"), photo(2), photo(3))

    assert "不宜在此传送" in told.text
    assert await tied(year) == []


@pytest.mark.parametrize("who", [CHIEF, STRANGER])
async def test_whoever_sends_it_is_answered_once(year: Year, who: int) -> None:
    (told,) = await sends(year, photo(1), photo(2), photo(3), who=who)

    assert ("已留存" if who == CHIEF else "绑定码") in told.text


async def test_in_a_group_it_is_refused_once(year: Year) -> None:
    to = said.answer_to_bot("", about=5)["message"]["reply_to_message"]
    parts = [photo(one, reply_to_message=to) for one in range(3)]
    (told,) = await sends(year, *parts, chat=OWN)

    assert told.text == "文件请私聊发送给我，群里不收文件。"
    assert await tied(year) == []


async def test_after_a_restart_the_rest_of_an_album_is_not_asked_about(
    year: Year,
) -> None:
    await sends(year, photo(1), photo(2))
    await year.office.close()
    await year.office.open()

    assert await sends(year, photo(3)) == []
    assert (await year.says("是")).text.startswith(DONE)
    assert None not in await tied(year)
