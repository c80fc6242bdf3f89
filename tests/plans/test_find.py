"""Which plan is meant by a 文号, a title or a file's name."""

from datetime import UTC, datetime

import pytest
from plan_strategies import a_plan
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NotFound
from bot.model import PlanStatus
from bot.plans.find import PlanName, find_plan, matching
from bot.plans.number import canonical_number
from bot.plans.register import keep_draft, publish

AT = datetime(2022, 11, 8, tzinfo=UTC)
CLOUD = PlanName(
    id=1,
    number="云政字〔2022〕21号",
    title="云水县人民政府关于印发云水县科普实施方案的通知",
    plan_title="云水县科普实施方案",
    source_name="yunshui-2022-21.txt",
)
RIVER = PlanName(
    id=2,
    number="河政办发〔2022〕3号",
    title="河口区人民政府办公室关于印发节水行动方案的通知",
    plan_title="河口区节水行动方案（2021—2025年）",
    source_name="/tmp/in/hekou.v2.docx",
)
BARE = PlanName(id=3, number="", title="", plan_title="", source_name="要点.md")
NAMES = [CLOUD, RIVER, BARE]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("云政字〔2022〕21号", CLOUD),
        ("云政字[2022]21号", CLOUD),
        ("云政字（2022）21 号", CLOUD),
        ("云政字2022 21号", CLOUD),
        ("雲政字〔２０２２〕２１號", CLOUD),
        ("云政字〔2022〕第21号", CLOUD),
        ("云政字2022年21号", CLOUD),
        ("云政字〔2022〕021号", CLOUD),
        ("政字〔2022〕21号", CLOUD),
        ("〔2022〕21", CLOUD),
        ("21号", CLOUD),
        ("第3号", RIVER),
        ("《云水县科普实施方案》（云政字〔2022〕21号）", CLOUD),
        ("云水县科普实施方案", CLOUD),
        ("节水行动", RIVER),
        ("河口区节水行动方案2021-2025年", RIVER),
        ("《云水县科普实施方案》里的任务", CLOUD),
        ("yunshui-2022-21", CLOUD),
        ("Yunshui-2022-21.TXT", CLOUD),
        ("docs\\yunshui-2022-21.pdf", CLOUD),
        ("hekou.v2", RIVER),
        ("要点", BARE),
    ],
)
def test_a_plan_is_found_by_any_of_its_names(words: str, found: PlanName) -> None:
    assert matching(words, NAMES) == [found]


@pytest.mark.parametrize(
    "words", ["", "  ", "？", "99号", "云政字〔2021〕21号", "消防"]
)
def test_what_names_no_plan_finds_none(words: str) -> None:
    assert matching(words, NAMES) == []


def test_words_that_fit_two_plans_find_both() -> None:
    twin = PlanName(
        id=9, number="河政字〔2021〕21号", title="", plan_title="", source_name="b"
    )
    assert matching("21号", [*NAMES, twin]) == [CLOUD, twin]
    assert matching("2022年21号", [*NAMES, twin]) == [CLOUD]


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("云政字[2022] 21 号", "云政字〔2022〕21号"),
        ("云政字„2022‟21号", "云政字〔2022〕21号"),
        ("国发明电[2020]的6号", "国发明电〔2020〕6号"),
        ("国令第722号", "国令第722号"),
        ("", ""),
    ],
)
def test_a_number_has_one_spelling(written: str, spelled: str) -> None:
    assert canonical_number(written) == spelled


async def _publish(session: AsyncSession, number: str) -> None:
    plan = await keep_draft(
        session,
        a_plan(number=number, plan_title=f"方案{number}"),
        source_name=f"{number}.txt",
        source_hash="",
        at=AT,
    )
    await publish(session, plan, signed_by="王敏", at=AT)


async def test_a_plan_in_force_is_found_and_a_draft_is_not(
    session: AsyncSession,
) -> None:
    await keep_draft(session, a_plan(), source_name="x", source_hash="", at=AT)
    with pytest.raises(NotFound) as caught:
        await find_plan(session, "云政字〔2022〕21号")
    assert "bot import" in caught.value.reply
    draft = await find_plan(session, "21号", status=PlanStatus.DRAFT)
    assert draft.number == "云政字〔2022〕21号"


async def test_the_refusal_lists_five_plans_at_most(session: AsyncSession) -> None:
    for serial in range(1, 8):
        await _publish(session, f"云发〔2020〕{serial}号")
    with pytest.raises(NotFound) as caught:
        await find_plan(session, "没有的方案")
    assert caught.value.reply.count("《") == 5
    assert "共 7 个" in caught.value.reply


async def test_two_plans_that_fit_are_asked_back(session: AsyncSession) -> None:
    await _publish(session, "云发〔2020〕5号")
    await _publish(session, "河发〔2021〕5号")
    with pytest.raises(NotFound) as caught:
        await find_plan(session, "5号")
    assert "多个方案" in caught.value.reply
    assert (await find_plan(session, "河发2021 5号")).number == "河发〔2021〕5号"
