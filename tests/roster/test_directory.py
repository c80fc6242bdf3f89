"""Names that the office keeps count beside those of the directory."""

import pytest

from bot.departments import Departments
from bot.model import Department
from bot.roster import with_kept

TABLE = {
    "places": ["云水县"],
    "department": [{"name": "卫生健康局", "short": ["卫健局"]}],
    "collective": [{"names": ["各镇街道"]}],
}
LISTED = Departments.from_table(TABLE, source="test")


def kept(name: str, **values: object) -> Department:
    none: dict[str, object] = {"short_names": (), "former_names": (), "members": ()}
    given = {**none, "collective": False, "proposed": False, **values}
    return Department(name=name, **given)


@pytest.mark.parametrize("other", ["县科普办", "云水县科普办公室", "县科普办公室"])
def test_a_confirmed_department_is_known_by_its_names(other: str) -> None:
    more = with_kept(LISTED, [kept("云水县科普办公室", short_names=("科普办",))])
    assert not LISTED.is_listed("县科普办")
    assert more.same(other, "县科普办公室")


def test_a_listed_department_gets_further_names() -> None:
    row = kept(
        "县卫生健康局",
        short_names=("卫体局",),
        former_names=("县卫生局（2019年3月前）",),
    )
    more = with_kept(LISTED, [row])
    assert more.same("县卫体局", "县卫健局")
    assert more.same("县卫生局", "县卫生健康局")
    assert len(more.kinds) == 1
    assert more.kinds[0].until == ("2019年3月前",)


def test_a_department_that_is_listed_already_adds_nothing() -> None:
    assert with_kept(LISTED, [kept("县卫健局")]) == LISTED


def test_a_collective_gets_its_members() -> None:
    row = kept("各镇街道", members=("东关镇", "西关镇"), collective=True)
    assert with_kept(LISTED, [row]).members("各镇街道") == ("东关镇", "西关镇")
    new = kept("各科普基地", members=("县科技馆",), collective=True)
    assert with_kept(LISTED, [new]).members("各科普基地") == ("县科技馆",)


def test_a_half_name_does_not_become_a_word_of_its_own() -> None:
    more = with_kept(LISTED, [kept("县科普办公室", short_names=("科普",))])
    assert "科普" in more.kinds[-1].spoken
