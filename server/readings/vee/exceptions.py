"""What the rules found, as a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from server.platform.telemetry_store import TelemetryStore
from server.readings.vee.corrections import Finding

Key = tuple[int, int, int, str]
"""What findings are ordered by, newest first: version, series, day, rule."""


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """Which findings; what is empty does not matter. Milliseconds."""

    series: Sequence[int] = ()
    usage_point_id: UUID | None = None
    rule: str = ""
    start_ms: int | None = None
    end_ms: int | None = None
    severity: int = 0
    standing: bool | None = True
    """Whether those that still stand, those that do not any more, or both."""
    keys: Sequence[tuple[int, int, str]] | None = None
    """Series, day and rule; None: any."""


async def findings_page(
    store: TelemetryStore,
    tenant_id: UUID,
    wanted: FindingFilter,
    watermark: int,
    *,
    after: Key | None,
    limit: int,
) -> list[Finding]:
    """Findings, newest first, from behind ``after`` on."""
    params, where, having = conditions(tenant_id, wanted, watermark)
    if after is not None:
        having.append(
            "(-newest, series, day_number, rule_id) > (-{v:Int64}, {s:UInt64}, {d:Int32}, {r:String})"
        )
        params |= {"v": after[0], "s": after[1], "d": after[2], "r": after[3]}
    rows = await store.rows(
        f"""
        SELECT series, last.1, day_number, rule_id, last.2, last.3, last.4, last.5, last.6, last.7, last.8,
            newest
        FROM (
            SELECT series, toInt32(day) AS day_number, toString(rule) AS rule_id,
                toInt64(max(version)) AS newest, {LAST} AS last
            FROM vee_exception WHERE tenant_id = {{tenant:UUID}} AND {" AND ".join(where)}
            GROUP BY series, day_number, rule_id)
        WHERE {" AND ".join(having)}
        ORDER BY newest DESC, series, day_number, rule_id LIMIT {limit}""",
        params,
    )
    return [Finding(*row) for row in rows]


async def findings_counted(
    store: TelemetryStore, tenant_id: UUID, wanted: FindingFilter, watermark: int
) -> list[tuple[int, str, int, int]]:
    """How many findings there are of each day (numbered since 1970), rule and severity, in order."""
    params, where, having = conditions(tenant_id, wanted, watermark)
    rows = await store.rows(
        f"""
        SELECT day_number, rule_id, last.2 AS severity, count()
        FROM (
            SELECT series, toInt32(day) AS day_number, toString(rule) AS rule_id, {LAST} AS last
            FROM vee_exception WHERE tenant_id = {{tenant:UUID}} AND {" AND ".join(where)}
            GROUP BY series, day_number, rule_id)
        WHERE {" AND ".join(having)}
        GROUP BY day_number, rule_id, severity ORDER BY day_number, rule_id, severity""",
        params,
    )
    return [(int(day), str(rule), int(severity), int(count)) for day, rule, severity, count in rows]


LAST = (
    "argMax((usage_point_id, severity, toUnixTimestamp64Milli(first_ts), toUnixTimestamp64Milli(end_ts),"
    " cells, reinterpretAsInt64(observed), reinterpretAsInt64(bound), run_id), version)"
)
"""SQL of what the newest version says of a finding."""


_KEYS = """(
    SELECT k.1, k.2, k.3 FROM (
        SELECT arrayJoin(arrayZip({key_series:Array(UInt64)}, {key_days:Array(Int32)},
            {key_rules:Array(String)})) AS k))"""


def conditions(
    tenant_id: UUID, wanted: FindingFilter, watermark: int
) -> tuple[dict[str, Any], list[str], list[str]]:
    """Parameters, conditions on rows, and conditions on the tuple ``last`` of :data:`LAST`."""
    params: dict[str, Any] = {"tenant": str(tenant_id), "watermark": watermark}
    where = ["version <= {watermark:UInt64}"]
    if wanted.series:
        where.append("series IN {series:Array(UInt64)}")
        params["series"] = list(wanted.series)
    if wanted.usage_point_id is not None:
        where.append("usage_point_id = {usage_point:UUID}")
        params["usage_point"] = str(wanted.usage_point_id)
    if wanted.rule:
        where.append("rule = {rule:String}")
        params["rule"] = wanted.rule
    if wanted.keys is not None:
        where += [
            "series IN {key_series:Array(UInt64)}",
            f"(series, toInt32(day), toString(rule)) IN {_KEYS}",
        ]
        params["key_series"] = [series for series, _, _ in wanted.keys]
        params["key_days"] = [day for _, day, _ in wanted.keys]
        params["key_rules"] = [rule for _, _, rule in wanted.keys]
    having = {True: ["last.5 > 0"], False: ["last.5 = 0"], None: ["1"]}[wanted.standing]
    if wanted.severity:
        having.append("last.2 = {severity:UInt8}")
        params["severity"] = wanted.severity
    if wanted.start_ms is not None:
        having.append("last.4 > {start:Int64}")
        params["start"] = wanted.start_ms
    if wanted.end_ms is not None:
        having.append("last.3 < {end:Int64}")
        params["end"] = wanted.end_ms
    return params, where, having
