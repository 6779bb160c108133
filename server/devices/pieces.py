"""Which channel feeds which series, by pieces: a change of a multiplier or pulse weight begins a new one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server.devices import tables
from server.devices.capacity import per_hour_micro
from server.devices.exchange_tables import pulse_attachment


@dataclass(frozen=True, slots=True)
class Piece:
    """That a channel feeds a series for a while, multiplied by one number."""

    channel: int
    series: int
    usage_point_id: UUID
    start: datetime
    end: datetime | None
    multiplier: Decimal
    tz: str
    capacity_micro: int | None = None
    """What the service can let through in an hour, in 10^-6 of the series' unit; None: not known."""


@dataclass(frozen=True, slots=True)
class Fed:
    """A piece before the changes of its installation's multiplier are known."""

    piece: Piece
    installation_id: UUID
    weight: Decimal = Decimal(1)
    """What a unit of the channel is worth in the unit of the meter's register: of pulses."""


_link, _where, _point = tables.installation_channel, tables.installation, tables.usage_point
_series = tables.series
_attached = pulse_attachment


def own_channels(tenant_id: UUID) -> sa.Select[Any]:
    """What the channels of installed meters feed; see :func:`read`."""
    return _joined(
        sa.select(
            _link.c.channel,
            _link.c.series,
            _where.c.usage_point_id,
            _where.c.start_time,
            _where.c.end_time,
            _where.c.multiplier,
            _point.c.time_zone,
            per_hour_micro(),
            _where.c.installation_id,
            sa.literal(Decimal(1)).label("weight"),
        ).select_from(_link),
        tenant_id,
    ).order_by(_link.c.channel, _where.c.start_time)


def pulse_inputs(tenant_id: UUID) -> sa.Select[Any]:
    """What the inputs of pulse modules feed, by the registers that they count for; see :func:`read`."""
    start = sa.func.greatest(_attached.c.start_time, _where.c.start_time)
    end = sa.func.least(_attached.c.end_time, _where.c.end_time)
    counts = sa.and_(
        _attached.c.tenant_id == _link.c.tenant_id, _attached.c.register_channel == _link.c.channel
    )
    return (
        _joined(
            sa.select(
                _attached.c.input_channel,
                _link.c.series,
                _where.c.usage_point_id,
                start,
                end,
                _where.c.multiplier,
                _point.c.time_zone,
                per_hour_micro(),
                _where.c.installation_id,
                _attached.c.pulse_weight,
            ).select_from(_link.join(_attached, counts)),
            tenant_id,
        )
        .where(sa.or_(end.is_(None), start < end))
        .order_by(_attached.c.input_channel, start)
    )


def _joined(query: sa.Select[Any], tenant_id: UUID) -> sa.Select[Any]:
    here = sa.and_(
        _where.c.tenant_id == _link.c.tenant_id, _where.c.installation_id == _link.c.installation_id
    )
    there = sa.and_(
        _point.c.tenant_id == _where.c.tenant_id, _point.c.usage_point_id == _where.c.usage_point_id
    )
    fed = sa.and_(_series.c.tenant_id == _link.c.tenant_id, _series.c.series == _link.c.series)
    return (
        query.join(_where, here).join(_point, there).join(_series, fed).where(_link.c.tenant_id == tenant_id)
    )


def read(rows: Iterable[sa.RowMapping]) -> list[Fed]:
    """Rows of the queries."""
    found = []
    for row in rows:
        values: list[Any] = list(row.values())
        *piece, installation_id, weight = values
        found.append(Fed(Piece(*piece), installation_id, weight))
    return found


def cut(fed: Iterable[Fed], changes: Mapping[UUID, Sequence[tuple[datetime, Decimal]]]) -> list[Piece]:
    """The pieces, given when the multipliers of their installations change, oldest first."""
    pieces: list[Piece] = []
    for one in fed:
        current = one.piece
        for since, multiplier in changes.get(one.installation_id, ()):
            if since <= current.start:
                current = replace(current, multiplier=multiplier)
            elif current.end is None or since < current.end:
                pieces.append(_weighed(replace(current, end=since), one.weight))
                current = replace(current, start=since, multiplier=multiplier)
        pieces.append(_weighed(current, one.weight))
    return pieces


def _weighed(piece: Piece, weight: Decimal) -> Piece:
    return piece if weight == 1 else replace(piece, multiplier=piece.multiplier * weight)
