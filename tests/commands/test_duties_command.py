"""`bot duties`: what the office enters is read, refused in words, or confirmed."""

import pytest
from office import Office

RIGHT = {
    "--enter": "总结",
    "--due": "12-30",
    "--who": "县教育局",
    "--basis": "通知",
    "--name": "李主任",
}


def entered(changes: dict[str, str]) -> list[str]:
    return [word for pair in (RIGHT | changes).items() for word in pair]


def test_a_duty_is_entered_in_a_persons_name(office: Office) -> None:
    office.run("migrate")

    done = office.run("duties", *entered({}))

    assert done.exit_code == 0
    assert "已确认：编号 1，每年12月30日前" in done.output


def test_the_same_duty_again_is_told_as_there_already(office: Office) -> None:
    office.run("migrate")
    office.run("duties", *entered({}))

    again = office.run("duties", *entered({"--name": "王工"}))
    other = office.run("duties", *entered({"--who": "县科协"}))

    assert "原来就有：编号 1" in again.output
    assert "由李主任录入，没有改动" in again.output
    assert "已确认：编号 1" in other.output


@pytest.mark.parametrize(
    ("changes", "status", "told"),
    [
        ({"--due": "2026-13-18"}, 2, "--due 应写成"),
        ({"--due": "明天"}, 2, "--due 应写成"),
        ({"--due": ""}, 2, "--due 应写成"),
        ({"--name": ""}, 2, "--name"),
        ({"--due": "2020-01-01"}, 1, "已经过去"),
        ({"--until": "2020-01-01"}, 1, "--until"),
        ({"--who": "火星局"}, 1, "没有查到“火星局”"),
    ],
)
def test_what_cannot_be_entered_is_told_in_a_line(
    office: Office, changes: dict[str, str], status: int, told: str
) -> None:
    office.run("migrate")

    done = office.run("duties", *entered(changes))

    assert done.exit_code == status
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
