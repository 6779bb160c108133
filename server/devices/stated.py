"""What registers showed at an instant, as somebody read it: at an exchange, at a change of a multiplier.

It is stored as an ordinary reading of the channel by a job, so that consumption runs through the instant
without a jump. The job may run again: the same readings are stored once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from server.devices.domain import Channel
from server.devices.ports import RegisterReadings
from server.platform.caller import current_caller
from server.platform.errors import FieldViolation, InvalidField, refuse
from server.platform.uow import Tx

JOB = "devices.record_readings"
QUEUE = "devices"


@dataclass(frozen=True, slots=True)
class Stated:
    """A register by the code of its channel, and what it showed."""

    code: str
    value: Decimal


def registers(own: Iterable[Channel]) -> dict[str, Channel]:
    """The registers among a device's channels, by code."""
    return {channel.code: channel for channel in own if channel.kind == "REGISTER"}


def checked(field: str, given: Sequence[Stated], known: Mapping[str, Channel]) -> dict[str, Decimal]:
    """The values by code.

    Raises InvalidArgument naming what is no register, comes twice, or cannot be shown.
    """
    violations = []
    values: dict[str, Decimal] = {}
    for place, one in enumerate(given):
        channel = known.get(one.code)
        if channel is None:
            said = f"{one.code!r} is no register of the meter: it has {', '.join(sorted(known)) or 'none'}"
            violations.append(FieldViolation(f"{field}[{place}].code", said, "register.known"))
        elif one.code in values:
            violations.append(FieldViolation(f"{field}[{place}].code", f"{one.code!r} comes twice", "unique"))
        elif channel.dials and one.value >= 10**channel.dials:
            said = f"{one.value} does not fit the {channel.dials} dials of {one.code!r}"
            violations.append(FieldViolation(f"{field}[{place}].value", said, "register.dials"))
        elif one.value < 0 and not channel.negative_allowed:
            said = f"{one.value}: {one.code!r} cannot be below 0"
            violations.append(FieldViolation(f"{field}[{place}].value", said, "register.negative"))
        values[one.code] = one.value
    refuse(violations)
    return values


def check_past(field: str, time: datetime, now: datetime) -> None:
    """Raises InvalidField for an instant that is yet to come: nobody has read anything then."""
    if time > now:
        raise InvalidField(field, f"{time.isoformat()} is in the future", "timestamp.past")


async def record(tx: Tx, source: str, readings: Iterable[tuple[Channel, datetime, Decimal]]) -> None:
    """Leaves a job that stores readings, if and when the transaction commits."""
    rows = [[channel.channel, time.isoformat(), str(value)] for channel, time, value in readings]
    if rows:
        await tx.defer(JOB, queue=QUEUE, source=source, rows=rows)


class RecordReadings:
    """The job."""

    def __init__(self, readings: RegisterReadings) -> None:
        self._readings = readings

    async def __call__(self, source: str, rows: Sequence[tuple[int, str, str]]) -> None:
        """Stores the readings; again changes nothing."""
        taken = [(channel, datetime.fromisoformat(time), Decimal(value)) for channel, time, value in rows]
        tenant_id: UUID = current_caller().tenant_id
        await self._readings.record(tenant_id, source, taken)
