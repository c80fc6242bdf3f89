"""A row of each table, with whatever its columns can hold."""

from datetime import UTC, date, datetime

from bot.facts import (
    Contact,
    Doubt,
    DoubtKind,
    Due,
    DueKind,
    Duty,
    DutyKind,
    Measure,
    Owner,
    OwnerRole,
    Passage,
    Relation,
    Section,
    Validity,
)
from bot.messages import Attachment, Button, Incoming, Reply
from bot.model import (
    Account,
    Acknowledgement,
    Alarm,
    AuditEntry,
    Base,
    Basis,
    Beat,
    BindingCode,
    Broadcast,
    BroadcastState,
    CalendarDay,
    Chat,
    Confirmation,
    Delivery,
    DeliveryStatus,
    Department,
    DraftState,
    Evidence,
    Feedback,
    FeedbackKind,
    FeedbackState,
    GoldenQuestion,
    Handover,
    HandoverState,
    Lane,
    LeaderDraft,
    Letter,
    LetterStatus,
    Notice,
    Nudge,
    NudgeItem,
    Person,
    Plan,
    PlanStatus,
    Priority,
    Purpose,
    Report,
    ReportDuty,
    Role,
    Scope,
    Standing,
    Submission,
    SubmissionEntry,
    SubmissionState,
    Talk,
    Task,
    ThesaurusLine,
    WecomCard,
    WecomToken,
)

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
MEASURE = Measure(text="每年不少于20场", number=20, unit="场", qualifier="不少于")
A_MESSAGE = Incoming(channel="console", address="1", text="签收 1", at=NOON, chat="9")
A_REPLY = Reply("请按时报送", buttons=(Button("签收", "签收 1"),))
A_STANDING = Standing(
    state=SubmissionState.PROMISED,
    acknowledged_at=NOON,
    promised_on=date(2026, 12, 28),
    reason="待签批",
)


def a_plan() -> Plan:
    return Plan(
        key="澄政字〔2026〕18号",
        version=1,
        status=PlanStatus.IN_FORCE,
        number="澄政字〔2026〕18号",
        title="关于印发方案的通知",
        plan_title="方案",
        issuer="澄川县人民政府",
        issue_date=date(2026, 4, 1),
        open_mark="此件公开发布",
        draft_marks=("征求意见稿",),
        contact=Contact(department="县科协", phone="12345678"),
        validity=Validity(first=None, last=date(2030, 12, 31), text="2026—2030年"),
        sections=(Section(id="二", path=("二、任务",), title="任务"),),
        duties=(Duty(kind=DutyKind.REPORT, who=("各单位",), month=6),),
        targets=(MEASURE,),
        passages=(Passage(where="三", title="保障", text="加强领导。"),),
        doubts=(Doubt(kind=DoubtKind.NO_OWNER, where="二", about="", advice="看"),),
        source_name="方案.docx",
        source_hash="0" * 64,
        imported_at=NOON,
        tasks=[a_task()],
    )


def a_task() -> Task:
    lead = Owner(
        department="县科协",
        role=OwnerRole.LEAD,
        relation=Relation.LEADS,
        written="县科协",
    )
    return Task(
        position=0,
        clause="二（一）1",
        numbered_by_us=False,
        parent="",
        section_path=("二、任务",),
        title="办科普日",
        body="办科普日，每年不少于20场。",
        annotation="（县科协牵头）",
        owners=(lead,),
        measures=(MEASURE,),
        due=(Due(text="年底前", kind=DueKind.DEADLINE, day=date(2026, 12, 31)),),
        places=(3, 4),
    )


def a_row_of_each_table() -> list[Base]:
    person = Person(name="王丽", department="县科协", role=Role.LIAISON)
    account = Account(channel="console", address="1", person=person)
    account.talk = Talk(asked="我们负责哪些任务", shown=(1, 2))
    department = Department(
        name="县科学技术协会",
        short_names=("县科协",),
        former_names=(),
        members=(),
        collective=False,
        proposed=False,
    )
    entry = AuditEntry(at=NOON, actor="王丽", event="sign", about="甲", detail={})
    return [a_plan(), account, department, entry, *the_mail(), *what_binds()]


def what_binds() -> list[Base]:
    """Make a group, and a code of nobody any more."""
    chat = Chat(channel="telegram", address="-1001", registered_at=NOON)
    code = BindingCode(
        code_digest="0" * 64,
        link_digest="1" * 64,
        purpose=Purpose.PERSON,
        department="县科协",
        role=Role.LIAISON,
        issued_by="李主任",
        issued_at=NOON,
        expires_at=NOON,
    )
    return [chat, code]


def the_mail() -> list[Base]:
    """Make the mail of person 1 and notice 1, the first of a new database."""
    letter = Letter(
        channel="console",
        product_id="7",
        chat="9",
        incoming=A_MESSAGE,
        status=LetterStatus.ANSWERED,
        received_at=NOON,
        due_at=NOON,
        settled_at=NOON,
    )
    lane = Lane(name="console", owner="worker", epoch=2, lease_until=NOON)
    alarm = Alarm(key="lane:console", words="一直没有发出", raised_at=NOON)
    token = WecomToken(key="ww1:1000002", sealed="0", expires_at=NOON)
    card = WecomCard(
        task_id="card-1",
        message_id="m1",
        response_code="c1",
        addresses=("zhangsan",),
        sent_at=NOON,
    )
    return [letter, lane, Beat(name="ring", last_at=NOON), alarm, token, card]


def what_was_sent() -> list[Base]:
    delivery = Delivery(
        key="notice:1:person:1:1",
        notice_id=1,
        person_id=1,
        recipient="person:1",
        lane="console",
        address="1",
        request_id=1,
        priority=Priority.NOTICE,
        status=DeliveryStatus.SENT,
        wanted_at=NOON,
        due_at=NOON,
        epoch=2,
        tries=1,
        handed_at=NOON,
        unsure_since=NOON,
        settled_at=NOON,
    )
    return [delivery, Acknowledgement(notice_id=1, person_id=1, at=NOON)]


def what_the_office_did() -> list[Base]:
    """Make what hangs on person 1 and notice 1."""
    broadcast = Broadcast(
        text="请于周五前报送科普日活动安排。",
        attachments=(Attachment(name="安排.docx", at="/data/1", size=1),),
        scope=Scope(departments=("县科协",), chats=(1,)),
        wants_receipt=True,
        state=BroadcastState.DONE,
        drafter_id=1,
        drafted_by="李主任",
        drafted_at=NOON,
        notice_id=1,
    )
    handover = Handover(
        person_id=1,
        department="县科协",
        successor="小王",
        words="我调走了，换小王",
        asked_at=NOON,
        state=HandoverState.ASKED,
    )
    feedback = Feedback(
        key="wrong:科普经费",
        kind=FeedbackKind.WRONG,
        question="科普经费能报多少",
        clauses=("四（二）",),
        first_at=NOON,
        last_at=NOON,
        state=FeedbackState.GOLDEN,
    )
    line = ThesaurusLine(
        said="防骗", means=("电信诈骗",), added_by="李主任", added_at=NOON
    )
    golden = GoldenQuestion(
        key="科普日|县科协",
        question="科普日谁办",
        plan_key="澄政字〔2026〕18号",
        clauses=("二（一）1",),
        added_by="李主任",
        added_at=NOON,
    )
    confirmation = Confirmation(
        holder="account:1",
        what="broadcast.send",
        about="broadcast:1",
        digest="0" * 64,
        number="7341",
        wrong=0,
        expires_at=NOON,
    )
    return [broadcast, handover, feedback, line, golden, confirmation]


def a_submission() -> Submission:
    duty = ReportDuty(
        key="澄政字〔2026〕18号/四（三）/12-30",
        basis=Basis.DOCUMENT,
        plan_key="澄政字〔2026〕18号",
        number="澄政字〔2026〕18号",
        clause="四（三）",
        text="每年12月30日前报送全年落实情况。",
        who=("各责任单位",),
        exempt=(),
        what="全年落实情况",
        to="县科协",
        month=12,
        day_of_month=30,
        first=date(2026, 4, 1),
        confirmed_by="李主任",
        confirmed_at=NOON,
    )
    return Submission(
        report=Report(
            duty=duty, due_on=date(2026, 12, 30), title="全年落实情况", opened_at=NOON
        ),
        department="县科协",
        state=SubmissionState.PROMISED,
        standing=A_STANDING,
        step=10,
        next_at=NOON,
    )


def what_was_reported() -> list[Base]:
    """Make what hangs on submission 1 and notice 1."""
    entry = SubmissionEntry(
        submission_id=1,
        what="promised",
        by="王丽",
        before=Standing(),
        after=A_STANDING,
        at=NOON,
    )
    draft = LeaderDraft(
        submission_id=1, text="请关注。", state=DraftState.DRAFT, drafted_at=NOON
    )
    file = Evidence(
        submission_id=1,
        person_id=1,
        department="县科协",
        name="总结.docx",
        size=1,
        digest="0" * 64,
        at=NOON,
    )
    day = CalendarDay(
        day=date(2027, 1, 1),
        is_working=False,
        name="元旦",
        source="国办通知",
        entered_by="李主任",
        entered_at=NOON,
    )
    nudge = Nudge(recipient="person:1", on=date(2026, 12, 16), notice_id=1)
    item = NudgeItem(notice_id=1, report_id=1, step=10)
    return [entry, draft, file, day, nudge, item]


def a_notice() -> Notice:
    return Notice(
        key="duty:1",
        kind="nudge",
        body=A_REPLY,
        audience=1,
        issued_by="王丽",
        issued_at=NOON,
    )
