"""Which version of final data a query sees: the newest, that of a time, or what was billed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from server.platform.errors import InvalidField
from server.platform.uow import UnitOfWork
from server.readings import final
from server.readings.calendar import from_ms, to_ms
from server.readings.ports import BilledSnapshots, SeriesInfo
from server.readings.vee import versions

LATEST, AS_OF, BILLED = "LATEST", "AS_OF", "BILLED"


@dataclass(frozen=True, slots=True)
class Seen:
    """Up to which version a stretch of time is seen, milliseconds, half-open."""

    low: int
    high: int
    watermark: int
    usage_point_id: UUID | None = None
    """Only of this one; None: of all."""


class Views:
    """Finds out what a query sees."""

    def __init__(self, uow: UnitOfWork, billed: BilledSnapshots) -> None:
        self._uow = uow
        self._billed = billed

    async def watermark(self, as_of: datetime | None = None) -> int:
        """The newest version that was to be seen at a time, or is now."""
        async with self._uow() as tx:
            return await versions.watermark(tx, as_of)

    async def since(self, watermark: int) -> datetime:
        """A time as of which just what is up to a watermark of now is seen, for ever."""
        async with self._uow() as tx:
            return await versions.seen_since(tx, watermark)

    async def of(
        self,
        tenant_id: UUID,
        version: str,
        as_of: datetime | None,
        series: Sequence[SeriesInfo],
        start_ms: int,
        end_ms: int,
    ) -> tuple[Seen, ...]:
        """What is seen of series between two instants; stretches of one usage point do not overlap.

        ``version`` is LATEST, AS_OF, BILLED or empty: AS_OF with ``as_of``, else LATEST. Raises InvalidField
        where they do not fit.
        """
        check_version(version, as_of)
        if version != BILLED:
            return (Seen(start_ms, end_ms, await self.watermark(as_of)),)
        points = sorted({info.usage_point_id for info in series})
        spans = await self._billed.snapshots(tenant_id, points, from_ms(start_ms), from_ms(end_ms))
        found: list[Seen] = []
        for one in sorted(spans, key=lambda span: (span.usage_point_id, span.start)):
            low, high = max(to_ms(one.start), start_ms), min(to_ms(one.end), end_ms)
            if found and found[-1].usage_point_id == one.usage_point_id:
                low = max(low, found[-1].high)
            if low < high:
                found.append(Seen(low, high, one.snapshot, one.usage_point_id))
        return tuple(found)


def check_version(version: str, as_of: datetime | None) -> None:
    """Raises InvalidField when ``as_of`` is missing, or is there and means nothing."""
    if version == AS_OF and as_of is None:
        raise InvalidField("as_of", "is needed for the version AS_OF", "version.as_of")
    if version in {LATEST, BILLED} and as_of is not None:
        raise InvalidField("as_of", f"has no meaning for the version {version}", "version.as_of")


def rows_seen(
    infos: Mapping[int, SeriesInfo],
    seen: Iterable[Seen],
    start_ms: int,
    end_ms: int,
    where: str = "",
    columns: Sequence[str] = final.COLUMNS,
) -> tuple[str, dict[str, Any]]:
    """SQL of the intervals of series as they are seen, and its parameters but for ``tenant``.

    Columns and ``where`` are those of :func:`server.readings.final.interval_rows`. No SQL: nothing is seen.
    """
    groups: dict[tuple[int, int, int], list[int]] = {}
    for one in seen:
        low, high = max(one.low, start_ms), min(one.high, end_ms)
        mine = [n for n, info in infos.items() if one.usage_point_id in {None, info.usage_point_id}]
        if low < high and mine:
            groups.setdefault((low, high, one.watermark), []).extend(mine)
    parts, params = [], {}
    for place, ((low, high, watermark), series) in enumerate(groups.items()):
        sql = final.interval_rows(where=where, columns=columns)
        given = {"series": series, "start": low, "end": high, "watermark": watermark}
        for name, value in given.items():
            mark = f"{name}_{place}" if len(groups) > 1 else name
            sql = sql.replace(f"{{{name}:", f"{{{mark}:")
            params[mark] = value
        parts.append(sql)
    if len(parts) > 1:
        return f"({' UNION ALL '.join(f'SELECT * FROM {part}' for part in parts)})", params
    return "".join(parts), params
