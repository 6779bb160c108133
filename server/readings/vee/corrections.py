"""Final values that changed: what whoever used them has to be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from server.platform.telemetry_store import TelemetryStore
from server.readings.domain import State


@dataclass(frozen=True, slots=True)
class Correction:
    """That the values of a series changed after they had been final. Milliseconds, 10^-6 of the unit."""

    series: int
    first: int
    until: int
    old_micro: int
    new_micro: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found on a local day of a series."""

    series: int
    usage_point_id: UUID
    day: int
    rule: str
    severity: int
    first: int
    until: int
    cells: int
    observed: int
    bound: int
    run_id: UUID
    version: int


async def corrections_of(
    store: TelemetryStore, tenant_id: UUID, version: int, *, limit: int
) -> list[Correction]:
    """The corrections that the run of a version made: one for each series."""
    rows = await store.rows(
        f"""
        SELECT n.series, min(n.ms), max(n.ms + n.length), sum(o.micro), sum(n.micro)
        FROM (
            SELECT series, toUnixTimestamp64Milli(ts) AS ms, reinterpretAsInt64(value) AS micro,
                toInt64(interval_ms) AS length
            FROM measurement
            WHERE tenant_id = {{tenant:UUID}} AND version = {{version:UInt64}}) AS n
        INNER JOIN (
            SELECT series, toUnixTimestamp64Milli(ts) AS ms,
                argMax(reinterpretAsInt64(value), m.version) AS micro, argMax(state, m.version) AS last_state
            FROM measurement AS m
            WHERE tenant_id = {{tenant:UUID}} AND m.version < {{version:UInt64}}
              AND (series, ts) IN (
                SELECT series, ts FROM measurement
                WHERE tenant_id = {{tenant:UUID}} AND version = {{version:UInt64}})
            GROUP BY series, ms
            HAVING last_state != {int(State.MISSING)}) AS o ON o.series = n.series AND o.ms = n.ms
        WHERE n.micro != o.micro
        GROUP BY n.series ORDER BY n.series LIMIT {limit}""",
        {"tenant": str(tenant_id), "version": version},
    )
    return [Correction(*(int(number) for number in row)) for row in rows]


async def findings_of(
    store: TelemetryStore, tenant_id: UUID, version: int, *, severity: int, limit: int
) -> Sequence[Finding]:
    """What the run of a version found, of this severity or a worse one."""
    rows = await store.rows(
        f"""
        SELECT {COLUMNS} FROM vee_exception
        WHERE tenant_id = {{tenant:UUID}} AND version = {{version:UInt64}} AND cells > 0
            AND severity >= {severity}
        ORDER BY series, day, rule LIMIT {limit}""",
        {"tenant": str(tenant_id), "version": version},
    )
    return [Finding(*row) for row in rows]


COLUMNS = (
    "series, usage_point_id, toInt32(day) AS day_number, toString(rule), severity,"
    " toUnixTimestamp64Milli(first_ts), toUnixTimestamp64Milli(end_ts), cells,"
    " reinterpretAsInt64(observed), reinterpretAsInt64(bound), run_id, version"
)
"""SQL of the columns of a :class:`Finding`."""
