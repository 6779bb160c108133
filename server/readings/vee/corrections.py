"""Final values that changed: what whoever used them has to be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from server.platform.telemetry_store import TelemetryStore
from server.readings.domain import State
from server.readings.final import vector


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
    mine = (
        "SELECT series, day FROM measurement_day WHERE tenant_id = {tenant:UUID}"
        " AND generation = {version:UInt64}"
    )
    rows = await store.rows(
        f"""
        SELECT n.series, min(n.ms), max(n.ms + n.length), sum(o.micro), sum(n.micro)
        FROM {_cells("generation = {version:UInt64} AND version = {version:UInt64}")} AS n
        INNER JOIN {_cells("generation < {version:UInt64}", f"(series, day) IN ({mine})")} AS o
            ON o.series = n.series AND o.ms = n.ms
        WHERE n.since = {{version:UInt64}} AND n.micro != o.micro AND o.state != {int(State.MISSING)}
        GROUP BY n.series ORDER BY n.series LIMIT {limit}""",
        {"tenant": str(tenant_id), "version": version},
    )
    return [Correction(*(int(number) for number in row)) for row in rows]


def _cells(*conditions: str) -> str:
    """SQL of the intervals of the newest row of each day that meets conditions."""
    return f"""(
        SELECT series, last.1 + (i - 1) * last.2 AS ms, least(last.2, last.3 - ms) AS length,
            last.4[i] AS micro, last.5[i] AS state, last.6[i] AS since
        FROM (
            SELECT series, day, argMax((toUnixTimestamp64Milli(m.start), toInt64(interval_ms),
                toUnixTimestamp64Milli(until), micro, {vector("state")}, {vector("since")}),
                (generation, version)) AS last
            FROM measurement_day AS m
            WHERE tenant_id = {{tenant:UUID}} AND {" AND ".join(conditions)}
            GROUP BY series, day)
        ARRAY JOIN arrayEnumerate(last.4) AS i)"""


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
