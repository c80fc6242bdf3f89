"""Mail: letters, notices, deliveries, lanes, beats and alarms."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "alarm",
        sa.Column("id", KEY, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm")),
        sa.UniqueConstraint("key", name=op.f("uq_alarm_key")),
    )
    op.create_table(
        "beat",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_beat")),
    )
    op.create_table(
        "lane",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lane")),
    )
    op.create_table(
        "letter",
        sa.Column("id", KEY, nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("incoming", sa.JSON(), nullable=True),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint(
            "channel", "product_id", name=op.f("uq_letter_channel_product_id")
        ),
    )
    op.create_index(
        "ix_letter_dead",
        "letter",
        ["id"],
        sqlite_where=sa.text("status = 'dead'"),
        postgresql_where=sa.text("status = 'dead'"),
    )
    op.create_index("ix_letter_received_at", "letter", ["received_at"])
    op.create_index(
        "ix_letter_waiting",
        "letter",
        ["channel", "chat", "id"],
        sqlite_where=sa.text("status = 'waiting'"),
        postgresql_where=sa.text("status = 'waiting'"),
    )

    op.create_table(
        "notice",
        sa.Column("id", KEY, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("audience", sa.Integer(), nullable=False),
        sa.Column("issued_by", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("key", name=op.f("uq_notice_key")),
    )
    op.create_table(
        "request",
        sa.Column("id", KEY, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
        sa.UniqueConstraint("digest", name=op.f("uq_request_digest")),
    )
    op.create_table(
        "acknowledgement",
        sa.Column("id", KEY, nullable=False),
        sa.Column("notice_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"],
            ["notice.id"],
            name=op.f("fk_acknowledgement_notice_id_notice"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_acknowledgement_person_id_person"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acknowledgement")),
        sa.UniqueConstraint(
            "notice_id",
            "person_id",
            name=op.f("uq_acknowledgement_notice_id_person_id"),
        ),
    )
    op.create_table(
        "delivery",
        sa.Column("id", KEY, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("notice_id", KEY, nullable=True),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("lane", sa.String(length=40), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("request_id", KEY, nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("follows", KEY, nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unsure_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remote_id", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("replaced_by", KEY, nullable=True),
        sa.Column("called_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["follows"], ["delivery.id"], name=op.f("fk_delivery_follows_delivery")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_delivery_notice_id_notice")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_delivery_person_id_person"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by"],
            ["delivery.id"],
            name=op.f("fk_delivery_replaced_by_delivery"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_delivery_request_id_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("key", name=op.f("uq_delivery_key")),
    )
    op.create_index(
        "ix_delivery_expiring",
        "delivery",
        ["expires_at"],
        sqlite_where=sa.text("status = 'waiting' AND expires_at IS NOT NULL"),
        postgresql_where=sa.text("status = 'waiting' AND expires_at IS NOT NULL"),
    )
    op.create_index(
        "ix_delivery_in_hand",
        "delivery",
        ["lane"],
        sqlite_where=sa.text("status IN ('claimed', 'sending')"),
        postgresql_where=sa.text("status IN ('claimed', 'sending')"),
    )
    op.create_index(
        "ix_delivery_follows",
        "delivery",
        ["follows"],
        sqlite_where=sa.text("follows IS NOT NULL"),
        postgresql_where=sa.text("follows IS NOT NULL"),
    )
    op.create_index(op.f("ix_delivery_person_id"), "delivery", ["person_id"])
    op.create_index(op.f("ix_delivery_request_id"), "delivery", ["request_id"])
    op.create_index("ix_delivery_recipient", "delivery", ["notice_id", "recipient"])
    op.create_index(
        "ix_delivery_replaced_by",
        "delivery",
        ["replaced_by"],
        sqlite_where=sa.text("replaced_by IS NOT NULL"),
        postgresql_where=sa.text("replaced_by IS NOT NULL"),
    )
    op.create_index(
        "ix_delivery_settled",
        "delivery",
        ["lane", "settled_at"],
        sqlite_where=sa.text("settled_at IS NOT NULL"),
        postgresql_where=sa.text("settled_at IS NOT NULL"),
    )
    op.create_index(
        "ix_delivery_trouble",
        "delivery",
        ["status"],
        sqlite_where=sa.text("status IN ('failed', 'unknown')"),
        postgresql_where=sa.text("status IN ('failed', 'unknown')"),
    )
    op.create_index(
        "ix_delivery_waiting",
        "delivery",
        ["lane", "priority", "due_at", "id"],
        sqlite_where=sa.text("status = 'waiting'"),
        postgresql_where=sa.text("status = 'waiting'"),
    )
