"""PostgreSQL tables of readings: what was stored, what validation did."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.platform.tables import tenant_table

ingest_batch = tenant_table(
    "ingest_batch",
    sa.Column("batch_id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("instance", sa.Integer, nullable=False),
    sa.Column("months", pg.ARRAY(sa.Integer), nullable=False),
    sa.Column("row_count", sa.BigInteger, nullable=False),
    sa.Column("claim_time", sa.DateTime(timezone=True), nullable=False),
    sa.Column("store_time", sa.DateTime(timezone=True)),
    sa.Column("vee_time", sa.DateTime(timezone=True)),
    sa.Column("position", sa.BigInteger),
)
"""Inserts into ``raw_reading``: claimed before, marked stored after. ``instance`` names the server process
that makes it, ``months`` the partitions that it writes. Stored and without ``vee_time``: validation has to
look at it. ``position`` counts the tenant's stored batches in the order of their commits, without a gap; a
trigger gives it."""

live_mark = tenant_table("live_mark", sa.Column("last", sa.BigInteger, nullable=False))
"""The position that was given last."""

ingest_block = tenant_table(
    "ingest_block",
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("sequence", sa.BigInteger, primary_key=True),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("batch_id", sa.BigInteger, nullable=False),
    sa.Column("doubtful", pg.ARRAY(sa.BigInteger), nullable=False),
    sa.Column("stored", sa.Integer, nullable=False),
    sa.Column("rejected_count", sa.Integer, nullable=False),
    sa.Column("rejected", pg.JSONB),
    sa.Column("dead_lettered", sa.Integer, nullable=False, server_default="0"),
)
"""Blocks by (source, sequence), so that each is stored once. The sequence is kept as a signed number of the
same bits. ``doubtful`` lists earlier batches of servers that died before they knew whether they had stored
the block."""

vee_run = tenant_table(
    "vee_run",
    sa.Column("version", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("run_id", pg.UUID(as_uuid=True), nullable=False),
    sa.Column("start_time", sa.DateTime(timezone=True), nullable=False),
    sa.Column("end_time", sa.DateTime(timezone=True)),
    sa.Column("counts", pg.JSONB, nullable=False),
)
"""Runs that stored something. Versions are microseconds since 1970, made to grow; what an open run stores
is not yet to be seen."""

vee_request = tenant_table(
    "vee_request",
    sa.Column("request_id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("meter_id", pg.UUID(as_uuid=True), nullable=False),
    sa.Column("from_time", sa.DateTime(timezone=True), nullable=False),
)
"""Meters whose readings feed something else from a time on: validation has to look at them again."""
