"""Reports: duties, due dates, how departments stand, nudges, evidence, the calendar."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_day")),
    )
    op.create_table(
        "duty",
        sa.Column("id", KEY, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("basis", sa.String(length=12), nullable=False),
        sa.Column("plan_key", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("who", sa.JSON(), nullable=False),
        sa.Column("exempt", sa.JSON(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("to", sa.Text(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=True),
        sa.Column("day_of_month", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("confirmed_by", sa.Text(), nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
        sa.UniqueConstraint("key", name=op.f("uq_duty_key")),
    )
    op.create_index(op.f("ix_duty_plan_key"), "duty", ["plan_key"])

    op.create_table(
        "nudge",
        sa.Column("id", KEY, nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("notice_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_nudge_notice_id_notice")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nudge")),
        sa.UniqueConstraint("recipient", "on", name=op.f("uq_nudge_recipient_on")),
    )
    op.create_table(
        "report",
        sa.Column("id", KEY, nullable=False),
        sa.Column("duty_id", KEY, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["duty_id"], ["duty.id"], name=op.f("fk_report_duty_id_duty")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("duty_id", "due_on", name=op.f("uq_report_duty_id_due_on")),
    )
    op.create_index(op.f("ix_report_duty_id"), "report", ["duty_id"])

    op.create_table(
        "nudge_item",
        sa.Column("id", KEY, nullable=False),
        sa.Column("notice_id", KEY, nullable=False),
        sa.Column("report_id", KEY, nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_nudge_item_notice_id_notice")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_nudge_item_report_id_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nudge_item")),
        sa.UniqueConstraint(
            "notice_id", "report_id", name=op.f("uq_nudge_item_notice_id_report_id")
        ),
    )
    op.create_index(op.f("ix_nudge_item_report_id"), "nudge_item", ["report_id"])

    op.create_table(
        "submission",
        sa.Column("id", KEY, nullable=False),
        sa.Column("report_id", KEY, nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("standing", sa.JSON(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=True),
        sa.Column("next_at", MOMENT, nullable=True),
        sa.Column("nudged_before", sa.Integer(), nullable=False),
        sa.Column("nudged_after", sa.Integer(), nullable=False),
        sa.Column("reacted_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_submission_report_id_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint(
            "report_id", "department", name=op.f("uq_submission_report_id_department")
        ),
    )
    op.create_index("ix_submission_department", "submission", ["department"])
    op.create_index(
        "ix_submission_next_at",
        "submission",
        ["next_at"],
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )

    op.create_table(
        "evidence",
        sa.Column("id", KEY, nullable=False),
        sa.Column("submission_id", KEY, nullable=True),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("refusal", sa.Text(), nullable=False),
        sa.Column("fetch_at", MOMENT, nullable=True),
        sa.Column("fetched_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_evidence_person_id_person"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submission.id"],
            name=op.f("fk_evidence_submission_id_submission"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index(op.f("ix_evidence_digest"), "evidence", ["digest"])
    op.create_index(op.f("ix_evidence_submission_id"), "evidence", ["submission_id"])
    op.create_index(
        "ix_evidence_fetch_at",
        "evidence",
        ["fetch_at"],
        sqlite_where=sa.text("fetch_at IS NOT NULL"),
        postgresql_where=sa.text("fetch_at IS NOT NULL"),
    )

    op.create_table(
        "leader_draft",
        sa.Column("id", KEY, nullable=False),
        sa.Column("submission_id", KEY, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("drafted_at", MOMENT, nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("notice_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_leader_draft_notice_id_notice")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submission.id"],
            name=op.f("fk_leader_draft_submission_id_submission"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leader_draft")),
        sa.UniqueConstraint(
            "submission_id", name=op.f("uq_leader_draft_submission_id")
        ),
    )
    op.create_table(
        "submission_entry",
        sa.Column("id", KEY, nullable=False),
        sa.Column("submission_id", KEY, nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_submission_entry_person_id_person"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submission.id"],
            name=op.f("fk_submission_entry_submission_id_submission"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_entry")),
    )
    op.create_index(
        op.f("ix_submission_entry_submission_id"), "submission_entry", ["submission_id"]
    )

    op.add_column(
        "chat", sa.Column("fallback", sa.Text(), server_default="", nullable=False)
    )

    op.add_column(
        "person",
        sa.Column("is_deputy", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column(
        "person",
        sa.Column("hours", sa.String(length=12), server_default="", nullable=False),
    )
    op.add_column(
        "person",
        sa.Column(
            "main_channel", sa.String(length=40), server_default="", nullable=False
        ),
    )
