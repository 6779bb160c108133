"""Raw readings, as meters gave them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np

from server.platform.scope import current_scope
from server.platform.telemetry_store import TelemetryStore
from server.readings.calendar import to_ms
from server.readings.errors import ChannelNotFound, MeterNotFound
from server.readings.ports import ChannelDirectory, ChannelInfo, Installation

Key = tuple[int, int, int, str, int, int]
"""What rows are ordered by: channel, time, received, source, sequence, value."""

_LAST = 1 << 62
_COLUMNS = """channel, toUnixTimestamp64Milli(ts) AS ms, toUnixTimestamp64Milli(received) AS got,
    toString(source) AS sender, sequence, reinterpretAsInt64(value) AS micro, quality"""


@dataclass(frozen=True, slots=True)
class RawReading:
    """One reading with what is known of its channel."""

    info: ChannelInfo
    ms: int
    micro: int
    quality: int
    received_ms: int
    source: str
    sequence: int

    @property
    def key(self) -> Key:
        """Its place in the order of a query."""
        return self.info.channel, self.ms, self.received_ms, self.source, self.sequence, self.micro


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a channel's time, milliseconds, half-open."""

    channel: int
    low: int
    high: int


class RawQueries:
    """Reads ``raw_reading``."""

    def __init__(self, store: TelemetryStore, directory: ChannelDirectory) -> None:
        self._store = store
        self._directory = directory

    async def page(
        self,
        tenant_id: UUID,
        *,
        channels: Sequence[int] = (),
        meter_id: UUID | None = None,
        usage_point_id: UUID | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
        after: Key | None = None,
        limit: int,
    ) -> list[RawReading]:
        """Readings in order of channel and time, from behind ``after`` on.

        Of a usage point, those of each meter while it was there. Raises ChannelNotFound and MeterNotFound.
        """
        low = to_ms(start) if start is not None else -_LAST
        high = to_ms(end) if end is not None else _LAST
        if usage_point_id is not None:
            infos = await self._directory.channels_at(tenant_id, usage_point_id)
            links = await self._directory.installations(tenant_id, _numbers(info.channel for info in infos))
            pieces = [p for p in _at(links, usage_point_id, low, high) if p.low < p.high]
        else:
            infos = (
                await self._of_meter(tenant_id, meter_id)
                if meter_id is not None
                else await self._of_numbers(tenant_id, channels)
            )
            pieces = await self._pieces(tenant_id, infos, low, high)
        known = {info.channel: info for info in infos}
        rows = await self._rows(tenant_id, pieces, after, limit)
        return [_reading(known[channel], row) for channel, *row in rows]

    async def latest_of_channels(self, tenant_id: UUID, channels: Sequence[int]) -> list[RawReading]:
        """The newest reading of each of these channels that has any; unknown ones have none."""
        infos = await self._directory.channels(tenant_id, _numbers(channels))
        pieces = None
        if current_scope() is not None:
            pieces = await self._pieces(tenant_id, infos, -_LAST, _LAST)
        return await self._latest(tenant_id, infos, pieces)

    async def channels_of_meters(
        self,
        tenant_id: UUID,
        meter_ids: Sequence[UUID],
        quantities: Sequence[str],
        after: int,
        limit: int,
        *,
        must: bool,
    ) -> list[int]:
        """Channels of meters, in order, from behind ``after`` on. Raises MeterNotFound if one ``must`` be."""
        infos = await self._directory.channels_of_meters(tenant_id, meter_ids)
        if must and not infos:
            raise MeterNotFound(meter_ids[0])
        wanted = (info for info in infos if not quantities or info.quantity in quantities)
        return sorted(info.channel for info in wanted if info.channel > after)[:limit]

    async def at_ends(
        self, tenant_id: UUID, info: ChannelInfo, since: int, low: int, high: int
    ) -> tuple[RawReading | None, RawReading | None]:
        """A register's reading at the beginning and at the end of ``[low, high]``, milliseconds.

        The last one up to ``low`` and from ``since`` on, else the first one after; and the last one up to
        ``high``. None: there is none.
        """
        columns = "(ms, got, sender, sequence, micro, quality)"
        newest = "(ms, got, sequence, micro)"
        first = "(-ms, got, sequence, micro)"
        rows = await self._store.rows(
            f"""
            SELECT countIf(ms <= {{low:Int64}}), argMaxIf({columns}, {newest}, ms <= {{low:Int64}}),
                argMax({columns}, {first}), argMax({columns}, {newest}), count()
            FROM (
                SELECT {_COLUMNS} FROM raw_reading
                WHERE tenant_id = {{tenant:UUID}} AND channel = {{channel:UInt64}}
                    AND ts >= fromUnixTimestamp64Milli({{since:Int64}})
                    AND ts <= fromUnixTimestamp64Milli({{high:Int64}}))""",
            {"tenant": str(tenant_id), "channel": info.channel, "since": since, "low": low, "high": high},
        )
        before, upto, earliest, latest, count = rows[0]
        if not count:
            return None, None
        return _reading(info, upto if before else earliest), _reading(info, latest)

    async def _pieces(
        self, tenant_id: UUID, infos: Sequence[ChannelInfo], low: int, high: int
    ) -> list[Piece]:
        """What a caller may see of channels: all, or with a scope what came while they were within it.

        What a meter has counted elsewhere is another customer's.
        """
        if current_scope() is None:
            return [Piece(info.channel, low, high) for info in infos]
        links = await self._directory.installations(tenant_id, _numbers(info.channel for info in infos))
        return [piece for link in links if (piece := _piece(link, low, high)).low < piece.high]

    async def _of_meter(self, tenant_id: UUID, meter_id: UUID) -> Sequence[ChannelInfo]:
        infos = await self._directory.channels_of_meters(tenant_id, [meter_id])
        if not infos:
            raise MeterNotFound(meter_id)
        return infos

    async def _of_numbers(self, tenant_id: UUID, channels: Sequence[int]) -> Sequence[ChannelInfo]:
        infos = await self._directory.channels(tenant_id, _numbers(channels))
        unknown = set(channels) - {info.channel for info in infos}
        if unknown:
            raise ChannelNotFound(min(unknown))
        return infos

    async def _latest(
        self, tenant_id: UUID, infos: Sequence[ChannelInfo], pieces: Sequence[Piece] | None
    ) -> list[RawReading]:
        """Of all times, or of these pieces only."""
        if not infos or pieces == []:
            return []
        known: Mapping[int, ChannelInfo] = {info.channel: info for info in infos}
        if pieces is not None:
            rows = await self._store.rows(
                f"""
                SELECT {_COLUMNS} FROM raw_reading
                WHERE tenant_id = {{tenant:UUID}} AND channel IN {{channels:Array(UInt64)}}
                    AND ({" OR ".join(map(condition_of, pieces))})
                ORDER BY channel, ms DESC, got DESC, sequence DESC, micro DESC LIMIT 1 BY channel""",
                {"tenant": str(tenant_id), "channels": sorted({one.channel for one in pieces})},
            )
            return [_reading(known[channel], row) for channel, *row in rows]
        rows = await self._store.rows(
            f"""
            SELECT {_COLUMNS} FROM raw_reading
            WHERE tenant_id = {{tenant:UUID}} AND (channel, ts) IN (
                SELECT channel, max(last_ts) FROM channel_span
                WHERE tenant_id = {{tenant:UUID}} AND channel IN {{channels:Array(UInt64)}} GROUP BY channel)
            ORDER BY channel, got DESC, sequence DESC, micro DESC LIMIT 1 BY channel""",
            {"tenant": str(tenant_id), "channels": [info.channel for info in infos]},
        )
        return [_reading(known[channel], row) for channel, *row in rows]

    async def _rows(
        self, tenant_id: UUID, pieces: Sequence[Piece], after: Key | None, limit: int
    ) -> Sequence[tuple[int, int, int, str, int, int, int]]:
        # What lies before the page is left out piece by piece, so that the primary key leads to the place.
        if after is not None:
            pieces = [
                p if p.channel > after[0] else Piece(p.channel, max(p.low, after[1]), p.high)
                for p in pieces
                if p.channel > after[0] or (p.channel == after[0] and p.high > after[1])
            ]
        if not pieces:
            return []
        where = " OR ".join(condition_of(piece) for piece in pieces)
        key = (
            "AND (channel, ms, got, sender, sequence, micro)"
            " > {after:Tuple(UInt64, Int64, Int64, String, UInt64, Int64)}"
            if after is not None
            else ""
        )
        params: dict[str, object] = {
            "tenant": str(tenant_id),
            "channels": sorted({p.channel for p in pieces}),
        }
        if after is not None:
            params["after"] = after
        return await self._store.rows(
            f"""
            SELECT {_COLUMNS} FROM raw_reading
            WHERE tenant_id = {{tenant:UUID}} AND channel IN {{channels:Array(UInt64)}} AND ({where}) {key}
            ORDER BY channel, ms, got, sender, sequence, micro LIMIT {limit}""",
            params,
        )


def _reading(info: ChannelInfo, row: Sequence[Any]) -> RawReading:
    ms, received, source, sequence, micro, quality = row
    return RawReading(info, ms, micro, quality, received, source, sequence)


def condition_of(piece: Piece) -> str:
    """Whether a raw reading lies in the piece, as SQL."""
    parts = [f"channel = {piece.channel}"]
    if piece.low > -_LAST:
        parts.append(f"ts >= fromUnixTimestamp64Milli({piece.low})")
    if piece.high < _LAST:
        parts.append(f"ts < fromUnixTimestamp64Milli({piece.high})")
    return f"({' AND '.join(parts)})"


def _at(links: Sequence[Installation], usage_point_id: UUID, low: int, high: int) -> Iterable[Piece]:
    return (_piece(link, low, high) for link in links if link.usage_point_id == usage_point_id)


def _piece(link: Installation, low: int, high: int) -> Piece:
    until = high if link.end is None else min(high, to_ms(link.end))
    return Piece(link.channel, max(low, to_ms(link.start)), until)


def _numbers(channels: Iterable[int]) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    return np.array(sorted(set(channels)), np.uint64)
