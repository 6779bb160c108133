"""What an edit would change: reads the values as they stand and applies the operation to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import numpy as np

from server.platform.errors import InvalidField
from server.readings.calendar import DAY_MS, LocalDay, from_ms, local_day
from server.readings.desk import operations
from server.readings.desk.domain import (
    Copy,
    EditedSeries,
    EditKind,
    Estimate,
    Operation,
    Scale,
    SetTo,
    Values,
    Verify,
)
from server.readings.desk.estimates import Asked, estimated, parameters_of, way_of
from server.readings.desk.operations import MOST_VALUES, Change, decimal_micro, doubtful
from server.readings.desk.values import PresentValues
from server.readings.errors import SeriesNotFound
from server.readings.ports import ChannelDirectory, SeriesInfo

_LONGEST = timedelta(days=3660) // timedelta(milliseconds=1)
FIELDS = {
    EditKind.SET: "set",
    EditKind.SCALE: "scale",
    EditKind.COPY_DAY: "copy_day",
    EditKind.VERIFY: "verify",
    EditKind.ESTIMATE: "estimate",
}
"""Names of the operations in a request."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an edit would change."""

    kind: EditKind
    description: str
    series: tuple[EditedSeries, ...]


class Planner:
    """Makes plans."""

    def __init__(self, values: PresentValues, directory: ChannelDirectory) -> None:
        self._values = values
        self._directory = directory

    async def plan(self, tenant_id: UUID, wanted: Operation) -> Plan:
        """What the operation would change. Raises SeriesNotFound, InvalidArgument."""
        info = (await self.infos(tenant_id, [wanted.series]))[wanted.series]
        if isinstance(wanted, SetTo):
            return _plan(EditKind.SET, info, await self._set(tenant_id, wanted), "set")
        if isinstance(wanted, Scale):
            told = f"scaled to {wanted.total} {info.unit}"
            return _plan(EditKind.SCALE, info, await self._scale(tenant_id, wanted), told)
        if isinstance(wanted, Copy):
            told = f"{wanted.day} as {wanted.source_day}"
            if wanted.source_series not in (0, wanted.series):
                told += f" of series {wanted.source_series}"
            return _plan(EditKind.COPY_DAY, info, await self._copy(tenant_id, info, wanted), told)
        if isinstance(wanted, Verify):
            return _plan(EditKind.VERIFY, info, await self._verify(tenant_id, wanted), "verified")
        change = await self._estimate(tenant_id, info, wanted)
        told = f"estimated by {wanted.method}"
        if wanted.total:
            told += f", scaled to {wanted.total} {info.unit}"
        return _plan(EditKind.ESTIMATE, info, change, told)

    async def infos(self, tenant_id: UUID, series: Sequence[int]) -> Mapping[int, SeriesInfo]:
        """The series by number. Raises SeriesNotFound."""
        found = await self._directory.series(tenant_id, np.unique(np.array(series, np.uint64)))
        known = {info.series: info for info in found}
        for number in series:
            if number not in known:
                raise SeriesNotFound(number)
        return known

    async def _set(self, tenant_id: UUID, wanted: SetTo) -> Change:
        field = FIELDS[EditKind.SET]
        times = [at for at, _ in wanted.values]
        if max(times) - min(times) > _LONGEST:
            raise InvalidField(f"{field}.values", "the values lie more than ten years apart", "edit.span")
        present = await self._values.one(tenant_id, wanted.series, min(times), max(times) + 1)
        return operations.set_values(field, present, wanted.values)

    async def _scale(self, tenant_id: UUID, wanted: Scale) -> Change:
        field = FIELDS[EditKind.SCALE]
        total = decimal_micro(f"{field}.total", wanted.total)
        present = await self._period(field, tenant_id, wanted)
        return operations.scale(
            field, present, total, only_estimated=wanted.only_estimated, shown=wanted.total
        )

    async def _verify(self, tenant_id: UUID, wanted: Verify) -> Change:
        field = FIELDS[EditKind.VERIFY]
        return operations.verify(field, await self._period(field, tenant_id, wanted))

    async def _copy(self, tenant_id: UUID, info: SeriesInfo, wanted: Copy) -> Change:
        field = FIELDS[EditKind.COPY_DAY]
        source_info = info
        if wanted.source_series:
            source_info = (await self.infos(tenant_id, [wanted.source_series]))[wanted.source_series]
        if (source_info.unit, source_info.interval_seconds) != (info.unit, info.interval_seconds):
            told = (
                f"series {source_info.series} has intervals of {source_info.interval_seconds} s in"
                f" {source_info.unit}, not of {info.interval_seconds} s in {info.unit}"
            )
            raise InvalidField(f"{field}.source_series", told, "copy.like")
        day = _day(info.tz, f"{field}.day", wanted.day)
        source_day = _day(source_info.tz, f"{field}.source_day", wanted.source_day)
        if (source_info.series, source_day.day) == (info.series, day.day):
            raise InvalidField(
                f"{field}.source_day", f"{wanted.source_day} is the day to change", "copy.self"
            )
        present = await self._values.one(tenant_id, info.series, day.start_ms, day.end_ms)
        source = await self._values.one(tenant_id, source_info.series, source_day.start_ms, source_day.end_ms)
        return operations.copy_day(field, present, day, source, source_day)

    async def _estimate(self, tenant_id: UUID, info: SeriesInfo, wanted: Estimate) -> Change:
        field = FIELDS[EditKind.ESTIMATE]
        way = way_of(field, wanted.method)
        parameters = parameters_of(field, wanted.method, wanted.parameters)
        total = decimal_micro(f"{field}.total", wanted.total) if wanted.total else None
        inside = await self._period(field, tenant_id, wanted)
        gaps = doubtful(inside) if wanted.only_doubtful else np.ones(len(inside), np.bool_)
        if not gaps.any():
            raise InvalidField(f"{field}.period", "there is nothing to estimate", "estimate.values")
        length = int((inside.until - inside.ms).max())
        reach = max(way.reach_days(parameters) + 2, 2) * DAY_MS
        first, last = int(inside.ms[0]), int(inside.until[-1])
        past = await self._values.one(tenant_id, info.series, max(first - reach, 0), last + reach)
        beside = (past.ms >= first - length) & (past.ms <= last)
        near = past.taken(beside)
        asked = Asked(info.tz, near, np.isin(near.ms, inside.ms[gaps]), past, parameters)
        after = estimated(field, wanted.method, asked)
        before = inside.taken(gaps)
        if total is None:
            return Change(before, after)
        kept = inside.taken(~gaps)
        scaled = operations.fitted(field, after, total - kept.total, wanted.total)
        return Change(before, scaled)

    async def _period(self, field: str, tenant_id: UUID, wanted: Scale | Verify | Estimate) -> Values:
        if wanted.end_ms - wanted.start_ms > _LONGEST:
            raise InvalidField(f"{field}.period", "it is longer than ten years", "edit.span")
        present = await self._values.one(tenant_id, wanted.series, wanted.start_ms, wanted.end_ms)
        if not len(present):
            start, end = from_ms(wanted.start_ms).isoformat(), from_ms(wanted.end_ms).isoformat()
            raise InvalidField(f"{field}.period", f"no interval begins in {start} to {end}", "edit.intervals")
        return present


def _day(tz: str, field: str, text: str) -> LocalDay:
    return local_day(tz, operations.day_named(field, text))


def _plan(kind: EditKind, info: SeriesInfo, change: Change, told: str) -> Plan:
    if len(change.before) > MOST_VALUES:
        words = f"{len(change.before)} intervals are more than the {MOST_VALUES} that one edit may change"
        raise InvalidField(FIELDS[kind], words, "edit.size")
    part = EditedSeries(info.series, info.usage_point_id, info.unit, info.tz, change.before, change.after)
    count = len(change.before)
    return Plan(kind, f"{count} interval{'s' if count != 1 else ''} {told}", (part,))
