"""Indexes that hold all that is asked of what is installed now.

PostgreSQL would take the index of the exclusion constraint otherwise, which is four times as slow.
"""

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    for name, column, beside in (
        ("installation_point", "usage_point_id", "meter_id"),
        ("installation_meter", "meter_id", "usage_point_id"),
    ):
        op.execute(f"DROP INDEX {name}")
        op.execute(
            f"CREATE INDEX {name} ON installation (tenant_id, {column}, start_time)"
            f" INCLUDE ({beside}, end_time)"
        )
