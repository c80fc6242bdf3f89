"""Who is meant when only a family name is said."""

import pytest

from bot.roster.handovers import is_by_family_name, may_mean


@pytest.mark.parametrize(
    ("said", "is_it"),
    [
        ("小王", True),
        ("老李", True),
        ("王科长", True),
        ("王科", True),
        ("张工", True),
        ("王敏", False),
        ("王建国", False),
        ("欧阳科", False),
        ("", False),
    ],
)
def test_a_family_name_with_a_title_is_no_full_name(said: str, is_it: bool) -> None:
    assert is_by_family_name(said) is is_it


@pytest.mark.parametrize(
    ("said", "name", "may"),
    [
        ("小王", "王建国", True),
        ("王主任", "王敏", True),
        ("小王", "李王", False),
        ("王敏", "王敏", False),
    ],
)
def test_whom_it_may_mean_has_that_family_name(said: str, name: str, may: bool) -> None:
    assert may_mean(said, name) is may
