"""Until when a product has limited what we send unasked through a lane."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    until = sa.Column("bulk_not_before", sa.DateTime(timezone=True), nullable=True)
    op.add_column("lane", until)
