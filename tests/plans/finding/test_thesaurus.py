"""The office's list of plain words: how it is read, and what it refuses."""

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.plans.finding.thesaurus import Hint, Thesaurus, load_thesaurus

SHIPPED = Path(__file__).parents[3] / "config" / "thesaurus.toml"


def load(folder: Path, text: str) -> Thesaurus:
    file = folder / "words.toml"
    file.write_text(text, encoding="utf-8")
    return load_thesaurus(file)


def test_the_shipped_list_is_read() -> None:
    thesaurus = load_thesaurus(SHIPPED)

    assert len(thesaurus.words) >= 700
    assert "农民" in dict(thesaurus.words["种地的"])


def test_the_shipped_list_explains_itself_in_chinese() -> None:
    first = SHIPPED.read_text(encoding="utf-8").splitlines()[0]

    assert first.startswith("# 近义词表")


def test_means_leads_one_way_and_same_both_ways(tmp_path: Path) -> None:
    thesaurus = load(
        tmp_path, 'weight = 0.4\n[means]\n"娃" = ["儿童"]\n[same]\n"比赛" = ["竞赛"]\n'
    )

    assert dict(thesaurus.words) == {
        "娃": (("儿童", 0.4),),
        "比赛": (("竞赛", 0.4),),
        "竞赛": (("比赛", 0.4),),
    }


def test_a_line_may_have_its_own_weight(tmp_path: Path) -> None:
    line = '[means]\n"手机" = { words = ["智能手机"], weight = 0.3 }\n'

    assert load(tmp_path, line).words["手机"] == (("智能手机", 0.3),)


def test_words_are_folded(tmp_path: Path) -> None:
    assert dict(load(tmp_path, '[means]\n"ＡＰＰ" = ["應用"]\n').words) == {
        "app": (("应用", 0.5),)
    }


def test_of_words_that_overlap_the_longest_counts(tmp_path: Path) -> None:
    thesaurus = load(tmp_path, '[means]\n"小孩" = ["儿童"]\n"小孩子" = ["青少年"]\n')

    assert list(thesaurus.hints("给小孩子看")) == [Hint(1, 4, "青少年", 0.5)]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[mean]\n", "mean"),
        ("weight = 0\n", "weight"),
        ("weight = true\n", "weight"),
        ("weight = 1.5\n", "weight"),
        ("means = 3\n", "means"),
        ('[means]\n"娃" = []\n', "means.娃"),
        ('[means]\n"娃" = "儿童"\n', "means.娃"),
        ('[means]\n"娃" = ["儿童", 3]\n', "means.娃"),
        ('[means]\n"娃" = [" "]\n', "means.娃"),
        ('[same]\n"娃" = ["一二三四五六七八九十一二三"]\n', "same.娃"),
        ('[means]\n"娃" = { words = ["儿童"], wait = 1 }\n', "means.娃.wait"),
        ('[means]\n"娃" = { words = ["儿童"], weight = 2 }\n', "means.娃.weight"),
        ('[means]\n"娃" = ["儿童"]\n"娃" = ["青年"]\n', "line 3"),
        ("not toml", "words.toml"),
    ],
)
def test_a_wrong_line_is_refused_and_named(
    tmp_path: Path, text: str, named: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        load(tmp_path, text)

    assert named in str(refused.value)
    assert "words.toml" in refused.value.reply


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        load_thesaurus(tmp_path / "none.toml")
