"""Which tables hold whose data of which time: all that retention has to know of the schema, as data."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from server.readings.retention.domain import FINAL, FINDINGS, RAW

CHANNEL, SERIES = "channel", "series"
INSTANT, SECOND, DAY = "INSTANT", "SECOND", "DAY"
_DECEMBER = 12


@dataclass(frozen=True, slots=True)
class StoredTable:
    """One table of ClickHouse with rows of all tenants."""

    name: str
    data_class: str
    time: str
    """Column with the time that a row is about."""
    kind: str
    """INSTANT: DateTime64(3), SECOND: DateTime, DAY: Date, of the usage point."""
    key: str
    """Column that tells the device or usage point: ``channel`` or ``series``; also what shards by."""
    partition: str = ""
    """SQL of the partition's id; empty: the table has one partition, ``all``."""
    writers: str = ""
    """PostgreSQL table without which nobody begins to write here: while it is locked, a partition can be
    dropped without losing what comes at that moment. Empty: partitions are not dropped as a whole."""
    cold: bool = False
    """Whether it is large enough to be worth a cold volume."""

    @property
    def partition_sql(self) -> str:
        """SQL of the id of a row's partition, as text."""
        return f"toString({self.partition})" if self.partition else "'all'"

    def before(self, at: datetime) -> str:
        """SQL of the condition that a row is about a month that is over at ``at``.

        Rows go by months, since a partition is written anew for each deletion in it: what is over goes when
        all of its month (UTC) is.
        """
        month = at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        if self.kind == DAY:
            return f"{self.time} < toDate('{month.date().isoformat()}')"
        seconds = int(month.timestamp())
        if self.kind == SECOND:
            return f"{self.time} < toDateTime({seconds}, 'UTC')"
        return f"{self.time} < fromUnixTimestamp64Milli({seconds * 1000})"


TABLES = (
    StoredTable(
        "raw_reading", RAW, "ts", INSTANT, CHANNEL, "toYYYYMM(ts)", writers="ingest_batch", cold=True
    ),
    StoredTable("measurement_day", FINAL, "day", DAY, SERIES, "toYYYYMM(day)", writers="vee_run", cold=True),
    StoredTable("measurement", FINAL, "ts", INSTANT, SERIES, "toYYYYMM(ts)", writers="vee_run", cold=True),
    StoredTable("usage_day", FINAL, "day", DAY, SERIES, "toYear(day)"),
    StoredTable("vee_exception", FINDINGS, "day", DAY, SERIES),
    StoredTable("vee_scope", FINDINGS, "made", SECOND, SERIES, "toYYYYMM(made)"),
)
"""``ingest_touch`` is over by itself after 60 days; ``channel_span`` tells of channels, not of times."""


def month_end(partition: str) -> date | None:
    """First day after a monthly partition; None for an id that is no month."""
    if len(partition) != len("202501") or not partition.isdigit():
        return None
    year, month = int(partition[:4]), int(partition[4:])
    if not 1 <= month <= _DECEMBER:
        return None
    return date(year + 1, 1, 1) if month == _DECEMBER else date(year, month + 1, 1)
