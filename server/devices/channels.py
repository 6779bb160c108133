"""Channels and series in PostgreSQL: given out once, never again."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from operator import itemgetter
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.devices import tables
from server.devices.domain import Channel, ChannelTemplate, Series
from server.platform.sql import ASKED, among, recordset
from server.platform.uow import Tx

_channel, _series = tables.channel, tables.series


def _attributes(template: ChannelTemplate) -> dict[str, Any]:
    return {
        "quantity": template.quantity,
        "kind": template.kind,
        "unit": template.unit,
        "reading_type": template.reading_type,
        "interval_seconds": template.interval_seconds,
        "dials": template.dials,
        "max_per_hour": template.max_per_hour,
        "negative_allowed": template.negative_allowed,
    }


async def give_out(
    tx: Tx, meter_ids: Sequence[UUID], templates: Sequence[ChannelTemplate]
) -> dict[UUID, tuple[Channel, ...]]:
    """Gives each meter a channel for each template, in the templates' order; one statement for all."""
    rows = [
        {"tenant_id": tx.tenant_id, "meter_id": meter_id, "code": template.code, **_attributes(template)}
        for meter_id in meter_ids
        for template in templates
    ]
    if not rows:
        return {}
    insert = pg.insert(_channel).from_select(list(rows[0]), recordset(_channel, rows))
    of = {template.code: _attributes(template) for template in templates}
    given: dict[UUID, list[Channel]] = {meter_id: [] for meter_id in meter_ids}
    numbers = await tx.conn.execute(
        insert.returning(_channel.c.channel, _channel.c.meter_id, _channel.c.code)
    )
    for number, meter_id, code in sorted(numbers, key=itemgetter(0)):
        given[meter_id].append(Channel(channel=number, meter_id=meter_id, code=code, **of[code]))
    return {meter_id: tuple(own) for meter_id, own in given.items()}


async def follow_model(tx: Tx, device_model_id: UUID, templates: Sequence[ChannelTemplate]) -> None:
    """Brings the channels of a model's meters up to its templates: new ones are given out, others changed."""
    mine = sa.select(tables.meter.c.meter_id).where(
        tables.meter.c.tenant_id == tx.tenant_id, tables.meter.c.device_model_id == device_model_id
    )
    for template in templates:
        await tx.conn.execute(
            sa.update(_channel)
            .where(
                _channel.c.tenant_id == tx.tenant_id,
                _channel.c.code == template.code,
                _channel.c.meter_id.in_(mine),
            )
            .values(_attributes(template))
        )
        has = sa.select(_channel.c.meter_id).where(
            _channel.c.tenant_id == tx.tenant_id, _channel.c.code == template.code
        )
        lacking = await tx.conn.scalars(mine.where(tables.meter.c.meter_id.not_in(has)))
        await give_out(tx, list(lacking), [template])


async def of_meters(tx: Tx, meter_ids: Iterable[UUID]) -> dict[UUID, tuple[Channel, ...]]:
    """The channels of meters, in the order in which they were given out."""
    query = (
        sa.select(_channel)
        .where(_channel.c.tenant_id == tx.tenant_id, among(_channel.c.meter_id, meter_ids))
        .order_by(_channel.c.channel)
    )
    found: dict[UUID, tuple[Channel, ...]] = {}
    for row in (await tx.conn.execute(query)).mappings():
        values = {name: value for name, value in row.items() if name != "tenant_id"}
        found[row["meter_id"]] = (*found.get(row["meter_id"], ()), Channel(**values))
    return found


_BESIDE = (
    "channel",
    "code",
    "quantity",
    "kind",
    "unit",
    "interval_seconds",
    "dials",
    "max_per_hour",
    "negative_allowed",
    "reading_type",
)


def beside(device_id: sa.ColumnElement[UUID]) -> sa.ScalarSelect[Any]:
    """What to select beside a device for :func:`read_beside`: channels need no query of their own."""
    columns = (_channel.c[name] for name in _BESIDE)
    # Numbers would come as floats otherwise.
    exact = (sa.cast(one, sa.Text) if isinstance(one.type, sa.Numeric) else one for one in columns)
    row = sa.func.json_build_array(*exact)
    query = sa.select(sa.func.json_agg(pg.aggregate_order_by(row, _channel.c.channel)))
    return query.where(
        _channel.c.tenant_id == ASKED.tenant_id, _channel.c.meter_id == device_id
    ).scalar_subquery()


def read_beside(meter_id: UUID, found: Sequence[Sequence[Any]] | None) -> tuple[Channel, ...]:
    """The channels of a meter, in the order in which they were given out."""
    return tuple(_read(meter_id, dict(zip(_BESIDE, values, strict=True))) for values in found or ())


def _read(meter_id: UUID, values: dict[str, Any]) -> Channel:
    most = values.pop("max_per_hour")
    return Channel(meter_id=meter_id, max_per_hour=None if most is None else Decimal(most), **values)


async def series_of_points(tx: Tx, usage_point_ids: Iterable[UUID]) -> dict[UUID, tuple[Series, ...]]:
    """The series of usage points, in the order in which they were given out."""
    query = (
        sa.select(_series)
        .where(_series.c.tenant_id == tx.tenant_id, _series.c.usage_point_id.in_(list(usage_point_ids)))
        .order_by(_series.c.series)
    )
    found: dict[UUID, tuple[Series, ...]] = {}
    for row in (await tx.conn.execute(query)).mappings():
        values = {name: value for name, value in row.items() if name != "tenant_id"}
        point = row["usage_point_id"]
        found[point] = (*found.get(point, ()), Series(**values))
    return found


async def new_series(
    tx: Tx, usage_point_id: UUID, quantity: str, unit: str, interval_seconds: int | None
) -> Series:
    """Gives a usage point a series for a quantity that it had none for."""
    values = {
        "usage_point_id": usage_point_id,
        "quantity": quantity,
        "unit": unit,
        "interval_seconds": interval_seconds,
    }
    number = await tx.conn.scalar(
        sa.insert(_series).values(tenant_id=tx.tenant_id, **values).returning(_series.c.series)
    )
    assert number is not None
    return Series(series=number, **values)  # type: ignore[arg-type]  # the values are those given


async def set_interval(tx: Tx, series: int, interval_seconds: int) -> None:
    """Says how long the intervals of a series are, once that is known."""
    await tx.conn.execute(
        sa.update(_series)
        .where(_series.c.tenant_id == tx.tenant_id, _series.c.series == series)
        .values(interval_seconds=interval_seconds)
    )


async def numbered(tx: Tx, table: sa.Table, numbers: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Channels, or series, by their numbers, as columns."""
    key = table.c[table.name]
    query = sa.select(table).where(table.c.tenant_id == tx.tenant_id, key.in_(list(numbers)))
    rows = (await tx.conn.execute(query)).mappings()
    return {
        row[table.name]: {name: value for name, value in row.items() if name != "tenant_id"} for row in rows
    }
