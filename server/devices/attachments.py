"""Use cases of pulse modules at meters: which input counts for which register, and what a pulse is worth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from server.devices import channels
from server.devices.attachment import Attachment
from server.devices.domain import Channel
from server.devices.errors import AttachmentOverlap, NotAttached
from server.devices.exchange_tables import pulse_attachment
from server.devices.life import replaced, used_again
from server.devices.stated import check_past, record, registers
from server.devices.stores import meters, pulse_modules
from server.devices.telling_installation import attachment_changed
from server.platform.errors import InvalidField
from server.platform.ids import new_id
from server.platform.resource_store import constraint_of
from server.platform.uow import Tx, UnitOfWork

_table = pulse_attachment
_PULSES = "PULSE_COUNT"
_OWN = (
    "pulse_attachment_id",
    "pulse_module_id",
    "input",
    "input_channel",
    "meter_id",
    "code",
    "register_channel",
    "pulse_weight",
    "initial_index",
    "initial_count",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAttachment:
    """What is to count for what, from an instant on."""

    pulse_module_id: UUID
    input: str
    meter_id: UUID
    code: str
    pulse_weight: Decimal
    initial_index: Decimal
    initial_count: Decimal | None
    start: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """What the counters of one input showed when a module was exchanged."""

    new_input: str
    final: Decimal | None
    initial: Decimal


@dataclass(frozen=True, slots=True)
class AttachmentFilter:
    """Which attachments; unset fields do not narrow."""

    pulse_module_id: UUID | None = None
    meter_id: UUID | None = None
    as_of: datetime | None = None


class Attachments:
    """Attach, detach, weigh, replace, list."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def attach(self, wanted: NewAttachment) -> Attachment:
        """Lets an input count for a register. Raises AttachmentOverlap, InvalidField for what cannot be."""
        _check_weight(wanted.pulse_weight)
        async with self._uow() as tx:
            module = await pulse_modules.changing(tx, wanted.pulse_module_id)
            meter = await meters.changing(tx, wanted.meter_id)
            own = await channels.of_meters(tx, [module.meter_id, meter.meter_id])
            source = _known(_inputs(own.get(module.meter_id, ())), "input", wanted.input, "input")
            target = _known(registers(own.get(meter.meter_id, ())), "code", wanted.code, "register")
            made = Attachment(
                pulse_attachment_id=new_id(),
                pulse_module_id=module.meter_id,
                input=wanted.input,
                input_channel=source.channel,
                meter_id=meter.meter_id,
                code=wanted.code,
                register_channel=target.channel,
                pulse_weight=wanted.pulse_weight,
                initial_index=wanted.initial_index,
                initial_count=wanted.initial_count,
                start=wanted.start,
            )
            await _insert(tx, made)
            if used_again(module.life) != module.life:
                await pulse_modules.save(tx, replace(module, life=used_again(module.life)))
            await _count(tx, made, source, made.start, made.initial_count)
            return made

    async def detach(self, pulse_module_id: UUID, code: str, time: datetime) -> Attachment:
        """Ends what an input counts for. Raises NotAttached."""
        async with self._uow() as tx:
            await pulse_modules.get(tx, pulse_module_id, lock=True)
            ended = await _end(tx, pulse_module_id, time, code)
            if not ended:
                raise _not_attached(pulse_module_id, code, time)
            return ended[0]

    async def weigh(
        self, pulse_module_id: UUID, code: str, weight: Decimal, since: datetime, count: Decimal | None
    ) -> Attachment:
        """Changes what a pulse is worth from an instant on. ``count`` is what the counter showed then.

        Raises NotAttached, InvalidField.
        """
        _check_weight(weight)
        async with self._uow() as tx:
            module = await pulse_modules.changing(tx, pulse_module_id)
            ended = await _end(tx, pulse_module_id, since, code)
            if not ended:
                raise _not_attached(pulse_module_id, code, since)
            before = ended[0]
            own = _inputs((await channels.of_meters(tx, [module.meter_id])).get(module.meter_id, ()))
            made = replace(
                before,
                pulse_attachment_id=new_id(),
                pulse_weight=weight,
                initial_index=_index_at(before, count),
                initial_count=count,
                start=since,
                end=None,
            )
            await _insert(tx, made)
            await _count(tx, made, own[code], since, count)
            return made

    async def replace_module(
        self, pulse_module_id: UUID, new_module_id: UUID, time: datetime, counts: Mapping[str, Counts]
    ) -> list[Attachment]:
        """Lets all attachments go on with another module.

        Raises NotAttached, AttachmentOverlap, and InvalidField for inputs that are not there.
        """
        if new_module_id == pulse_module_id:
            raise InvalidField("new_pulse_module_id", "is the module that is there", "exchange.other")
        async with self._uow() as tx:
            gone, came = [await pulse_modules.changing(tx, one) for one in (pulse_module_id, new_module_id)]
            own = await channels.of_meters(tx, [pulse_module_id, new_module_id])
            old, new = (_inputs(own.get(one, ())) for one in (pulse_module_id, new_module_id))
            for code in counts:
                _known(old, "counts.input", code, "input")
            ended = await _end(tx, pulse_module_id, time)
            if not ended:
                raise _not_attached(pulse_module_id, "", time)
            await pulse_modules.save(tx, replace(gone, life=replaced(gone.life)), action="replaced")
            if used_again(came.life) != came.life:
                await pulse_modules.save(tx, replace(came, life=used_again(came.life)))
            return [await _goes_on(tx, one, new_module_id, old, new, counts.get(one.input)) for one in ended]

    async def page(self, which: AttachmentFilter, *, before: UUID | None, limit: int) -> Sequence[Attachment]:
        """Newest first."""
        columns = _table.c
        async with self._uow() as tx:
            query = sa.select(_table).where(columns.tenant_id == tx.tenant_id)
            if which.pulse_module_id is not None:
                query = query.where(columns.pulse_module_id == which.pulse_module_id)
            if which.meter_id is not None:
                query = query.where(columns.meter_id == which.meter_id)
            if which.as_of is not None:
                lasts = sa.or_(columns.end_time.is_(None), columns.end_time > which.as_of)
                query = query.where(columns.start_time <= which.as_of, lasts)
            if before is not None:
                query = query.where(columns.pulse_attachment_id < before)
            rows = await tx.conn.execute(query.order_by(columns.pulse_attachment_id.desc()).limit(limit))
            return [_read(row) for row in rows.mappings()]


async def _goes_on(
    tx: Tx,
    before: Attachment,
    module_id: UUID,
    old: Mapping[str, Channel],
    new: Mapping[str, Channel],
    counts: Counts | None,
) -> Attachment:
    known = counts or Counts("", None, Decimal(0))
    source = _known(new, "counts.new_input", known.new_input or before.input, "input")
    assert before.end is not None, "it was ended a moment ago"
    await _count(tx, before, old[before.input], before.end, known.final)
    made = replace(
        before,
        pulse_attachment_id=new_id(),
        pulse_module_id=module_id,
        input=source.code,
        input_channel=source.channel,
        initial_index=_index_at(before, known.final),
        initial_count=known.initial,
        start=before.end,
        end=None,
    )
    await _insert(tx, made)
    await _count(tx, made, source, made.start, known.initial)
    return made


def _index_at(before: Attachment, count: Decimal | None) -> Decimal:
    """What the register showed at a count; what it began with where that cannot be told."""
    if count is None or before.initial_count is None or count < before.initial_count:
        return before.initial_index
    return before.initial_index + (count - before.initial_count) * before.pulse_weight


def _check_weight(weight: Decimal) -> None:
    if weight <= 0:
        raise InvalidField("pulse_weight", f"{weight} is not above 0", "pulse_weight.positive")


def _inputs(own: Sequence[Channel]) -> dict[str, Channel]:
    return {one.code: one for one in own if one.quantity == _PULSES}


def _known(known: Mapping[str, Channel], field: str, code: str, what: str) -> Channel:
    if code not in known:
        said = f"{code!r} is no {what}: there are {', '.join(sorted(known)) or 'none'}"
        raise InvalidField(field, said, f"{what}.known")
    return known[code]


def _not_attached(pulse_module_id: UUID, code: str, time: datetime) -> NotAttached:
    what = f"input {code!r}" if code else "no input"
    return NotAttached(
        f"{what} of pulse module {pulse_module_id} is {'not ' if code else ''}attached before"
        f" {time.isoformat()}",
        pulse_module_id=pulse_module_id,
    )


async def _count(
    tx: Tx, attachment: Attachment, channel: Channel, time: datetime, count: Decimal | None
) -> None:
    """Has a count stored that somebody read."""
    if count is not None:
        check_past("effective_from", time, tx.now)
        await record(tx, f"attachment/{attachment.pulse_attachment_id}", [(channel, time, count)])


async def _end(tx: Tx, pulse_module_id: UUID, time: datetime, code: str = "") -> list[Attachment]:
    """Ends what lasts and began before the instant, of one input or of all."""
    columns = _table.c
    mine = [columns.tenant_id == tx.tenant_id, columns.pulse_module_id == pulse_module_id]
    if code:
        mine.append(columns.input == code)
    lasts = columns.end_time.is_(None), columns.start_time < time
    statement = sa.update(_table).where(*mine, *lasts).values(end_time=time).returning(_table)
    ended = [_read(row) for row in (await tx.conn.execute(statement)).mappings()]
    for one in ended:
        await _tell(tx, one, time, "detached", replace(one, end=None))
    return ended


async def _insert(tx: Tx, made: Attachment) -> None:
    values = {name: getattr(made, name) for name in _OWN}
    try:
        async with tx.conn.begin_nested():
            await tx.conn.execute(
                sa.insert(_table).values(
                    tenant_id=tx.tenant_id, **values, start_time=made.start, end_time=made.end
                )
            )
    except IntegrityError as error:
        whose = {
            "attachment_of_input": f"input {made.input!r} of pulse module {made.pulse_module_id}",
            "attachment_of_register": f"register {made.code!r} of meter {made.meter_id}",
        }.get(constraint_of(error) or "")
        if whose is None:
            raise
        raise AttachmentOverlap(
            f"{whose} is attached at or after {made.start.isoformat()}",
            pulse_module_id=made.pulse_module_id,
            meter_id=made.meter_id,
        ) from error
    await _tell(tx, made, made.start, "attached", None)


async def _tell(tx: Tx, one: Attachment, since: datetime, action: str, before: Attachment | None) -> None:
    await tx.emit(attachment_changed(one, since))
    await tx.changed(
        kind="pulse_attachment",
        resource_id=one.pulse_attachment_id,
        action=action,
        before=None if before is None else _told(before),
        after=_told(one),
    )


def _told(one: Attachment) -> dict[str, Any]:
    return {name: getattr(one, name) for name in _OWN} | {"start_time": one.start, "end_time": one.end}


def _read(row: sa.RowMapping) -> Attachment:
    own = {name: row[name] for name in _OWN}
    return Attachment(**own, start=row["start_time"], end=row["end_time"])
