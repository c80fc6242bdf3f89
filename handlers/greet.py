"""Greetings, thanks, and the help, which is read off the table of intents."""

from collections.abc import Sequence

from bot.messages import Reply
from handlers.intent import Answer, Ask, Intent
from handlers.phrases import Sign


def _only(ask: Ask, sign: Sign) -> bool:
    return ask.question.has(sign) and not ask.question.topic


def _hello(ask: Ask) -> Answer:
    text = "您好，我提供实施方案任务查询。"
    if ask.asker.department:
        text += f"您是{ask.asker.department}的联络员，可以直接问“我们负责哪些任务”。"
    else:
        text += "未绑定单位时可查公开文件内容，例如“县应急局有哪些任务”。"
    return Answer(Reply(text + "\n回复“帮助”看我能回答什么。"), ask.talk)


def _thanks(ask: Ask) -> Answer:
    return Answer(Reply("不客气。需要时随时问我。"), ask.talk)


def help_text(intents: Sequence[Intent]) -> str:
    """List one example of each thing that may be asked, six lines at most.

    The last intents are the broadest and what most people come for: they go first.
    """
    examples = [f"“{i.example}”" for i in reversed(intents) if i.example]
    width = -(-len(examples) // 4)
    rows = ["、".join(examples[i : i + width]) for i in range(0, len(examples), width)]
    return "\n".join(["您可以这样问：", *rows, "答复都引自已发布的文件原文。"])


GREETING = Intent(
    name="greeting",
    example="",
    fits=lambda ask: _only(ask, Sign.GREETING),
    answer=_hello,
)
THANKS = Intent(
    name="thanks",
    example="",
    fits=lambda ask: _only(ask, Sign.THANKS),
    answer=_thanks,
)
