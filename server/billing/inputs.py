"""The inputs of a bill, and their hash: the same inputs give the same bill, byte for byte."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from server.billing.money import text
from server.billing.period import Period
from server.billing.rating import ENGINE_VERSION, Rated
from server.billing.tariff_document import sha256


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that went into one bill."""

    agreement_id: UUID
    days: Period
    zone: str
    currency: str
    rated: tuple[Rated, ...]

    def document(self) -> dict[str, Any]:
        """What is kept with the invoice: an auditor can compute it again from this."""
        return {
            "agreement": str(self.agreement_id),
            "currency": self.currency,
            "engine": ENGINE_VERSION,
            "parts": _parts(self.rated),
            "period": [self.days.start.isoformat(), self.days.end.isoformat()],
            "zone": self.zone,
        }

    def sha256(self) -> str:
        """SHA-256 of the document, lower-case hex."""
        return sha256(self.document())


def _parts(rated: Sequence[Rated]) -> list[dict[str, Any]]:
    return [
        {
            "days": [one.part.days.start.isoformat(), one.part.days.end.isoformat()],
            # The content holds its calendar and its holidays, so that their versions are in the hash too.
            "tariff": one.part.version.sha256,
            "determinants": sorted(
                [d.component, d.period, text(d.value), d.intervals, d.estimated, d.missing]
                for d in one.determinants
            ),
        }
        for one in rated
    ]
