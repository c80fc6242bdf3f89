"""Foreign keys that PostgreSQL checks no more: each cost more than its row."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

HELD = {
    "delivery": ("notice_id_notice", "person_id_person", "request_id_request"),
    "nudge": ("notice_id_notice",),
}


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, keys in HELD.items():
        for key in keys:
            op.drop_constraint(f"fk_{table}_{key}", table, type_="foreignkey")
