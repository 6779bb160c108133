"""Which meters, or pulse modules, a list has: in SQL."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from uuid import UUID

import sqlalchemy as sa

from server.devices import tables
from server.devices.device_filter import DeviceFilter, heard_before, in_life
from server.devices.installed import installed_now
from server.devices.life import Life
from server.devices.positions import in_order_of_nodes, points_at
from server.devices.tags import tagged
from server.platform.sql import ASKED
from server.platform.stored import Key
from server.platform.uow import Tx
from server.platform.walk import Route, Walk, after_values, in_order

_meter, _installation = tables.meter, tables.installation
_ID = _meter.c.meter_id
_EQUAL = ("device_model_id", "dev_eui", "serial_number", "concentrator_id", "batch")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterFilter(DeviceFilter):
    """Which meters or modules; unset fields do not narrow."""

    device_model_id: UUID | None = None
    dev_eui: str = ""
    serial_number: str = ""
    concentrator_id: UUID | None = None
    batch: str = ""
    meter_id: UUID | None = None
    """Of modules: those that count for this meter now."""

    @property
    def few(self) -> bool:
        """One model may have nearly all meters; the others do not."""
        own = (self.dev_eui, self.serial_number, self.concentrator_id, self.batch, self.meter_id)
        return any(own) or self.external_id is not None or self.tag is not None


def conditions(tx: Tx, kind: str, which: MeterFilter) -> Iterator[sa.ColumnElement[bool]]:
    """What rows must meet whatever uses them, beside the name in other systems and being archived."""
    for name in _EQUAL:
        value = getattr(which, name)
        if value:
            yield _meter.c[name] == value
    if which.tag is not None:
        yield tagged(tx, "meter", _ID, *which.tag)
    if which.last_seen_before is not None:
        yield _ID.in_(heard_before(tx, kind, which))
    if which.state:
        yield from in_life(tx, kind, which.state, _meter, _ID)


def installed_conditions(tx: Tx, which: MeterFilter) -> Iterator[sa.ColumnElement[bool]]:
    """What follows from where meters are installed now."""
    installed = sa.select(_installation.c.meter_id).where(*installed_now(tx))
    # The fence keeps PostgreSQL from looking at all of them for a page of a hundred.
    mine = installed.where(_installation.c.meter_id == _ID).correlate(_meter)
    here = mine.offset(sa.literal_column("0")).exists()
    if which.place_id is not None or which.grid_node_id is not None:
        points = points_at(tx, place_id=which.place_id, grid_node_id=which.grid_node_id)
        yield _ID.in_(installed.where(_installation.c.usage_point_id.in_(points)))
    if which.state == Life.ACTIVE:
        yield here
    if which.state in {Life.IN_STOCK, Life.REPLACED}:
        # The column leads to the few that may be in stock; whether they are, the installations say.
        yield _meter.c.maybe_idle
        yield sa.not_(here)


def in_use(after: Key | None) -> Walk:
    """Meters that are installed now, oldest first: PostgreSQL would look at all installations otherwise."""
    return Walk(_in_use(after is not None), after_values(after))


def by_usage_point(tx: Tx, which: MeterFilter, after: Key | None) -> tuple[Walk, MeterFilter]:
    """Meters that are installed now at or below the filter's nodes, node by node, and the rest."""
    points = in_order_of_nodes(tx, after, place_id=which.place_id, grid_node_id=which.grid_node_id)
    walk = Walk(_installed_at(points.route), points.values)
    return walk, replace(which, place_id=None, grid_node_id=None)


@cache
def _in_use(deep: bool) -> Route:  # noqa: FBT001 - the key of a cache
    key = (_installation.c.meter_id,)
    found = in_order(sa.select(*key).where(*installed_now(ASKED)), key, "in_use", deep=deep)
    return Route(found, found.c.meter_id, (found.c.meter_id,))


@cache
def _installed_at(points: Route) -> Route:
    here = sa.and_(_installation.c.usage_point_id == points.resource_id, *installed_now(ASKED))
    return Route(points.source.join(_installation, here), _installation.c.meter_id, points.key)
