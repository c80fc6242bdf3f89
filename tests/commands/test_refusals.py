"""What a command does not do as it was typed: who does it, numbers, dates, tables."""

import click
import pytest
from office import Office

from bot.__main__ import cli
from bot.commands.help_text import told
from bot.commands.keeping import NAMES
from bot.model import Base

CHANGES = [
    ("people", "王敏", "--unbind"),
    ("people", "王敏", "--leave"),
    ("people", "王敏", "--return"),
    ("people", "王敏", "--erase"),
    ("groups", "--fallback", "-1=科协群"),
    ("departments", "--confirm", "县应急局"),
    ("duties", "--confirm", "1"),
    ("duties", "--end", "1"),
    ("duties", "--exempt", "1", "--department", "县应急局", "--reason", "已并入"),
    ("duties", "--calendar", "放假.txt", "--year", "2027"),
    ("feedback", "--synonym", "防骗=诈骗"),
    ("feedback", "1", "--golden", "二（一）4"),
    ("feedback", "1", "--dismiss"),
    ("broadcast", "draft", "开会"),
    ("broadcast", "recall", "1"),
    ("mail", "--resend", "1"),
    ("mail", "--revive", "L1"),
]


@pytest.mark.parametrize("name", [(), ("--name", " ")], ids=["unnamed", "blank"])
@pytest.mark.parametrize("words", CHANGES, ids=" ".join)
def test_nothing_is_changed_by_nobody(
    office: Office, words: tuple[str, ...], name: tuple[str, ...]
) -> None:
    done = office.run(*words, *name)

    assert done.exit_code == 2
    assert done.stderr.splitlines() == [
        "请用 --name 写明由谁办理，记入操作日志，例如：--name 李主任"
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("people", "--unbind", "--name", "李主任"), "写明姓名"),
        (("people", "王敏", "--unbind", "--leave", "--name", "李主任"), "一次写一个"),
        (("duties", "--end", "1", "--confirm", "1", "--name", "李主任"), "一次只办"),
        (("duties", "--exempt", "1", "--name", "李主任"), "--reason"),
        (("broadcast", "show", "五"), "第几号群发"),
        (("feedback", "--dismiss", "--name", "李主任"), "哪一条反馈"),
        (("archive", "2026.zip"), "写明年份"),
        (("rehearse", "--from", "2027-01-02", "--to", "2027-01-01"), "--to 早于"),
    ],
)
def test_a_wrong_call_is_told_in_chinese(
    office: Office, words: tuple[str, ...], said: str
) -> None:
    done = office.run(*words)

    assert done.exit_code == 2
    assert said in done.stderr
    assert "Error" not in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("duties", "--end", "0", "--name", "李主任"), "1 以上的整数"),
        (("duties", "--end", "甲", "--name", "李主任"), "1 以上的整数"),
        (("duties", "--until", "2026-02-30"), "2026-12-30 这样的日期"),
        (("duties", "--year", "1999"), "2000 到 2200 的整数"),
        (("audit", "--limit", "0"), "1 到 10000 的整数"),
        (("audit", "export", "--from", "昨天", "--to", "今天"), "这样的日期"),
        (("broadcast", "shout"), "可以是：list、draft"),
        (("broadcast", "draft", "开会", "--receipt", "随便"), "可以是：要、不要"),
    ],
)
def test_a_value_of_another_kind_is_told_in_chinese(
    words: tuple[str, ...], said: str
) -> None:
    with pytest.raises(click.BadParameter) as wrong:
        cli.main([*words], standalone_mode=False)

    assert said in told(wrong.value)


def test_every_table_has_a_chinese_name() -> None:
    assert NAMES.keys() == Base.metadata.tables.keys()
