"""Lists narrowed by section or chapter, and what is left when one is left out."""

import pytest
from conversation import Talker

ACTIONS = ["二（三）3", "二（五）2"]
PROJECTS = ["三（二）3", "三（四）1"]


@pytest.mark.parametrize(
    ("question", "ids"),
    [
        ("工程那一块里头写了我们局的", PROJECTS),
        ("提升行动里归我局的报来，工程那边我看过了", ACTIONS),
        ("第三部分有我们局的摘给我，第二部分先不看", PROJECTS),
        ("提升行动先搁着，我们局别的任务列一下", PROJECTS),
        ("除了第三章，别处还有没有写我们局的", ACTIONS),
        ("四个工程里头写着我局的", PROJECTS),
        ("五个行动里有我们局的是哪几条", ACTIONS),
        ("工人和机关干部这两块里头写了我们的，分别有哪些", ACTIONS),
        ("职工那一章不用报，我局别的任务有哪些", ["二（五）2", *PROJECTS]),
        ("公务员那章 要我们局做的", ["二（五）2"]),
        ("最后一个工程里要我局做的", ["三（四）1"]),
    ],
)
def test_what_is_ours_is_told_of_a_part_or_without_it(
    talk_as: Talker, question: str, ids: list[str]
) -> None:
    reply = talk_as("县应急管理局").says(question)

    assert [task.id for task in reply.tasks] == ids


def test_what_is_left_out_is_told(talk_as: Talker) -> None:
    reply = talk_as("县应急管理局").says("工程先放一边，我们局其他任务列一下")

    assert [task.id for task in reply.tasks] == ACTIONS
    assert "（不含“重点工程”）" in reply.text


CHILDREN = ["二（一）1", "二（一）2", "二（一）3", "二（一）4"]
FARMERS = ["二（二）1", "二（二）2", "二（二）3", "二（二）4"]
DIGITAL = ["三（二）1", "三（二）2", "三（二）3"]


@pytest.mark.parametrize(
    ("question", "ids"),
    [
        ("种田的那一块底下排了哪几条", FARMERS),
        ("第一个行动的条目念一下", CHILDREN),
        ("重点工程里头第二个，条目报来", DIGITAL),
        ("最后那个工程下头的全部给我", ["三（四）1", "三（四）2", "三（四）3"]),
        ("第三部分里的第二块有几项", DIGITAL),
        ("上云上屏那一块底下有几条", DIGITAL),
        ("建科技馆那个工程下面还有哪几项", ["三（三）1", "三（三）2", "三（三）3"]),
        ("干部学科学那一节，题目报来", ["二（五）1", "二（五）2", "二（五）3"]),
        ("学生那一章我要印给校长们看，先把有几条告诉我", CHILDREN),
        ("除了青少年那块，针对农民的那一块有哪些任务", FARMERS),
        ("青少年那四条里面没有团县委的是哪几条", ["二（一）1", "二（一）2"]),
        ("农民那一块，哪几条没有我们局", FARMERS),
    ],
)
def test_a_section_is_found_as_people_speak_of_it(
    talk_as: Talker, question: str, ids: list[str]
) -> None:
    reply = talk_as("县应急管理局").says(question)

    assert [task.id for task in reply.tasks] == ids


@pytest.mark.parametrize(
    "question",
    ["工人那一块分别是谁牵头，一条条列", "工人那一章的条目，连同单位一并给我"],
)
def test_the_owners_are_told_with_a_section(talk_as: Talker, question: str) -> None:
    reply = talk_as("县科协").says(question)

    assert [task.id for task in reply.tasks] == [f"二（三）{n}" for n in range(1, 5)]
    assert "〔二（三）1〕牵头单位：县总工会" in reply.text
    assert "〔二（三）3〕牵头单位：县应急管理局" in reply.text


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("工程和行动那两部分各有几项", "重点工程 12 项、提升行动 18 项"),
        ("五个行动加在一起多少项", "18 项"),
        ("四个工程的名字报一下", "科普阵地建设工程"),
    ],
)
def test_chapters_are_counted_and_their_sections_named(
    talk_as: Talker, question: str, said: str
) -> None:
    assert said in talk_as("县科协").says(question).text


@pytest.mark.parametrize(
    "question",
    [
        "青少年那一章里无人机比赛我们要不要出人",
        "残疾人那一章有我们局的吗",
        "这部分我不懂，工程款找谁结",
        "老年人那块的体检我们出多少钱",
        "种田那个局牵头的是哪个",
        "传染病预案那一块谁牵头，有我们没",
    ],
)
def test_a_part_that_is_none_or_a_matter_of_it_makes_no_list(
    talk_as: Talker, question: str
) -> None:
    reply = talk_as("县应急管理局").says(question)

    assert len(reply.tasks) < 3
    assert "部分中" not in reply.text


@pytest.mark.parametrize(
    "question", ["这个节点我们局有哪些", "5块钱一本的章程归我们印吗"]
)
def test_words_that_only_look_like_parts_are_none(
    talk_as: Talker, question: str
) -> None:
    assert "部分" not in talk_as("县应急管理局").says(question).text
