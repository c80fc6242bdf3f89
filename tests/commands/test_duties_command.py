"""`bot duties`: what the office enters is read, refused in words, or confirmed."""

from pathlib import Path

import pytest
from office import SAMPLE, Office

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


def log_of(office: Office) -> str:
    return office.run("audit").output


def test_a_department_is_let_off_and_a_duty_ended(office: Office) -> None:
    office.run("migrate")
    office.run("duties", *entered({"--who": "县教育局,县科协"}))
    by = ("--name", "李主任")

    off = ("--department", "县教育局", "--reason", "机构撤并")
    assert "已免除：县教育局" in office.run("duties", "--exempt", "1", *off, *by).output
    assert "已结束：编号 1" in office.run("duties", "--end", "1", *by).output
    assert "免除某单位的报送要求" in log_of(office)
    assert "停止报送要求" in log_of(office)


def test_a_notice_of_holidays_is_entered(office: Office, tmp_path: Path) -> None:
    office.run("migrate")
    notice = tmp_path / "放假.txt"
    notice.write_text("一、元旦：1月1日（周五）至3日（周日）放假，共3天。", "utf-8")

    words = ("--calendar", str(notice), "--year", "2027", "--name", "李主任")
    done = office.run("duties", *words)

    assert "已录入2027年：放假 3 天" in done.output
    assert "录入节假日安排" in log_of(office)


def test_who_is_no_admin_of_the_office_enters_nothing(
    office: Office, tmp_path: Path
) -> None:
    people = tmp_path / "people.csv"
    people.write_text("姓名,单位,角色\n李主任,办公室,管理员\n", "utf-8")
    office.run("departments", "--import", str(people))

    other = office.run("duties", *entered({"--name": "王工"}))
    assert other.exit_code == 1
    assert other.stderr == (
        "通讯录里没有叫“王工”的办公室管理员，没有办理。请写其中一位：李主任。\n"
    )
    assert office.run("duties", *entered({})).exit_code == 0


def test_an_unchanged_duty_of_a_plan_is_told_as_confirmed_before(
    office: Office,
) -> None:
    office.run("import", str(SAMPLE), "--sign", "李主任")
    words = ("duties", "--confirm", "1", "--name", "王工")

    first, again = office.run(*words), office.run(*words)
    longer = office.run(*words, "--until", "2030-12-31")

    assert "已确认：编号 1" in first.output
    assert again.output.startswith("原来就有：编号 1")
    assert "由王工确认，没有改动" in again.output
    assert "已确认：编号 1" in longer.output


@pytest.mark.parametrize(
    ("typed", "status"), [("是\n", "[已确认]"), ("否\n", "[已结束]"), ("", "[已结束]")]
)
def test_a_duty_that_was_ended_begins_again_only_if_that_is_wanted(
    office: Office, typed: str, status: str
) -> None:
    office.run("import", str(SAMPLE), "--sign", "李主任")
    confirms = ("duties", "--confirm", "1", "--who", "县教育局", "--name", "王工")
    office.run(*confirms)
    office.run("duties", "--end", "1", "--name", "王工")
    assert "1. [已结束]" in office.run("duties").output

    asked = office.run(*confirms, typed=typed)

    assert "已于" in asked.output
    assert asked.exit_code == (0 if "确认" in status else 1)
    assert f"1. {status}" in office.run("duties").output
