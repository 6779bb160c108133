"""Use cases of exports: ask for a file, look how far it is, fetch it."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from dataclasses import replace
from uuid import UUID

import numpy as np

from server.platform.caller import current_caller
from server.platform.errors import FieldViolation, InvalidField, refuse
from server.platform.hints import Hints
from server.platform.history import CREATED
from server.platform.ids import new_id
from server.platform.uow import UnitOfWork
from server.platform.zones import is_zone
from server.readings.calendar import from_ms
from server.readings.domain import UInt64s
from server.readings.errors import NodeNotFound, SeriesNotFound
from server.readings.exports import store
from server.readings.exports.domain import Export, Wish
from server.readings.exports.errors import ExportNotReady
from server.readings.exports.ports import ExportDirectory
from server.readings.ports import Membership
from server.readings.queries.seen import Views

JOB, FORGET_JOB, QUEUE = "readings.run_export", "readings.forget_export", "exports"
LONGEST_DAYS = 3700
_DAY_MS = 86_400_000
_LOOK_SECONDS = 1.0
_LARGEST_ANSWER = 64 << 20


def topic(export_id: UUID) -> str:
    """Name of the hint that an export moved on."""
    return str(export_id)


class Exports:
    """Create, get, list, watch, cancel, fetch."""

    def __init__(
        self,
        uow: UnitOfWork,
        directory: ExportDirectory,
        membership: Membership,
        views: Views,
        hints: Hints,
    ) -> None:
        self._uow = uow
        self._directory = directory
        self._membership = membership
        self._views = views
        self._hints = hints

    async def create(self, wish: Wish) -> Export:
        """Begins to write a file.

        Raises InvalidArgument for what does not hold together, SeriesNotFound and NodeNotFound.
        """
        refuse(_violations(wish))
        series = await self._series(current_caller().tenant_id, wish)
        watermark = await self._views.watermark()
        async with self._uow() as tx:
            export = Export(
                new_id(), wish, "PENDING", watermark=watermark, total=len(series), create_time=tx.now
            )
            await store.insert(tx, export, series)
            await tx.defer(JOB, queue=QUEUE, export_id=str(export.export_id))
            told = {
                "format": wish.format,
                "start": from_ms(wish.start_ms).isoformat(),
                "end": from_ms(wish.end_ms).isoformat(),
                "series": len(series),
            }
            await tx.changed(kind="reading_export", resource_id=export.export_id, action=CREATED, after=told)
        return export

    async def _series(self, tenant_id: UUID, wish: Wish) -> UInt64s:
        """The numbers of the series that are meant, in order."""
        if wish.series:
            numbers = np.unique(np.array(wish.series, np.uint64))
            found = await self._directory.series(tenant_id, numbers)
            unknown = set(numbers.tolist()) - {one.series for one in found}
            if unknown:
                raise SeriesNotFound(min(unknown))
        elif wish.usage_point_ids:
            known = await self._directory.usage_points(tenant_id, wish.usage_point_ids)
            lost = sorted(set(wish.usage_point_ids) - {one.usage_point_id for one in known})
            if lost:
                place = wish.usage_point_ids.index(lost[0])
                where = f"reading_export.usage_point_ids[{place}]"
                raise InvalidField(where, f"usage point {lost[0]} does not exist", "usage_point.known")
            found = await self._directory.series_of(tenant_id, wish.usage_point_ids)
        elif wish.node_id is not None:
            if await self._membership.hierarchy_of(tenant_id, wish.node_id) is None:
                raise NodeNotFound(wish.node_id)
            points = await self._directory.usage_points_under(tenant_id, wish.node_id)
            found = await self._directory.series_of(tenant_id, points)
        else:
            points = await self._directory.visible_usage_points(tenant_id)
            found = await self._directory.series_of(tenant_id, points)
        wanted = set(wish.quantities)
        kept = sorted(one.series for one in found if not wanted or one.quantity in wanted)
        return np.array(kept, np.uint64)

    async def get(self, export_id: UUID) -> Export:
        """One. Raises ReadingExportNotFound."""
        async with self._uow() as tx:
            return await store.get(tx, export_id)

    async def page(self, *, before: UUID | None, limit: int) -> Sequence[Export]:
        """Many, newest first."""
        async with self._uow() as tx:
            return await store.page(tx, before=before, limit=limit)

    async def cancel(self, export_id: UUID) -> Export:
        """Ends one that is not over; what was written of it is forgotten."""
        async with self._uow() as tx:
            now = await store.get(tx, export_id, lock=True)
            if now.over:
                return now
            await store.update(tx, export_id, state="CANCELLED", end_time=tx.now)
            await store.drop_file(tx, export_id)
            await tx.changed(
                kind="reading_export", resource_id=export_id, action="cancelled", after={"state": "CANCELLED"}
            )
            now = replace(now, state="CANCELLED", end_time=tx.now)
        await self._hints.give([topic(export_id)])
        return now

    async def watch(self, export_id: UUID) -> AsyncGenerator[Export]:
        """The export now, and again whenever it moved on, until it is over."""
        told: Export | None = None
        with self._hints.on(topic(export_id)) as hinted:
            while told is None or not told.over:
                hinted.clear()
                now = await self.get(export_id)
                if now != told:
                    told = now
                    yield now
                if not now.over:
                    with suppress(TimeoutError):
                        await asyncio.wait_for(hinted.wait(), _LOOK_SECONDS)

    async def content(self, export_id: UUID, offset: int = 0) -> AsyncGenerator[bytes]:
        """The file from a byte on, piece by piece. Raises ExportNotReady; InvalidField beyond its end."""
        async with self._uow() as tx:
            export = await store.get(tx, export_id)
            sizes = await store.sizes(tx, export_id)
        if export.state != "SUCCEEDED" or sum(sizes) != export.size:
            told = "no longer kept" if export.state == "SUCCEEDED" else export.state
            raise ExportNotReady(export_id, told)
        if offset > export.size:
            raise InvalidField("offset", f"the file has {export.size} bytes", "offset.within")
        begins = 0
        for part, size in enumerate(sizes):
            if begins + size > offset:
                # A transaction a piece: whoever reads slowly holds none.
                async with self._uow() as tx:
                    piece = await store.part_of(tx, export_id, part)
                if piece is None:
                    raise ExportNotReady(export_id, "no longer kept")
                yield piece[max(offset - begins, 0) :]
            begins += size

    async def whole(self, export_id: UUID) -> tuple[Export, bytes]:
        """The file in one piece. Raises ExportNotReady, also for one that is too large."""
        export = await self.get(export_id)
        if export.size > _LARGEST_ANSWER:
            raise ExportNotReady(export_id, f"{export.size} bytes large: fetch it with DownloadReadingExport")
        return export, b"".join([piece async for piece in self.content(export_id)])


def _violations(wish: Wish) -> list[FieldViolation]:
    where = "reading_export"
    found = []
    if wish.end_ms <= wish.start_ms:
        found.append(FieldViolation(f"{where}.period", "ends before it begins", "period.order"))
    if wish.end_ms - wish.start_ms > LONGEST_DAYS * _DAY_MS:
        found.append(
            FieldViolation(f"{where}.period", f"is longer than {LONGEST_DAYS} days", "period.length")
        )
    if not is_zone(wish.time_zone):
        found.append(
            FieldViolation(f"{where}.time_zone", f"{wish.time_zone!r} is not an IANA zone", "time_zone.iana")
        )
    if sum(map(bool, (wish.usage_point_ids, wish.series, wish.node_id))) > 1:
        said = "usage_point_ids, series and node_id exclude one another"
        found.append(FieldViolation(f"{where}.series", said, "selection.one"))
    if wish.format == "NEM12":
        found += [
            FieldViolation(f"{where}.{name}", "NEM12 names who sends and who gets it", "nem12.participant")
            for name, value in (("from_participant", wish.sender), ("to_participant", wish.receiver))
            if not value
        ]
    return found
