"""Which readings a subscriber gets: pieces of channels' time, and series."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from server.platform.scope import current_scope
from server.readings.calendar import to_ms
from server.readings.domain import Int64s
from server.readings.live.domain import Rows
from server.readings.live.ports import LiveDirectory

_ALWAYS = 1 << 62
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a subscriber asks for; nothing at all: everything. Several parts: what fits one of them."""

    channels: tuple[int, ...] = ()
    meter_ids: tuple[UUID, ...] = ()
    usage_point_ids: tuple[UUID, ...] = ()
    series: tuple[int, ...] = ()
    node_id: UUID | None = None
    quantities: frozenset[str] = frozenset()
    """Only these; empty: all."""

    @property
    def everything(self) -> bool:
        """Whether nothing is named."""
        named = self.channels or self.meter_ids or self.usage_point_ids or self.series
        return not named and self.node_id is None


@dataclass(frozen=True, slots=True)
class Pieces:
    """When readings of which channels are wanted: ordered by channel and time, without overlaps."""

    channel: Int64s
    low: Int64s
    high: Int64s
    most: int
    """Pieces of one channel at most."""

    @staticmethod
    def of(spans: dict[int, list[Span]]) -> "Pieces":
        """Pieces of the spans of channels, milliseconds, half-open; they may overlap."""
        rows = [(channel, *one) for channel in sorted(spans) for one in _joined(spans[channel])]
        columns = np.array(rows, np.int64).reshape(-1, 3).T
        most = max((len(_joined(one)) for one in spans.values()), default=0)
        return Pieces(columns[0], columns[1], columns[2], most)

    @property
    def channels(self) -> Int64s:
        """The channels, each once."""
        return np.unique(self.channel)

    def has(self, rows: Rows) -> NDArray[np.bool_]:
        """Which of the rows lie in a piece."""
        keep = np.zeros(len(rows), np.bool_)
        first = np.searchsorted(self.channel, rows.channel, side="left")
        count = np.searchsorted(self.channel, rows.channel, side="right") - first
        for number in range(self.most):
            place = np.minimum(first + number, max(len(self.channel) - 1, 0))
            inside = (rows.time_ms >= self.low[place]) & (rows.time_ms < self.high[place])
            keep |= (number < count) & inside
        return keep


@dataclass(slots=True)
class Selection:
    """A wish, looked up: what it means may change as meters and usage points move."""

    pieces: Pieces | None
    """None: all channels."""
    series: Int64s | None
    """In order; None: all series."""
    quantities: frozenset[str] = frozenset()
    """Of all channels, only those of these quantities; empty: all."""
    _fits: dict[int, bool] = field(default_factory=dict)

    @property
    def channels(self) -> Int64s | None:
        """The channels that can have readings; None: any."""
        return None if self.pieces is None else self.pieces.channels

    async def kept(self, directory: LiveDirectory, tenant_id: UUID, rows: Rows) -> Rows:
        """The rows that are wanted."""
        if not len(rows):
            return rows
        if self.pieces is not None:
            keep = self.pieces.has(rows)
        elif self.quantities:
            keep = await self._of_quantities(directory, tenant_id, rows)
        else:
            return rows
        return rows if keep.all() else rows.only(keep)

    async def _of_quantities(
        self, directory: LiveDirectory, tenant_id: UUID, rows: Rows
    ) -> NDArray[np.bool_]:
        distinct, place = np.unique(rows.channel, return_inverse=True)
        new = [number for number in distinct.tolist() if number not in self._fits]
        if new:
            infos = await directory.channels(tenant_id, np.array(new, np.uint64))
            self._fits |= dict.fromkeys(new, False)
            self._fits |= {info.channel: info.quantity in self.quantities for info in infos}
        fits = np.array([self._fits[number] for number in distinct.tolist()], np.bool_)
        keep: NDArray[np.bool_] = fits[place]
        return keep


async def look_up(directory: LiveDirectory, tenant_id: UUID, wish: Wish) -> Selection:
    """What a wish means now, for the current caller and within their scope."""
    scoped = current_scope() is not None
    if wish.everything and not scoped:
        if not wish.quantities:
            return Selection(None, None)
        measured = await directory.series_of_quantities(tenant_id, sorted(wish.quantities))
        return Selection(None, _numbers(measured), wish.quantities)
    spans: dict[int, list[Span]] = {}
    points = list(wish.usage_point_ids)
    if wish.everything:
        points = list(await directory.visible_usage_points(tenant_id))
    elif wish.node_id is not None:
        points += await directory.usage_points_under(tenant_id, wish.node_id)
    numbers = set(wish.channels)
    if wish.meter_ids:
        infos = await directory.channels_of_meters(tenant_id, list(wish.meter_ids))
        numbers |= {info.channel for info in infos}
    await _of_channels(directory, tenant_id, sorted(numbers), spans, scoped=scoped)
    found = list(await directory.series_of(tenant_id, points)) if points else []
    await _of_points(directory, tenant_id, points, spans)
    if wish.series:
        found += await directory.series(tenant_id, np.array(wish.series, np.uint64))
    fed = np.array(sorted({info.series for info in found}), np.uint64)
    for link in await directory.installations_of_series(tenant_id, fed) if len(fed) else ():
        _add(spans, link.channel, to_ms(link.start), None if link.end is None else to_ms(link.end))
    if wish.quantities:
        infos = await directory.channels(tenant_id, np.array(sorted(spans), np.uint64))
        fitting = {info.channel for info in infos if info.quantity in wish.quantities}
        spans = {channel: one for channel, one in spans.items() if channel in fitting}
    series = (info.series for info in found if not wish.quantities or info.quantity in wish.quantities)
    return Selection(Pieces.of(spans), _numbers(series))


async def _of_channels(
    directory: LiveDirectory,
    tenant_id: UUID,
    numbers: Sequence[int],
    spans: dict[int, list[Span]],
    *,
    scoped: bool,
) -> None:
    """Channels that were named: all of their time, or with a scope that in which they were within it."""
    if not numbers:
        return
    wanted = np.array(numbers, np.uint64)
    if not scoped:
        for info in await directory.channels(tenant_id, wanted):
            _add(spans, info.channel, -_ALWAYS, None)
        return
    infos = {info.channel: info for info in await directory.channels(tenant_id, wanted)}
    stays = await directory.stays_of(tenant_id, sorted({info.meter_id for info in infos.values()}))
    for stay in stays:
        for info in infos.values():
            if info.meter_id == stay.meter_id:
                _add(spans, info.channel, to_ms(stay.start), None if stay.end is None else to_ms(stay.end))
    for link in await directory.installations(tenant_id, wanted):
        _add(spans, link.channel, to_ms(link.start), None if link.end is None else to_ms(link.end))


async def _of_points(
    directory: LiveDirectory, tenant_id: UUID, points: Sequence[UUID], spans: dict[int, list[Span]]
) -> None:
    """All channels of the meters of usage points, each while it was there."""
    if not points:
        return
    stays = await directory.stays_at(tenant_id, points)
    infos = await directory.channels_of_meters(tenant_id, sorted({stay.meter_id for stay in stays}))
    of_meter: dict[UUID, list[int]] = {}
    for info in infos:
        of_meter.setdefault(info.meter_id, []).append(info.channel)
    for stay in stays:
        for channel in of_meter.get(stay.meter_id, ()):
            _add(spans, channel, to_ms(stay.start), None if stay.end is None else to_ms(stay.end))


def _add(spans: dict[int, list[Span]], channel: int, low: int, high: int | None) -> None:
    spans.setdefault(channel, []).append((low, _ALWAYS if high is None else high))


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Spans without overlaps, in order."""
    found: list[Span] = []
    for low, high in sorted(spans):
        if found and low <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return found


def _numbers(numbers: Iterable[int]) -> Int64s:
    return np.array(sorted(set(numbers)), np.int64)
