"""What is known of devices beside what they are: one document of each, for a query of devices to select."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.devices import channels, contacts, tables
from server.devices.configuration import Configuration
from server.devices.domain import Channel, Contact
from server.devices.keys import device_key
from server.devices.provisioning import read as read_task
from server.devices.provisioning_rules import Task
from server.devices.provisioning_tables import provisioning
from server.platform.sql import ASKED, UUIDS
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
    channels: tuple[Channel, ...]

    def configured(self, configuration: Configuration) -> Configuration:
        """Desired settings together with what the device last told."""
        if self.report_time is None:
            return configuration
        return replace(configuration, reported=self.reported or {}, report_time=self.report_time)


_CONTACT: Final = tuple(
    column for column in _contact.columns if column.name not in {"tenant_id", "device_id", "archived"}
)
_TASK: Final = tuple(column for column in provisioning.columns if column.name != "tenant_id")


@cache
def beside(device_id: sa.ColumnClause[UUID], user: User | None) -> sa.ColumnElement[Any]:
    """The document of a device for :func:`read`; every device has a contact.

    One column instead of fifty, which would cost more than all else that a query of one device does.
    """
    key, own_id, device = device_key.c, _contact.c.device_id, device_id.table
    assert device is not None, "the id is a column of a query of devices"
    names = sa.select(key.name).where(key.tenant_id == ASKED.tenant_id, key.device_id == own_id)
    reported, task = _reported.c, provisioning.c
    return (
        sa.select(
            sa.func.json_build_array(
                sa.func.json_build_array(*_CONTACT),
                reported.reported,
                reported.report_time,
                sa.case((task.device_id.is_not(None), sa.func.json_build_array(*_TASK))),
                sa.func.array(names.order_by(key.name).scalar_subquery(), type_=pg.ARRAY(sa.Text)),
                sa.null() if user is None else user(ASKED, own_id),
                channels.beside(own_id),
            )
        )
        .select_from(
            _contact.outerjoin(_reported, _same(_reported)).outerjoin(provisioning, _same(provisioning))
        )
        .where(_contact.c.tenant_id == ASKED.tenant_id, own_id == device_id)
        .correlate(device)
        .scalar_subquery()
    )


async def of(tx: Tx, device_ids: Iterable[UUID], user: User | None = None) -> dict[UUID, Any]:
    """The documents of devices."""
    values = {"tenant": tx.tenant_id, "now": tx.now, "ids": list(device_ids)}
    return {row[0]: row[1] for row in await tx.conn.execute(_documents(user), values)}


@cache
def _documents(user: User | None) -> sa.Select[Any]:
    device = _contact.alias("device").c
    return sa.select(device.device_id, beside(device.device_id, user)).where(
        device.tenant_id == ASKED.tenant_id,
        device.device_id == sa.any_(sa.bindparam("ids", type_=UUIDS)),
    )


def _same(table: sa.Table) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.tenant_id == _contact.c.tenant_id, table.c.device_id == _contact.c.device_id)


def _reader(column: sa.Column[Any]) -> Callable[[str], Any] | None:
    """How a value of a column is read from a document; None: it is what it is."""
    if isinstance(column.type, sa.DateTime):
        return datetime.fromisoformat
    return UUID if isinstance(column.type, pg.UUID) else None


class _Columns:
    """Columns in a document."""

    def __init__(self, columns: Sequence[sa.Column[Any]]) -> None:
        self._names = [column.name for column in columns]
        readers = ((place, _reader(column)) for place, column in enumerate(columns))
        self._readers = [(place, reader) for place, reader in readers if reader is not None]

    def read(self, values: list[Any]) -> dict[str, Any]:
        """Values by name; a page has thousands."""
        for place, reader in self._readers:
            if values[place] is not None:
                values[place] = reader(values[place])
        return dict(zip(self._names, values, strict=True))


_CONTACT_COLUMNS: Final = _Columns(_CONTACT)
_TASK_COLUMNS: Final = _Columns(_TASK)


def read(device_id: UUID, document: Sequence[Any]) -> Known:
    """What a document tells of a device."""
    contact, told, report_time, task, key_names, user, own_channels = document
    return Known(
        contact=contacts.read({"device_id": device_id, **_CONTACT_COLUMNS.read(contact)}),
        reported=told,
        report_time=None if report_time is None else datetime.fromisoformat(report_time),
        task=None if task is None else read_task(_TASK_COLUMNS.read(task)),
        key_names=tuple(key_names),
        user=None if user is None else UUID(user),
        channels=channels.read_beside(device_id, own_channels),
    )
