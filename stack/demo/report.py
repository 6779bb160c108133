"""What the demo found, as data: what `--json` prints and what the screen is made of."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(slots=True)
class Report:
    """One field a chapter, filled as it happens."""

    endpoints: dict[str, str] = field(default_factory=dict)
    utility: dict[str, Any] = field(default_factory=dict)
    uplinks: list[dict[str, Any]] = field(default_factory=list)
    """Newest reading of each channel of each field meter."""
    imported: dict[str, Any] = field(default_factory=dict)
    validation: dict[str, Any] = field(default_factory=dict)
    day: list[dict[str, Any]] = field(default_factory=list)
    """One local day of the household, half hour by half hour."""
    run: dict[str, Any] = field(default_factory=dict)
    invoice: dict[str, Any] = field(default_factory=dict)
    """As REST gives it."""
    invoice_pdf: str = ""
    command: list[dict[str, str]] = field(default_factory=list)
    """States of the disconnect."""
    events: list[dict[str, Any]] = field(default_factory=list)
    """The same, as a subscriber sees them."""
    forecast: dict[str, Any] = field(default_factory=dict)
    place_forecast: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)
