"""Use cases of meters."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from server.devices import channels, contacts, tables
from server.devices.domain import DeviceModel, Meter
from server.devices.errors import InUse
from server.devices.installed import installed_now
from server.devices.stores import device_models, meters
from server.devices.telling import meter_archived, meter_created, meter_updated
from server.platform.errors import FieldViolation, InvalidArgument
from server.platform.resource_store import ExternalId, Key
from server.platform.uow import Tx, UnitOfWork

_meter, _installation, _contact = tables.meter, tables.installation, tables.contact


@dataclass(frozen=True, slots=True)
class MeterFilter:
    """Which meters; unset fields do not narrow."""

    device_model_id: UUID | None = None
    state: str = ""
    archived: bool = False
    dev_eui: str = ""
    serial_number: str = ""
    last_seen_before: datetime | None = None
    external_id: ExternalId | None = None


class Meters:
    """Create, read, change, archive."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def create(self, meter: Meter) -> Meter:
        """Stores a new meter and gives out its channels.

        Raises DeviceModelNotFound, Archived for an archived model, Taken for an address or number.
        """
        async with self._uow() as tx:
            model = await device_models.changing(tx, meter.device_model_id)
            _check_address(model, meter)
            await meters.insert(tx, replace(meter, manufacturer=model.manufacturer))
            await channels.give_out(tx, [meter.meter_id], model.channel_templates)
            stored = await self._one(tx, meter.meter_id)
            await tx.emit(meter_created(stored))
        return stored

    async def get(self, meter_id: UUID) -> Meter:
        """One. Raises MeterNotFound."""
        async with self._uow() as tx:
            return await self._one(tx, meter_id)

    async def page(self, which: MeterFilter, *, after: Key | None, limit: int) -> Sequence[Meter]:
        """Many, oldest first."""
        async with self._uow() as tx:
            found = await meters.page(
                tx,
                where=list(_where(tx, which)),
                after=after,
                limit=limit,
                external_id=which.external_id,
                archived=which.archived or which.state == "ARCHIVED",
            )
            return await dressed(tx, found)

    async def update(self, meter_id: UUID, etag: str, change: Callable[[Meter], Meter]) -> Meter:
        """Changes one; its model stays."""
        async with self._uow() as tx:
            before = await meters.changing(tx, meter_id, etag)
            after = change(before)
            _check_address(await device_models.get(tx, before.device_model_id), after)
            await meters.save(tx, after)
            stored = await self._one(tx, meter_id)
            await tx.emit(meter_updated(stored, before))
        return stored

    async def archive(self, meter_id: UUID, etag: str) -> Meter:
        """Archives one. Raises InUse while it is installed."""
        async with self._uow() as tx:
            (current,) = await dressed(tx, [await meters.changing(tx, meter_id, etag)])
            if current.usage_point_id is not None:
                raise InUse(
                    f"meter {meter_id} is installed at usage point {current.usage_point_id}; remove it first",
                    usage_point_id=current.usage_point_id,
                )
            await meters.archive(tx, meter_id)
            stored = await self._one(tx, meter_id)
            await tx.emit(meter_archived(stored))
        return stored

    async def _one(self, tx: Tx, meter_id: UUID) -> Meter:
        return (await dressed(tx, [await meters.get(tx, meter_id)]))[0]


def _check_address(model: DeviceModel, meter: Meter) -> None:
    """A meter of a LoRaWAN model can be without an address only as long as it is in stock."""
    if meter.dev_eui and model.adapter != "chirpstack":
        rule = FieldViolation(
            "meter.dev_eui",
            f"{meter.dev_eui!r} is a LoRaWAN address, and the adapter of the model is {model.adapter!r}",
            "dev_eui.lorawan",
        )
        raise InvalidArgument(f"{rule.field}: {rule.description}", violations=[rule])


def _installed_now(tx: Tx) -> sa.Select[tuple[UUID]]:
    return sa.select(_installation.c.meter_id).where(*installed_now(tx))


def _where(tx: Tx, which: MeterFilter) -> Iterable[sa.ColumnElement[bool]]:
    if which.device_model_id:
        yield _meter.c.device_model_id == which.device_model_id
    if which.dev_eui:
        yield _meter.c.dev_eui == which.dev_eui
    if which.serial_number:
        yield _meter.c.serial_number == which.serial_number
    if which.state == "ARCHIVED":
        yield _meter.c.archived.is_(True)
    elif which.state == "ACTIVE":
        yield _meter.c.meter_id.in_(_installed_now(tx))
    elif which.state == "IN_STOCK":
        yield sa.and_(_meter.c.archived.is_(False), _meter.c.meter_id.not_in(_installed_now(tx)))
    if which.last_seen_before:
        yield _meter.c.meter_id.in_(
            sa.select(_contact.c.device_id).where(
                _contact.c.tenant_id == tx.tenant_id,
                _contact.c.kind == "METER",
                _contact.c.last_seen_time < which.last_seen_before,
            )
        )


async def dressed(tx: Tx, found: Sequence[Meter]) -> list[Meter]:
    """Meters with their channels, where they are installed now, and what was last heard of them."""
    ids = [one.meter_id for one in found]
    given = await channels.of_meters(tx, ids)
    heard = await contacts.of(tx, ids)
    where = _installation
    rows = await tx.conn.execute(
        sa.select(where.c.meter_id, where.c.usage_point_id).where(
            where.c.meter_id.in_(ids), *installed_now(tx)
        )
    )
    installed = {row.meter_id: row.usage_point_id for row in rows}
    return [
        replace(
            one,
            channels=given.get(one.meter_id, ()),
            usage_point_id=installed.get(one.meter_id),
            last_seen_time=heard[one.meter_id].last_seen_time,
            battery_level=heard[one.meter_id].battery_level,
        )
        for one in found
    ]
