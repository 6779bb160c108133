"""Series that one interval channel feeds, all on their own: most of them, as columns for readings."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.dialects import postgresql as pg

from server.devices import tables
from server.devices.capacity import per_hour_micro
from server.devices.exchange_tables import installation_multiplier, pulse_attachment
from server.platform.columns import BOOL, INT32, INT64, TEXT, UUID16, read_columns
from server.platform.uow import Tx

FOREVER_MS = 4_102_444_800_000
"""2100-01-01: the end of an installation that lasts."""
ASK_ALL = 50_000
"""From so many channels on all of the tenant are read, and the others left out here."""

LONGEST_SECONDS = 3600
"""Longer intervals begin with the local day, and are not lanes."""

_TYPES = {
    "channel": INT64,
    "series": INT64,
    "usage_point_id": UUID16,
    "time_zone": TEXT,
    "interval_seconds": INT32,
    "multiplier": INT64,
    "max_per_hour": INT64,
    "negative_allowed": BOOL,
    "valid_from": INT64,
    "valid_to": INT64,
}
_BIGINTS: Any = pg.ARRAY(sa.BigInteger)
_link, _where, _channel = tables.installation_channel, tables.installation, tables.channel
_series, _point = tables.series, tables.usage_point


@dataclass(frozen=True, slots=True)
class Lanes:
    """Columns of equal length, in order of the channel."""

    channel: NDArray[np.int64]
    series: NDArray[np.int64]
    usage_point_id: NDArray[np.void]
    """16 bytes each."""
    time_zone: NDArray[np.object_]
    """Names."""
    interval_seconds: NDArray[np.int32]
    multiplier: NDArray[np.int64]
    """In 10^-9."""
    max_per_hour: NDArray[np.int64]
    """In 10^-6 of the unit, before the multiplier: of the channel, else what the service's capacity leaves;
    -1: no bound."""
    negative_allowed: NDArray[np.bool_]
    valid_from: NDArray[np.int64]
    """Milliseconds, half-open."""
    valid_to: NDArray[np.int64]


async def read(tx: Tx, numbers: NDArray[np.uint64]) -> Lanes:
    """The lanes among these channels.

    A lane: an interval channel with one installation, one multiplier all along, and nothing else that feeds
    its series, ever.
    """
    asked = None if len(numbers) >= ASK_ALL else [number for number in numbers.tolist() if number < 1 << 63]
    found = await read_columns(tx.conn, _query(tx.tenant_id, asked), _TYPES)
    order = np.argsort(found["channel"], kind="stable")
    if asked is None:
        order = order[np.isin(found["channel"][order], numbers.astype(np.int64))]
    return Lanes(**{name: column[order] for name, column in found.items()})


def _query(tenant_id: UUID, channels: list[int] | None) -> sa.Select[Any]:
    other = _link.alias()
    interval = sa.func.coalesce(_series.c.interval_seconds, _channel.c.interval_seconds)
    bound = sa.func.coalesce(
        sa.func.trunc(_channel.c.max_per_hour * 1_000_000),
        per_hour_micro(_where.c.multiplier),
        -1,
    )
    where = [
        _link.c.tenant_id == tenant_id,
        _channel.c.kind == "INTERVAL",
        interval.is_not(None),
        interval <= LONGEST_SECONDS,
        ~sa.exists().where(
            other.c.tenant_id == tenant_id,
            other.c.series == _link.c.series,
            sa.tuple_(other.c.installation_id, other.c.channel)
            != sa.tuple_(_link.c.installation_id, _link.c.channel),
        ),
        ~sa.exists().where(
            installation_multiplier.c.tenant_id == tenant_id,
            installation_multiplier.c.installation_id == _where.c.installation_id,
        ),
        ~sa.exists().where(
            pulse_attachment.c.tenant_id == tenant_id,
            sa.or_(
                pulse_attachment.c.input_channel == _link.c.channel,
                pulse_attachment.c.register_channel == _link.c.channel,
            ),
        ),
    ]
    if channels is not None:
        where.append(_link.c.channel == sa.any_(sa.bindparam("channels", channels, type_=_BIGINTS)))
    return (
        sa.select(
            _link.c.channel,
            _link.c.series,
            _where.c.usage_point_id,
            _point.c.time_zone,
            sa.cast(interval, sa.Integer),
            sa.cast(sa.func.round(_where.c.multiplier * 1_000_000_000), sa.BigInteger),
            sa.cast(bound, sa.BigInteger),
            _channel.c.negative_allowed,
            _milliseconds(_where.c.start_time),
            sa.func.coalesce(_milliseconds(_where.c.end_time), FOREVER_MS),
        )
        .select_from(_link)
        .join(_where, _same(_where, _link, "installation_id"))
        .join(_channel, _same(_channel, _link, "channel"))
        .join(_series, _same(_series, _link, "series"))
        .join(_point, _same(_point, _where, "usage_point_id"))
        .where(*where)
    )


def _same(one: sa.Table, other: sa.Table, column: str) -> sa.ColumnElement[bool]:
    return sa.and_(one.c.tenant_id == other.c.tenant_id, one.c[column] == other.c[column])


def _milliseconds(time: sa.ColumnElement[Any]) -> sa.ColumnElement[int]:
    """Of a time, since 1970, rounded down."""
    return sa.cast(sa.func.floor(sa.extract("epoch", time) * 1000), sa.BigInteger)
