"""Spreading a quantity over tiers."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from server.billing.money import ZERO
from server.billing.tariff import PeriodRate, Tier, TierMode


@dataclass(frozen=True, slots=True)
class Block:
    """What falls into one tier."""

    place: int
    """Index of the tier."""
    tier: Tier
    quantity: Decimal


def spread(rate: PeriodRate, quantity: Decimal, limits: tuple[Decimal | None, ...]) -> Iterator[Block]:
    """The quantity over the tiers; the blocks sum to it exactly.

    ``limits`` are the tiers' upper limits as they count in this period (scaled to its days). Tiers hold units
    from their lower limit to before their upper one: of 10 units with a limit of 10 all lie in the first
    tier, and with WHOLE tiers a quantity of exactly 10 is priced by the second. The first tier is always
    there, so that nothing used is a line too.
    """
    if rate.mode is TierMode.WHOLE:
        place = next(
            (i for i, upper in enumerate(limits) if upper is None or quantity < upper), len(limits) - 1
        )
        yield Block(place, rate.tiers[place], quantity)
        return
    lower = ZERO
    for place, (tier, upper) in enumerate(zip(rate.tiers, limits, strict=True)):
        if place and quantity <= lower:
            return
        top = quantity if upper is None else min(quantity, upper)
        yield Block(place, tier, top - lower)
        if upper is None:
            return
        lower = upper
