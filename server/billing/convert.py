"""What every conversion between wire and domain needs: dates, times, decimals, ids, external names."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date

from server.billing.money import ZERO, NotADecimal, parse
from server.platform.errors import InvalidField
from server.platform.ids import new_id, parse_id
from server.platform.resource_store import ExternalId
from simba.common.v1 import types_pb2


def stamp(time: datetime | None) -> Timestamp | None:
    """A time on the wire; None stays absent."""
    if time is None:
        return None
    wire = Timestamp()
    wire.FromDatetime(time)
    return wire


def instant_of(field: str, wire: Timestamp) -> datetime:
    """A time from the wire, UTC. InvalidField names the field when it is none."""
    try:
        return wire.ToDatetime(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise InvalidField(field, f"{wire.seconds} s is outside years 1 to 9999", "timestamp.range") from None


def wire_date(day: date | None) -> Date | None:
    """A day on the wire; None stays absent."""
    return None if day is None else Date(year=day.year, month=day.month, day=day.day)


def date_of(field: str, wire: Date) -> date:
    """A day from the wire. InvalidField names the field for one that no calendar has, or half of one."""
    try:
        return date(wire.year, wire.month, wire.day)
    except ValueError:
        written = f"{wire.year:04}-{wire.month:02}-{wire.day:02}"
        raise InvalidField(field, f"{written} is not a day", "date") from None


def decimal_of(field: str, written: str, default: Decimal | None = ZERO) -> Decimal:
    """A decimal from the wire; empty is the default. InvalidField names the field when it is none."""
    if not written:
        if default is None:
            raise InvalidField(field, "is missing", "required")
        return default
    try:
        return parse(written)
    except NotADecimal as error:
        raise InvalidField(field, str(error), "decimal") from None


def id_of(field: str, written: str) -> UUID:
    """An id that must be given."""
    if not written:
        raise InvalidField(field, "is missing", "required")
    return parse_id(field, written)


def own_id_of(field: str, written: str) -> UUID:
    """The id of a new resource: the caller's, or a new one."""
    return parse_id(field, written) if written else new_id()


def optional_id_of(field: str, written: str) -> UUID | None:
    """An id that may be left out."""
    return parse_id(field, written) if written else None


def wire_names(names: Iterable[ExternalId]) -> list[types_pb2.ExternalId]:
    """External names on the wire."""
    return [types_pb2.ExternalId(system=name.system, value=name.value) for name in names]


def names_of(wire: Iterable[types_pb2.ExternalId]) -> tuple[ExternalId, ...]:
    """External names from the wire."""
    return tuple(ExternalId(name.system, name.value) for name in wire)


def wire_commodity(name: str) -> "types_pb2.Commodity.ValueType":
    """A commodity on the wire; empty is unspecified."""
    return types_pb2.Commodity.Value(f"COMMODITY_{name or 'UNSPECIFIED'}")


def commodity_of(wire: "types_pb2.Commodity.ValueType") -> str:
    """A commodity from the wire; empty where it is not said."""
    name = types_pb2.Commodity.Name(wire).removeprefix("COMMODITY_")
    return "" if name == "UNSPECIFIED" else name
