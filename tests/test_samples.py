"""The sample plan: three files that say one thing, and what they must be read as."""

from collections.abc import Callable
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from bench import samples
from bot.departments import Departments
from bot.documents import read_blocks
from bot.facts import DutyKind, OwnerRole, PlanDraft, TaskDraft
from bot.plans.reading.parse import parse_plan

ROOT = Path(__file__).parent.parent
FILES = ("sample-plan.txt", "sample-plan.docx", "sample-plan.pdf")
each_file = pytest.mark.parametrize("file", FILES)

# Typed by hand from the text. After the id and the title: who leads | who carries out
# jointly | who helps | which collective; a gap where nobody does.
TASKS = """
二（一）1 开齐开足科学课程 县教育局|||
二（一）2 配强科学副校长和科技辅导员 县教育局|县科技局、县科协||
二（一）3 办好青少年科技竞赛和校园科学节 县科协||县教育局、团县委|
二（一）4 打通校外科学实践渠道 |县教育局、县文化和旅游局|团县委|
二（二）1 建强农村科普传习点 县农业农村局||县科协|各镇街道
二（二）2 培育高素质农民和乡土专家 |县农业农村局、县人力资源和社会保障局||
二（二）3 开展科技特派员巡诊服务 县科技局||县农业农村局|各镇街道
二（二）4 倡导健康文明的乡村新风尚 县委宣传部|县卫生健康局||各镇街道
二（三）1 擦亮“澄川工匠”品牌 县总工会||县委宣传部、团县委|
二（三）2 分行业开展技能比武 县总工会、县人力资源和社会保障局|县工业和信息化局、团县委||
二（三）3 推进企业安全生产科普 县应急管理局||县工业和信息化局|
二（三）4 提升企业创新与知识产权素养 |〔市监〕、县科技局、县工业和信息化局||
二（四）1 帮助老年人用好智能设备 县科协、县卫生健康局|||各镇街道
二（四）2 普及老年健康知识 县卫生健康局|||
二（四）3 发挥银发人才余热 县委组织部||县科协、县教育局|
二（五）1 把科学素质纳入干部教育培训 县委组织部||县科协|
二（五）2 提高科学决策和应急处置能力 |县委组织部、县应急管理局||
二（五）3 营造机关学科学的氛围 县委宣传部|||各成员单位
三（一）1 推动实验室和工厂车间向公众开放 县科技局||县工业和信息化局|
三（一）2 建立科技成果科普化清单 县科技局|||
三（一）3 激励科技人员从事科普工作 |县人力资源和社会保障局、县科技局||
三（二）1 升级“云上澄川科普”平台 县委宣传部|县科协、县工业和信息化局||
三（二）2 扶持原创科普作品 |县委宣传部、县文化和旅游局、县科协||
三（二）3 健全科学辟谣联动机制 县委宣传部||县卫生健康局、县应急管理局、〔市监〕|
三（三）1 建设县科技馆 县科协||县文化和旅游局|
三（三）2 创建科普教育基地 |县科协、县文化和旅游局、县农业农村局||
三（三）3 织密社区科普小站 |||各镇街道
三（四）1 完善应急科普响应机制 县应急管理局、县卫生健康局|||
三（四）2 壮大科普志愿服务队伍 团县委|县科协、县总工会||各镇街道
三（四）3 办好全国科普日和科技活动周 县科协、县科技局|||各成员单位
"""

MEASURES = [
    ("二（一）1", [(60, "%")]),
    ("二（一）2", [(100, "%"), (60, "人次"), (1, "堂"), (1, "处"), (1, "次")]),
    ("二（一）3", [(40, "个")]),
    ("二（一）4", [(2, "次")]),
    ("二（二）1", [(30, "个")]),
    ("二（二）2", [(500, "人次"), (120, "名")]),
    ("二（二）4", [(4, "场")]),
    ("二（三）1", [(10, "名")]),
    ("二（三）2", [(8, "场")]),
    ("二（三）3", [(1, "次"), (100, "%")]),
    ("二（三）4", [(6, "期"), (1, "名")]),
    ("二（四）1", [(1, "次"), (5000, "人次")]),
    ("二（四）2", [(28, "%")]),
    ("二（四）3", [(30, "人"), (40, "场")]),
    ("二（五）1", [(2, "次")]),
    ("二（五）2", [(1, "次")]),
    ("二（五）3", []),
    ("三（一）1", [(15, "家"), (4, "天")]),
    ("三（一）3", []),
    ("三（二）1", [(8, "万人")]),
    ("三（二）2", [(100, "部"), (10, "部")]),
    ("三（三）1", [(6000, "平方米")]),
    ("三（三）2", [(20, "家")]),
    ("三（三）3", [(60, "个")]),
    ("三（四）1", [(2, "次")]),
    ("三（四）2", [(3000, "人")]),
    ("三（四）3", [(20, "项")]),
]

DUE = [
    ("二（一）2", date(2027, 6, 30)),
    ("二（二）1", date(2026, 12, 31)),
    ("二（四）3", date(2027, 6, 30)),
    ("三（一）1", date(2027, 6, 30)),
    ("三（二）1", date(2026, 12, 31)),
    ("三（三）1", date(2028, 10, 31)),
    ("三（四）1", date(2026, 9, 30)),
]


@cache
def plan_of(file: str) -> PlanDraft:
    names = Departments.load(ROOT / "data" / "departments.toml")
    return parse_plan(read_blocks(ROOT / "data" / "samples" / file), departments=names)


def task(file: str, wanted: str) -> TaskDraft:
    return next(task for task in plan_of(file).tasks if task.id == wanted)


def typed() -> list[str]:
    """List the lines of TASKS, with the one long name spelt out."""
    full = "县市场监督管理局（县知识产权局）"
    return TASKS.strip().replace("〔市监〕", full).splitlines()


def summary(task: TaskDraft) -> str:
    """Write *task* as a line of TASKS."""

    def names(*roles: OwnerRole) -> str:
        return "、".join(o.department for o in task.owners if o.role in roles)

    lead, joint = names(OwnerRole.LEAD), names(OwnerRole.JOINT)
    helper, all_of = names(OwnerRole.HELPER), names(OwnerRole.COLLECTIVE)
    return f"{task.id} {task.title} {lead}|{joint}|{helper}|{all_of}"


@each_file
def test_tasks_and_owners_are_those_of_the_text(file: str) -> None:
    assert [summary(task) for task in plan_of(file).tasks] == typed()


@each_file
def test_the_head_is_read(file: str) -> None:
    plan = plan_of(file)

    assert (plan.number, plan.issue_date) == ("澄政字〔2026〕18号", date(2026, 3, 16))
    assert plan.issuer == "澄川县人民政府"
    assert plan.plan_title == "澄川县全民科学素质行动实施方案（2026—2030年）"
    assert plan.open_mark
    assert plan.contact is not None
    assert (plan.contact.department, plan.contact.phone) == ("县科协", "5550126")
    assert plan.validity is not None
    assert plan.validity.last == date(2030, 12, 31)


@each_file
def test_ordinals_are_ours_only_where_the_text_has_dashes(file: str) -> None:
    for one in plan_of(file).tasks:
        assert one.numbered_by_us == one.id.startswith("三"), one.id


@each_file
@pytest.mark.parametrize(("wanted", "measures"), MEASURES)
def test_measures_are_those_of_the_text(
    file: str, wanted: str, measures: list[tuple[float, str]]
) -> None:
    found = [(measure.number, measure.unit) for measure in task(file, wanted).measures]

    assert sorted(found) == sorted(measures)


@each_file
@pytest.mark.parametrize(("wanted", "day"), DUE)
def test_due_days_are_those_of_the_text(file: str, wanted: str, day: date) -> None:
    assert day in [due.day for due in task(file, wanted).due]


@each_file
def test_targets_of_the_whole_plan_are_found(file: str) -> None:
    targets = {(one.number, one.unit, one.year) for one in plan_of(file).targets}

    assert targets >= {(16.5, "%", 2028), (20, "%", 2030), (14, "%", 2030)}


@each_file
def test_two_reports_are_due_each_year(file: str) -> None:
    duties = [duty for duty in plan_of(file).duties if duty.kind is DutyKind.REPORT]

    assert [(duty.month, duty.day_of_month) for duty in duties] == [(7, 10), (1, 10)]
    halves = ["上半年" in duty.what for duty in duties]
    assert halves == [True, False]
    for duty in duties:
        assert duty.who == ("各镇街道", "澄川高新技术产业园区", "各成员单位")
        assert duty.to == "县全民科学素质工作领导小组办公室"
        assert duty.where == "四（三）"


@each_file
def test_standing_duties_are_found(file: str) -> None:
    duties = [duty for duty in plan_of(file).duties if duty.kind is DutyKind.STANDING]

    assert {"quarterly", "every 2 years"} <= {duty.rhythm for duty in duties}


def test_three_files_say_the_same() -> None:
    def told(file: str) -> list[tuple[object, ...]]:
        return [
            (one.id, one.title, "".join(one.body.split()), one.section_path, one.owners)
            for one in plan_of(file).tasks
        ]

    assert told("sample-plan.docx") == told("sample-plan.txt")
    assert told("sample-plan.pdf") == told("sample-plan.txt")


def test_bodies_are_runs_of_the_source() -> None:
    source = "".join(samples.SOURCE.read_text(encoding="utf-8").split())

    for one in plan_of("sample-plan.txt").tasks:
        assert "".join(one.body.split()) in source, one.id
        assert one.body, one.id


def test_the_text_file_is_what_the_generator_writes() -> None:
    kept = (samples.FOLDER / "sample-plan.txt").read_text(encoding="utf-8")

    assert kept == samples.as_text()


@pytest.mark.parametrize("write", [samples.as_word, samples.as_pdf])
def test_a_file_is_written_the_same_every_time(write: Callable[[], bytes]) -> None:
    assert write() == write()


def test_pages_break_inside_a_name() -> None:
    """The trap that the sample is laid out for: 团 at the foot, 县委 overleaf."""
    pages = pairwise(samples.pages())
    breaks = [foot[-1][1][-1:] + top[0][1][:2] for foot, top in pages]

    assert "团县委" in breaks
