"""WeCom among several processes: its token and cards, and calls that tell many."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "wecom_token",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_wecom_token")),
    )
    op.create_table(
        "wecom_card",
        sa.Column("task_id", sa.String(length=128), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("response_code", sa.Text(), nullable=False),
        sa.Column("addresses", sa.JSON(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_wecom_card")),
    )
    with op.batch_alter_table("wecom_card", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_wecom_card_sent_at"), ["sent_at"], unique=False
        )
    op.add_column("delivery", sa.Column("batch", KEY, nullable=True))
