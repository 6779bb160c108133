"""Rating: determinants and tariff versions become lines, lines become a bill.

Everything is exact until a line's amount is rounded, once, as the version declares. The unrounded amount
stays beside the rounded one: invoice taxes are computed on it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from server.billing.money import (
    EXACT,
    QUANTITY_STEP,
    ZERO,
    Rounding,
    TaxBase,
    plus,
    share,
    shown,
    times,
    trimmed,
)
from server.billing.period import Period
from server.billing.tariff import (
    ChargePeriod,
    Component,
    Content,
    EnergyCharge,
    FixedCharge,
    Part,
    PeriodRate,
    Proration,
    TaxCharge,
    TierLimit,
)
from server.billing.tiers import spread

ENGINE_VERSION = "1"
"""Grows with every change that can change an amount; part of the inputs hash."""

_PER_CENT = Decimal("0.01")
_MONTHS_A_YEAR = 12


class RatingError(Exception):
    """A bill cannot be computed from these inputs; the agreement goes to the exceptions."""


@dataclass(frozen=True, slots=True)
class Determinant:
    """What one component is computed from, for one part of the period and one calendar period."""

    component: str
    period: str
    """Calendar period; empty where the component has no calendar."""
    value: Decimal
    """In the component's unit."""
    intervals: int = 0
    """Intervals with a value, estimated ones included."""
    estimated: int = 0
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a bill."""

    component: str
    label: str
    days: Period
    quantity: Decimal
    unit: str
    rate: Decimal
    exact: Decimal
    """The amount before rounding."""
    amount: Decimal
    """The amount to pay."""
    period: str = ""
    tier: int = 0
    """From 1; 0 where there is only one."""


@dataclass(frozen=True, slots=True)
class TaxLine:
    """One tax of a bill."""

    component: str
    label: str
    percent: Decimal
    base: Decimal
    """What it is on: unrounded lines for a tax on the invoice, rounded ones for a tax on lines."""
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Bill:
    """Lines, taxes and their sums; the sums are sums of rounded amounts."""

    lines: tuple[Line, ...]
    taxes: tuple[TaxLine, ...]
    net: Decimal
    tax: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True)
class Rated:
    """A part of the period and what was used in it."""

    part: Part
    determinants: tuple[Determinant, ...]


def rate(rated: Sequence[Rated]) -> Bill:
    """The bill of a period, part by part.

    Raises :class:`RatingError` for a quantity below zero and for a determinant that no rate of its component
    prices.
    """
    lines: list[Line] = []
    taxes: list[TaxLine] = []
    for one in rated:
        content = one.part.version.content
        new = list(_lines(content, one.part.days, one.determinants))
        lines += new
        taxes += _taxes(content, new)
    # The last version's rule is the bill's: it is the one in force when the bill is made.
    rounding = rated[-1].part.version.content.rounding
    merged = tuple(_rounded(tax, rounding) for tax in _merged(taxes))
    nothing = rounding.amount(ZERO)
    net = plus(nothing, *(line.amount for line in lines))
    tax = plus(nothing, *(one.amount for one in merged))
    return Bill(tuple(lines), merged, net, tax, plus(net, tax))


def _lines(content: Content, days: Period, determinants: Sequence[Determinant]) -> Iterator[Line]:
    for component in content.components:
        kind = component.kind
        if isinstance(kind, FixedCharge):
            yield _fixed(component, kind, days, content.rounding)
        elif isinstance(kind, EnergyCharge):
            own = [one for one in determinants if one.component == component.code]
            yield from _energy(component, kind, days, own, content.rounding)


def _fixed(component: Component, charge: FixedCharge, days: Period, rounding: Rounding) -> Line:
    if charge.per is ChargePeriod.MONTH:
        units = months_of(component, days)
    else:
        units = Fraction(days.days if charge.per is ChargePeriod.DAY else 1)
    return _for_time(component, charge.amount, units, charge.per, days, rounding)


def _for_time(
    component: Component,
    amount: Decimal,
    units: Fraction,
    per: ChargePeriod,
    days: Period,
    rounding: Rounding,
) -> Line:
    exact = share(amount, units)
    return Line(
        component=component.code,
        label=component.title,
        days=days,
        quantity=shown(units),
        unit=per.value.lower(),
        rate=amount,
        exact=exact,
        amount=rounding.amount(exact),
    )


def months_of(component: Component, days: Period) -> Fraction:
    """Months of the period as the component's proration counts them."""
    if component.proration is Proration.DAILY:
        return days.months()
    last = days.end - timedelta(days=1)
    return Fraction((last.year - days.start.year) * _MONTHS_A_YEAR + last.month - days.start.month + 1)


def _energy(
    component: Component,
    charge: EnergyCharge,
    days: Period,
    determinants: Sequence[Determinant],
    rounding: Rounding,
) -> Iterator[Line]:
    sums: dict[str, Decimal] = {}
    for determinant in determinants:
        sums[determinant.period] = plus(sums.get(determinant.period, ZERO), determinant.value)
    for price in charge.rates:
        if price.period in sums:
            yield from _blocks(component, charge, price, sums.pop(price.period), days, rounding)
    if sums:
        raise RatingError(f"component {component.code!r} has no rate for the period {next(iter(sums))!r}")


def _blocks(
    component: Component,
    charge: EnergyCharge,
    price: PeriodRate,
    quantity: Decimal,
    days: Period,
    rounding: Rounding,
) -> Iterator[Line]:
    if quantity < 0:
        raise RatingError(f"component {component.code!r} has a quantity below zero: {quantity} {charge.unit}")
    months = months_of(component, days)
    factor = Fraction(days.days) if price.limit is TierLimit.PER_DAY else months
    limits = tuple(None if tier.upper is None else _scaled(tier.upper, factor) for tier in price.tiers)
    for block in spread(price, quantity, limits):
        tier = block.place + 1 if len(price.tiers) > 1 else 0
        unit_price = plus(block.tier.rate, block.tier.adjustment)
        exact = times(block.quantity, unit_price)
        yield Line(
            component=component.code,
            label=component.title,
            days=days,
            quantity=trimmed(block.quantity),
            unit=charge.unit,
            rate=unit_price,
            exact=exact,
            amount=rounding.amount(exact),
            period=price.period,
            tier=tier,
        )
        if block.tier.flat:
            flat = _for_time(component, block.tier.flat, months, ChargePeriod.MONTH, days, rounding)
            yield replace(flat, period=price.period, tier=tier)


def _scaled(limit: Decimal, factor: Fraction) -> Decimal:
    """A tier's limit for so many months or days, to nine places, as all quantities."""
    return trimmed(share(limit, factor).quantize(QUANTITY_STEP, context=EXACT))


def _taxes(content: Content, lines: Sequence[Line]) -> Iterator[TaxLine]:
    """Taxes of one part; what is on the invoice is not rounded yet."""
    on_lines = content.rounding.tax_base is TaxBase.LINE
    for component in content.components:
        charge = component.kind
        if not isinstance(charge, TaxCharge):
            continue
        factor = times(charge.percent, _PER_CENT)
        taxed = [line for line in lines if not charge.on or line.component in charge.on]
        base = plus(*(line.amount if on_lines else line.exact for line in taxed))
        amount = times(base, factor)
        if on_lines:
            amount = plus(*(content.rounding.amount(times(line.amount, factor)) for line in taxed))
        yield TaxLine(component.code, component.title, charge.percent, base, amount)


def _merged(taxes: Sequence[TaxLine]) -> list[TaxLine]:
    """One line for each (code, percentage) over all parts of the period."""
    found: dict[tuple[str, Decimal], TaxLine] = {}
    for tax in taxes:
        key = (tax.component, tax.percent)
        earlier = found.get(key)
        if earlier is not None:
            tax = replace(tax, base=plus(earlier.base, tax.base), amount=plus(earlier.amount, tax.amount))  # noqa: PLW2901
        found[key] = tax
    return list(found.values())


def _rounded(tax: TaxLine, rounding: Rounding) -> TaxLine:
    return replace(tax, amount=rounding.amount(tax.amount))
