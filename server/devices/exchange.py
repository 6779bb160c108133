"""One meter takes the place of another: the exchange as it is stored, and what goes on as what. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from server.devices.domain import Channel, Series
from server.devices.errors import ChannelMapIncomplete, UnitMismatch
from server.platform.errors import FieldViolation, refuse
from server.platform.resource_store import Stored


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterExchange:
    """Who went, who came, and what their registers showed."""

    meter_exchange_id: UUID
    usage_point_id: UUID
    old_meter_id: UUID
    new_meter_id: UUID
    remove_time: datetime
    install_time: datetime
    final_readings: dict[str, Decimal] = field(default_factory=dict)
    """By code, at the old meter."""
    initial_readings: dict[str, Decimal] = field(default_factory=dict)
    """By code, at the new meter."""
    channel_map: dict[str, str] = field(default_factory=dict)
    """Codes at the old meter, and those at the new one; empty: the series ends."""
    missing_final: tuple[str, ...] = ()
    missing_initial: tuple[str, ...] = ()
    reason: str = ""
    stored: Stored = field(default_factory=Stored)

    @property
    def complete(self) -> bool:
        """Whether all readings are there."""
        return not (self.missing_final or self.missing_initial)


@dataclass(frozen=True, slots=True)
class Going:
    """A channel of the old meter, and the series that it feeds."""

    channel: Channel
    series: Series


def mapped(
    going: Iterable[Going], coming: Iterable[Channel], named: Iterable[tuple[str, str]]
) -> dict[str, str]:
    """Which code goes on as which: as named, else as the same code.

    Raises InvalidArgument naming pairs that cannot be, UnitMismatch for one whose series would go on in
    another unit, and ChannelMapIncomplete when a series is left without a word.
    """
    old = {one.channel.code: one for one in going}
    new = {one.code: one for one in coming if one.kind != "INSTANTANEOUS"}
    pairs = _named(list(named), old, new)
    taken = {code for code in pairs.values() if code}
    for code, one in old.items():
        if code not in pairs and code in new and code not in taken and _fits(one, new[code]):
            pairs[code] = code
    for code, goes_on in pairs.items():
        if goes_on and new[goes_on].unit != old[code].series.unit:
            raise UnitMismatch(
                f"{goes_on!r} of the new meter is in {new[goes_on].unit}, the series that {code!r} feeds"
                f" is in {old[code].series.unit}",
                channel=new[goes_on].channel,
                series=old[code].series.series,
            )
    told = {old[code].series.series for code in pairs}
    for code, one in old.items():
        if one.series.series not in told:
            raise ChannelMapIncomplete(
                f"the new meter has no {code!r}: say in channel_map as what series {one.series.series}"
                " goes on, or that it ends",
                old_code=code,
                series=one.series.series,
            )
    return pairs


def _fits(one: Going, channel: Channel) -> bool:
    return channel.quantity == one.series.quantity and channel.kind == one.channel.kind


def _named(
    named: list[tuple[str, str]], old: Mapping[str, Going], new: Mapping[str, Channel]
) -> dict[str, str]:
    violations = []
    pairs: dict[str, str] = {}
    for place, (old_code, new_code) in enumerate(named):
        where = f"channel_map[{place}]"
        if old_code not in old:
            said = f"{old_code!r} of the old meter feeds no series"
            violations.append(FieldViolation(f"{where}.old_code", said, "channel_map.known"))
        elif old_code in pairs:
            violations.append(FieldViolation(f"{where}.old_code", f"{old_code!r} comes twice", "unique"))
        elif new_code and new_code not in new:
            said = f"the new meter has no register or interval channel {new_code!r}"
            violations.append(FieldViolation(f"{where}.new_code", said, "channel_map.known"))
        elif new_code and new_code in pairs.values():
            violations.append(FieldViolation(f"{where}.new_code", f"{new_code!r} comes twice", "unique"))
        elif new_code and new[new_code].quantity != old[old_code].series.quantity:
            said = f"{new_code!r} is {new[new_code].quantity}, the series {old[old_code].series.quantity}"
            violations.append(FieldViolation(f"{where}.new_code", said, "channel_map.quantity"))
        pairs[old_code] = new_code
    refuse(violations)
    return pairs


def missing(expected: Iterable[str], given: Mapping[str, Decimal]) -> tuple[str, ...]:
    """Codes of the readings that are still to come, in order."""
    return tuple(sorted(set(expected) - set(given)))
