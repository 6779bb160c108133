"""Final values as they stand, for the desk."""

from collections.abc import Sequence
from uuid import UUID

import numpy as np
import pyarrow as pa

from server.platform.telemetry_store import TelemetryStore
from server.platform.uow import UnitOfWork
from server.readings.desk.domain import Values, no_values
from server.readings.final import interval_rows
from server.readings.vee import versions

_COLUMNS = ("micro", "state", "quality", "method", "rule")


class PresentValues:
    """Reads them."""

    def __init__(self, uow: UnitOfWork, store: TelemetryStore) -> None:
        self._uow = uow
        self._store = store

    async def of(
        self, tenant_id: UUID, series: Sequence[int], start_ms: int, end_ms: int
    ) -> dict[int, Values]:
        """The intervals of each series that begin in ``[start_ms, end_ms)``, in order.

        Series without any are left out.
        """
        if not series:
            return {}
        async with self._uow() as tx:
            watermark = await versions.watermark(tx)
        table = await self._store.query(
            f"""
            SELECT series, ms, ms + length_ms AS until, micro, state, quality, method, toString(rule) AS rule
            FROM {interval_rows(columns=_COLUMNS)} ORDER BY series, ms""",
            {
                "tenant": str(tenant_id),
                "series": list(series),
                "start": start_ms,
                "end": end_ms,
                "watermark": watermark,
            },
        )
        return _split(table)

    async def one(self, tenant_id: UUID, series: int, start_ms: int, end_ms: int) -> Values:
        """Those of one series."""
        return (await self.of(tenant_id, [series], start_ms, end_ms)).get(series, no_values())


def _split(table: pa.Table) -> dict[int, Values]:
    numbers = table.column("series").to_numpy()
    columns = values_of(table)
    found, firsts = np.unique(numbers, return_index=True)
    edges = [*firsts.tolist(), len(numbers)]
    return {
        int(series): columns.taken(np.arange(edges[place], edges[place + 1]))
        for place, series in enumerate(found)
    }


def values_of(table: pa.Table) -> Values:
    """Columns of a table as values."""
    return Values(
        table.column("ms").to_numpy().astype(np.int64),
        table.column("until").to_numpy().astype(np.int64),
        table.column("micro").to_numpy().astype(np.int64),
        table.column("state").to_numpy().astype(np.uint8),
        table.column("quality").to_numpy().astype(np.uint32),
        table.column("method").to_numpy().astype(np.uint8),
        np.array(table.column("rule").to_pylist(), np.str_),
    )


def packed(values: Values) -> bytes:
    """Values as an Arrow stream, to be kept."""
    table = pa.table(
        {
            "ms": values.ms,
            "until": values.until,
            "micro": values.micro,
            "state": values.state,
            "quality": values.quality,
            "method": values.method,
            "rule": pa.array(values.rule.tolist(), pa.string()),
        }
    )
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def unpacked(kept: bytes) -> Values:
    """Values from what was kept."""
    with pa.ipc.open_stream(kept) as reader:
        return values_of(reader.read_all())
