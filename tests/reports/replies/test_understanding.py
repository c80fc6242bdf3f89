"""What is understood of a reply beside its label, and that nothing upsets it."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reports.calendar import WorkCalendar
from bot.reports.replies import Label, Understood, understand
from bot.reports.replies.lexicon import KINDS

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 12, 22, 10, tzinfo=ZONE)
ANNUAL = "2026年全年落实情况"
CALENDAR = WorkCalendar()


def said(words: str, **scene: Any) -> Understood:
    known: dict[str, Any] = {"now": NOW, "due_on": date(2026, 12, 30)}
    known |= {"report": ANNUAL} | scene
    return understand(words, calendar=CALENDAR, **known)


@pytest.mark.parametrize(
    "words",
    [
        "已报 #R12",
        "＃Ｒ12 已报",
        "#r12已报",
        "「提示：全年落实情况 #R12」\n- - - -\n已报",
    ],
)
def test_the_code_is_found_in_words_and_quotes(words: str) -> None:
    found = said(words)

    assert (found.label, found.code) == (Label.CLAIMED, "#R12")


@pytest.mark.parametrize(
    ("words", "via"),
    [
        ("昨天发你们邮箱了", "邮箱"),
        ("系统里提交了", "系统"),
        ("发微信群里了", "微信"),
        ("已通过传真发送", "传真"),
        ("上午寄出去了，快递", "邮寄"),
        ("已发到kx@163.com", "邮箱"),
        ("已报", ""),
    ],
)
def test_the_way_of_a_claim_is_told(words: str, via: str) -> None:
    assert said(words, in_reply_to_nudge=True).via == via


def test_the_day_of_a_claim_is_told_but_is_no_promise() -> None:
    found = said("昨天就报了")

    assert found.handed_in_on == date(2026, 12, 21)
    assert found.day is None


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("我调走了，换小王", "小王"),
        ("以后找李娜", "李娜"),
        ("联络员已更换为陈静", "陈静"),
        ("换人了，以后联系陈科长", "陈科长"),
        ("我退休了", ""),
    ],
)
def test_the_successor_is_named(words: str, name: str) -> None:
    found = said(words)

    assert (found.label, found.name) == (Label.HANDOVER, name)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("领导出差没签，能缓到1月5号吗", "领导出差没签"),
        ("因主要领导外出，申请延期一周", "主要领导外出"),
        ("您好，数据没出来，能延几天吗，谢谢", "数据没出来"),
        ("能缓几天吗", ""),
    ],
)
def test_the_reason_for_delay_is_kept(words: str, reason: str) -> None:
    found = said(words)

    assert (found.label, found.reason) == (Label.EXTENSION, reason)


@pytest.mark.parametrize("words", ["好了", "好啦", "OK了", "行了", "弄好了", "完了"])
def test_a_bare_word_that_may_as_well_mean_yes_is_asked_back(words: str) -> None:
    found = said(words, in_reply_to_nudge=True)

    assert (found.label, found.sure) == (Label.OTHER, False)


@pytest.mark.parametrize(
    "words", ["弄完了", "搞定", "办完了", "发了", "传了", "发过去了"]
)
def test_bare_words_are_a_claim_only_in_reply_to_a_nudge(words: str) -> None:
    alone = said(words)

    assert said(words, in_reply_to_nudge=True).label is Label.CLAIMED
    assert (alone.label, alone.sure) == (Label.OTHER, False)
    assert alone.ask


@pytest.mark.parametrize(
    ("report", "label"),
    [(ANNUAL, Label.OTHER), ("2026年上半年落实情况", Label.CLAIMED)],
)
def test_a_claim_of_another_report_is_none(report: str, label: Label) -> None:
    assert said("上半年的已经报了", report=report).label is label


def test_the_own_department_is_no_other_one() -> None:
    other = said("县应急局已报")

    assert (other.label, other.sure) == (Label.OTHER, False)
    assert "2026年全年落实情况" in other.ask
    assert said("县应急局已报", own=("县应急局",)).label is Label.CLAIMED


@pytest.mark.parametrize(
    ("name", "words", "label"),
    [
        ("县应急管理局", "应急局已报", Label.CLAIMED),
        ("县教育和体育局", "教体局零报告", Label.NIL),
        ("县市场监督管理局", "市监局材料已发邮箱", Label.CLAIMED),
        ("县应急管理局", "教育局已报", Label.OTHER),
        ("县水利局", "司法局周四交", Label.OTHER),
    ],
)
def test_the_own_department_is_known_by_its_short_name(
    name: str, words: str, label: Label
) -> None:
    found = said(words, own=(name,), in_reply_to_nudge=True)

    assert found.label is label


@pytest.mark.parametrize(
    "state",
    [
        "今年零报告",
        "延期了",
        "换联络员了",
        "明天报",
        "还没报",
        "只报了一半",
        "说不归他们管",
        "在走流程",
    ],
)
def test_the_state_of_another_department_is_not_the_speakers(state: str) -> None:
    for who in ("教育局", "隔壁局", "听说教育局"):
        assert said(who + state).label is Label.OTHER, who


def test_what_colleagues_and_those_below_owe_is_not_yet_done() -> None:
    assert said("表交给小王了，他还没报").label is Label.NOT_YET
    assert said("各科室还没报上来").label is Label.NOT_YET
    assert said("教育局还没把数据给我们").label is Label.NOT_YET


def test_a_colleague_is_known_by_his_name() -> None:
    words = "王强昨天送过去了"

    assert said(words, in_reply_to_nudge=True).label is Label.OTHER
    found = said(words, in_reply_to_nudge=True, own=("王强",))
    assert found.label is Label.CLAIMED


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("换联络员要走什么程序？", Label.QUESTION),
        ("延期要不要盖章", Label.QUESTION),
        ("零报告也要盖章吗", Label.QUESTION),
        ("撤回之后还能再报吗", Label.QUESTION),
        ("我没调走，还是我负责", Label.OTHER),
        ("我没说要延期", Label.OTHER),
        ("哪能没报呢", Label.OTHER),
        ("哪能没报呢，前天就交给你们了", Label.CLAIMED),
        ("怎么会没交，前天就送了", Label.CLAIMED),
    ],
)
def test_to_ask_or_deny_a_state_is_not_to_be_in_it(words: str, label: Label) -> None:
    assert said(words, in_reply_to_nudge=True).label is label


def test_a_day_within_the_time_is_a_promise_though_it_is_asked_for() -> None:
    assert said("28号交行吗").label is Label.PROMISE
    assert said("1月6号交行吗").label is Label.EXTENSION


def test_a_day_after_the_due_date_asks_for_delay_also_when_that_is_past() -> None:
    late = datetime(2027, 1, 4, 16, tzinfo=ZONE)

    assert said("1月6号交").label is Label.EXTENSION
    assert said("1月6号交", now=late).label is Label.EXTENSION
    assert said("1月6号交", due_on=None).label is Label.PROMISE


@pytest.mark.parametrize("words", ["马上报", "写完就交", "打算报"])
def test_a_promise_without_a_day_is_none(words: str) -> None:
    found = said(words, in_reply_to_nudge=True)

    assert (found.label, found.day) == (Label.NOT_YET, None)


@pytest.mark.parametrize("words", ["元旦过后再报", "过了元旦再说", "下个月交"])
def test_a_time_after_the_due_date_asks_for_delay_without_a_day(words: str) -> None:
    found = said(words, in_reply_to_nudge=True)

    assert (found.label, found.day) == (Label.EXTENSION, None)


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("教育局：我局已报送，请查收", Label.OTHER),
        ("【转】卫健局：我们已经交了", Label.OTHER),
        ("教育局：已报。我们也报了", Label.CLAIMED),
        ("别给我们记成零报告", Label.OTHER),
        ("报是报了，被系统弹回来了", Label.NOT_YET),
        ("早上没交，刚交完", Label.CLAIMED),
        ("做梦都想报了，可惜没报", Label.NOT_YET),
        ("报了？怎么可能，还没写完", Label.NOT_YET),
        ("拖了好久终于报了", Label.CLAIMED),
        ("刚接手，这个要报什么内容", Label.QUESTION),
        ("不归我们嘛", Label.DISPUTE),
    ],
)
def test_a_turn_overrules_the_single_word(words: str, label: Label) -> None:
    assert said(words, in_reply_to_nudge=True).label is label


def test_a_span_of_delay_is_counted_from_today_once_the_date_is_past() -> None:
    late = datetime(2027, 1, 4, 16, tzinfo=ZONE)

    assert said("宽限两天").day == date(2027, 1, 1)
    assert said("再宽限两天", now=late).day == date(2027, 1, 6)


@pytest.mark.parametrize("words", ["谢谢", "你好", "今天天气不错", ""])
def test_what_is_not_about_reporting_is_not_asked_back(words: str) -> None:
    found = said(words, in_reply_to_nudge=True)

    assert (found.label, found.sure, found.ask) == (Label.OTHER, True, "")


@pytest.mark.parametrize(
    "words",
    [
        "已报送请回复已报",
        "系统爆了",
        "材料丢了",
        "要不是系统崩了，我早就报了",
        "你说的那个半年报吗，早报了",
        "快递到了",
        "26日前报送到位",
    ],
)
def test_what_only_looks_like_a_claim_is_none(words: str) -> None:
    assert said(words, in_reply_to_nudge=True).label is not Label.CLAIMED


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("没看到消息我马上报", Label.NOT_YET),
        ("没看到消息我们已经报了", Label.CLAIMED),
        ("没有啊我们报了你看看邮箱", Label.CLAIMED),
        ("好那我跟领导说一下", Label.RECEIVED),
        ("文字的已经发给你了那个表还要等数据", Label.PARTIAL),
    ],
)
def test_voice_input_is_cut_where_somebody_else_is_spoken_of(
    words: str, label: Label
) -> None:
    assert said(words, in_reply_to_nudge=True).label is label


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("下周一签字，周二送", date(2026, 12, 29)),
        ("能延期吗，1月4号", date(2027, 1, 4)),
        ("12月31号，最后一天交", date(2026, 12, 31)),
        ("26日前报送到位", date(2026, 12, 26)),
        ("29号局里开会，那天一起交", date(2026, 12, 29)),
        ("之前说周五，现在改成29号", date(2026, 12, 29)),
        ("领导说明天签，签了我就报", date(2026, 12, 23)),
    ],
)
def test_of_several_days_the_one_that_is_meant_is_taken(words: str, day: date) -> None:
    assert said(words, in_reply_to_nudge=True).day == day


def test_a_pasted_text_is_never_a_claim() -> None:
    found = said("我们已经报了。" * 200 + "#R7")

    assert (found.label, found.code, found.sure) == (Label.OTHER, "#R7", False)
    assert found.ask


@pytest.mark.parametrize("asked", ["应该报了吧", "教育局已经报了", "好像交了"])
def test_what_is_asked_back_is_short_and_polite(asked: str) -> None:
    ask = said(asked, in_reply_to_nudge=True).ask

    assert 0 < len(ask) <= 60
    assert "！" not in ask


words_of_office = st.lists(st.sampled_from(sorted(KINDS)), max_size=60).map("".join)
mixed = st.lists(st.text(max_size=20) | st.sampled_from(sorted(KINDS)), max_size=40)
mornings = st.dates(date(2020, 1, 1), date(2090, 12, 31)).map(
    lambda day: datetime(day.year, day.month, day.day, 9, tzinfo=ZONE)
)


@given(
    st.text(max_size=4000) | words_of_office | mixed.map("".join),
    mornings,
    st.booleans(),
)
def test_no_words_upset_it(words: str, now: datetime, in_reply: bool) -> None:
    found = understand(
        words,
        now=now,
        calendar=CALENDAR,
        due_on=now.date(),
        report=words[:20],
        in_reply_to_nudge=in_reply,
        own=(words[:3],),
    )

    assert found.day is None or found.day >= now.date()
    assert found.handed_in_on is None or found.handed_in_on <= now.date()
    assert bool(found.ask) == (not found.sure)


BEFORE = ("没", "还没", "如果", "好像", "听说", "教育局", "是不是", "应该", "不")
BEHIND = (
    "吗",
    "没",
    "没有",
    "吧",
    "就告诉你",
    "的话",
    "一半",
    "之后",
    "是吗",
    "对不对",
)
CLAIMS = ("报了", "已经报了", "交了", "已经发邮箱了", "昨天就报了")


@pytest.mark.parametrize("claim", CLAIMS)
@pytest.mark.parametrize("turn", BEFORE)
def test_a_word_before_it_makes_a_claim_none(turn: str, claim: str) -> None:
    assert said(claim).label is Label.CLAIMED
    assert said(turn + claim, in_reply_to_nudge=True).label is not Label.CLAIMED


@pytest.mark.parametrize("claim", CLAIMS)
@pytest.mark.parametrize("turn", BEHIND)
def test_a_word_behind_it_makes_a_claim_none(turn: str, claim: str) -> None:
    assert said(claim + turn, in_reply_to_nudge=True).label is not Label.CLAIMED


@given(st.text(alphabet="甲乙丙丁戊己庚辛壬癸", min_size=2, max_size=6))
def test_an_unknown_word_within_it_makes_a_claim_none(unknown: str) -> None:
    assert said(f"{unknown}已经报了").label is not Label.CLAIMED
    assert said(f"我们报了{unknown}").label is not Label.CLAIMED


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("写错了，不是27号，是29号报", Label.PROMISE),
        ("第一封我撤回了，又重新给你们发了一份", Label.CLAIMED),
        ("刚才那条撤回", Label.WITHDRAW),
        ("之前只报了一半，今天把剩下的也报了", Label.CLAIMED),
        ("虽说不是我们牵头，但我们那部分上周就报给你们了", Label.CLAIMED),
        ("照片发过去了，文字材料还没写", Label.PARTIAL),
        ("三份材料交了两份", Label.PARTIAL),
        ("总结己交，照片末交", Label.PARTIAL),
        ("小刘上午交上去了", Label.CLAIMED),
        ("发给小刘了", Label.OTHER),
        ("报了报了，报名了", Label.OTHER),
        ("周五就交了", Label.OTHER),
        ("周一就交了", Label.CLAIMED),
        ("材料交上来了，我审一下", Label.OTHER),
        ("管这事的是小蒋", Label.HANDOVER),
    ],
)
def test_the_rest_of_a_reply_turns_what_one_piece_says(
    words: str, label: Label
) -> None:
    assert said(words, in_reply_to_nudge=True).label is label


def test_what_stands_below_a_line_of_dashes_is_what_is_answered() -> None:
    below = "\n------ 原始消息 ------\n贵单位未报，请于12月30日前报送"

    assert said(f"发了，请查收{below}", in_reply_to_nudge=True).label is Label.CLAIMED
    assert said(f"28号报{below}").day == date(2026, 12, 28)
