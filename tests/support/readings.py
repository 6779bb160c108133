"""Readings on real engines, with the directory of devices kept in memory."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from uuid import UUID

import numpy as np

from server.devices.lanes import Lanes
from server.platform.caller import Caller
from server.platform.ids import new_id
from server.readings.calendar import to_ms
from server.readings.domain import Block
from server.readings.vee.scope import FOREVER

_MODEL = UUID(int=1)


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel as readings see it."""

    channel: int
    meter_id: UUID
    code: str = "energy_import"
    kind: str = "INTERVAL"
    commodity: str = "ELECTRICITY"
    quantity: str = "ACTIVE_ENERGY_IMPORT"
    unit: str = "kWh"
    dials: int | None = None
    interval_seconds: int | None = 1800
    max_per_hour_micro: int | None = None
    negative_allowed: bool = False
    model_id: UUID = _MODEL


@dataclass(frozen=True, slots=True)
class Installed:
    """That a channel feeds a series."""

    channel: int
    series: int
    usage_point_id: UUID
    start: datetime
    end: datetime | None
    multiplier: Decimal
    tz: str
    capacity_micro: int | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """A series as readings see it."""

    usage_point_id: UUID
    series: int
    quantity: str = "ACTIVE_ENERGY_IMPORT"
    unit: str = "kWh"
    commodity: str = "ELECTRICITY"
    interval_seconds: int | None = 1800
    tz: str = "Europe/London"


LANE_TYPES = (np.int64, np.int64, "V16", object, np.int32, np.int64, np.int64, np.bool_, np.int64, np.int64)
_EARLY = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Devices:
    """The port ``ChannelDirectory`` from memory."""

    tenant_id: UUID
    caller: Caller
    known: dict[int, Channel] = field(default_factory=dict)
    links: list[Installed] = field(default_factory=list)
    all_series: dict[int, Series] = field(default_factory=dict)

    def add(self, count: int = 1, **others: object) -> list[int]:
        """New channels, each of a meter of its own."""
        first = max(self.known, default=_first_number()) + 1
        for number in range(first, first + count):
            self.known[number] = Channel(number, new_id(), **others)
        return list(range(first, first + count))

    def install(
        self,
        channel: int,
        *,
        series: Series | None = None,
        start: datetime = _EARLY,
        end: datetime | None = None,
        multiplier: str = "1",
        tz: str = "Europe/London",
        capacity_micro: int | None = None,
    ) -> Series:
        """Installs a channel, at a usage point of its own unless a series is given."""
        if series is None:
            info = self.known[channel]
            series = Series(
                new_id(),
                channel + 1_000_000,
                info.quantity,
                info.unit,
                info.commodity,
                info.interval_seconds,
                tz,
            )
        self.all_series[series.series] = series
        self.links.append(
            Installed(
                channel,
                series.series,
                series.usage_point_id,
                start,
                end,
                Decimal(multiplier),
                series.tz,
                capacity_micro,
            )
        )
        return series

    async def channels(self, tenant_id, numbers):
        mine = self.known if tenant_id == self.tenant_id else {}
        return [mine[number] for number in numbers.tolist() if number in mine]

    async def channels_of_meters(self, tenant_id, meter_ids):
        return [
            one for one in self.known.values() if one.meter_id in meter_ids and tenant_id == self.tenant_id
        ]

    async def channels_at(self, tenant_id, usage_point_id):
        had = {link.channel for link in self.links if link.usage_point_id == usage_point_id}
        return [one for one in self.known.values() if one.channel in had and tenant_id == self.tenant_id]

    async def installations(self, tenant_id, numbers):
        wanted = set(numbers.tolist()) if tenant_id == self.tenant_id else set()
        return [link for link in self.links if link.channel in wanted]

    async def installations_of_series(self, tenant_id, series):
        wanted = set(series.tolist()) if tenant_id == self.tenant_id else set()
        return [link for link in self.links if link.series in wanted]

    async def stays_at(self, _tenant_id, usage_point_ids):
        return [self._stay(link) for link in self.links if link.usage_point_id in usage_point_ids]

    async def stays_of(self, _tenant_id, meter_ids):
        return [stay for stay in map(self._stay, self.links) if stay.meter_id in meter_ids]

    def _stay(self, link):
        meter_id = self.known[link.channel].meter_id
        return SimpleNamespace(meter_id=meter_id, start=link.start, end=link.end)

    async def visible_usage_points(self, _tenant_id):
        return sorted({link.usage_point_id for link in self.links})

    async def series_of_quantities(self, _tenant_id, quantities):
        return [one.series for one in self.all_series.values() if one.quantity in quantities]

    async def lanes(self, tenant_id, numbers):
        wanted = set(numbers.tolist()) if tenant_id == self.tenant_id else set()
        by_series = Counter(link.series for link in self.links)
        alone = [
            (link, self.known[link.channel])
            for link in sorted(self.links, key=lambda link: link.channel)
            if link.channel in wanted and by_series[link.series] == 1
        ]
        rows = [
            (
                link.channel,
                link.series,
                link.usage_point_id.bytes,
                link.tz,
                self.all_series[link.series].interval_seconds or info.interval_seconds,
                int(link.multiplier * 10**9),
                -1 if info.max_per_hour_micro is None else info.max_per_hour_micro,
                info.negative_allowed,
                to_ms(link.start),
                FOREVER if link.end is None else to_ms(link.end),
            )
            for link, info in alone
            if info.kind == "INTERVAL" and (info.interval_seconds or 7200) <= 3600
        ]
        columns = list(zip(*rows, strict=True)) or [()] * len(LANE_TYPES)
        return Lanes(*(np.array(column, kind) for column, kind in zip(columns, LANE_TYPES, strict=True)))

    async def series(self, tenant_id, numbers):
        wanted = set(numbers.tolist()) if tenant_id == self.tenant_id else set()
        return [one for one in self.all_series.values() if one.series in wanted]

    async def models_of_channels(self, tenant_id, numbers):
        mine = self.known if tenant_id == self.tenant_id else {}
        return {number: mine[number].model_id for number in numbers.tolist() if number in mine}

    async def has_model(self, tenant_id, device_model_id):
        mine = self.known.values() if tenant_id == self.tenant_id else ()
        return any(one.model_id == device_model_id for one in mine)

    async def usage_points(self, tenant_id, usage_point_ids):
        return await self.series_of(tenant_id, usage_point_ids)

    async def series_of(self, tenant_id, usage_point_ids):
        wanted = set(usage_point_ids) if tenant_id == self.tenant_id else set()
        return [one for one in self.all_series.values() if one.usage_point_id in wanted]


def _first_number() -> int:
    return int(new_id().int >> 64 & 0xFFFF) * 1_000_000


def block(source, sequence, channel, time_ms, value_micro, quality=()):
    """A block from lists."""
    return Block(
        source,
        sequence,
        np.array(channel, np.uint64),
        np.array(time_ms, np.int64),
        np.array(value_micro, np.int64),
        np.array(quality, np.uint32),
    )
