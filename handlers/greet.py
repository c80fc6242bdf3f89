"""Greetings, thanks, and the help, which is read off the tables of what may be done."""

from collections.abc import Iterable, Sequence

from bot.messages import Place, Reply
from bot.model import Role
from handlers.intent import Answer, Ask, Intent
from handlers.phrases import Sign
from handlers.rights import ROLES, Asker, Card, Group, is_at_least, refusal

_MOST = 5  # examples of questions that the office is shown


def _only(ask: Ask, sign: Sign) -> bool:
    return ask.question.has(sign) and not ask.question.topic


def _hello(ask: Ask) -> Answer:
    text = welcome(ask.asker) + "\n回复“帮助”看我能回答什么。"
    return Answer(Reply(text), ask.talk)


def welcome(asker: Asker) -> str:
    """Greet somebody in a sentence or two: say what for, and how to begin."""
    if asker.place is Place.GROUP:
        return "您好，请 @我 或回复我的消息，提问实施方案的公开内容。"
    if asker.department:
        return (
            f"您好，我提供实施方案任务查询。您是{asker.department}的{ROLES[asker.role]}，"
            "可以直接问“我们负责哪些任务”。"
        )
    if asker.may_act:
        return (
            "您好，我提供实施方案任务查询与报送提示。"
            "请回复办公室发放的 8 位绑定码。未绑定时可查公开文件内容。"
        )
    return (
        "您好，我提供实施方案任务查询。"
        "未绑定单位时可查公开文件内容，例如“县应急局有哪些任务”。"
    )


def _thanks(ask: Ask) -> Answer:
    return Answer(Reply("不客气。需要时随时问我。"), ask.talk)


def help_text(intents: Sequence[Card], acts: Sequence[Card], asker: Asker) -> str:
    """List one example of each thing that this person may ask and do here.

    Six lines at most. The last intents are the broadest and what most people come for:
    they go first.
    """
    if asker.may_act and asker.place is Place.DIRECT and _is_of_office(asker):
        return _for_office(intents, acts, asker)
    examples = _examples(reversed(intents), asker)
    width = -(-len(examples) // 4)
    rows = ["、".join(examples[i : i + width]) for i in range(0, len(examples), width)]
    first, last = "您可以这样问：", "答复都引自已发布的文件原文。"
    doable = _examples(reversed(acts), asker) if asker.may_act else []
    if asker.place is Place.GROUP:
        first = "请 @我 或回复我的消息，可以这样问："
        last = "群里只答公开文件的内容，单位任务和绑定请私聊我。"
    elif asker.may_act and asker.role is Role.STRANGER:
        first = "请先回复办公室发放的 8 位绑定码；未绑定时可以这样问："
    elif doable:
        last = f"还可以回复：{'、'.join(doable)}。"
    return "\n".join([first, *rows, last])


def _is_of_office(asker: Asker) -> bool:
    return is_at_least(asker.role, Role.ADMIN)


def _for_office(intents: Sequence[Card], acts: Sequence[Card], asker: Asker) -> str:
    """List what the office may ask in a line, and what it may do in one a group."""
    asked = _examples(reversed(intents), asker)[:_MOST]
    lines = [f"您可以这样问：{'、'.join(asked)}。"]
    for group in Group:
        doable = _examples((one for one in acts if one.group is group), asker)
        if doable:
            lines.append(f"{group}：{'、'.join(doable)}。")
    return "\n".join([*lines, "答复都引自已发布的文件原文；全部说法见办公室手册。"])


def _examples(cards: Iterable[Card], asker: Asker) -> list[str]:
    return [
        f"“{card.example}”"
        for card in cards
        if card.example and not refusal(card, asker) and _is_for(card, asker)
    ]


def _is_for(card: Card, asker: Asker) -> bool:
    """Tell whether an example makes sense here: 我们 must be some department.

    At the terminal one may say which.
    """
    if asker.at_terminal and card.is_of_accounts:
        return False
    return bool(asker.department) or not asker.may_act or "我们" not in card.example


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
