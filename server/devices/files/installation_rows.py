"""Rows that say which meter is at which usage point, and since when."""

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from server.devices import tables
from server.devices.files import references
from server.devices.files.domain import ExportJob, Flaw, Row
from server.devices.files.references import REASONS
from server.devices.files.rows import Outcome, Taken
from server.devices.installations import Installations
from server.devices.positions import points_at
from server.platform.errors import SimbaError
from server.platform.sql import among
from server.platform.uow import Tx, UnitOfWork

HEADING: Final = (
    "usage_point_code",
    "manufacturer",
    "serial_number",
    "install_time",
    "remove_time",
    "multiplier",
)
_PAGE = 1000
_installation, _point = tables.installation, tables.usage_point


class InstallationTaker:
    """Installs what is not installed, and removes what is said to be removed."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._installations = Installations(uow)

    def look(self, rows: Sequence[Row]) -> None:
        """Nothing of the rows before is needed."""

    async def take(self, tx: Tx, rows: Sequence[Row]) -> list[Taken]:
        """What became of each, in the order of the file: one meter may follow another."""
        taken = [Taken(row) for row in rows]
        for one in taken:
            for name in one.row.cells.keys() - set(HEADING):
                one.refuse(Flaw(name, str(one.row.cells[name]), f"{name!r} is no column of installations"))
        points = await self._named(tx, taken, "usage_point", ("usage_point_code",))
        meters = await self._named(tx, taken, "meter", ("manufacturer", "serial_number"))
        for one in taken:
            if one.outcome is None:
                await self._one(one, points[id(one)], meters[id(one)])
        return taken

    async def _named(
        self, tx: Tx, taken: Sequence[Taken], what: str, columns: tuple[str, ...]
    ) -> dict[int, UUID]:
        wanted = {id(one): references.name_in(one.row.cells, columns) for one in taken}
        ids = await references.ids_of(tx, what, {name for name in wanted.values() if name})
        found: dict[int, UUID] = {}
        for one in taken:
            name = wanted[id(one)]
            if name in ids:
                found[id(one)] = ids[name]
            else:
                said = f"there is no {what.replace('_', ' ')} {' '.join(name or ())!r}"
                one.refuse(Flaw(columns[-1], (name or ("",))[-1], said, REASONS[what]))
        return found

    async def _one(self, one: Taken, point_id: UUID, meter_id: UUID) -> None:
        start, end = _time(one, "install_time", needed=True), _time(one, "remove_time", needed=False)
        multiplier = _multiplier(one)
        if one.outcome is not None or start is None:
            return
        try:
            async with self._uow() as tx:
                known = await _known(tx, point_id, meter_id, start)
                if known is None:
                    await self._installations.install(point_id, meter_id, start, multiplier or Decimal(1))
                    one.outcome = Outcome.CREATED
                else:
                    _check(one, known, end, multiplier)
                if end is not None and one.outcome is None and known is not None and known.end_time is None:
                    one.outcome = Outcome.UPDATED
                if end is not None and one.outcome in (Outcome.CREATED, Outcome.UPDATED):
                    await self._installations.remove(point_id, end)
            one.outcome = one.outcome or Outcome.UNCHANGED
        except SimbaError as error:
            one.refuse(Flaw("", "", error.message, error.reason))


def _check(one: Taken, known: Any, end: datetime | None, multiplier: Decimal | None) -> None:
    """What is there already must be as the row says; an end may be added."""
    if end is not None and known.end_time is not None and known.end_time != end:
        said = f"it was removed at {known.end_time.isoformat()}"
        one.refuse(Flaw("remove_time", end.isoformat(), said))
    if multiplier is not None and known.multiplier != multiplier:
        said = f"it is {known.multiplier}: change it by SetMultiplier, from an instant on"
        one.refuse(Flaw("multiplier", str(multiplier), said))


def _time(one: Taken, column: str, *, needed: bool) -> datetime | None:
    text = str(one.row.cells.get(column, ""))
    if not text:
        if needed:
            one.refuse(Flaw(column, "", "must be set"))
        return None
    time: datetime | None = None
    with suppress(ValueError):
        time = datetime.fromisoformat(text)
    if time is None or time.tzinfo is None:
        one.refuse(Flaw(column, text, f"{text!r} is no time with its offset (RFC 3339)"))
        return None
    return time


def _multiplier(one: Taken) -> Decimal | None:
    text = str(one.row.cells.get("multiplier", ""))
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        one.refuse(Flaw("multiplier", text, f"{text!r} is no decimal"))
        return None


async def _known(tx: Tx, point_id: UUID, meter_id: UUID, start: datetime) -> Any:
    table = _installation.c
    query = sa.select(table.end_time, table.multiplier).where(
        table.tenant_id == tx.tenant_id,
        table.usage_point_id == point_id,
        table.meter_id == meter_id,
        table.start_time == start,
    )
    return (await tx.conn.execute(query)).one_or_none()


class InstallationRows:
    """Installations, oldest first."""

    heading: Sequence[str] = HEADING

    async def pages(self, uow: UnitOfWork, job: ExportJob) -> AsyncIterator[list[dict[str, str]]]:
        """Page by page."""
        table, after = _installation.c, None
        while True:
            async with uow() as tx:
                query = sa.select(_installation).where(table.tenant_id == tx.tenant_id)
                if after is not None:
                    query = query.where(table.installation_id > after)
                if job.as_of is not None:
                    query = query.where(
                        table.start_time <= job.as_of,
                        sa.or_(table.end_time.is_(None), table.end_time > job.as_of),
                    )
                if job.node_id is not None:
                    query = query.where(
                        sa.or_(
                            table.usage_point_id.in_(points_at(tx, place_id=job.node_id, as_of=job.as_of)),
                            table.usage_point_id.in_(
                                points_at(tx, grid_node_id=job.node_id, as_of=job.as_of)
                            ),
                        )
                    )
                found = (await tx.conn.execute(query.order_by(table.installation_id).limit(_PAGE))).all()
                if not found:
                    return
                yield await _cells(tx, found)
            after = found[-1].installation_id


async def _cells(tx: Tx, found: Sequence[Any]) -> list[dict[str, str]]:
    points = await references.names_of(tx, "usage_point", {one.usage_point_id for one in found})
    meter = tables.meter.c
    rows = await tx.conn.execute(
        sa.select(meter.meter_id, meter.manufacturer, meter.serial_number).where(
            meter.tenant_id == tx.tenant_id, among(meter.meter_id, {one.meter_id for one in found})
        )
    )
    meters = {row[0]: (row[1], row[2]) for row in rows}
    return [
        {
            "usage_point_code": points[one.usage_point_id][0],
            "manufacturer": meters[one.meter_id][0],
            "serial_number": meters[one.meter_id][1],
            "install_time": one.start_time.isoformat(),
            "remove_time": one.end_time.isoformat() if one.end_time else "",
            "multiplier": format(one.multiplier, "f"),
        }
        for one in found
    ]
