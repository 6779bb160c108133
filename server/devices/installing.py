"""Putting a meter at a usage point and taking it away, within a transaction of whoever does it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from server.devices import channels, tables
from server.devices.domain import Channel, Installation, Meter, Series, UsagePoint
from server.devices.errors import InstallationOverlap, NotInstalled, UnitMismatch
from server.devices.exchange import Going
from server.devices.life import used_again
from server.devices.stores import device_models, meters
from server.devices.telling_installation import meter_installed, meter_removed
from server.platform.errors import InvalidField
from server.platform.ids import new_id
from server.platform.resource_store import constraint_of
from server.platform.uow import Tx

_installation, _link = tables.installation, tables.installation_channel
REMOVED, REPLACED = "removed", "replaced"


def check_multiplier(field: str, multiplier: Decimal) -> None:
    """Raises InvalidField for a multiplier that is not above 0."""
    if multiplier <= 0:
        raise InvalidField(field, f"{multiplier} is not above 0", "multiplier.positive")


async def check_commodity(tx: Tx, field: str, meter: Meter, point: UsagePoint) -> None:
    """Raises InvalidField for a meter of another commodity."""
    model = await device_models.get(tx, meter.device_model_id)
    if model.commodity != point.commodity:
        said = f"the meter is for {model.commodity}, the usage point for {point.commodity}"
        raise InvalidField(field, said, "installation.commodity")


async def begin(
    tx: Tx,
    point: UsagePoint,
    meter: Meter,
    start: datetime,
    multiplier: Decimal,
    goes_on: Mapping[str, Series] | None = None,
) -> Installation:
    """Puts a meter there from an instant on, and joins its channels to series.

    ``goes_on`` are series that channels, by code, go on with after an exchange. Raises InstallationOverlap
    when meter or usage point is taken at any later time, UnitMismatch when a series goes on in another unit.
    """
    meter_id = meter.meter_id
    made = Installation(
        installation_id=new_id(),
        usage_point_id=point.usage_point_id,
        meter_id=meter_id,
        start=start,
        end=None,
        multiplier=multiplier,
    )
    await _insert(tx, made)
    if used_again(meter.life) != meter.life:
        await meters.save(tx, replace(meter, life=used_again(meter.life)))
    own = (await channels.of_meters(tx, [meter_id])).get(meter_id, ())
    await _join(tx, made, own, goes_on or {})
    await tx.emit(meter_installed(made))
    await tx.changed(
        kind="installation", resource_id=made.installation_id, action="installed", after=told(made)
    )
    return made


async def end(tx: Tx, which: sa.ColumnElement[bool], time: datetime, reason: str) -> Installation | None:
    """Ends the installation that lasts and began before the instant; None: there is none."""
    lasts = _installation.c.end_time.is_(None), _installation.c.start_time < time
    query = (
        sa.update(_installation)
        .where(_installation.c.tenant_id == tx.tenant_id, which, *lasts)
        .values(end_time=time, end_reason=reason)
        .returning(_installation)
    )
    row = (await tx.conn.execute(query)).mappings().one_or_none()
    if row is None:
        return None
    ended = read(row)
    await tx.emit(meter_removed(ended))
    await tx.changed(
        kind="installation",
        resource_id=ended.installation_id,
        action=reason,
        before={**told(ended), "end_time": None, "end_reason": None},
        after=told(ended),
    )
    return ended


def not_installed(usage_point_id: UUID, time: datetime) -> NotInstalled:
    """The error for a usage point without a meter."""
    return NotInstalled(
        f"no meter is installed at usage point {usage_point_id} before {time.isoformat()}",
        usage_point_id=usage_point_id,
    )


async def fed_by(tx: Tx, installation_id: UUID) -> list[Going]:
    """The channels of an installation with the series that they feed."""
    link, channel, series = _link.c, tables.channel, tables.series
    query = (
        sa.select(link.channel, link.series)
        .where(link.tenant_id == tx.tenant_id, link.installation_id == installation_id)
        .order_by(link.channel)
    )
    pairs = [(row.channel, row.series) for row in await tx.conn.execute(query)]
    fed = await channels.numbered(tx, channel, [one for one, _ in pairs])
    into = await channels.numbered(tx, series, [one for _, one in pairs])
    return [Going(Channel(**fed[one]), Series(**into[other])) for one, other in pairs]


def told(one: Installation) -> dict[str, Any]:
    """What the history tells of an installation."""
    return {
        "usage_point_id": one.usage_point_id,
        "meter_id": one.meter_id,
        "start_time": one.start,
        "end_time": one.end,
        "end_reason": one.end_reason or None,
        "multiplier": one.multiplier,
    }


def read(row: sa.RowMapping) -> Installation:
    """An installation from its row."""
    return Installation(
        installation_id=row["installation_id"],
        usage_point_id=row["usage_point_id"],
        meter_id=row["meter_id"],
        start=row["start_time"],
        end=row["end_time"],
        multiplier=row["multiplier"],
        end_reason=row["end_reason"],
    )


async def _insert(tx: Tx, made: Installation) -> None:
    try:
        async with tx.conn.begin_nested():
            await tx.conn.execute(
                sa.insert(_installation).values(
                    tenant_id=tx.tenant_id,
                    installation_id=made.installation_id,
                    usage_point_id=made.usage_point_id,
                    meter_id=made.meter_id,
                    start_time=made.start,
                    end_time=made.end,
                    multiplier=made.multiplier,
                )
            )
    except IntegrityError as error:
        whose = {
            "installation_of_meter": f"meter {made.meter_id}",
            "installation_of_usage_point": f"usage point {made.usage_point_id}",
        }.get(constraint_of(error) or "")
        if whose is None:
            raise
        raise InstallationOverlap(
            f"{whose} has another installation at or after {made.start.isoformat()}",
            meter_id=made.meter_id,
            usage_point_id=made.usage_point_id,
        ) from error


async def _join(tx: Tx, made: Installation, own: Sequence[Channel], goes_on: Mapping[str, Series]) -> None:
    """Joins channels to the series that they go on with; of other quantities the first register and interval.

    Momentary values stay with the meter: they are not billed and go through no exchange.
    """
    series = {
        one.quantity: one
        for one in (await channels.series_of_points(tx, [made.usage_point_id])).get(made.usage_point_id, ())
    }
    joined = {(one.quantity, one.kind) for one in own if one.code in goes_on}
    rows: list[dict[str, Any]] = []
    # Intervals first: they say how long the series' intervals are.
    for channel in sorted(own, key=lambda one: (one.kind != "INTERVAL", one.channel)):
        if channel.code in goes_on:
            target = await _series_for(tx, made, channel, goes_on[channel.code])
        elif channel.kind == "INSTANTANEOUS" or (channel.quantity, channel.kind) in joined:
            continue
        else:
            joined.add((channel.quantity, channel.kind))
            target = await _series_for(tx, made, channel, series.get(channel.quantity))
            series[channel.quantity] = target
        rows.append(
            {
                "tenant_id": tx.tenant_id,
                "installation_id": made.installation_id,
                "channel": channel.channel,
                "series": target.series,
            }
        )
    if rows:
        await tx.conn.execute(sa.insert(_link), rows)


async def _series_for(tx: Tx, made: Installation, channel: Channel, known: Series | None) -> Series:
    if known is None:
        return await channels.new_series(
            tx, made.usage_point_id, channel.quantity, channel.unit, channel.interval_seconds
        )
    if known.unit != channel.unit:
        raise UnitMismatch(
            f"channel {channel.code!r} is in {channel.unit}, series {known.series} of the usage point in"
            f" {known.unit}",
            channel=channel.channel,
            series=known.series,
        )
    if known.interval_seconds is None and channel.interval_seconds is not None:
        await channels.set_interval(tx, known.series, channel.interval_seconds)
    return known
