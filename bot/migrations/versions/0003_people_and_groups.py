"""People and groups: binding codes, group chats, accounts that are closed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("account", sa.Column("closed_at", MOMENT, nullable=True))
    op.add_column(
        "account",
        sa.Column("guesses", sa.Integer(), server_default="0", nullable=False),
    )
    op.add_column("account", sa.Column("guessed_at", MOMENT, nullable=True))

    op.create_table(
        "chat",
        sa.Column("id", KEY, nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("registered_by", KEY, nullable=True),
        sa.Column("registered_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("talk", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registered_by"],
            ["person.id"],
            name=op.f("fk_chat_registered_by_person"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat")),
        sa.UniqueConstraint("channel", "address", name=op.f("uq_chat_channel_address")),
    )
    op.create_table(
        "binding_code",
        sa.Column("id", KEY, nullable=False),
        sa.Column("code_digest", sa.String(length=64), nullable=False),
        sa.Column("link_digest", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=12), nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("told_in", sa.Text(), nullable=False),
        sa.Column("issued_by", sa.Text(), nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("used_by_account", KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_binding_code_person_id_person"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["used_by_account"],
            ["account.id"],
            name=op.f("fk_binding_code_used_by_account_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_binding_code")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_binding_code_code_digest")),
        sa.UniqueConstraint("link_digest", name=op.f("uq_binding_code_link_digest")),
    )
    op.create_index(op.f("ix_binding_code_person_id"), "binding_code", ["person_id"])
    op.create_index(
        "ix_delivery_remote",
        "delivery",
        ["lane", "address", "remote_id"],
        sqlite_where=sa.text("remote_id <> ''"),
        postgresql_where=sa.text("remote_id <> ''"),
    )
