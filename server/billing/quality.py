"""What the measurements of a bill are worth, and whether that is enough to bill."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from server.billing.money import ZERO, plus
from server.billing.rating import Rated
from server.billing.tariff import EnergyCharge


class Unbillable(Exception):
    """Why an agreement cannot be billed; it goes to the exceptions of the run and the rest goes on."""

    def __init__(self, reason: str, description: str) -> None:
        super().__init__(description)
        self.reason = reason
        """Name of a ``simba.common.v1.ErrorReason`` without its prefix."""
        self.description = description


@dataclass(frozen=True, slots=True)
class Usage:
    """What the measurements of a bill were worth, by the first energy component of each part."""

    quantity: Decimal = ZERO
    unit: str = ""
    intervals: int = 0
    """Intervals in the period, missing ones included."""
    estimated: int = 0
    missing: int = 0


def usage_of(rated: Sequence[Rated]) -> Usage:
    """Summary of the usage; empty where no component measures anything."""
    total = Usage()
    for one in rated:
        components = one.part.version.content.components
        energy = next((c for c in components if isinstance(c.kind, EnergyCharge)), None)
        if energy is None or not isinstance(energy.kind, EnergyCharge):
            continue
        for d in one.determinants:
            if d.component == energy.code:
                total = Usage(
                    plus(total.quantity, d.value),
                    energy.kind.unit,
                    total.intervals + d.intervals + d.missing,
                    total.estimated + d.estimated,
                    total.missing + d.missing,
                )
    return total


def check_gates(found: Sequence[Rated]) -> None:
    """Raises Unbillable where more of a component is missing or estimated than the version allows."""
    for one in found:
        gate = one.part.version.content.gate
        for code in sorted({d.component for d in one.determinants}):
            own = [d for d in one.determinants if d.component == code]
            missing = sum(d.missing for d in own)
            estimated = sum(d.estimated for d in own)
            count = missing + sum(d.intervals for d in own)
            for what, weak, most in (
                ("missing", missing, gate.max_missing),
                ("estimated", estimated, gate.max_estimated),
            ):
                if weak > most * count:
                    told = f"component {code!r}: {weak} of {count} intervals are {what}"
                    raise Unbillable("DATA_INSUFFICIENT", f"{told}; at most {most} of them may be")
