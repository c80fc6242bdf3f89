"""Lists narrowed by a date or a share: 有完成期限的是哪几条, 要做到百分之百的."""

import pytest
from conversation import Talker


@pytest.mark.parametrize(
    ("department", "question", "ids"),
    [
        ("县科技局", "2027年要见底的，我们局有哪些", ["二（一）2", "三（一）1"]),
        (
            "县科技局",
            "到2030年为止要见结果的，我局占哪几条",
            ["二（一）2", "二（三）4", "三（一）1"],
        ),
        ("县文化和旅游局", "2030年才见分晓的有哪些，只讲我们局的", ["三（三）2"]),
        ("县科协", "二零二七年这个年份，我们科协有哪几样", ["二（一）2", "二（四）3"]),
        ("县科协", "工程里2028年要交卷的，我们占哪几项", ["三（二）1", "三（三）1"]),
        (
            "县教育局",
            "我们局写明了期限的有几项",
            ["二（一）1", "二（一）2", "二（四）3"],
        ),
        (
            "县教育局",
            "定了日子的是哪几条，没定日子的我局先不管",
            ["二（一）1", "二（一）2", "二（四）3"],
        ),
        ("县科协", "县工信局标了时限的有哪些", ["二（三）4", "三（一）1", "三（二）1"]),
        ("县应急管理局", "挑头的里面哪几个有完成时限", ["三（四）1"]),
    ],
)
def test_what_has_a_date_is_listed(
    talk_as: Talker, department: str, question: str, ids: list[str]
) -> None:
    reply = talk_as(department).says(question)

    assert [task.id for task in reply.tasks] == ids


def test_the_dates_are_quoted_and_the_department_is_told(talk_as: Talker) -> None:
    reply = talk_as("县科技局").says("带了完成期限的我们局有几项，日期也带上")

    assert "县科技局在" in reply.text
    assert "“2027年6月底前”〔二（一）2〕" in reply.text
    assert "“到 2030 年每家规模以上企业至少配备 1 名知识产权专员”" in reply.text


def test_the_role_by_which_it_is_narrowed_is_told(talk_as: Talker) -> None:
    reply = talk_as("县应急管理局").says("我们牵头的里面，有完成期限的是哪几个")

    assert "县应急管理局（只列牵头的）在" in reply.text


@pytest.mark.parametrize(
    ("question", "ids"),
    [
        ("哪几条任务要做到百分之百", ["二（一）2", "二（三）3"]),
        ("我们局要达到百分比的有几条", ["二（一）1", "二（一）2"]),
        ("到2028年要达到某个百分数的，我局是哪几条", ["二（一）1"]),
    ],
)
def test_what_states_a_share_is_listed(
    talk_as: Talker, question: str, ids: list[str]
) -> None:
    reply = talk_as("县教育局").says(question)

    assert [task.id for task in reply.tasks] == ids
    assert "%" in reply.text


@pytest.mark.parametrize(
    "question",
    [
        "我们哪几个合同写明了期限",
        "我们局的网费哪个月到期",
        "我们食堂的账哪些没有日期",
        "我们的工资哪几项要涨到百分之百",
        "我们局百分之多少的人打了疫苗",
    ],
)
def test_no_list_is_given_where_something_else_has_the_date(
    talk_as: Talker, question: str
) -> None:
    reply = talk_as("县教育局").says(question)

    assert len(reply.tasks) < 2
    assert "写明" not in reply.text or "未写明" in reply.text
