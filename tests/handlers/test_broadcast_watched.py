"""How long a broadcast still takes, and how a picture goes with it."""

from pathlib import Path

import pytest
from bureau import ADMIN, Bureau
from front_door import OWN
from sqlalchemy import select

from bot.messages import Attachment
from bot.model import DeliveryStatus, Evidence, Notice
from bot.reports.evidence import keep_content


@pytest.mark.parametrize(
    ("done", "left", "words"),
    [(1, 5, "5 分钟。"), (4, 4, "1 分钟。"), (4, 1, "不到 1 分钟。")],
)
async def test_how_long_it_still_takes_is_told(
    bureau: Bureau, done: int, left: int, words: str
) -> None:
    """So many as went out within the last minute go out in the next one."""
    for number in range(done + left - 2):
        await bureau.door.bound(f"9{number}", f"某{number}", OWN)
    await bureau.sends()
    rows = await bureau.deliveries()
    for one in rows[:done]:
        one.status, one.settled_at = DeliveryStatus.SENT, bureau.door.now
    await bureau.door.session.flush()
    assert len(rows) == done + left

    told = await bureau.says("群发 1")

    assert f"Telegram {done}/{done + left}。预计还需：{words}" in told


async def test_nothing_more_is_foretold_of_what_all_have(bureau: Bureau) -> None:
    await bureau.sends()
    await bureau.arrives()

    assert "预计" not in await bureau.says("群发 1")


async def test_nothing_is_foretold_before_anything_went_out(bureau: Bureau) -> None:
    await bureau.sends()

    assert "预计用时：正在估算。" in await bureau.says("群发 1")


async def test_a_picture_goes_with_the_draft_as_a_picture(
    bureau: Bureau, tmp_path: Path
) -> None:
    file = Attachment(name="海报.PNG", at="f1", size=10, is_picture=True)
    letter = bureau.door.letter(ADMIN, "群发 全部单位：请张贴海报", attachments=(file,))
    reply = await bureau.door.hear(letter)
    assert reply
    assert "附件：《海报.PNG》" in reply.text
    evidence = await bureau.door.session.get(Evidence, 1)
    assert evidence
    kept = keep_content(tmp_path / "evidence", b"\x89PNG")
    evidence.digest, evidence.fetch_at = kept.digest, None
    await bureau.door.session.flush()

    tried = await bureau.hears("试发给自己")
    await bureau.says(f"确认 {await bureau.number()}")
    await bureau.beats()

    notice = (await bureau.door.session.scalars(select(Notice))).one()
    for body in (tried, notice.body):
        [picture] = body.attachments
        assert (picture.name, picture.is_picture) == ("海报.PNG", True)
