"""Random tariffs that fulfil every rule."""

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from server.billing.calendar import Calendar, Rule
from server.billing.money import Rounding, RoundingMode, TaxBase
from server.billing.tariff import (
    ChargePeriod,
    Component,
    Content,
    EnergyCharge,
    FixedCharge,
    Gate,
    PeriodRate,
    Proration,
    TaxCharge,
    Tier,
    TierLimit,
    TierMode,
)

PRICES = st.decimals(0, 10, places=8)
SHARES = st.decimals(0, 1, places=3)
NAMES = st.sampled_from(["base", "peak", "night", "shoulder"])
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    first = draw(st.integers(0, 1439))
    return Rule(
        period=draw(NAMES),
        months=draw(st.frozensets(st.integers(1, 12), min_size=1)),
        weekdays=draw(st.frozensets(st.integers(0, 6), min_size=1)),
        holidays=draw(st.booleans()),
        from_minute=first,
        to_minute=draw(st.integers(first + 1, 1440)),
    )


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Calendars whose later rules may be hidden by earlier ones."""
    return Calendar(
        draw(NAMES), tuple(draw(st.lists(rules(), max_size=4))), draw(st.frozensets(DAYS, max_size=3))
    )


@st.composite
def tiers(draw: st.DrawFn) -> tuple[Tier, ...]:
    uppers = sorted(draw(st.sets(st.decimals("0.01", 10**6, places=2), max_size=3)))
    return tuple(Tier(draw(PRICES), upper, draw(PRICES), draw(PRICES)) for upper in (*uppers, None))


@st.composite
def energies(draw: st.DrawFn) -> EnergyCharge:
    calendar = draw(st.none() | calendars())
    periods = sorted(calendar.periods()) if calendar is not None else [""]
    rates = [
        PeriodRate(draw(tiers()), name, draw(st.sampled_from(TierMode)), draw(st.sampled_from(TierLimit)))
        for name in periods
    ]
    return EnergyCharge("ACTIVE_ENERGY_IMPORT", draw(st.sampled_from(["kWh", "MWh"])), tuple(rates), calendar)


FIXED = st.builds(FixedCharge, PRICES, st.sampled_from(ChargePeriod))


@st.composite
def contents(draw: st.DrawFn) -> Content:
    kinds = draw(st.lists(FIXED | energies(), min_size=1, max_size=4))
    codes = [f"part{place}" for place in range(len(kinds))]
    labels = st.text(max_size=20)
    components = [
        Component(code, kind, draw(labels), draw(st.sampled_from(Proration)))
        for code, kind in zip(codes, kinds, strict=True)
    ]
    if draw(st.booleans()):
        on = draw(st.lists(st.sampled_from(codes), unique=True))
        components.append(
            Component("vat", TaxCharge(draw(st.decimals(0, 100, places=2)), tuple(on)), draw(labels))
        )
    rounding = Rounding(
        draw(st.sampled_from(RoundingMode)), draw(st.integers(0, 4)), draw(st.sampled_from(TaxBase))
    )
    gate = Gate(draw(SHARES), draw(SHARES | st.just(Decimal(1))))
    return Content(tuple(components), rounding, gate)
