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


async def findings_page(
    store: TelemetryStore,
    tenant_id: UUID,
    wanted: FindingFilter,
    watermark: int,
    *,
    after: Key | None,
    limit: int,
) -> list[Finding]:
    """Findings that still stand, newest first, from behind ``after`` on."""
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
    having = ["last.5 > 0"]
    if wanted.start_ms is not None:
        having.append("last.4 > {start:Int64}")
        params["start"] = wanted.start_ms
    if wanted.end_ms is not None:
        having.append("last.3 < {end:Int64}")
        params["end"] = wanted.end_ms
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
                toInt64(max(version)) AS newest,
                argMax((usage_point_id, severity, toUnixTimestamp64Milli(first_ts),
                    toUnixTimestamp64Milli(end_ts),
                        cells, reinterpretAsInt64(observed), reinterpretAsInt64(bound), run_id), version)
                            AS last
            FROM vee_exception WHERE tenant_id = {{tenant:UUID}} AND {" AND ".join(where)}
            GROUP BY series, day_number, rule_id)
        WHERE {" AND ".join(having)}
        ORDER BY newest DESC, series, day_number, rule_id LIMIT {limit}""",
        params,
    )
    return [Finding(*row) for row in rows]
