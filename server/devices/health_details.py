"""What devices of each kind are, as far as their health asks for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server.devices import tables
from server.devices.configuration import Settings, read_document, report_seconds
from server.devices.domain import Contact
from server.devices.scoping import meters_within
from server.devices.trees import subtree
from server.platform.caller import Scope
from server.platform.sql import among
from server.platform.uow import Tx

_gateway, _concentrator = tables.gateway, tables.concentrator
_meter, _model = tables.meter, tables.device_model

GATEWAY_SECONDS = 30
CONCENTRATOR_SECONDS = 900
METER_SECONDS = 86_400
_COMMON = ("display_name", "configuration", "create_time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What a device is."""

    display_name: str
    create_time: datetime
    desired: Settings
    interval_seconds: int
    """How often it is heard when all is well."""


async def of(tx: Tx, found: Iterable[Contact]) -> dict[UUID, Details]:
    """What these devices are: one query for each kind among them."""
    by_kind: dict[str, list[UUID]] = {}
    for one in found:
        by_kind.setdefault(one.kind, []).append(one.device_id)
    details: dict[UUID, Details] = {}
    for kind, ids in by_kind.items():
        rows: Iterable[Any] = (await tx.conn.execute(_query(tx, kind, ids))).mappings()
        details.update((row["device_id"], _read(row)) for row in rows)
    return details


def _query(tx: Tx, kind: str, ids: Sequence[UUID]) -> sa.Select[Any]:
    if kind == "GATEWAY":
        own = sa.func.coalesce(_gateway.c.stats_interval_seconds, GATEWAY_SECONDS)
        return _select(tx, _gateway, _gateway.c.gateway_id, own, ids)
    if kind == "CONCENTRATOR":
        usual = sa.literal(CONCENTRATOR_SECONDS)
        return _select(tx, _concentrator, _concentrator.c.concentrator_id, usual, ids)
    own = _model.c.lorawan["uplink_interval_seconds"].as_integer()
    of_model = (
        sa.select(sa.func.coalesce(own, METER_SECONDS))
        .where(_model.c.tenant_id == _meter.c.tenant_id, _model.c.device_model_id == _meter.c.device_model_id)
        .scalar_subquery()
    )
    return _select(tx, _meter, _meter.c.meter_id, of_model, ids)


def _select(
    tx: Tx,
    table: sa.Table,
    device_id: sa.Column[UUID],
    usual: sa.ColumnElement[int],
    ids: Sequence[UUID],
) -> sa.Select[Any]:
    columns = [table.c[name] for name in _COMMON]
    return sa.select(device_id.label("device_id"), usual.label("usual_seconds"), *columns).where(
        table.c.tenant_id == tx.tenant_id, among(device_id, ids)
    )


def _read(row: Any) -> Details:
    desired = read_document(row["configuration"]).desired
    return Details(
        display_name=row["display_name"],
        create_time=row["create_time"],
        desired=desired,
        interval_seconds=report_seconds(desired) or row["usual_seconds"],
    )


def below(tx: Tx, kind: str, node_id: UUID) -> sa.Select[Any]:
    """Ids of the devices of a kind that are at a node of either tree, or below it."""
    nodes = subtree(tx, node_id)
    if kind == "GATEWAY":
        return sa.select(_gateway.c.gateway_id).where(
            _gateway.c.tenant_id == tx.tenant_id, _gateway.c.place_id.in_(nodes)
        )
    if kind == "CONCENTRATOR":
        return sa.select(_concentrator.c.concentrator_id).where(
            _concentrator.c.tenant_id == tx.tenant_id,
            sa.or_(_concentrator.c.place_id.in_(nodes), _concentrator.c.grid_node_id.in_(nodes)),
        )
    return meters_within(tx, Scope(node_ids=frozenset({node_id})))
