"""The terminal: numbers press buttons, words leave, pipes are echoed."""

import io
from datetime import UTC, datetime

import pytest

from bot.channels.console import Console, numbered
from bot.messages import Button, Incoming, Reply

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


def test_items_of_a_list_keep_their_numbers_and_the_rest_takes_nought() -> None:
    keys = numbered((Button("5", "第5个"), Button("6", "第6个"), Button("下一页", "n")))

    assert {key: button.says for key, button in keys.items()} == {
        "5": "第5个",
        "6": "第6个",
        "0": "n",
    }


def test_choices_are_counted_from_one() -> None:
    assert list(numbered((Button("是", "是"), Button("不是", "不是")))) == ["1", "2"]


async def _heard(monkeypatch: pytest.MonkeyPatch, typed: str) -> list[str]:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    console = Console("local", lambda: NOON)
    said: list[str] = []

    async def take(incoming: Incoming) -> None:
        said.append(incoming.text)
        reply = Reply("有两种：", (Button("看原文", "原文"),))
        await console.send("local", *console.write("local", reply))

    await console.start(take)
    return said


async def test_a_number_says_what_its_button_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert await _heard(monkeypatch, "你好\n1\n2\n") == ["你好", "原文", "2"]


async def test_leaving_ends_the_talk_and_blank_lines_are_no_message(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert await _heard(monkeypatch, "\n  \n你好\n退出\n不再听\n") == ["你好"]


async def test_markup_in_a_reply_is_printed_as_it_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    console = Console("local", lambda: NOON)

    await console.send("local", *console.write("local", Reply("[bold]原文[/bold]")))

    assert "[bold]原文[/bold]" in capsys.readouterr().out
