"""The office's hand: broadcasts, feedback, handovers, who left, the audit's chain."""

import hashlib
import json
from datetime import UTC
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", KEY, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("plan_key", sa.Text(), nullable=False),
        sa.Column("clauses", sa.JSON(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("settled_by", sa.Text(), nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("key", name=op.f("uq_feedback_key")),
    )
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.create_index(
            "ix_feedback_open",
            ["last_at"],
            unique=False,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "broadcast",
        sa.Column("id", KEY, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("attachments", sa.JSON(), nullable=False),
        sa.Column("scope", sa.JSON(), nullable=False),
        sa.Column("wants_receipt", sa.Boolean(), nullable=False),
        sa.Column("send_at", MOMENT, nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("drafter_id", KEY, nullable=True),
        sa.Column("drafted_by", sa.Text(), nullable=False),
        sa.Column("drafted_at", MOMENT, nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("notice_id", KEY, nullable=True),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["drafter_id"],
            ["person.id"],
            name=op.f("fk_broadcast_drafter_id_person"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_broadcast_notice_id_notice")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast")),
        sa.UniqueConstraint("notice_id", name=op.f("uq_broadcast_notice_id")),
    )
    with op.batch_alter_table("broadcast", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_broadcast_drafter_id"), ["drafter_id"], unique=False
        )
        batch_op.create_index(
            "ix_broadcast_under_way",
            ["state"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL AND state <> 'draft'"),
            postgresql_where=sa.text("ended_at IS NULL AND state <> 'draft'"),
        )

    op.create_table(
        "confirmation",
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("holder", name=op.f("pk_confirmation")),
    )
    op.create_table(
        "golden_question",
        sa.Column("id", KEY, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("plan_key", sa.Text(), nullable=False),
        sa.Column("clauses", sa.JSON(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("feedback_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["feedback_id"],
            ["feedback.id"],
            name=op.f("fk_golden_question_feedback_id_feedback"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_golden_question")),
        sa.UniqueConstraint("key", name=op.f("uq_golden_question_key")),
    )
    op.create_table(
        "handover",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("successor", sa.Text(), nullable=False),
        sa.Column("successor_id", KEY, nullable=True),
        sa.Column("as_deputy", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_handover_person_id_person"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"],
            ["person.id"],
            name=op.f("fk_handover_successor_id_person"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    with op.batch_alter_table("handover", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_handover_person_id"), ["person_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_handover_successor_id"), ["successor_id"], unique=False
        )

    op.create_table(
        "thesaurus_line",
        sa.Column("id", KEY, nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("means", sa.JSON(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("feedback_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["feedback_id"],
            ["feedback.id"],
            name=op.f("fk_thesaurus_line_feedback_id_feedback"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thesaurus_line")),
        sa.UniqueConstraint("said", name=op.f("uq_thesaurus_line_said")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("channel", sa.Text(), server_default="", nullable=False)
        )
        batch_op.add_column(
            sa.Column("department", sa.Text(), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("link", KEY, nullable=True))
        batch_op.add_column(
            sa.Column("digest", sa.String(length=64), server_default="", nullable=False)
        )
        batch_op.create_unique_constraint(batch_op.f("uq_audit_entry_link"), ["link"])

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("left_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("erased_at", MOMENT, nullable=True))
        batch_op.add_column(
            sa.Column(
                "erased_as", sa.String(length=64), server_default="", nullable=False
            )
        )
    _seal(op.get_bind())


ENTRY = sa.table(
    "audit_entry",
    sa.column("link", KEY),
    sa.column("id", KEY),
    sa.column("at", MOMENT),
    sa.column("actor", sa.Text),
    sa.column("event", sa.Text),
    sa.column("about", sa.Text),
    sa.column("channel", sa.Text),
    sa.column("department", sa.Text),
    sa.column("detail", sa.JSON),
    sa.column("digest", sa.Text),
)
CHUNK = 1000


def _seal(connection: sa.Connection) -> None:
    """Chain the entries of before, as `bot.audit.chain` did when this was written."""
    link, last, digest = 0, 0, ""
    query = sa.select(ENTRY).order_by(ENTRY.c.id).limit(CHUNK)
    seal = (
        sa.update(ENTRY)
        .where(ENTRY.c.id == sa.bindparam("row"))
        .values(link=sa.bindparam("place"), digest=sa.bindparam("sealed"))
    )
    while rows := connection.execute(query.where(ENTRY.c.id > last)).all():
        sealed = []
        for row in rows:
            link, last = link + 1, row.id
            digest = _digest(digest, row, link)
            sealed.append({"row": row.id, "place": link, "sealed": digest})
        connection.execute(seal, sealed)


def _digest(before: str, row: sa.Row[Any], link: int) -> str:
    moment = row.at if row.at.tzinfo else row.at.replace(tzinfo=UTC)
    words = json.dumps(
        [
            before,
            link,
            row.id,
            moment.astimezone(UTC).isoformat(timespec="microseconds"),
            row.actor,
            row.event,
            row.about,
            row.channel,
            row.department,
            row.detail,
        ],
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(words.encode("ascii")).hexdigest()
