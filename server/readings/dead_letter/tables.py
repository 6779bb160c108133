"""Tables of the dead letter in PostgreSQL. Migration 0021 makes them; the readings are in ClickHouse."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.platform.tables import tenant_table

_TIME = sa.DateTime(timezone=True)

dead_letter = tenant_table(
    "dead_letter",
    sa.Column("kept_time", _TIME, nullable=False),
    sa.Column("wake_time", _TIME),
    sa.Column("sweep_time", _TIME),
)
"""When readings last came in, when devices last changed, and when it was last looked for channels that have
become known meanwhile."""

dead_letter_job = tenant_table(
    "dead_letter_job",
    sa.Column("job_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("selector", pg.JSONB, nullable=False),
    sa.Column("automatic", sa.Boolean, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    *(
        sa.Column(name, sa.BigInteger, nullable=False)
        for name in ("total", "done", "stored", "duplicates", "discarded", "failed")
    ),
    sa.Column("reached", pg.JSONB),
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("create_time", _TIME, nullable=False),
    sa.Column("start_time", _TIME),
    sa.Column("end_time", _TIME),
)
"""``reached`` is the key of the last reading that was done: a job that was killed goes on behind it."""
