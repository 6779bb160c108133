"""What is known of devices beside what they are, in one query."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.devices import contacts, tables
from server.devices.configuration import Configuration
from server.devices.domain import Contact
from server.devices.keys import device_key
from server.devices.provisioning import read as read_task
from server.devices.provisioning_rules import Task
from server.devices.provisioning_tables import provisioning
from server.platform.sql import UUIDS
from server.platform.uow import Tx

_contact, _reported = tables.contact, tables.reported_configuration

User = Callable[[Tx, sa.ColumnElement[UUID]], sa.ScalarSelect[UUID]]
"""What uses a device, by its id: at most one; null: nothing does."""


@dataclass(frozen=True, slots=True)
class Known:
    """All of it, of one device."""

    contact: Contact
    reported: Mapping[str, Any] | None
    report_time: datetime | None
    task: Task | None
    key_names: tuple[str, ...]
    user: UUID | None

    def configured(self, configuration: Configuration) -> Configuration:
        """Desired settings together with what the device last told."""
        if self.report_time is None:
            return configuration
        return replace(configuration, reported=self.reported or {}, report_time=self.report_time)


async def of(tx: Tx, device_ids: Iterable[UUID], user: User | None = None) -> dict[UUID, Known]:
    """What is known of each; every device has a contact."""
    values = {"tenant": tx.tenant_id, "now": tx.now, "ids": list(device_ids)}
    rows: Iterable[Any] = (await tx.conn.execute(_query(user), values)).mappings()
    return {row["contact_device_id"]: _read(row) for row in rows}


class _Asked:
    """Stands for the transaction of each time that the query is asked."""

    tenant_id = sa.bindparam("tenant", type_=pg.UUID(as_uuid=True))
    now = sa.bindparam("now", type_=sa.DateTime(timezone=True))


@cache
def _query(user: User | None) -> sa.Select[Any]:
    """Built once: with some fifty columns that takes longer than PostgreSQL needs for the answer."""
    asked: Any = _Asked()
    device_id = _contact.c.device_id
    key = device_key.c
    names = sa.select(key.name).where(key.tenant_id == asked.tenant_id, key.device_id == device_id)
    wanted = sa.any_(sa.bindparam("ids", type_=UUIDS))
    return (
        sa.select(
            *_columns(_contact),
            *_columns(_reported),
            *_columns(provisioning),
            sa.func.array(names.order_by(key.name).scalar_subquery(), type_=pg.ARRAY(sa.Text)).label("keys"),
            *([] if user is None else [user(asked, device_id).label("user")]),
        )
        .select_from(_contact)
        .outerjoin(_reported, _same(_reported))
        .outerjoin(provisioning, _same(provisioning))
        .where(_contact.c.tenant_id == asked.tenant_id, device_id == wanted)
    )


def _columns(table: sa.Table) -> list[sa.ColumnElement[Any]]:
    return [column.label(f"{table.name}_{column.name}") for column in table.columns]


def _same(table: sa.Table) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.tenant_id == _contact.c.tenant_id, table.c.device_id == _contact.c.device_id)


def _part(row: Mapping[str, Any], table: sa.Table) -> dict[str, Any]:
    return {column.name: row[f"{table.name}_{column.name}"] for column in table.columns}


def _read(row: Mapping[str, Any]) -> Known:
    told, task = _part(row, _reported), _part(row, provisioning)
    return Known(
        contact=contacts.read(_part(row, _contact)),
        reported=told["reported"],
        report_time=told["report_time"],
        task=None if task["device_id"] is None else read_task(task),
        key_names=tuple(row["keys"]),
        user=row.get("user"),
    )
