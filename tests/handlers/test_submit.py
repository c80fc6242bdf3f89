"""What a department says about a report is entered, or asked back; never guessed."""

from datetime import date

import pytest
from front_door import OTHER, OWN
from report_office import ReportOffice, at
from sqlalchemy import select

from bot.model import (
    DeliveryStatus,
    Role,
    Standing,
    Submission,
    SubmissionEntry,
    SubmissionState,
)
from handlers.acknowledge import ONLY_OURS

ALL = "-2002"
State = SubmissionState


async def entries(office: ReportOffice) -> list[SubmissionEntry]:
    query = select(SubmissionEntry).order_by(SubmissionEntry.id)
    return list(await office.door.session.scalars(query))


@pytest.fixture
async def nudged(office: ReportOffice) -> ReportOffice:
    """Give an office whose liaison 7 was nudged at T-5, and it is now 22 December."""
    await office.liaison()
    await office.duty()
    await office.round(at(12, 16))
    await office.goes_out()
    office.door.now = at(12, 22)
    return office


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("昨天发你们邮箱了", State.CLAIMED),
        ("已报", State.CLAIMED),
        ("收到", State.ACKNOWLEDGED),
        ("下周一交", State.PROMISED),
        ("还没报，快了", State.OPEN),
        ("只报了一半", State.OPEN),
        ("机构改革后这项不归我们了", State.DISPUTED),
        ("上半年没搞活动", State.OPEN),
        ("领导出差没签，能缓到1月5号吗", State.OPEN),
        ("全年总结啥时候交", State.OPEN),
        ("教育局已经报了吗", State.OPEN),
    ],
)
async def test_a_reply_to_the_nudge_is_entered_as_it_is_meant(
    nudged: ReportOffice, words: str, state: State
) -> None:
    about = await nudged.last_message(to="7")

    answer = await nudged.door.says("7", words, about=about)

    assert answer
    assert len(answer.splitlines()) <= 6
    assert await nudged.state() is state


@pytest.mark.parametrize(
    ("told", "words", "state"),
    [
        ("办公室反馈：缺场次。请补充后直接回复“已报”。编号 #R1", "已报", State.CLAIMED),
        ("请告知2026年全年落实情况预计报送的日期", "下周一交", State.PROMISED),
        ("科普日活动请报名单", "已报", State.OPEN),
    ],
    ids=["by its code", "by its name", "another matter"],
)
async def test_what_it_replies_to_tells_which_report_is_meant(
    nudged: ReportOffice, told: str, words: str, state: State
) -> None:
    code = (await nudged.submission()).report.code
    await nudged.door.tell("7", text=told.replace("#R1", code), remote_id="555")

    await nudged.door.says("7", words, about="555")

    assert await nudged.state() is state


@pytest.mark.parametrize("who", ["8", "99", "1"])
@pytest.mark.parametrize("words", ["撤销 #R1", "再想想 #R1", "已报 #R1"])
async def test_a_press_by_somebody_else_in_a_group_is_told_him_alone(
    nudged: ReportOffice, who: str, words: str
) -> None:
    await nudged.admin()
    await nudged.liaison("8", "李强", OTHER)
    await nudged.group("-1001", OWN)
    words = words.replace("#R1", (await nudged.submission()).report.code)

    letter = nudged.door.letter(who, words, chat="-1001", press="p1", about="5")
    reply = await nudged.door.hear(letter)

    assert reply
    assert (reply.text, reply.aside) == ("", ONLY_OURS)
    assert await nudged.state() is State.OPEN


async def test_a_claim_keeps_who_when_where_and_which_words(
    nudged: ReportOffice,
) -> None:
    answer = await nudged.door.says("7", "昨天发你们邮箱了")

    assert answer.startswith(f"已记：{OWN}2026年全年落实情况12月21日报送")
    assert "待办公室核收" in answer
    (entry,) = await entries(nudged)
    assert (entry.what, entry.by, entry.words) == (
        "claimed",
        "王敏",
        "昨天发你们邮箱了",
    )
    assert entry.channel == "telegram"
    assert entry.letter.startswith("telegram:")
    assert "ack.claimed" in await nudged.door.events()


async def test_a_second_claim_says_so_and_enters_nothing(
    nudged: ReportOffice,
) -> None:
    await nudged.door.says("7", "已报")

    assert "此前已记" in await nudged.door.says("7", "已报")
    assert len(await entries(nudged)) == 1


async def test_withdrawing_undoes_the_newest_own_word(nudged: ReportOffice) -> None:
    await nudged.door.says("7", "下周一交")
    await nudged.door.says("7", "已报")

    assert "已撤销" in await nudged.door.says("7", "撤销")

    submission = await nudged.submission()
    assert submission.state is State.PROMISED
    assert submission.standing.promised_on == date(2026, 12, 28)
    assert [one.what for one in await entries(nudged)][-1] == "undone"
    assert "已撤销" in await nudged.door.says("7", "撤销")
    assert "没有可撤销" in await nudged.door.says("7", "撤销")


async def test_what_the_office_has_accepted_is_not_withdrawn(
    nudged: ReportOffice,
) -> None:
    await nudged.admin()
    await nudged.door.says("7", "已报")
    await nudged.door.says("1", f"核收 {OWN}")

    assert "不能撤销" in await nudged.door.says("7", "撤销")
    assert await nudged.state() is State.ACCEPTED


async def test_a_promise_is_kept_quiet_until_its_afternoon(
    nudged: ReportOffice,
) -> None:
    answer = await nudged.door.says("7", "下周一交")

    assert "12月28日（周一）" in answer
    moments = await nudged.walk(at(12, 23, 8), days=6)
    assert [f"{one:%m-%d %H:%M}" for one in moments] == ["12-28 14:30"]


@pytest.mark.parametrize(
    ("today", "labels"),
    [
        (22, ["明天 12-23", "本周五 12-25", "下周一 12-28", "截止当日 12-30"]),
        (25, ["下周一 12-28", "截止当日 12-30"]),
        (29, ["明天 12-30"]),
    ],
)
async def test_days_that_may_be_promised_are_working_days_and_fit_onto_a_card(
    nudged: ReportOffice, today: int, labels: list[str]
) -> None:
    nudged.door.now = at(12, today)

    asked = await nudged.door.hear(nudged.door.letter("7", "约定日期 #R1"))

    assert asked
    assert [one.label for one in asked.buttons] == labels
    assert all(len(label) <= 10 for label in labels)


async def test_a_later_day_is_put_before_the_office_when_the_liaison_says_so(
    nudged: ReportOffice,
) -> None:
    await nudged.admin()

    asked = await nudged.door.says("7", "领导出差没签，能缓到1月5号吗")
    told = await nudged.door.says("7", "提交")

    assert "1月5日晚于文件规定的 12月30日" in asked
    assert "已提交" in told
    submission = await nudged.submission()
    assert submission.standing.asked_on == date(2027, 1, 5)
    assert submission.standing.agreed_on is None
    (to_admin,) = await nudged.told(to="1")
    assert OWN in to_admin.text
    assert "同意" in [button.label for button in to_admin.buttons]


async def test_the_end_of_the_month_is_asked_for_where_it_lies_after_the_date(
    nudged: ReportOffice,
) -> None:
    asked = await nudged.door.says("7", "月底前报")

    assert "12月31日晚于文件规定的 12月30日" in asked
    assert "是否提交延期申请" in asked
    standing = (await nudged.submission()).standing
    assert (standing.asked_on, standing.promised_on) == (None, None)


async def test_the_agreed_day_stands_beside_that_of_the_document(
    nudged: ReportOffice,
) -> None:
    await nudged.admin()
    report = (await nudged.submission()).report
    await nudged.door.says("7", f"提交延期 {report.code} 2027-01-05 待签批")

    await nudged.door.says("1", f"同意延期 {OWN} {report.code}")

    submission = await nudged.submission()
    assert submission.state is State.EXTENDED
    assert submission.standing.agreed_on == date(2027, 1, 5)
    assert submission.report.due_on == date(2026, 12, 30)
    assert "已同意" in (await nudged.told(to="7"))[-1].text


async def test_a_nil_report_is_asked_back_before_it_counts(
    nudged: ReportOffice,
) -> None:
    assert "是否按" in await nudged.door.says("7", "今年没搞活动")
    assert await nudged.state() is State.OPEN

    assert "零报告" in await nudged.door.says("7", "确认")
    assert await nudged.state() is State.NIL_CLAIMED


@pytest.mark.parametrize("words", ["是", "1", "确认"])
async def test_a_yes_to_nothing_claims_nothing(
    nudged: ReportOffice, words: str
) -> None:
    await nudged.door.says("7", "今年没搞活动")
    await nudged.door.says("7", "我们负责哪些任务")

    await nudged.door.says("7", words)

    assert await nudged.state() is State.OPEN


@pytest.mark.parametrize("choice", ["2", "第二个", "已报 #R2"])
async def test_of_several_reports_it_asks_which(
    nudged: ReportOffice, choice: str
) -> None:
    second = await nudged.duty(what="科普日材料", month=12, day_of_month=31)

    asked = await nudged.door.says("7", "已报")
    assert "哪一项" in asked
    assert second.title in asked
    await nudged.door.says("7", choice.replace("#R2", second.code))

    query = select(Submission.state).order_by(Submission.id)
    states = list(await nudged.door.session.scalars(query))
    assert states == [State.OPEN, State.CLAIMED]


async def test_a_quote_with_its_code_tells_which_report_is_meant(
    nudged: ReportOffice,
) -> None:
    second = await nudged.duty(what="科普日材料", month=12, day_of_month=31)

    answer = await nudged.door.says("7", "已报", quote=f"提示：…… 编号 {second.code}")

    assert second.title in answer


async def test_the_code_of_another_department_books_nothing_for_it(
    nudged: ReportOffice,
) -> None:
    await nudged.liaison("8", "李强", OTHER)
    report = (await nudged.submission()).report

    answer = await nudged.door.says("8", f"已报 {report.code}")

    assert "没有待报送" in answer
    assert await nudged.state() is State.OPEN


async def test_a_reply_in_the_own_group_counts_for_its_department(
    nudged: ReportOffice,
) -> None:
    await nudged.group("-1001", OWN)

    answer = await nudged.door.says_in_group("7", "我们已经报了")

    assert answer.startswith(f"已记：{OWN}")
    assert await nudged.state() is State.CLAIMED


async def test_an_outsider_in_a_group_books_nothing_for_its_department(
    nudged: ReportOffice,
) -> None:
    await nudged.group("-1001", OWN)
    await nudged.liaison("8", "李强", OTHER)

    await nudged.door.says_in_group("8", "我们已经报了")

    assert await nudged.state() is State.OPEN


@pytest.mark.parametrize(
    ("words", "answer", "state"),
    [
        (
            "我们交了",
            f"已记：{OWN}2026年全年落实情况已报送，待办公室核收。",
            State.CLAIMED,
        ),
        ("领导没签，能缓到1月5号吗", "已收到，请私聊我确认。", State.OPEN),
    ],
)
async def test_before_all_only_the_bare_claim_is_confirmed(
    nudged: ReportOffice, words: str, answer: str, state: State
) -> None:
    await nudged.group(ALL, "")

    said = await nudged.door.says_in_group("7", words, chat=ALL)

    assert said == answer
    assert await nudged.state() is state


async def test_a_stranger_is_told_to_bind_first(nudged: ReportOffice) -> None:
    assert "绑定" in await nudged.door.says("99", "我们已经报送了")
    assert await nudged.state() is State.OPEN


async def test_a_handover_is_put_before_the_office(nudged: ReportOffice) -> None:
    await nudged.admin()

    answer = await nudged.door.says("7", "我调走了，换小王")

    assert "共 1 项未办结" in answer
    assert "人员调整" in (await nudged.told(to="1"))[0].text


async def test_a_claim_takes_back_the_digest_and_nudges_about_the_rest_anew(
    office: ReportOffice,
) -> None:
    await office.liaison()
    await office.duty()
    second = await office.duty(what="科普日材料", month=12, day_of_month=30)
    await office.round(at(12, 16))

    await office.door.says("7", "全年的已报")
    await office.round(at(12, 16, 9, 1))

    first, again = await office.deliveries()
    assert first.status is DeliveryStatus.CANCELLED
    assert again.status is DeliveryStatus.WAITING
    (body,) = await office.told()
    assert second.title in body.text
    assert "2026年全年落实情况" not in body.text


async def test_a_head_may_say_what_a_liaison_may(nudged: ReportOffice) -> None:
    await nudged.door.bound("9", "赵局长", OWN, Role.HEAD)

    await nudged.door.says("9", "已报")

    assert await nudged.state() is State.CLAIMED


async def test_receiving_the_nudge_is_noted_with_the_report(
    nudged: ReportOffice,
) -> None:
    answer = await nudged.door.says("7", "收到")

    assert "已记“知悉”" in answer
    assert (await nudged.submission()).standing.acknowledged_at


async def test_a_task_question_is_still_answered(nudged: ReportOffice) -> None:
    assert "项" in await nudged.door.says("7", "我们负责哪些任务")


@pytest.mark.parametrize("day", ["2026-02-30", "2026-13-01", "0000-01-01"])
@pytest.mark.parametrize("order", ["约定日期", "提交延期"])
async def test_a_day_that_there_is_not_is_asked_for(
    nudged: ReportOffice, order: str, day: str
) -> None:
    code = (await nudged.submission()).report.code

    answer = await nudged.door.says("7", f"{order} {code} {day}")

    assert "日期" in answer or "哪一天" in answer
    assert (await nudged.submission()).standing == Standing()


@pytest.mark.parametrize("day", ["2027-12-30", "9999-12-31"])
@pytest.mark.parametrize("order", ["约定日期", "提交延期"])
async def test_a_day_far_away_is_taken_for_a_slip(
    nudged: ReportOffice, order: str, day: str
) -> None:
    code = (await nudged.submission()).report.code

    assert "没有登记" in await nudged.door.says("7", f"{order} {code} {day}")
    assert (await nudged.submission()).standing == Standing()


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("还没报，快了", State.OPEN),
        ("这项不归我们", State.DISPUTED),
        ("下周一交", State.PROMISED),
    ],
)
@pytest.mark.parametrize("undo", ["撤销", "press"])
async def test_what_is_said_against_a_claim_is_done_once_it_is_taken_back(
    nudged: ReportOffice, words: str, state: State, undo: str
) -> None:
    code = (await nudged.submission()).report.code
    await nudged.door.says("7", f"已报 {code}")

    offered = await nudged.door.hear(nudged.door.letter("7", f"{words} {code}"))

    assert offered
    assert "撤销" in offered.text
    assert await nudged.state() is State.CLAIMED
    says = offered.buttons[0].says if undo == "press" else undo
    assert "已撤销" in await nudged.door.says("7", says)
    assert await nudged.state() is state
    assert words in [entry.words for entry in await entries(nudged)][-1]


async def test_a_word_against_what_the_office_has_accepted_points_to_the_office(
    nudged: ReportOffice,
) -> None:
    await nudged.admin()
    code = (await nudged.submission()).report.code
    await nudged.door.says("7", f"已报 {code}")
    await nudged.door.says("1", f"核收 {OWN} 全年")

    answer = await nudged.door.says("7", f"还没报，快了 {code}")

    assert "请联系办公室" in answer
    assert await nudged.state() is State.ACCEPTED


async def test_a_yes_to_what_may_be_taken_back_takes_nothing_back(
    nudged: ReportOffice,
) -> None:
    await nudged.door.says("7", "已报")
    await nudged.door.says("7", "还没报，快了")

    await nudged.door.says("7", "好的")

    assert await nudged.state() is State.CLAIMED


@pytest.mark.parametrize(
    "words", ["科协要干嘛，全给我拉出来", "我们牵头的，跟别人合办的不要"]
)
async def test_a_wish_for_a_list_is_no_word_about_a_report(
    nudged: ReportOffice, words: str
) -> None:
    answer = await nudged.door.says("7", words)

    assert "任务" in answer
    assert "报送" not in answer
    assert (await nudged.submission()).state is State.OPEN


@pytest.mark.parametrize("words", ["再去掉已经有科协的", "我们局就三个人，忙不过来"])
async def test_where_nothing_is_owed_a_word_that_names_no_report_is_a_question(
    nudged: ReportOffice, words: str
) -> None:
    await nudged.liaison("8", "李强", OTHER)

    assert "没有待报送" not in await nudged.door.says("8", words)
    assert "没有待报送" in await nudged.door.says("8", "已报")
