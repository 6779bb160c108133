"""Final values of series as columns, with the meters that gave them."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

import numpy as np

from server.platform.telemetry_store import TelemetryStore
from server.readings.calendar import to_ms
from server.readings.domain import UInt64s
from server.readings.exports.domain import Export, Stay, Values
from server.readings.exports.ports import ExportDirectory
from server.readings.final import interval_rows

_COLUMNS = ("micro", "state", "quality", "method")
_NEVER_MS = 1 << 62


class Source:
    """Reads series at one version."""

    def __init__(self, store: TelemetryStore, directory: ExportDirectory) -> None:
        self._store = store
        self._directory = directory

    async def values(self, tenant_id: UUID, export: Export, numbers: UInt64s) -> list[Values]:
        """Of each of the series, in their order; those without a value in the period too."""
        infos = await self._directory.series(tenant_id, numbers)
        points = sorted({one.usage_point_id for one in infos})
        codes = {
            one.usage_point_id: one.code for one in await self._directory.usage_points(tenant_id, points)
        }
        kinds = await self._directory.reading_types(tenant_id, numbers)
        stays = await self._stays(tenant_id, export, points)
        statement = f"""
            SELECT series, ms, length_ms, {", ".join(_COLUMNS)}
            FROM {interval_rows(columns=_COLUMNS)} ORDER BY series, ms"""
        params = {
            "tenant": str(tenant_id),
            "series": numbers.tolist(),
            "start": export.wish.start_ms,
            "end": export.wish.end_ms,
            "watermark": export.watermark,
        }
        table = await self._store.query(statement, params)
        columns = [table[name].to_numpy() for name in ("ms", "length_ms", *_COLUMNS)]
        series = table["series"].to_numpy()
        found = []
        for info in infos:
            low, high = np.searchsorted(series, [info.series, info.series + 1])
            found.append(
                Values(
                    info,
                    codes.get(info.usage_point_id, ""),
                    kinds.get(info.series, ""),
                    stays.get(info.usage_point_id, ()),
                    *(column[low:high] for column in columns),
                )
            )
        return found

    async def _stays(self, tenant_id: UUID, export: Export, points: Sequence[UUID]) -> dict[UUID, list[Stay]]:
        stays = await self._directory.stays_at(tenant_id, points)
        serials = await self._directory.serial_numbers(tenant_id, sorted({one.meter_id for one in stays}))
        found: dict[UUID, list[Stay]] = defaultdict(list)
        for one in sorted(stays, key=lambda stay: stay.start):
            low, high = to_ms(one.start), _NEVER_MS if one.end is None else to_ms(one.end)
            if low < export.wish.end_ms and high > export.wish.start_ms:
                found[one.usage_point_id].append(Stay(serials.get(one.meter_id, ""), low, high))
        return found
