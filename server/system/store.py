"""Operations in ClickHouse."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pyarrow as pa

from server.platform.telemetry_store import TelemetryStore
from server.system.domain import Operation, OperationFilter

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TEXTS = (
    "principal_id",
    "method",
    "resource_id",
    "status",
    "reason",
    "trace_id",
    "correlation_id",
    "peer",
)
_SCHEMA = pa.schema(
    [
        ("tenant_id", pa.string()),
        ("operation_id", pa.string()),
        ("time", pa.timestamp("us", "UTC")),
        *((name, pa.string()) for name in _TEXTS),
        ("duration_us", pa.uint64()),
        ("expire_time", pa.uint32()),
    ]
)
_EXACT = ("principal_id", "resource_id", "status", "correlation_id", "trace_id")


class OperationStore:
    """The table ``operation``."""

    def __init__(self, store: TelemetryStore, keep: timedelta) -> None:
        self._store = store
        self._keep = keep

    def table(self, operations: Sequence[Operation]) -> pa.Table:
        """Operations as columns, each with the time until which it is kept."""
        columns: dict[str, list[Any]] = {
            name: [getattr(one, name) for one in operations] for name in (*_TEXTS, "time", "duration_us")
        }
        columns["tenant_id"] = [str(one.tenant_id) for one in operations]
        columns["operation_id"] = [str(one.operation_id) for one in operations]
        columns["expire_time"] = [int((one.time + self._keep).timestamp()) for one in operations]
        return pa.Table.from_pydict(columns, schema=_SCHEMA)

    async def insert(self, table: pa.Table, *, dedup_token: str) -> None:
        """Stores what :meth:`table` made; again with the same token changes nothing."""
        await self._store.insert("operation", table, dedup_token=dedup_token)

    async def newest(
        self,
        tenants: Sequence[UUID],
        which: OperationFilter,
        *,
        after: tuple[datetime, UUID] | None,
        limit: int,
    ) -> list[Operation]:
        """Operations of these tenants after a key, newest first."""
        conditions, params = _conditions(which, after)
        rows = await self._store.rows(
            f"""
            SELECT toString(tenant_id), toString(operation_id), toUnixTimestamp64Micro(time), duration_us,
                {", ".join(_TEXTS)}
            FROM operation
            WHERE tenant_id IN {{tenants:Array(UUID)}} AND {" AND ".join(conditions)}
            ORDER BY time DESC, operation_id DESC LIMIT {{limit:UInt64}}
            """,  # noqa: S608 - the conditions are ours, their values are parameters
            {**params, "tenants": [str(one) for one in tenants], "limit": limit},
        )
        return [_read(row) for row in rows]


def _conditions(
    which: OperationFilter, after: tuple[datetime, UUID] | None
) -> tuple[list[str], dict[str, Any]]:
    conditions = ["time >= fromUnixTimestamp64Micro({start:Int64})"]
    params: dict[str, Any] = {"start": _micros(which.start)}
    if which.end is not None:
        conditions.append("time < fromUnixTimestamp64Micro({end:Int64})")
        params["end"] = _micros(which.end)
    for name in _EXACT:
        if value := getattr(which, name):
            conditions.append(f"{name} = {{{name}:String}}")
            params[name] = value
    if which.method:
        conditions.append("startsWith(method, {method:String})")
        params["method"] = which.method
    if after is not None:
        conditions.append("time <= fromUnixTimestamp64Micro({after_time:Int64})")
        conditions.append(
            "(time, operation_id) < (fromUnixTimestamp64Micro({after_time:Int64}), {after_id:UUID})"
        )
        params |= {"after_time": _micros(after[0]), "after_id": str(after[1])}
    return conditions, params


def _micros(time: datetime) -> int:
    return (time - _EPOCH) // timedelta(microseconds=1)


def _read(row: tuple[Any, ...]) -> Operation:
    tenant_id, operation_id, micros, duration, *texts = row
    return Operation(
        tenant_id=UUID(tenant_id),
        operation_id=UUID(operation_id),
        time=_EPOCH + timedelta(microseconds=micros),
        duration_us=duration,
        **dict(zip(_TEXTS, texts, strict=True)),
    )
