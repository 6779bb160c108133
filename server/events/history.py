"""All events, in ClickHouse."""

import base64
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pyarrow as pa

from server.events.domain import Batch, Criteria, Event, Filter, Severity, Span
from server.events.store import batch_of
from server.platform.telemetry_store import TelemetryStore

SCAN = 500_000
"""Sequences that one read looks at."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SCHEMA = pa.schema(
    [
        ("tenant_id", pa.string()),
        ("sequence", pa.uint64()),
        ("event_id", pa.string()),
        ("type", pa.string()),
        ("severity", pa.uint8()),
        ("subject", pa.string()),
        ("meter_id", pa.string()),
        ("usage_point_id", pa.string()),
        ("command_id", pa.string()),
        ("correlation_id", pa.string()),
        ("trace_id", pa.string()),
        ("event_time", pa.timestamp("us", "UTC")),
        ("publish_time", pa.timestamp("us", "UTC")),
        ("payload_type", pa.string()),
        ("payload", pa.binary()),
    ]
)

# Payloads are bytes and would not survive as text; ids come as text rather than as 16 bytes.
_COLUMNS = """
    sequence, toString(event_id) AS event_id, type, severity, subject, meter_id, usage_point_id, command_id,
    correlation_id, trace_id, event_time, publish_time, payload_type, base64Encode(payload) AS payload
"""


class EventHistory:
    """The table ``event_history``."""

    def __init__(self, store: TelemetryStore) -> None:
        self._store = store

    async def copy(self, events: Sequence[tuple[UUID, Event]], *, dedup_token: str) -> None:
        """Stores events with their tenants; storing them again changes nothing that a reader sees."""
        rows = [_row(tenant_id, event) for tenant_id, event in events]
        await self._store.insert(
            "event_history", pa.Table.from_pylist(rows, schema=_SCHEMA), dedup_token=dedup_token
        )

    async def after(
        self, tenant_id: UUID, position: int, which: Filter, limit: int, *, upto: int, last: int
    ) -> Batch:
        """Events in (position, upto], at most ``limit``."""
        upto = min(upto, position + SCAN)
        conditions, params = _conditions(which)
        table = await self._store.query(
            f"""
            SELECT {_COLUMNS} FROM event_history
            WHERE tenant_id = {{tenant:UUID}} AND sequence > {{after:UInt64}} AND sequence <= {{upto:UInt64}}
              AND {conditions}
            ORDER BY sequence LIMIT 1 BY sequence LIMIT {{limit:UInt64}}
            """,  # noqa: S608 - the conditions are ours, their values are parameters
            {**params, "tenant": str(tenant_id), "after": position, "upto": upto, "limit": limit},
        )
        return batch_of(_events(table), position, limit, upto=upto, last=last)

    async def newest(
        self, tenant_id: UUID, before: int, which: Filter, span: Span, limit: int
    ) -> list[Event]:
        """Events before a sequence, newest first."""
        conditions, params = _conditions(which, span)
        table = await self._store.query(
            f"""
            SELECT {_COLUMNS} FROM event_history
            WHERE tenant_id = {{tenant:UUID}} AND sequence < {{before:UInt64}} AND {conditions}
            ORDER BY sequence DESC LIMIT 1 BY sequence LIMIT {{limit:UInt64}}
            """,  # noqa: S608 - the conditions are ours, their values are parameters
            {**params, "tenant": str(tenant_id), "before": before, "limit": limit},
        )
        return list(_events(table))


def _row(tenant_id: UUID, event: Event) -> dict[str, Any]:
    return {
        "tenant_id": str(tenant_id),
        **{name: getattr(event, name) for name in Event.__dataclass_fields__},
        "event_id": str(event.event_id),
        "severity": int(event.severity),
    }


def _events(table: pa.Table) -> tuple[Event, ...]:
    return tuple(
        Event(
            **{
                **row,
                "event_id": UUID(row["event_id"]),
                "severity": Severity(row["severity"]),
                "event_time": _utc(row["event_time"]),
                "publish_time": _utc(row["publish_time"]),
                "payload": base64.b64decode(row["payload"]),
            }
        )
        for row in table.to_pylist()
    )


def _utc(time: datetime) -> datetime:
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def _conditions(which: Filter, span: Span = Span()) -> tuple[str, Mapping[str, Any]]:  # noqa: B008 - frozen
    conditions = ["severity >= {severity:UInt8}"]
    params: dict[str, Any] = {"severity": int(which.min_severity)}
    for column, wanted in (("type", which.types), ("subject", which.subjects)):
        if not wanted.everything:
            conditions.append(_named(column))
            params |= _names(column, wanted)
    if which.within is not None:
        conditions.append("has({within:Array(String)}, usage_point_id)")
        params["within"] = sorted(which.within)
    if span.start is not None:
        conditions.append("event_time >= fromUnixTimestamp64Micro({start:Int64})")
        params["start"] = _micros(span.start)
    if span.end is not None:
        conditions.append("event_time < fromUnixTimestamp64Micro({end:Int64})")
        params["end"] = _micros(span.end)
    if span.correlation_id:
        conditions.append("correlation_id = {correlation:String}")
        params["correlation"] = span.correlation_id
    return " AND ".join(conditions), params


def _named(column: str) -> str:
    return (
        f"(has({{{column}_exact:Array(String)}}, {column})"
        f" OR arrayExists(prefix -> startsWith({column}, prefix), {{{column}_prefixes:Array(String)}}))"
    )


def _names(column: str, wanted: Criteria) -> dict[str, Any]:
    return {f"{column}_exact": list(wanted.exact), f"{column}_prefixes": list(wanted.prefixes)}


def _micros(time: datetime) -> int:
    return (time - _EPOCH) // timedelta(microseconds=1)
