"""A liaison asks to be followed by another, or names a deputy: the office decides."""

import re

from bot.messages import Button, Reply
from bot.model import Handover, Person, Role
from bot.reports.submissions import submissions_of
from bot.roster.handovers import MAY_HAND_OVER, approved_handover, ask_handover
from handlers.act import Act, Doing
from handlers.submit_words import IN_PRIVATE
from handlers.tell_office import put_before_office

_NAME = r"[\u4e00-\u9fffA-Za-z·. ]{2,20}?"
_ASKS = re.compile(
    rf"(?:我要|我想|请)?(?:申请|办理)(?:工作)?(?:移交|交接)"
    rf"(?:(?:[\s:：]*给?|给)[\s:：]*(?P<name>{_NAME}))?[。]?"
    rf"|(?:工作)?(?:移交|交接)给[\s:：]*(?P<other>{_NAME})[。]?"
)
_NAMES_DEPUTY = re.compile(
    rf"(?:请|我要|我们)?(?:增加|新增|指定|设|更换|换|添加)?(?:一名|一个)?"
    rf"备用(?:联络员|联系人)"
    rf"(?:[\s:：]+|换成|改为|改成|换|是|为|由)[\s:：]*"
    rf"(?P<name>{_NAME})(?:担任)?[。]?"
)
_BARE = re.compile("(?:工作)?(?:移交|交接)[。]?")
_HOW = "申请移交请写明接任人，如“申请移交 王建国”；看未办结的事项请回复“交接清单”。"
_NOBODY = "请写明姓名，如“备用联络员 李强”。"
_NO_PERSON = "“{}”是单位，不是人。移交请写接任人的姓名，如“申请移交 王建国”；{}。"
_ELSEWHERE = {
    True: "换单位回复“我是某某局的”",
    False: "换单位请联系办公室重新发放绑定码",
}
_PLACE = re.compile(
    r".*(?:区|县|局|委|厅|街道|办事处|办公室|中心|公司|学校|医院|协会|科协|联合会|总工会"
    r"|单位|部门|学院|大学|中学|小学|研究所)|.{2,}(?:市|镇|乡|园)"
)
_OF_OFFICE = "办公室人员的调整，请由办公室在名册里办理。"


def _asked(doing: Doing) -> str | None:
    """Return whom a person asks to be followed by, "" if he names nobody."""
    words = doing.words.strip()
    if _BARE.fullmatch(words):
        return ""
    said = _ASKS.fullmatch(words)
    return (said["name"] or said["other"] or "").strip() if said else None


def _deputy(doing: Doing) -> str | None:
    said = _NAMES_DEPUTY.fullmatch(doing.words.strip())
    return said["name"].strip() if said else None


async def _ask(doing: Doing) -> Reply:
    assert doing.person, "the role is that of a person"
    if _BARE.fullmatch(doing.words.strip()):
        return Reply(_HOW)
    return await ask_to_hand_over(doing, doing.person, _asked(doing) or "", doing.words)


async def ask_to_hand_over(
    doing: Doing, person: Person, successor: str, words: str
) -> Reply:
    """Register that a person is to be followed by another; the office decides."""
    if doing.in_group:
        return Reply(IN_PRIVATE)
    if person.role not in MAY_HAND_OVER:
        return Reply(_OF_OFFICE)
    if _is_department(doing, successor):
        how = _ELSEWHERE[doing.asker.at_terminal]
        return Reply(_NO_PERSON.format(successor[:20], how))
    owing = len(await submissions_of(doing.session, [person.department]))
    approved = await approved_handover(doing.session, person.id)
    if approved:
        return Reply(
            f"办公室已同意由{approved.successor}接任，等其绑定。\n"
            f"绑定前仍由您接收，共 {owing} 项未办结。"
        )
    asked = await _register(doing, person, successor, words, as_deputy=False)
    who = f"（接任：{asked.successor}）" if asked.successor else ""
    return Reply(
        f"已登记人员调整申请{who}，待办公室核对名册。\n"
        f"新联络员绑定前仍由您接收，共 {owing} 项未办结。"
        + ("" if asked.successor else "\n请告知接任人姓名，如“申请移交 王建国”。")
    )


def _is_department(doing: Doing, name: str) -> bool:
    """Tell whether a name is that of a department, or of a place: 高新区."""
    return bool(_PLACE.fullmatch(name)) or doing.departments.is_known(name)


async def _name_deputy(doing: Doing) -> Reply:
    person, name = doing.person, _deputy(doing)
    assert person, "the role is that of a person"
    if not name:
        return Reply(_NOBODY)
    if person.role not in MAY_HAND_OVER:
        return Reply(_OF_OFFICE)
    if _is_department(doing, name):
        return Reply(_NOBODY)
    await _register(doing, person, name, doing.words, as_deputy=True)
    return Reply(
        f"已登记：申请{name}为{person.department}备用联络员，待办公室同意。\n"
        "备用联络员只在联络员一直没有反应时才会被催。"
    )


async def _register(
    doing: Doing, person: Person, successor: str, words: str, *, as_deputy: bool
) -> Handover:
    asked = await ask_handover(
        doing.session,
        person,
        successor=successor,
        words=words[:500],
        as_deputy=as_deputy,
        at=doing.at,
    )
    await doing.record(
        "handover.asked",
        f"person:{person.id}",
        by=person,
        handover=asked.id,
        as_deputy=as_deputy,
    )
    key = f"asked:handover:{asked.id}:{doing.at.isoformat()}"
    await put_before_office(doing, asks_office(asked, person), key=key)
    return asked


def asks_office(asked: Handover, person: Person | None) -> Reply:
    """Write what is asked, with the buttons by which the office decides it."""
    return Reply(f"{line_of(asked, person)}。请核对名册后决定。", choices_of(asked))


def line_of(asked: Handover, person: Person | None) -> str:
    """Say in a line who asks for what."""
    who = f"{asked.department} {person.name if person else ''}".strip()
    if asked.as_deputy:
        return f"{who}申请{asked.successor}为备用联络员"
    return f"{who}提出人员调整（接任：{asked.successor or '未写明'}）"


def choices_of(asked: Handover) -> tuple[Button, ...]:
    """Offer what the office may say to it."""
    return (
        Button(f"同意 {asked.id}", f"同意移交 {asked.id}"),
        Button(f"不同意 {asked.id}", f"不同意移交 {asked.id}"),
    )


ASK_HANDOVER = Act(
    name="ask_handover",
    example="申请移交 王建国",
    role=Role.LIAISON,
    in_groups=False,
    not_for_super=True,
    in_own_group=False,
    fits=lambda doing: _asked(doing) is not None,
    do=_ask,
)
NAME_DEPUTY = Act(
    name="name_deputy",
    example="备用联络员 李强",
    role=Role.LIAISON,
    in_groups=False,
    not_for_super=True,
    in_own_group=False,
    fits=lambda doing: _deputy(doing) is not None,
    do=_name_deputy,
)
