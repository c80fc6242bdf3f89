"""What a plan says of itself: contact, targets, departments, number and validity."""

import re

from msgspec.structs import replace

from bot.facts import Contact, Measure
from bot.messages import Reply
from bot.model import Plan
from handlers.intent import Answer, Ask, Intent
from handlers.phrases import Sign
from handlers.quote import best_sentence, cite, covered
from handlers.sayings import bare, best_saying, pieces_of, quote_saying

_YEAR = re.compile(r"(\d{4})年")
_NUMBER_OF_PLAN = re.compile("文号|发文字号|印发(?:日期|时间)|发文(?:日期|时间)")
_WANTS_PHONE = re.compile(
    "电话(?:来|给|发|甩)|(?:来|给|留)一?个(?:联系)?电话|找个?(?:活|真)?人[问聊]"
)
_OPEN = ("公开", "外传", "转发")
_FOLLOWS = ("依据", "根据", "按照", "上位")
_BASIS = re.compile("(?:依据|根据|按照).*《")
_PHONE = re.compile(r"(?:热线|电话|专线).{0,6}\d{3,}|\d{3,}.{0,4}(?:热线|电话|专线)")
_BODY = re.compile("(?:[局委办区镇乡县市会院校馆部站所团社科股]|中心|街道|公司|集团)$")
_TELLS = 0.4  # of the weight of a topic, in the sentence that has a number for it
_NUMBERS = re.compile("里?的?(?:数字|指标|数)|里的")
_ON_IT = 0.3  # of a question's pieces, for a goal to be the one asked for


def contact_told(contact: Contact) -> str:
    """Name whom a plan gives for questions; where it gives a number only, that."""
    if not contact.department:
        return f"联系电话：{contact.phone}。"
    return f"联系单位：{contact.department}，电话 {contact.phone}。"


def answer_contact(ask: Ask) -> Answer:
    """Tell whom the document names for questions, or that it names nobody."""
    lines = []
    topic = bare(ask.question.topic)
    saying = best_saying(ask, topic, needs=_PHONE, least=_TELLS) if topic else None
    if saying:
        return quote_saying(ask, saying)
    for plan in ask.plans:
        if plan.contact:
            said = contact_told(plan.contact)
            named = [*ask.question.departments, *ask.question.strangers]
            named += [topic] if _BODY.search(topic) else []
            same = ask.departments.same
            others = [n for n in named if not same(n, plan.contact.department)]
            if others:
                said = f"文件未写明{'、'.join(others)}的电话。文件所列{said}"
            lines.append(f"{said}\n依据：{cite(plan)}文末。")
        else:
            lines.append(
                f"{cite(plan)}未写明联系电话，文件中没有联系人信息；需要请咨询办公室。"
            )
    return Answer(Reply("\n".join(lines)), ask.talk)


def answer_targets(ask: Ask) -> Answer:
    """Quote the plan's own targets."""
    lines = []
    for plan in ask.plans:
        if not plan.targets:
            lines.append(f"{cite(plan)}未写明总体量化目标。")
            continue
        told = "；".join(f"“{measure.text}”" for measure in plan.targets[:4])
        lines.append(f"{_aside(ask, plan)}总体目标：{told}")
        lines.append(f"依据：{cite(plan)}{goal_clause(plan, plan.targets[0])}。")
    return Answer(
        Reply("\n".join(lines[:6])), replace(ask.talk, asked=ask.question.words)
    )


def _aside(ask: Ask, plan: Plan) -> str:
    """Say so where the goal asked for is not among those that the plan names."""
    content = _YEAR.sub("", _NUMBERS.sub("", ask.question.content))
    text = "".join(measure.text for measure in plan.targets)
    told = {str(measure.year) for measure in plan.targets}
    years = _YEAR.findall(ask.question.folded)
    if any(year not in text and year not in told for year in years):
        return f"文件未写明{years[0]}年的目标。"
    if content and covered(content, text) < _ON_IT:
        return f"文件未写明“{content}”的目标。"
    return ""


def goal_clause(plan: Plan, goal: Measure) -> str:
    """Return the clause in which a goal of the plan stands, "" if it is not found."""
    return next((p.where for p in plan.passages if goal.text in p.text), "")


def answer_bodies(ask: Ask) -> Answer:
    """Name the departments that the plan gives tasks to."""
    lines = []
    for one in ask.opened.parts:
        named = one.departments
        said = f"{cite(one.plans[0])}点名 {len(named)} 个单位：{'、'.join(named)}。"
        lines.append(said)
        if one.collectives:
            lines.append(f"另有集合单位：{'、'.join(one.collectives)}。")
    return Answer(Reply("\n".join(lines[:6])), ask.talk)


def collective_asked(ask: Ask) -> str:
    """Return the collective that a question names, with or without its 各; else ""."""
    names = ask.question.departments
    named = next((name for name in names if ask.departments.is_collective(name)), "")
    if named:
        return named
    said = ask.question.folded
    return next((n for n in ask.opened.collectives if n.lstrip("各") in said), "")


def answer_members(ask: Ask) -> Answer:
    """Name the members of a collective, from the roster or from the plan's words."""
    name = collective_asked(ask)
    members = ask.departments.members(name)
    if members:
        text = f"“{name}”在办公室名册中有 {len(members)} 个：{'、'.join(members)}。"
        return Answer(Reply(text), ask.talk)
    lines = [f"文件未列出“{name}”的名单，以办公室名册为准。"]
    for passage in ask.plan.passages:
        if name.removeprefix("各") in passage.text and "个" in passage.text:
            sentence = next(
                (part for part in passage.text.split("。") if _counts(part, name)), ""
            )
            if sentence:
                place = passage.where or passage.title
                lines.append(f"相近原文：“{sentence}。”")
                lines.append(f"依据：{cite(ask.plan)}{place}。")
                break
    return Answer(Reply("\n".join(lines)), ask.talk)


def _counts(sentence: str, name: str) -> bool:
    bare = name.removeprefix("各")
    return bool(re.search(r"\d+\s*个", sentence)) and bare[0] in sentence


def answer_about(ask: Ask) -> Answer:
    """Tell number, issuer, date of issue and validity of the plan."""
    lines = []
    for plan in ask.plans:
        issued = plan.issue_date
        day = (
            f"{issued.year}年{issued.month}月{issued.day}日" if issued else "日期未写明"
        )
        lines.append(f"{cite(plan)}，{plan.issuer or '印发单位未写明'}，{day}印发。")
        lines += _marks(ask, plan)
        validity = plan.validity
        if validity and validity.last:
            over = validity.last < ask.at.date()
            note = "，该期限已过，是否沿用请咨询办公室" if over else ""
            end = validity.last
            last = f"{end.year}年{end.month}月{end.day}日"
            lines.append(f"方案期限：{validity.text}（至{last}）{note}。")
    return Answer(Reply("\n".join(lines[:6])), ask.talk)


def _marks(ask: Ask, plan: Plan) -> list[str]:
    """Tell of openness or of the documents followed, where the question asks."""
    lines = []
    if any(word in ask.question.folded for word in _OPEN):
        mark = f"文末写明“{plan.open_mark}”" if plan.open_mark else "未写明是否公开"
        lines.append(f"{mark}。")
    if any(word in ask.question.folded for word in _FOLLOWS):
        found = next((p for p in plan.passages if _BASIS.search(p.text)), None)
        said = best_sentence("依据文件精神制定", found.text) if found else ""
        lines.append(f"制定依据：“{said}”" if said else "未写明制定依据。")
    return lines


def _bare(ask: Ask) -> bool:
    return not ask.question.topic and not ask.question.sections


def _is_about_loosely(ask: Ask) -> bool:
    said = ask.question.folded
    return bool(_NUMBER_OF_PLAN.search(said)) and not ask.question.departments


def _wants_phone(ask: Ask) -> bool:
    said, question = ask.question.folded, ask.question
    return bool(_WANTS_PHONE.search(said)) and not question.departments


def _on_goals(ask: Ask) -> bool:
    """Tell whether the goals name what a question names as a section: 农村."""
    said = pieces_of(ask.question.content)
    goals = "".join(goal.text for plan in ask.plans for goal in plan.targets)
    return not ask.question.topic and any(piece in goals for piece in said)


ABOUT_LOOSELY = Intent(
    name="about_loosely", example="", fits=_is_about_loosely, answer=answer_about
)
CONTACT_LOOSELY = Intent(
    name="contact_loosely", example="", fits=_wants_phone, answer=answer_contact
)
CONTACT = Intent(
    name="contact",
    example="联系电话是多少",
    fits=lambda ask: ask.question.has(Sign.CONTACT),
    answer=answer_contact,
)
TARGETS = Intent(
    name="targets",
    example="总体目标是多少",
    fits=lambda ask: (
        ask.question.has(Sign.TARGET)
        and (_bare(ask) or _on_goals(ask))
        and not ask.question.has(Sign.US)
        and not ask.question.departments
    ),
    answer=answer_targets,
)
BODIES = Intent(
    name="bodies",
    example="涉及哪些单位",
    fits=lambda ask: (
        _bare(ask)
        and (
            ask.question.has(Sign.BODIES)
            or (ask.question.has(Sign.WHO) and "单位" in ask.question.folded)
        )
        and not ask.question.departments
    ),
    answer=answer_bodies,
)
MEMBERS = Intent(
    name="members",
    example="",
    fits=lambda ask: ask.question.has(Sign.MEMBERS) and bool(collective_asked(ask)),
    answer=answer_members,
)
ABOUT = Intent(
    name="about",
    example="文号是多少",
    fits=lambda ask: (
        ask.question.has(Sign.ABOUT) and _bare(ask) and not ask.question.has(Sign.LIST)
    ),
    answer=answer_about,
)
