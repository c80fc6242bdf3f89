"""The two real plans, held against facts that were read off them by eye."""

import re
from collections import Counter
from datetime import date

import pytest
from plan_texts import (
    paragraphs_of,
    parse,
    real_plan,
    squeezed,
    with_page_numbers,
    wrapped,
)

from bot.facts import Contact, DoubtKind, DutyKind, OwnerRole, PlanDraft, TaskDraft

PINGYIN, LIXIA = "pingyin-2022-21", "lixia-2022-3"
SCHOOL, PROMO, YOUTH = "县教体局", "县委宣传部", "团县委"
SCIENCE, KEXIE, TOWNS = "县科技事业发展中心", "县科协", "各镇街道"
HEALTH, CULTURE, RESCUE = "县卫生健康局", "县文化和旅游局", "县应急局"
FARMS, PEOPLE, WORKS = "县农业农村局", "县人力资源社会保障局", "县工业和信息化局"

PINGYIN_TASKS = [
    ("二（一）1", "将弘扬科学精神贯穿", [PROMO, SCHOOL, YOUTH, SCIENCE, KEXIE]),
    ("二（一）2", "加强基础教育阶段", [SCHOOL, KEXIE]),
    ("二（一）3", "加强科技创新后备人才", [SCHOOL, YOUTH, KEXIE]),
    (
        "二（一）4",
        "推动校内外科学教育资源",
        [SCHOOL, CULTURE, HEALTH, RESCUE, YOUTH, SCIENCE, KEXIE],
    ),
    ("二（一）5", "提升教师科学素质", [SCHOOL, KEXIE]),
    (
        "二（二）1",
        "培树科学理性",
        [TOWNS, PROMO, FARMS, CULTURE, HEALTH, RESCUE, SCIENCE, KEXIE],
    ),
    ("二（二）2", "培育高素质农民队伍", [PEOPLE, FARMS, YOUTH, KEXIE]),
    ("二（二）3", "实施乡村振兴科技支撑", [SCHOOL, FARMS, SCIENCE, KEXIE]),
    ("二（三）1", "深化理想信念", [TOWNS, PROMO, YOUTH]),
    ("二（三）2", "推进产业工人技能创新", [SCHOOL, PEOPLE, YOUTH]),
    ("二（三）3", "实施职业技能提升", [SCHOOL, PEOPLE, HEALTH, RESCUE, YOUTH]),
    ("二（三）4", "提升产业工人科学素质", [PROMO, WORKS, PEOPLE, SCIENCE, KEXIE]),
    ("二（四）1", "实施智慧助老", [TOWNS, PROMO, HEALTH, KEXIE]),
    ("二（四）2", "加强老年人健康科普", [TOWNS, PROMO, HEALTH, RESCUE, KEXIE]),
    ("二（四）3", "实施银龄科普", [TOWNS, HEALTH, KEXIE]),
    ("二（五）1", "深入贯彻落实新发展", ["县委组织部", PROMO, SCIENCE, KEXIE]),
    ("二（五）2", "加强科学素质教育培训", ["县委组织部", KEXIE]),
    ("三（一）1", "建立完善科技资源", [PEOPLE, SCIENCE, KEXIE]),
    ("三（一）2", "实施科技资源科普化", [SCHOOL, SCIENCE, KEXIE]),
    ("三（一）3", "强化科技工作者", [PROMO, SCIENCE, KEXIE]),
    ("三（二）1", "提升科普创作能力", [PROMO, KEXIE]),
    ("三（二）2", "提升全媒体科学传播", [PROMO, "县融媒体中心", KEXIE]),
    ("三（二）3", "推进智慧科普建设", [SCHOOL, FARMS, KEXIE]),
    ("三（三）1", "加强科普基础设施", ["县发展改革局", CULTURE, KEXIE]),
    ("三（三）2", "积极融入现代科技场馆", [SCHOOL, SCIENCE, KEXIE]),
    ("三（三）3", "推进科普教育基地", [WORKS, CULTURE, HEALTH, RESCUE, KEXIE]),
    (
        "三（四）1",
        "建立应急科普协调",
        [TOWNS, PROMO, SCHOOL, HEALTH, RESCUE, SCIENCE, KEXIE],
    ),
    ("三（四）2", "加强基层科普服务体系", [TOWNS, PROMO, SCHOOL, SCIENCE, KEXIE]),
    (
        "三（四）3",
        "提升科普品牌活动",
        [SCHOOL, CULTURE, HEALTH, RESCUE, SCIENCE, KEXIE],
    ),
]

EDU, LEAGUE, QKX, TECH = "区教体局", "团区委", "区科协", "区科技局"
QPROMO, STAFF, TOUR = "区委宣传部", "区人社局", "区文旅局"
LIXIA_TASKS = [
    ("三（一）1", "将弘扬科学精神贯穿", [EDU, QKX], False),
    ("三（一）2", "完善基础教育阶段", [EDU, QKX], False),
    ("三（一）3", "广泛开展课外、校外", [EDU, LEAGUE, QKX], False),
    ("三（一）4", "加强校外科技活动场所", [EDU, LEAGUE, QKX], False),
    ("三（二）1", "深入开展“科普益民", ["区委政法委", QKX], True),
    ("三（二）2", "创新社区科普活动", [TECH, TOUR, "区卫健局"], True),
    ("三（二）3", "加强科普队伍和服务", [QKX], True),
    ("三（二）4", "推进全民终身教育", [QPROMO, "区妇联", QKX], True),
    ("三（三）1", "开展理想信念", [STAFF, "区总工会"], False),
    ("三（三）2", "大力开展多种形式", [STAFF, "区妇联"], False),
    ("三（三）3", "发挥企业家", [STAFF, TECH, QKX], False),
    ("三（四）1", "加强老年人健康科普", [QKX], True),
    ("三（四）2", "实施银龄科普", [QKX], True),
    ("三（五）1", "加强科学素质教育", ["区委组织部", STAFF], False),
    ("三（五）2", "积极参与科普活动", [QKX, TECH], True),
    ("四（一）1", "建立完善科技资源", [QKX, TECH], False),
    ("四（一）2", "实施科技资源科普化", [QPROMO, "区发改局", QKX, TECH], False),
    ("四（一）3", "强化科技工作者", [QPROMO, QKX, TECH], False),
    ("四（二）1", "实施“互联网+科普”", [QKX], False),
    ("四（二）2", "拓宽科普传播渠道", [QPROMO, QKX], True),
    ("四（三）1", "加强科普基础设施", [QKX], True),
    ("四（三）2", "进一步完善现代科技", ["区发改局", QKX], True),
    ("四（三）3", "加强科普教育阵地", [TOUR, QKX], True),
    ("四（四）1", "健全基层科普服务", [QPROMO, QKX], True),
    ("四（四）2", "建立应急科普协调", [QPROMO, "区应急局", QKX], True),
    ("四（四）3", "广泛开展群众性", [QKX, TECH], True),
]


@pytest.fixture(scope="module")
def pingyin() -> PlanDraft:
    return parse(real_plan(PINGYIN))


@pytest.fixture(scope="module")
def lixia() -> PlanDraft:
    return parse(real_plan(LIXIA))


def names(task: TaskDraft, *roles: OwnerRole) -> list[str]:
    return [owner.department for owner in task.owners if owner.role in roles]


def test_pingyin_has_its_29_tasks_each_with_all_its_owners(pingyin: PlanDraft) -> None:
    everyone = (OwnerRole.JOINT, OwnerRole.COLLECTIVE)

    assert len(pingyin.tasks) == len(PINGYIN_TASKS) == 29
    for task, (id_, title, owners) in zip(pingyin.tasks, PINGYIN_TASKS, strict=True):
        assert (task.id, names(task, *everyone)) == (id_, owners)
        assert task.title.startswith(title)
        assert not task.numbered_by_us


def test_pingyin_has_no_lead_and_one_collective(pingyin: PlanDraft) -> None:
    owners = [owner for task in pingyin.tasks for owner in task.owners]

    assert {owner.role for owner in owners} == {OwnerRole.JOINT, OwnerRole.COLLECTIVE}
    collectives = {o.department for o in owners if o.role is OwnerRole.COLLECTIVE}
    assert collectives == {TOWNS}
    assert len({owner.department for owner in owners}) == 15


def test_pingyin_head(pingyin: PlanDraft) -> None:
    assert pingyin.number == "平政字〔2022〕21号"
    assert pingyin.issuer == "平阴县人民政府"
    assert pingyin.issue_date == date(2022, 11, 7)
    assert pingyin.open_mark == "此件公开发布"
    assert pingyin.contact == Contact(department="县科协", phone="87883287")
    assert pingyin.title.endswith("实施方案的通知")
    assert pingyin.plan_title.startswith("平阴县“十四五”")
    assert pingyin.validity is not None
    assert pingyin.validity.last == date(2025, 12, 31)


def test_pingyin_reports_twice_a_year(pingyin: PlanDraft) -> None:
    reports = [duty for duty in pingyin.duties if duty.kind is DutyKind.REPORT]

    assert [(duty.month, duty.day_of_month) for duty in reports] == [(6, 30), (12, 30)]
    assert {duty.where for duty in reports} == {"四（三）"}
    for duty in reports:
        assert any("经济开发区" in who for who in duty.who)
        assert "领导小组办公室" in duty.to


def test_pingyin_targets_and_measures(pingyin: PlanDraft) -> None:
    assert [(target.number, target.unit) for target in pingyin.targets] == [(18.5, "%")]
    found = {task.id: [m.number for m in task.measures] for task in pingyin.tasks}
    assert {id_: numbers for id_, numbers in found.items() if numbers} == {
        "二（一）4": [5],
        "二（一）5": [30],
        "二（二）2": [20, 1],
        "二（三）3": [90],
        "二（四）3": [30],
        "三（四）3": [10],
    }


def test_lixia_has_its_26_tasks_with_leads_and_collectives(lixia: PlanDraft) -> None:
    assert len(lixia.tasks) == len(LIXIA_TASKS) == 26
    for task, (id_, title, leads, streets) in zip(
        lixia.tasks, LIXIA_TASKS, strict=True
    ):
        groups = ["各街道办事处", "各成员单位"] if streets else ["各成员单位"]
        assert (task.id, names(task, OwnerRole.LEAD)) == (id_, leads)
        assert names(task, OwnerRole.COLLECTIVE) == groups
        assert len(task.owners) == len(leads) + len(groups)
        assert task.title.startswith(title)
        assert task.numbered_by_us


def test_lixia_counts_of_leads(lixia: PlanDraft) -> None:
    leads = Counter(
        name for task in lixia.tasks for name in names(task, OwnerRole.LEAD)
    )

    assert leads[QKX] == 22
    assert len(leads) == 14
    assert (
        sum("各街道办事处" in names(t, OwnerRole.COLLECTIVE) for t in lixia.tasks) == 14
    )


def test_lixia_head_and_what_it_does_not_say(lixia: PlanDraft) -> None:
    assert lixia.number == "历下政办发〔2022〕3号"
    assert lixia.issuer == "济南市历下区人民政府办公室"
    assert lixia.issue_date == date(2022, 6, 28)
    assert lixia.open_mark == "此件公开发布"
    assert lixia.contact is None
    assert [duty for duty in lixia.duties if duty.kind is DutyKind.REPORT] == []
    assert [(target.number, target.unit) for target in lixia.targets] == [(20, "%")]


def test_lixia_title_loses_its_spaced_letters(lixia: PlanDraft) -> None:
    assert lixia.title.endswith("（2021-2025年）的通知")
    assert lixia.plan_title.endswith("实施方案（2021-2025年）")


def test_lixia_repairs_the_section_in_the_wrong_script(lixia: PlanDraft) -> None:
    ids = [section.id for section in lixia.sections]

    assert [id_ for id_ in ids if id_.startswith("三")] == [
        "三",
        "三（一）",
        "三（二）",
        "三（三）",
        "三（四）",
        "三（五）",
    ]
    introduced = {section.id for section in lixia.sections if section.intro}
    assert {"四（一）", "四（二）", "四（三）", "四（四）"} <= introduced
    assert not {"三（一）", "三（二）"} & introduced


def test_lixia_task_without_heading_keeps_its_whole_text(lixia: PlanDraft) -> None:
    task = next(task for task in lixia.tasks if task.id == "三（三）2")

    assert task.title == "大力开展多种形式的职业培训"
    assert task.body.startswith(task.title)


def test_lixia_biennial_summary_is_a_duty_and_no_task(lixia: PlanDraft) -> None:
    texts = [duty.text for duty in lixia.duties if duty.where == "五（四）"]

    assert any("每两年" in text for text in texts)
    assert all("每两年" not in task.body for task in lixia.tasks)


@pytest.mark.parametrize("name", [PINGYIN, LIXIA])
def test_bodies_are_runs_of_the_source_without_owners_or_furniture(name: str) -> None:
    text = real_plan(name)
    source = squeezed(re.sub(r"\n— \d+ —\n", "\n", text))

    for task in parse(text).tasks:
        body = squeezed(task.body)
        assert body
        assert body in source
        assert body[-1] in "。"
        assert squeezed(task.title) in source
        assert squeezed(task.annotation) in source
        assert "责分工" not in body
        assert "— " not in task.body
        assert source[source.index(body) + len(body) :].startswith(
            squeezed(task.annotation)
        )


@pytest.mark.parametrize("name", [PINGYIN, LIXIA])
def test_places_lead_back_to_the_lines(name: str) -> None:
    lines = ["", *real_plan(name).split("\n")]

    for task in parse(real_plan(name)).tasks:
        first, last = task.places
        printed = squeezed("".join(lines[first : last + 1]))
        assert task.title[:4] in squeezed(lines[first])
        assert printed.endswith("负责）")
        assert squeezed(task.body)[-8:] in printed


@pytest.mark.parametrize("name", [PINGYIN, LIXIA])
def test_only_harmless_doubts_remain(name: str) -> None:
    kinds = {doubt.kind for doubt in parse(real_plan(name)).doubts}

    assert kinds <= {DoubtKind.SUSPECT_CHARACTER}


def shape(plan: PlanDraft) -> list[tuple[object, ...]]:
    return [
        (
            task.id,
            squeezed(task.title),
            squeezed(task.body),
            [(owner.department, owner.role) for owner in task.owners],
        )
        for task in plan.tasks
    ]


def head_of(plan: PlanDraft) -> tuple[object, ...]:
    return (
        plan.number,
        plan.title,
        plan.plan_title,
        plan.issuer,
        plan.issue_date,
        plan.open_mark,
        plan.contact,
    )


@pytest.mark.parametrize("name", [PINGYIN, LIXIA])
@pytest.mark.parametrize("gap", [False, True])
@pytest.mark.parametrize("width", [16, 22, 28, 35, 43, 60])
def test_the_width_of_lines_changes_nothing(
    name: str, *, width: int, gap: bool
) -> None:
    paragraphs = paragraphs_of(real_plan(name))

    plan = parse(wrapped(paragraphs, width=width, gap=gap))

    assert shape(plan) == shape(parse(real_plan(name)))
    assert head_of(plan) == head_of(parse(real_plan(name)))


@pytest.mark.parametrize("name", [PINGYIN, LIXIA])
@pytest.mark.parametrize(
    "form", ["— {} —", "- {} -", "{}", "第 {} 页", "第{}页 共40页"]
)
def test_page_numbers_change_nothing(name: str, form: str) -> None:
    paragraphs = paragraphs_of(real_plan(name))
    text = wrapped(paragraphs, width=30, gap=False)

    plan = parse(with_page_numbers(text, every=22, form=form))

    assert shape(plan) == shape(parse(real_plan(name)))


@pytest.mark.parametrize("name", [PINGYIN, LIXIA])
@pytest.mark.parametrize("joint", ["\n", "\n\n", " ", "　　", ""])
def test_paragraphs_or_one_long_line_change_nothing(name: str, joint: str) -> None:
    paragraphs = paragraphs_of(real_plan(name))

    plan = parse(joint.join(paragraphs))

    assert shape(plan) == shape(parse(real_plan(name)))
    assert plan.number == parse(real_plan(name)).number
    assert plan.issue_date == parse(real_plan(name)).issue_date
