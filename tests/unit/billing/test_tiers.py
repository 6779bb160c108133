"""Tiers: what must hold for every price and every quantity."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from server.billing.money import plus
from server.billing.period import Period
from server.billing.rating import Determinant, Rated, rate
from server.billing.tariff import Part, PeriodRate, Tier, TierMode
from server.billing.tiers import spread
from tests.unit.billing.tariffs import energy, tariff

QUANTITIES = st.decimals(0, 10**7, places=6)
PRICES = st.decimals(0, 10, places=6)
MARCH = Period.of_month(2026, 3)


@st.composite
def rates(draw: st.DrawFn, *modes: TierMode) -> PeriodRate:
    uppers = sorted(draw(st.sets(st.decimals("0.01", 10**6, places=2), max_size=5)))
    steps = [Tier(draw(PRICES), upper, draw(PRICES)) for upper in (*uppers, None)]
    return PeriodRate(tuple(steps), mode=draw(st.sampled_from(modes or tuple(TierMode))))


def limits(rate_: PeriodRate) -> tuple[Decimal | None, ...]:
    return tuple(tier.upper for tier in rate_.tiers)


def total(rate_: PeriodRate, *quantities: Decimal) -> Decimal:
    determinants = tuple(Determinant("energy", "", quantity) for quantity in quantities)
    one = rate([Rated(Part(MARCH, tariff(energy(rate_))), determinants)])
    return plus(*(line.exact for line in one.lines))


@given(rates(), QUANTITIES)
def test_tiers_take_the_whole_quantity(rate_: PeriodRate, quantity: Decimal) -> None:
    blocks = list(spread(rate_, quantity, limits(rate_)))
    assert plus(*(block.quantity for block in blocks)) == quantity
    assert all(block.quantity >= 0 for block in blocks)
    assert all(block.quantity > 0 for block in blocks[1:])


@given(rates(TierMode.GRADUATED), QUANTITIES, QUANTITIES)
def test_graduated_tiers_are_monotone(rate_: PeriodRate, one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    assert total(rate_, low) <= total(rate_, high)


@given(rates(), QUANTITIES, QUANTITIES)
def test_splitting_a_determinant_changes_nothing(rate_: PeriodRate, one: Decimal, other: Decimal) -> None:
    assert total(rate_, one, other) == total(rate_, plus(one, other))


@given(rates(TierMode.GRADUATED), QUANTITIES)
def test_no_tier_takes_more_than_it_holds(rate_: PeriodRate, quantity: Decimal) -> None:
    lower = Decimal(0)
    for block in spread(rate_, quantity, limits(rate_)):
        upper = block.tier.upper
        assert upper is None or block.quantity <= upper - lower
        lower = upper if upper is not None else lower


@given(rates(TierMode.WHOLE), QUANTITIES)
def test_whole_tiers_use_the_tier_that_holds_the_quantity(rate_: PeriodRate, quantity: Decimal) -> None:
    (block,) = spread(rate_, quantity, limits(rate_))
    lower = rate_.tiers[block.place - 1].upper if block.place else Decimal(0)
    assert lower is not None
    assert lower <= quantity
    assert block.tier.upper is None or quantity < block.tier.upper
