"""What rows of each kind are: their columns, what they name, and the use cases that they go through."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sa
from google.protobuf.message import Message

from server.devices import tables
from server.devices.concentrators import Concentrators
from server.devices.convert_gateway import concentrator_of, gateway_of, wire_concentrator, wire_gateway
from server.devices.convert_meter import meter_of, wire_meter
from server.devices.convert_node import node_of, wire_node
from server.devices.convert_pulse_module import pulse_module_of, wire_pulse_module
from server.devices.convert_usage_point import usage_point_of, wire_usage_point
from server.devices.exchange_tables import pulse_attachment
from server.devices.files.columns import (
    BOOL,
    NAMES,
    NUMBER,
    SECONDS,
    TAGS,
    TEXT,
    Column,
    Reference,
    choice,
    choices,
)
from server.devices.gateways import Gateways
from server.devices.keys import Keys
from server.devices.measuring_devices import MeasuringDevices
from server.devices.meters import Meters
from server.devices.nodes import Nodes
from server.devices.positions import points_at
from server.devices.pulse_modules import PulseModules
from server.devices.stores import concentrators, gateways, meters, nodes, pulse_modules, usage_points
from server.devices.trees import placed, subtree
from server.devices.usage_points import UsagePoints, dressed
from server.platform.errors import SimbaError
from server.platform.resource_store import ResourceStore
from server.platform.uow import Tx, UnitOfWork
from simba.common.v1 import types_pb2
from simba.devices.v1 import (
    concentrator_pb2,
    gateway_pb2,
    meter_pb2,
    node_pb2,
    pulse_module_pb2,
    usage_point_pb2,
)


class Resources(Protocol):
    """The use cases of one kind of resource."""

    async def create_many(self, tx: Tx, given: Sequence[Any], /) -> Sequence[Any | SimbaError]:
        """Stores new ones; in the place of each that cannot be stands why."""

    async def update(self, resource_id: UUID, etag: str, change: Callable[[Any], Any], /) -> Any:
        """Changes one."""


Dress = Callable[[Tx, Sequence[Any], datetime | None], Awaitable[Sequence[Any]]]
Below = Callable[[Tx, UUID, datetime | None], sa.ColumnElement[bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of rows that are resources."""

    name: str
    noun: str
    """The resource's name in requests: violations begin with it."""
    message: type[Message]
    columns: tuple[Column, ...]
    references: tuple[Reference, ...] = ()
    updatable: frozenset[str]
    """Paths that a row changes in a resource that is known; the others must be as they are."""
    given_once: frozenset[str] = frozenset()
    """Paths that count for new resources only."""
    keep: tuple[str, ...] = ()
    """What the message does not carry of a stored resource."""
    own_id: str
    """Column of the table."""
    natural: tuple[str, ...]
    """Columns that say which one it is; the columns of the table have the same names."""
    store: ResourceStore[Any]
    table: sa.Table
    resources: Resources
    dress: Dress
    """Stored resources as they are shown, as of an instant (now)."""
    below: Below
    """Which of them are at a node or below it."""
    of_wire: Callable[[Any], Any]
    to_wire: Callable[[Any], Message]
    personal: frozenset[str] = frozenset()
    """Columns that hold personal data."""

    @property
    def heading(self) -> tuple[str, ...]:
        """Columns of a file that is written."""
        own = [column.name for column in self.columns if column.exported]
        named = [name for reference in self.references for name in reference.names if name not in own]
        return (*own, *named)

    @property
    def known_columns(self) -> frozenset[str]:
        """Columns that a file may have."""
        return frozenset((*self.heading, *(column.name for column in self.columns), "archived"))


_NAMES = Column("external_ids", "external_ids", NAMES)
_TAGS = Column("tags", "tags", TAGS)
_DISPLAY = Column("display_name", "display_name", TEXT)
_WHERE = (Column("latitude", "latitude", NUMBER), Column("longitude", "longitude", NUMBER))
_PLACE = Reference(("place_code",), "place_id", "place")
_GRID = Reference(("grid_code",), "grid_node_id", "grid")


def _texts(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, name, TEXT) for name in names)


def resource_kinds(uow: UnitOfWork, keys: Keys) -> dict[str, Kind]:
    """All kinds of rows that are resources, by name."""
    own_gateways, own_concentrators = Gateways(uow), Concentrators(uow, keys)
    kinds = (
        Kind(
            name="NODES",
            noun="node",
            message=node_pb2.Node,
            columns=(
                _NAMES,
                Column("hierarchy", "hierarchy", choice(node_pb2.Hierarchy)),
                Column("node_kind", "kind", TEXT),
                *_texts("code"),
                _DISPLAY,
                Column("effective_from", "effective_from", TEXT),
                _TAGS,
            ),
            references=(Reference(("parent_code",), "parent_id", "parent"),),
            updatable=frozenset({"kind", "parent_id", "code", "display_name", "external_ids", "tags"}),
            given_once=frozenset({"effective_from"}),
            own_id="node_id",
            natural=("hierarchy", "code"),
            store=nodes,
            table=tables.node,
            resources=Nodes(uow),
            dress=placed,
            below=lambda tx, node_id, as_of: tables.node.c.node_id.in_(subtree(tx, node_id, as_of)),
            of_wire=node_of,
            to_wire=wire_node,
        ),
        Kind(
            name="USAGE_POINTS",
            noun="usage_point",
            message=usage_point_pb2.UsagePoint,
            columns=(
                _NAMES,
                *_texts("code"),
                _DISPLAY,
                Column("commodity", "commodity", choice(types_pb2.Commodity)),
                *_texts("time_zone", "address"),
                Column("phases", "phases", choices(usage_point_pb2.Phase)),
                *_texts("contract_capacity", "contract_capacity_unit"),
                *_WHERE,
                _TAGS,
            ),
            references=(_PLACE, _GRID),
            updatable=frozenset(
                {
                    *("code", "display_name", "time_zone", "place_id", "grid_node_id", "phases", "address"),
                    *("contract_capacity", "contract_capacity_unit", "latitude", "longitude"),
                    *("external_ids", "tags"),
                }
            ),
            own_id="usage_point_id",
            natural=("code",),
            store=usage_points,
            table=tables.usage_point,
            resources=UsagePoints(uow),
            dress=dressed,
            below=_point_below,
            of_wire=usage_point_of,
            to_wire=wire_usage_point,
            personal=frozenset({"address"}),
        ),
        Kind(
            name="GATEWAYS",
            noun="gateway",
            message=gateway_pb2.Gateway,
            columns=(
                _NAMES,
                *_texts("gateway_eui"),
                _DISPLAY,
                *_WHERE,
                Column("managed", "managed", BOOL),
                Column("stats_interval", "stats_interval", SECONDS),
                _TAGS,
            ),
            references=(_PLACE,),
            updatable=frozenset(
                {
                    *("gateway_eui", "display_name", "latitude", "longitude", "place_id", "managed"),
                    *("stats_interval", "external_ids", "tags"),
                }
            ),
            own_id="gateway_id",
            natural=("gateway_eui",),
            store=gateways,
            table=tables.gateway,
            resources=own_gateways,
            dress=lambda tx, found, _: own_gateways.dressed(tx, found),
            below=lambda tx, node_id, as_of: tables.gateway.c.place_id.in_(subtree(tx, node_id, as_of)),
            of_wire=gateway_of,
            to_wire=wire_gateway,
        ),
        Kind(
            name="CONCENTRATORS",
            noun="concentrator",
            message=concentrator_pb2.Concentrator,
            columns=(_NAMES, *_texts("serial_number", "identity", "adapter"), _DISPLAY, _TAGS),
            references=(_PLACE, _GRID),
            updatable=frozenset(
                {
                    *("serial_number", "identity", "display_name", "place_id", "grid_node_id"),
                    *("external_ids", "tags"),
                }
            ),
            own_id="concentrator_id",
            natural=("serial_number",),
            store=concentrators,
            table=tables.concentrator,
            resources=own_concentrators,
            dress=lambda tx, found, _: own_concentrators.dressed(tx, found),
            below=_concentrator_below,
            of_wire=concentrator_of,
            to_wire=wire_concentrator,
        ),
        _measuring(
            "METERS", "meter", meter_pb2.Meter, meters, Meters(uow, keys), meter_of, wire_meter, _meter_below
        ),
        _measuring(
            "PULSE_MODULES",
            "pulse_module",
            pulse_module_pb2.PulseModule,
            pulse_modules,
            PulseModules(uow, keys),
            pulse_module_of,
            wire_pulse_module,
            _module_below,
        ),
    )
    return {kind.name: kind for kind in kinds}


_KEYS = ("app_key", "nwk_key", "gen_app_key")


def _measuring(
    name: str,
    noun: str,
    message: type[Message],
    store: ResourceStore[Any],
    devices: MeasuringDevices,
    of_wire: Callable[[Any], Any],
    to_wire: Callable[[Any], Message],
    below: Below,
) -> Kind:
    batch = ("batch",) if name == "METERS" else ()
    return Kind(
        name=name,
        noun=noun,
        message=message,
        columns=(
            _NAMES,
            *_texts("serial_number", "dev_eui", "join_eui"),
            _DISPLAY,
            *_texts(*batch),
            *(Column(key, f"keys.{key}", TEXT, exported=False) for key in _KEYS),
            _TAGS,
        ),
        references=(
            Reference(("manufacturer", "model"), "device_model_id", "model"),
            Reference(("concentrator_serial",), "concentrator_id", "concentrator"),
        ),
        updatable=frozenset(
            {
                *("serial_number", "dev_eui", "join_eui", "display_name", "concentrator_id"),
                *("external_ids", "tags", *batch),
            }
        ),
        given_once=frozenset(f"keys.{key}" for key in _KEYS),
        keep=("manufacturer", "device_kind"),
        own_id="meter_id",
        natural=("manufacturer", "serial_number"),
        store=store,
        table=tables.meter,
        resources=devices,
        dress=lambda tx, found, _: devices.dressed(tx, found),
        below=below,
        of_wire=of_wire,
        to_wire=to_wire,
    )


def _meter_below(tx: Tx, node_id: UUID, as_of: datetime | None) -> sa.ColumnElement[bool]:
    """Meters that are, or then were, at usage points there."""
    return tables.meter.c.meter_id.in_(_meters_at(tx, node_id, as_of))


def _module_below(tx: Tx, node_id: UUID, as_of: datetime | None) -> sa.ColumnElement[bool]:
    """Modules that are, or then were, attached to meters there."""
    to, time = pulse_attachment.c, as_of or tx.now
    attached = sa.select(to.pulse_module_id).where(
        to.tenant_id == tx.tenant_id,
        to.start_time <= time,
        sa.or_(to.end_time.is_(None), to.end_time > time),
        to.meter_id.in_(_meters_at(tx, node_id, as_of)),
    )
    return tables.meter.c.meter_id.in_(attached)


def _meters_at(tx: Tx, node_id: UUID, as_of: datetime | None) -> sa.Select[tuple[UUID]]:
    at, time = tables.installation.c, as_of or tx.now
    return sa.select(at.meter_id).where(
        at.tenant_id == tx.tenant_id,
        at.start_time <= time,
        sa.or_(at.end_time.is_(None), at.end_time > time),
        sa.or_(
            at.usage_point_id.in_(points_at(tx, place_id=node_id, as_of=as_of)),
            at.usage_point_id.in_(points_at(tx, grid_node_id=node_id, as_of=as_of)),
        ),
    )


def _point_below(tx: Tx, node_id: UUID, as_of: datetime | None) -> sa.ColumnElement[bool]:
    own = tables.usage_point.c.usage_point_id
    return sa.or_(
        own.in_(points_at(tx, place_id=node_id, as_of=as_of)),
        own.in_(points_at(tx, grid_node_id=node_id, as_of=as_of)),
    )


def _concentrator_below(tx: Tx, node_id: UUID, as_of: datetime | None) -> sa.ColumnElement[bool]:
    below, own = subtree(tx, node_id, as_of), tables.concentrator.c
    return sa.or_(own.place_id.in_(below), own.grid_node_id.in_(below))
