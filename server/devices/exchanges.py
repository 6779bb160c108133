"""Use cases of exchanges: one meter takes the place of another, and the series go on without a jump."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server.devices import channels, installing, multipliers, tables
from server.devices.domain import Channel, Installation
from server.devices.errors import ExchangeReadingMissing, MeterExchangeNotFound, NotInstalled
from server.devices.exchange import MeterExchange, mapped, missing
from server.devices.exchange_tables import meter_exchange
from server.devices.life import replaced
from server.devices.outcomes import trying
from server.devices.stated import Stated, check_past, checked, record, registers
from server.devices.stores import meters, usage_points
from server.devices.telling_installation import meter_replaced
from server.platform.errors import InvalidField
from server.platform.ids import new_id
from server.platform.resource_store import ResourceStore, Row, attributes_of, columns_of
from server.platform.uow import Tx, UnitOfWork
from simba.devices.v1 import meter_exchange_pb2

_COLUMNS = (
    "meter_exchange_id",
    "usage_point_id",
    "old_meter_id",
    "new_meter_id",
    "remove_time",
    "install_time",
    "channel_map",
    "reason",
)
_READINGS = ("final_readings", "initial_readings")
_MISSING = ("missing_final", "missing_initial")


def _write(exchange: MeterExchange) -> dict[str, Any]:
    told = {name: {code: str(value) for code, value in getattr(exchange, name).items()} for name in _READINGS}
    lacking = {name: list(getattr(exchange, name)) for name in _MISSING}
    return {**attributes_of(exchange, *_COLUMNS), **told, **lacking}


def _numbers(row: Row, name: str) -> dict[str, Decimal]:
    return {code: Decimal(value) for code, value in row[name].items()}


EXCHANGES = ResourceStore[MeterExchange](
    "meter_exchange",
    meter_exchange,
    read=lambda row, _, stored: MeterExchange(
        **columns_of(row, *_COLUMNS),
        final_readings=_numbers(row, "final_readings"),
        initial_readings=_numbers(row, "initial_readings"),
        missing_final=tuple(row["missing_final"]),
        missing_initial=tuple(row["missing_initial"]),
        stored=stored,
    ),
    write=_write,
    missing=MeterExchangeNotFound,
    message=meter_exchange_pb2.MeterExchange,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """What somebody did in the field."""

    meter_id: UUID
    new_meter_id: UUID
    remove_time: datetime
    install_time: datetime
    final_readings: Sequence[Stated] = ()
    initial_readings: Sequence[Stated] = ()
    channel_map: Sequence[tuple[str, str]] = ()
    multiplier: Decimal | None = None
    """None: as the old meter's."""
    reason: str = ""
    require_readings: bool = False


@dataclass(frozen=True, slots=True)
class ExchangeFilter:
    """Which exchanges; unset fields do not narrow."""

    usage_point_id: UUID | None = None
    meter_id: UUID | None = None
    complete: bool | None = None


class Exchanges:
    """Replace, complete, look."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def replace(self, wanted: Replacement, *, validate_only: bool) -> MeterExchange:
        """Takes the old meter away and puts the new one there, all or nothing.

        Raises NotInstalled, InstallationOverlap, UnitMismatch, ChannelMapIncomplete, ExchangeReadingMissing
        when all readings are required, and InvalidArgument for what cannot be: times, codes, values.
        """
        if wanted.multiplier is not None:
            installing.check_multiplier("multiplier", wanted.multiplier)
        if wanted.install_time < wanted.remove_time:
            said = f"{wanted.install_time.isoformat()} is before remove_time"
            raise InvalidField("install_time", said, "time_interval.order")
        if wanted.new_meter_id == wanted.meter_id:
            raise InvalidField("new_meter_id", "is the meter that is there", "exchange.other")
        async with trying(self._uow, validate_only=validate_only) as tx:
            return await self._replace(tx, wanted)

    async def _replace(self, tx: Tx, wanted: Replacement) -> MeterExchange:
        check_past("install_time", wanted.install_time, tx.now)
        old, new = [await meters.changing(tx, one) for one in (wanted.meter_id, wanted.new_meter_id)]
        gone = await installing.end(
            tx,
            tables.installation.c.meter_id == old.meter_id,
            wanted.remove_time,
            installing.REPLACED,
        )
        if gone is None:
            raise NotInstalled(
                f"meter {old.meter_id} is not installed before {wanted.remove_time.isoformat()}",
                meter_id=old.meter_id,
            )
        await meters.save(tx, replace(old, life=replaced(old.life)), action="replaced")
        point = await usage_points.changing(tx, gone.usage_point_id)
        await installing.check_commodity(tx, "new_meter_id", new, point)
        going = await installing.fed_by(tx, gone.installation_id)
        own = await channels.of_meters(tx, [old.meter_id, new.meter_id])
        pairs = mapped(going, own.get(new.meter_id, ()), wanted.channel_map)
        fed = {one.channel.code: one.series for one in going}
        came = await installing.begin(
            tx,
            point,
            new,
            wanted.install_time,
            wanted.multiplier or await _multiplier_of(tx, gone, wanted.remove_time),
            {new_code: fed[code] for code, new_code in pairs.items() if new_code},
        )
        feeding = [one.channel for one in await installing.fed_by(tx, came.installation_id)]
        return await self._store(
            tx,
            wanted,
            MeterExchange(
                meter_exchange_id=new_id(),
                usage_point_id=point.usage_point_id,
                old_meter_id=old.meter_id,
                new_meter_id=new.meter_id,
                remove_time=wanted.remove_time,
                install_time=wanted.install_time,
                channel_map=pairs,
                reason=wanted.reason,
                missing_final=tuple(registers(one.channel for one in going)),
                missing_initial=tuple(registers(feeding)),
            ),
            own,
        )

    async def _store(
        self,
        tx: Tx,
        wanted: Replacement,
        exchange: MeterExchange,
        own: dict[UUID, tuple[Channel, ...]],
    ) -> MeterExchange:
        exchange = _with(exchange, own, wanted.final_readings, wanted.initial_readings)
        if wanted.require_readings and not exchange.complete:
            raise ExchangeReadingMissing(
                f"readings are missing: final {', '.join(exchange.missing_final) or 'none'},"
                f" initial {', '.join(exchange.missing_initial) or 'none'}",
                missing_final=",".join(exchange.missing_final),
                missing_initial=",".join(exchange.missing_initial),
            )
        stored = await EXCHANGES.insert(tx, exchange)
        await _recorded(tx, stored, own, None)
        await tx.emit(meter_replaced(stored))
        return stored

    async def complete(
        self, meter_exchange_id: UUID, etag: str, final: Sequence[Stated], initial: Sequence[Stated]
    ) -> MeterExchange:
        """Brings readings that were missing, or corrects some.

        Raises MeterExchangeNotFound, EtagMismatch, and InvalidArgument for codes and values that cannot be.
        """
        async with self._uow() as tx:
            before = await EXCHANGES.changing(tx, meter_exchange_id, etag)
            own = await channels.of_meters(tx, [before.old_meter_id, before.new_meter_id])
            after = await EXCHANGES.save(tx, _with(before, own, final, initial), action="completed")
            await _recorded(tx, after, own, before)
            await tx.emit(meter_replaced(after))
            return after

    async def get(self, meter_exchange_id: UUID) -> MeterExchange:
        """One. Raises MeterExchangeNotFound."""
        async with self._uow() as tx:
            return await EXCHANGES.get(tx, meter_exchange_id)

    async def page(
        self, which: ExchangeFilter, *, before: UUID | None, limit: int
    ) -> Sequence[MeterExchange]:
        """Newest first."""
        columns = meter_exchange.c
        query = sa.select(columns.meter_exchange_id).where(*_where(which))
        if before is not None:
            query = query.where(columns.meter_exchange_id < before)
        async with self._uow() as tx:
            query = query.where(columns.tenant_id == tx.tenant_id)
            ids = await tx.conn.scalars(query.order_by(columns.meter_exchange_id.desc()).limit(limit))
            return [*reversed(await EXCHANGES.of(tx, list(ids)))]


def _where(which: ExchangeFilter) -> list[sa.ColumnElement[bool]]:
    columns = meter_exchange.c
    conditions: list[sa.ColumnElement[bool]] = []
    if which.usage_point_id is not None:
        conditions.append(columns.usage_point_id == which.usage_point_id)
    if which.meter_id is not None:
        both = columns.old_meter_id == which.meter_id, columns.new_meter_id == which.meter_id
        conditions.append(sa.or_(*both))
    if which.complete is not None:
        lacking = sa.or_(columns.missing_final != sa.text("'{}'"), columns.missing_initial != sa.text("'{}'"))
        conditions.append(sa.not_(lacking) if which.complete else lacking)
    return conditions


async def _multiplier_of(tx: Tx, gone: Installation, time: datetime) -> Decimal:
    """What the old meter's values were multiplied by at its end."""
    (whole,) = await multipliers.of(tx, [gone])
    return multipliers.at(whole, time).multiplier


def _with(
    exchange: MeterExchange,
    own: dict[UUID, tuple[Channel, ...]],
    final: Sequence[Stated],
    initial: Sequence[Stated],
) -> MeterExchange:
    """The exchange with more readings. Raises InvalidArgument for those that cannot be."""
    old = checked("final_readings", final, registers(own.get(exchange.old_meter_id, ())))
    new = checked("initial_readings", initial, registers(own.get(exchange.new_meter_id, ())))
    return replace(
        exchange,
        final_readings={**exchange.final_readings, **old},
        initial_readings={**exchange.initial_readings, **new},
        missing_final=missing(exchange.missing_final, old),
        missing_initial=missing(exchange.missing_initial, new),
    )


async def _recorded(
    tx: Tx, exchange: MeterExchange, own: dict[UUID, tuple[Channel, ...]], before: MeterExchange | None
) -> None:
    """Has the readings stored that are new since ``before``."""
    rows = []
    for name, meter_id, time in (
        ("final_readings", exchange.old_meter_id, exchange.remove_time),
        ("initial_readings", exchange.new_meter_id, exchange.install_time),
    ):
        known = registers(own.get(meter_id, ()))
        had = getattr(before, name) if before is not None else {}
        rows += [
            (known[code], time, value)
            for code, value in getattr(exchange, name).items()
            if had.get(code) != value
        ]
    await record(tx, f"exchange/{exchange.meter_exchange_id}/{exchange.stored.version}", rows)
