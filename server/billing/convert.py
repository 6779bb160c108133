"""What conversions of billing need beside the platform's: dates, exact decimals, ids that must be there."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from google.type.date_pb2 import Date

from server.billing.money import ZERO, NotADecimal, parse
from server.platform.errors import InvalidField
from server.platform.ids import parse_id


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
