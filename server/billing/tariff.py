"""Tariffs: what is charged, as data.

A tariff is a list of versions with effective dates; the content of a version never changes once a bill has
used it. Kinds of component are a closed union, so that a new one (demand, reactive, minimum, export) is a
dataclass here, its checks, its place in the document and its rating.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from server.billing.calendar import Calendar
from server.billing.money import ONE, ZERO, Rounding
from server.billing.period import Period


class ChargePeriod(StrEnum):
    """What a fixed amount is charged for."""

    MONTH = "MONTH"
    DAY = "DAY"
    BILL = "BILL"


class Proration(StrEnum):
    """What a component does with a period that is no whole month."""

    DAILY = "DAILY"
    """Monthly amounts and monthly tier limits are scaled by days over the days of the month."""
    NONE = "NONE"
    """They are taken whole, once for each month that the period touches."""


class TierMode(StrEnum):
    """How a quantity is spread over tiers."""

    GRADUATED = "GRADUATED"
    """Each unit is priced by the tier it falls into."""
    WHOLE = "WHOLE"
    """All units are priced by the tier that the whole quantity falls into."""


class TierLimit(StrEnum):
    """What a tier's upper limit counts."""

    PER_MONTH = "PER_MONTH"
    PER_DAY = "PER_DAY"


@dataclass(frozen=True, slots=True)
class FixedCharge:
    """An amount for time."""

    amount: Decimal
    per: ChargePeriod = ChargePeriod.MONTH


@dataclass(frozen=True, slots=True)
class Tier:
    """One block of a price: from the limit of the tier before to before ``upper``."""

    rate: Decimal
    upper: Decimal | None = None
    """Exclusive limit in the component's unit; None is open."""
    flat: Decimal = ZERO
    """Charged once when the tier is reached; the first tier always is."""
    adjustment: Decimal = ZERO
    """Added to the rate, and kept apart because regulators do."""


@dataclass(frozen=True, slots=True)
class PeriodRate:
    """The price of one calendar period; periods may have different numbers of tiers."""

    tiers: tuple[Tier, ...]
    period: str = ""
    """Name of the calendar's period; empty where the component has no calendar."""
    mode: TierMode = TierMode.GRADUATED
    limit: TierLimit = TierLimit.PER_MONTH


@dataclass(frozen=True, slots=True)
class EnergyCharge:
    """A price for a quantity that intervals measure: energy, volume, heat."""

    quantity: str
    """Name of a ``simba.common.v1.Quantity`` without its prefix."""
    unit: str
    """Unit that rates and limits are in; series in another one of the same kind are converted exactly."""
    rates: tuple[PeriodRate, ...]
    calendar: Calendar | None = None


@dataclass(frozen=True, slots=True)
class TaxCharge:
    """A share of other components."""

    percent: Decimal
    on: tuple[str, ...] = ()
    """Codes of the taxed components; empty: every one that is no tax."""


Kind = FixedCharge | EnergyCharge | TaxCharge


@dataclass(frozen=True, slots=True)
class Component:
    """One thing that a tariff charges."""

    code: str
    kind: Kind
    label: str = ""
    """What the bill calls it; empty: the code."""
    proration: Proration = Proration.DAILY

    @property
    def title(self) -> str:
        """What the bill calls it."""
        return self.label or self.code


@dataclass(frozen=True, slots=True)
class Gate:
    """The largest shares of weak intervals with which a period is still billed."""

    max_missing: Decimal = ZERO
    max_estimated: Decimal = ONE


@dataclass(frozen=True, slots=True)
class Content:
    """What a version says, in bill order: the part that is hashed, and frozen by its first use."""

    components: tuple[Component, ...]
    rounding: Rounding = field(default_factory=Rounding)
    gate: Gate = field(default_factory=Gate)


@dataclass(frozen=True, slots=True)
class Version:
    """A content and the local day from which it holds, until the next version does."""

    effective_from: date | None
    """None, on the first version only: always."""
    content: Content
    sha256: str
    """Of the content's canonical document, hex; see :func:`server.billing.tariff_document.version`."""
    used_until: date | None = None
    """First local day that no bill has priced with it yet; None: never used. A used content cannot change."""


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a period for which one version holds."""

    days: Period
    version: Version


def end_of(versions: Sequence[Version], place: int) -> date | None:
    """First local day on which the version at ``place`` holds no more; None: until further notice."""
    return versions[place + 1].effective_from if place + 1 < len(versions) else None


def parts_of(versions: Sequence[Version], days: Period) -> tuple[list[Part], Period | None]:
    """The period cut by version, and the days before the first one (None: there are none)."""
    parts = []
    for place, version in enumerate(versions):
        piece = days.clipped(version.effective_from, end_of(versions, place))
        if not piece.empty:
            parts.append(Part(piece, version))
    first = versions[0].effective_from if versions else days.end
    uncovered = days.clipped(None, first) if first is not None else None
    return parts, uncovered if uncovered is not None and not uncovered.empty else None
