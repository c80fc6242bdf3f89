"""Lines -> paragraphs: hard wraps, furniture, Markdown, glued headings."""

import pytest
from plan_texts import lines_of, paragraphs_of, wrapped

from bot.plans.reading.layout import Paragraph, read_paragraphs
from bot.plans.reading.marks import Kind, han_number, han_numeral, read_mark
from bot.source import Line, Table

WHOLE = [
    "一、重点任务",
    "各部门要认真落实全民科学素质行动各项任务，推动科普工作高质量发展，营造良好氛围。",
    "1.开展科学家进校园活动。组织院士专家走进中小学，每年不少于10场，覆盖全部乡镇。",
    "2.加强科技辅导员培训。依托高校和科研院所开展培训，提升科学教育能力和水平。",
    "3.建设科普教育基地。鼓励博物馆、图书馆、文化馆等公共场所开展科普，服务群众。",
]


@pytest.mark.parametrize("gap", [False, True])
@pytest.mark.parametrize("width", [14, 20, 27])
def test_hard_wrapped_lines_are_joined(*, width: int, gap: bool) -> None:
    assert paragraphs_of(wrapped(WHOLE, width=width, gap=gap)) == WHOLE


def test_whole_paragraphs_are_left_alone() -> None:
    assert paragraphs_of("\n".join(WHOLE)) == WHOLE


def test_indents_part_paragraphs_that_have_no_number() -> None:
    text = (
        "　　推进社区科普益民工程建设，完善社区科普服务网络和机制。\n"
        "　　开展青少年科技教育，每年组织科学家进校园活动十场以上，县\n"
        "级财政予以支持。"
    )

    assert len(paragraphs_of(text)) == 2


@pytest.mark.parametrize(
    "number", ["— 14 —", "- 3 -", "7", "第 3 页", "第3页 共12页", "3 / 12", "—１４—"]
)
def test_a_page_number_inside_a_sentence_goes(number: str) -> None:
    text = (
        f"1.深入开展科学家精神宣传教育活动，动员科技工作者，\n\n{number}\n\n服务基层。"
    )

    assert paragraphs_of(text) == [
        "1.深入开展科学家精神宣传教育活动，动员科技工作者，服务基层。"
    ]


def test_a_running_head_beside_page_numbers_goes() -> None:
    head = "青山县科普行动方案"
    pages = [
        f"{count}.开展活动，\n- {count} -\n{head}\n提升素质。" for count in (1, 2, 3)
    ]

    assert paragraphs_of(f"{head}\n" + "\n".join(pages)) == [
        head,
        *[f"{count}.开展活动，提升素质。" for count in (1, 2, 3)],
    ]


def test_a_page_break_inside_a_bracket_is_closed() -> None:
    assert paragraphs_of("1.开展活动。（县科协、\n县教体局负责）\n2.培训。") == [
        "1.开展活动。（县科协、县教体局负责）",
        "2.培训。",
    ]


def test_two_latin_words_are_joined_with_a_blank() -> None:
    text = "1.建设青少年科技创新实验室和创客空间，引进Maker\nSpace平台。"
    lines = [text, wrapped(WHOLE[1:], width=27, gap=False)]

    assert "引进Maker Space平台。" in paragraphs_of("\n".join(lines))[0]


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        (
            "…给予支持。二、扩大供给（一）强化服务。三、保障",
            ["…", "二、", "（一）", "三、"],
        ),
        (
            "一、任务（一）活动。1.进校园。（县科协负责）2.培训。",
            ["一", "（一）", "1.", "2."],
        ),
        ("1、宣传 责任单位：县科协2、培训 责任单位：县教体局", ["1、", "2、"]),
        ("──活动。（县科协负责）──培训。（县教体局负责）", ["──活", "──培"]),
    ],
)
def test_glued_headings_are_cut_off(text: str, starts: list[str]) -> None:
    paragraphs = paragraphs_of(text if text[0] != "…" else f"一、开头\n{text}")[
        -len(starts) :
    ]

    for paragraph, start in zip(paragraphs, starts, strict=True):
        assert paragraph.startswith(start)


@pytest.mark.parametrize(
    "text",
    [
        "1.建设基地。做到：（1）有人；（2）有钱；（3）有场地。",
        "二、任务。促进一、二、三产业融合发展，提升科普水平。",
        "1.落实要求。按照通知第（一）项和第（二）项办理。",
        "1.建设平台。包括：1.网站；2.公众号；3.视频号。",
        "1.到2025年。具备科学素质的比例达到18.5％，提高3.2个百分点。",
    ],
)
def test_enumerations_inside_a_sentence_are_not_cut(text: str) -> None:
    assert paragraphs_of(text) == [text]


def test_wide_blanks_stand_for_lost_breaks() -> None:
    text = "　　".join(WHOLE)

    assert paragraphs_of(text) == WHOLE


def test_markdown_marks_are_layout() -> None:
    text = (
        "# 青山县方案\n\n## 一、任务\n\n1. **开展活动。** 多开展。\n\n***\n2\\. 培训。"
    )

    assert paragraphs_of(text) == [
        "青山县方案",
        "一、任务",
        "1. 开展活动。 多开展。",
        "2. 培训。",
    ]


def test_a_markdown_table_becomes_a_table() -> None:
    items = read_paragraphs(
        lines_of("| 任务 | 单位 |\n| --- | :-: |\n| 活动 | 县科协 |")
    )

    assert items == [Table((("任务", "单位"), ("活动", "县科协")), 1)]


def test_places_follow_the_characters() -> None:
    paragraph = Paragraph("甲乙丙丁戊", ((0, 3), (2, 5), (4, 9)))

    assert [paragraph.place_at(offset) for offset in range(5)] == [3, 3, 5, 5, 9]
    assert paragraph.cut(1, 3) == Paragraph("乙丙", ((0, 3), (1, 5)))


def test_no_lines_make_no_paragraphs() -> None:
    assert read_paragraphs([]) == []
    assert read_paragraphs([Line("  ", 1), Line("", 2)]) == []


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("一、任务", Kind.HAN, 1),
        ("十二、任务", Kind.HAN, 12),
        ("第三章 附则", Kind.CHAPTER, 3),
        ("第二部分 任务", Kind.CHAPTER, 2),
        ("第五条 任务", Kind.HAN, 5),
        ("（三）活动", Kind.HAN_PAREN, 3),
        ("(三)活动", Kind.HAN_PAREN, 3),
        ("㈢活动", Kind.HAN_PAREN, 3),
        ("任务二：活动", Kind.HAN_PAREN, 2),
        ("专项行动三：活动", Kind.HAN_PAREN, 3),
        ("1.活动", Kind.ARABIC, 1),
        ("1．活动", Kind.ARABIC, 1),
        ("1﹒活动", Kind.ARABIC, 1),
        ("1、活动", Kind.ARABIC, 1),
        ("11。活动", Kind.ARABIC, 11),
        ("⒉活动", Kind.ARABIC, 2),
        ("３．活动", Kind.ARABIC, 3),
        ("2.2022年底前完成", Kind.ARABIC, 2),
        ("（1） 活动", Kind.ARABIC_PAREN, 1),
        ("(12)活动", Kind.ARABIC_PAREN, 12),
        ("3）活动", Kind.ARABIC_PAREN, 3),
        ("2.1 活动", Kind.ARABIC_PAREN, 1),
        ("③活动", Kind.CIRCLED, 3),
        ("──活动", Kind.DASH, 0),
        ("——活动", Kind.DASH, 0),
        ("--活动", Kind.DASH, 0),
        ("● 活动", Kind.DASH, 0),
    ],
)
def test_marks_of_every_form_are_read(text: str, kind: Kind, number: int) -> None:
    mark = read_mark(text)

    assert mark is not None
    assert (mark.kind, mark.number) == (kind, number)
    assert text[len(mark.written) :].startswith(("任务", "活动", "附则", "2022年"))


@pytest.mark.parametrize(
    "text",
    [
        "1.5亿元",
        "2022年",
        "30余人次",
        "一、二、三产业",
        "（含街道）",
        "3.5万人",
        "1—2家",
        "",
    ],
)
def test_numbers_that_are_no_marks(text: str) -> None:
    assert read_mark(text) is None


@pytest.mark.parametrize("number", [1, 9, 10, 11, 20, 45, 99])
def test_numerals_are_written_as_they_are_read(number: int) -> None:
    assert han_number(han_numeral(number)) == number
