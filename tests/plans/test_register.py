"""Plans kept, signed, replaced and withdrawn, on both databases."""

import asyncio
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plan_strategies import a_plan, drafts, task
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import Database
from bot.errors import PlanRefused
from bot.facts import PlanDraft
from bot.model import Plan, PlanStatus, Task
from bot.plans import register

AT = datetime(2022, 11, 8, 9, tzinfo=UTC)


async def kept(session: AsyncSession, draft: PlanDraft, name: str = "方案.txt") -> Plan:
    return await register.keep_draft(
        session, draft, source_name=name, source_hash="0" * 64, at=AT
    )


async def published(session: AsyncSession, draft: PlanDraft) -> Plan:
    plan = await kept(session, draft)
    return await register.publish(session, plan, signed_by="王敏", at=AT)


async def test_a_plan_survives_the_database(database: Database) -> None:
    async with database.writing() as session:
        plan = await kept(session, a_plan())
    async with database.reading() as session:
        again = await session.get(Plan, plan.id)
        assert again
        assert register.draft_of(again) == a_plan()


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(draft=drafts())
async def test_nothing_of_any_plan_is_lost_in_rows(
    database: Database, draft: PlanDraft
) -> None:
    async with database.writing() as session:
        plan = await kept(session, draft, "x.txt")
        session.expunge_all()
        again = await session.get(Plan, plan.id)
        assert again
        assert register.draft_of(again) == draft
        await session.rollback()


@pytest.mark.parametrize(
    "draft",
    [
        a_plan(title="空\0字符"),
        a_plan(tasks=(task("一1", "半个\ud800字"),)),
        a_plan(number="长" * 101),
        a_plan(tasks=(task("长" * 101, "甲"),)),
        a_plan(tasks=(task("一1", "甲"), task("一1", "乙"))),
    ],
)
async def test_what_no_database_can_hold_is_refused_in_words(
    session: AsyncSession, draft: PlanDraft
) -> None:
    with pytest.raises(PlanRefused) as caught:
        await kept(session, draft)
    assert "请" in caught.value.reply
    assert await session.scalar(select(func.count(Plan.id))) == 0


@pytest.mark.parametrize(
    ("draft", "key"),
    [
        (PlanDraft(number="云政字[2022] 21 号"), "云政字〔2022〕21号"),
        (PlanDraft(number="云政字（2022）21号"), "云政字〔2022〕21号"),
        (PlanDraft(title="某通知", plan_title="某 方案"), "某方案"),
        (PlanDraft(title="某通知"), "某通知"),
        (PlanDraft(), "方案.txt"),
    ],
)
def test_the_key_is_number_or_title_or_file(draft: PlanDraft, key: str) -> None:
    assert register.key_of(draft, source_name="方案.txt") == key


def test_two_long_titles_have_two_keys() -> None:
    keys = {
        register.key_of(PlanDraft(title="长" * 400 + end), source_name="")
        for end in "甲乙"
    }
    assert len(keys) == 2
    assert all(len(key) <= 300 for key in keys)


async def test_a_new_import_replaces_the_unsigned_draft(session: AsyncSession) -> None:
    await kept(session, a_plan(issuer="旧"))
    plan = await kept(session, a_plan(issuer="新"))
    waiting = await register.drafts_kept(session)
    assert [one.id for one in waiting] == [plan.id]
    assert plan.version == 1
    assert await session.scalar(select(func.count(Task.id))) == 3


async def test_a_draft_is_not_in_force_until_signed(session: AsyncSession) -> None:
    plan = await kept(session, a_plan())
    assert await register.plans_in_force(session) == []
    await register.publish(session, plan, signed_by=" 王敏 ", at=AT)
    assert await register.plans_in_force(session) == [plan]
    assert (plan.signed_by, plan.signed_at) == ("王敏", AT)


async def test_a_new_version_retires_the_one_before(session: AsyncSession) -> None:
    first = await published(session, a_plan())
    second = await published(session, a_plan(number="云政字[2022] 21号", issuer="新"))
    assert (first.status, second.status) == (PlanStatus.REPLACED, PlanStatus.IN_FORCE)
    assert (first.version, second.version) == (1, 2)


@pytest.mark.parametrize(
    ("draft", "word"),
    [
        (a_plan(open_mark=""), "此件公开发布"),
        (a_plan(draft_marks=("征求意见稿",)), "征求意见稿"),
        (a_plan(open_mark="此件依申请公开"), "依申请"),
        (a_plan(tasks=()), "任务"),
    ],
)
async def test_an_unfit_plan_is_refused_with_the_reason(
    session: AsyncSession, draft: PlanDraft, word: str
) -> None:
    plan = await kept(session, draft)
    with pytest.raises(PlanRefused) as caught:
        await register.publish(session, plan, signed_by="王敏", at=AT)
    assert word in caught.value.reply
    assert await register.plans_in_force(session) == []


@pytest.mark.parametrize("name", ["", "  \n", "名" * 101, "王\0敏"])
async def test_nobody_signs_without_a_name(session: AsyncSession, name: str) -> None:
    plan = await kept(session, a_plan())
    with pytest.raises(PlanRefused):
        await register.publish(session, plan, signed_by=name, at=AT)
    assert plan.status is PlanStatus.DRAFT


async def test_a_declaration_lets_a_plan_in_and_is_kept(session: AsyncSession) -> None:
    plan = await kept(session, a_plan(open_mark=""))
    await register.publish(
        session, plan, signed_by="王敏", at=AT, declaration="已在门户网站公开"
    )
    assert plan.status is PlanStatus.IN_FORCE
    assert plan.declaration == "已在门户网站公开"


async def test_no_declaration_lets_a_plan_without_tasks_in(
    session: AsyncSession,
) -> None:
    plan = await kept(session, a_plan(tasks=()))
    with pytest.raises(PlanRefused):
        await register.publish(
            session, plan, signed_by="王敏", at=AT, declaration="理由"
        )


async def test_a_version_is_published_once(session: AsyncSession) -> None:
    plan = await published(session, a_plan())
    with pytest.raises(PlanRefused, match="in_force"):
        await register.publish(session, plan, signed_by="李强", at=AT)
    await published(session, a_plan(issuer="新"))
    with pytest.raises(PlanRefused, match="replaced"):
        await register.publish(session, plan, signed_by="李强", at=AT)
    assert plan.signed_by == "王敏"


async def test_a_draft_that_was_imported_anew_cannot_be_signed(
    session: AsyncSession,
) -> None:
    old = await kept(session, a_plan())
    await kept(session, a_plan(issuer="新"))
    with pytest.raises(PlanRefused, match="gone"):
        await register.publish(session, old, signed_by="王敏", at=AT)


async def test_a_withdrawn_plan_is_out_of_force_for_good(session: AsyncSession) -> None:
    plan = await published(session, a_plan())
    await register.withdraw(session, plan)
    assert await register.plans_in_force(session) == []
    with pytest.raises(PlanRefused):
        await register.withdraw(session, plan)
    with pytest.raises(PlanRefused):
        await register.publish(session, plan, signed_by="王敏", at=AT)


async def test_the_same_document_is_recognised(session: AsyncSession) -> None:
    plan = await published(session, a_plan())
    moved = tuple(task("二（一）1", "x", places=(5, 6)) for _ in range(1))
    same = await register.same_as_in_force(session, a_plan(), source_name="b.docx")
    other = await register.same_as_in_force(
        session, a_plan(tasks=moved), source_name="b.docx"
    )
    assert same is plan
    assert other is None


async def test_other_source_lines_make_no_new_version(session: AsyncSession) -> None:
    plan = await published(session, a_plan(tasks=(task("一1", "甲", places=(1, 2)),)))
    resaved = a_plan(tasks=(task("一1", "甲", places=(7, 9)),))
    assert (
        await register.same_as_in_force(session, resaved, source_name="b.pdf") is plan
    )


async def test_plans_come_newest_first_and_undated_last(session: AsyncSession) -> None:
    for number, day in (("1", date(2020, 1, 1)), ("2", None), ("3", date(2023, 1, 1))):
        await published(
            session, a_plan(number=f"云发〔2020〕{number}号", issue_date=day)
        )
    order = [plan.number[-2] for plan in await register.plans_in_force(session)]
    assert order == ["3", "1", "2"]


async def _import_and_sign(database: Database, name: str) -> None:
    async with database.writing() as session:
        plan = await kept(session, a_plan(issuer=name))
        await asyncio.sleep(0)
        await register.publish(session, plan, signed_by=name, at=AT)


async def test_two_imports_at_once_leave_one_plan_in_force(database: Database) -> None:
    names = ["甲", "乙", "丙", "丁"]
    await asyncio.gather(*(_import_and_sign(database, name) for name in names))
    async with database.reading() as session:
        assert len(await register.plans_in_force(session)) == 1
        versions = await session.scalars(select(Plan.version).order_by(Plan.version))
        assert versions.all() == [1, 2, 3, 4]


async def _sign(database: Database, plan_id: int, name: str) -> bool:
    async with database.writing() as session:
        plan = await session.get(Plan, plan_id)
        assert plan
        try:
            await register.publish(session, plan, signed_by=name, at=AT)
        except PlanRefused:
            return False
    return True


async def test_two_signatures_at_once_count_once(database: Database) -> None:
    async with database.writing() as session:
        await published(session, a_plan())
        plan = await kept(session, a_plan(issuer="新"))
    signed = await asyncio.gather(
        *(_sign(database, plan.id, name) for name in "甲乙丙")
    )
    assert sorted(signed) == [False, False, True]
    async with database.reading() as session:
        assert len(await register.plans_in_force(session)) == 1


@given(text=st.text(max_size=20))
def test_only_what_utf8_and_postgresql_can_hold_is_storable(text: str) -> None:
    assert register.storable(text) == ("\0" not in text)
