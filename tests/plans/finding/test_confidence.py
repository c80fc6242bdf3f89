"""How sure a search is: what a question names must be in the plan itself."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.plans.finding.found import MOST
from bot.plans.finding.search import SURE, Entry, TaskIndex
from bot.plans.finding.thesaurus import Thesaurus, load_thesaurus

SHIPPED = Path(__file__).parents[3] / "config" / "thesaurus.toml"
TOWN = """
推广垃圾分类进小区：设置分类箱，聘请督导员上门讲解
举办垃圾分类讲座：邀请专家走进学校和企业宣讲
评选垃圾分类能手：每年通报表扬先进家庭
建设垃圾分类展馆：利用工业遗产布置展厅，免费开放
培训垃圾分类志愿者：开展技能培训，提升服务能力
完善垃圾分类考核机制：定期开展监测评估
关爱老年人：为老年人提供合理膳食和义诊服务
防范电信诈骗：揭露骗局，增强老年人防诈骗意识
组织职业技能竞赛：动员产业工人岗位练兵
应对冻害涝害：组织农技人员到场指导农民
""".split()
COAST = """
垃圾分类驿站：沿路设置驿站
巡护海岸滩涂：组建巡护队
""".split()


def entries(lines: Sequence[str], first: int) -> list[Entry]:
    parts = [line.partition("：") for line in lines]
    return [
        Entry(id=at, title=title, body=body, section="提升行动", has_number=False)
        for at, (title, _, body) in enumerate(parts, first)
    ]


def index_of(thesaurus: Thesaurus, *, others: bool = False) -> TaskIndex:
    index = TaskIndex(thesaurus)
    index.put_plan(1, entries(TOWN, 1))
    if others:
        index.put_plan(2, entries(COAST, 101))
    return index


def sure_of(index: TaskIndex, question: str) -> float:
    return max((f.confidence for f in index.search(question, plan_ids=[1])), default=0)


@pytest.fixture(scope="module")
def plain() -> TaskIndex:
    return index_of(Thesaurus())


@pytest.fixture(scope="module")
def helped() -> TaskIndex:
    return index_of(load_thesaurus(SHIPPED))


@pytest.mark.parametrize(
    "question",
    [
        "垃圾分类讲座",
        "抓垃圾分类讲座",
        "垃圾分类能手评选",
        "垃圾份类展馆",
        "laji fenlei jiangzuo",
        "工业遗产展厅",
        "垃圾分类讲座这类事情一起搞点",
        "合理膳食",
    ],
)
def test_what_the_plan_names_is_sure(plain: TaskIndex, question: str) -> None:
    assert sure_of(plain, question) >= SURE


@pytest.mark.parametrize("asked", TOWN)
def test_a_task_asked_word_for_word_is_as_sure_as_can_be(
    plain: TaskIndex, asked: str
) -> None:
    assert 0.98 < sure_of(plain, asked) <= MOST < sure_of(plain, asked) + 0.001


@pytest.mark.parametrize(
    "question",
    [
        "垃圾分类驿站",
        "垃圾清运船",
        "巡护海岸",
        "分类指导用书",
        "电信基站搬迁",
        "laji huoyun matou",
        "先进制造业园区",
    ],
)
def test_a_common_half_does_not_carry_an_absent_name(
    plain: TaskIndex, question: str
) -> None:
    assert sure_of(plain, question) < SURE


@pytest.mark.parametrize("question", ["垃圾分类驿站", "巡护垃圾分类"])
def test_the_name_of_something_in_another_plan_makes_less_sure(
    plain: TaskIndex, question: str
) -> None:
    beside = index_of(Thesaurus(), others=True)

    assert sure_of(beside, question) < sure_of(plain, question)
    assert beside.search(question, plan_ids=[2])[0].id in (101, 102)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("老头老太太总是被骗", 8),
        ("厂里的师傅比手艺", 9),
        ("给老伙计免费看病", 7),
        ("旧厂房改成展馆", 4),
        ("庄稼冻坏了有技术员来吗", 10),
    ],
)
def test_plain_speech_is_sure_with_the_thesaurus(
    plain: TaskIndex, helped: TaskIndex, question: str, answer: int
) -> None:
    best = helped.search(question, plan_ids=[1])[0]

    assert best.id == answer
    assert best.confidence >= SURE
    assert best.confidence > sure_of(plain, question)


@pytest.mark.parametrize(
    "question", ["今晚球赛几点", "帮我订火车票", "wifi密码", "你叫什么名字", "哈哈哈哈"]
)
def test_small_talk_is_not_sure(helped: TaskIndex, question: str) -> None:
    assert sure_of(helped, question) < SURE


def test_a_typo_between_written_characters_counts_and_a_chance_sound_does_not(
    plain: TaskIndex,
) -> None:
    assert sure_of(plain, "垃圾分累志愿者") >= SURE
    assert sure_of(plain, "拉风累") < SURE


def test_a_number_that_the_plan_lacks_makes_less_sure_and_a_year_does_not(
    plain: TaskIndex,
) -> None:
    assert sure_of(plain, "垃圾分类讲座330工程") < SURE
    assert sure_of(plain, "2026年垃圾分类讲座") >= SURE


def test_a_word_of_the_thesaurus_is_no_name_of_something_elsewhere() -> None:
    known = Thesaurus({"驿站": (("展馆", 0.5),)})
    asked = "垃圾分类驿站"

    translated = sure_of(index_of(known, others=True), asked)
    foreign = sure_of(index_of(Thesaurus(), others=True), asked)

    assert foreign < SURE <= translated
