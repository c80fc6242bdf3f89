"""The topic of a group in which it was registered: there it is told notices."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    topic = sa.Column("topic", sa.Text(), server_default="", nullable=False)
    op.add_column("chat", topic)
