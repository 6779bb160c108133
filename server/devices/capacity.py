"""The most that a service can let through, as a bound of use for its meters (V13).

A fuse lets more through for a while than it is rated for: the bound is 1.2 times the contract's capacity.
"""

from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa

from server.devices import tables

OVERLOAD: Final = Decimal("1.2")
_MICRO: Final = 1_000_000
LARGEST: Final = 10**18
"""What is not below this, in 10^-6 of the unit, is no bound."""

UNITS: Final[dict[tuple[str, str], int]] = {
    ("kW", "kWh"): 1,
    ("kVA", "kVAh"): 1,
    ("kVA", "kWh"): 1,
    ("kVA", "kvarh"): 1,
    ("m3/h", "m3"): 1,
    ("GJ/h", "GJ"): 1,
    ("GJ/h", "MJ"): 1000,
}
"""Unit of a capacity, unit of a series → what an hour at that capacity comes to. Ampere bound nothing by
themselves: the voltage of a service is not known."""


def per_hour_micro(multiplier: sa.ColumnElement[Any] | None = None) -> sa.ColumnElement[Any]:
    """SQL of the bound for a series at a usage point, in 10^-6 of the series' unit, rounded down; null: none.

    With ``multiplier`` that of its channel, before the multiplier. For queries that join ``usage_point`` and
    ``series``.
    """
    point, series = tables.usage_point.c, tables.series.c
    factor = sa.case(
        *(
            (sa.and_(point.contract_capacity_unit == capacity, series.unit == unit), worth)
            for (capacity, unit), worth in UNITS.items()
        )
    )
    bound = sa.func.trunc(point.contract_capacity * factor * OVERLOAD * _MICRO)
    holds = [point.contract_capacity > 0]
    if multiplier is not None:
        bound = sa.func.trunc(bound / sa.func.nullif(multiplier, 0))
        holds.append(multiplier > 0)
    return sa.case((sa.and_(*holds, bound < LARGEST), sa.cast(bound, sa.BigInteger)))
