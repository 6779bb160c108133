"""Values of a series as bars in the terminal, one bar an interval, coloured by their state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from shutil import get_terminal_size
from typing import Final
from zoneinfo import ZoneInfo

_LOOKS: Final = {
    "validated": ("█", "green"),
    "edited": ("▓", "blue"),
    "estimated": ("▒", "orange"),
    "suspect": ("!", "red"),
    "raw": ("░", "gray"),
    "missing": ("·", "white"),
}
"""State → what its bars are made of, and their colour."""
_HEIGHT: Final = 18
_LABEL_COLUMNS: Final = 9
"""Columns that a label of the time axis wants."""
_LONGEST_DAY: Final = timedelta(hours=25)


@dataclass(frozen=True, slots=True)
class Bar:
    """One value; None: there is none."""

    start: datetime
    value: Decimal | None
    state: str


def plot(bars: Sequence[Bar], title: str, zone: ZoneInfo, *, colours: bool) -> str:
    """A picture of at most the terminal's width.

    Bars stand side by side, each as wide as the others: the hour that summer time skips has none, the hour
    that comes twice has its bars twice.
    """
    import plotext

    width = get_terminal_size((100, 24)).columns
    plotext.clear_figure()
    plotext.plot_size(width, _HEIGHT)
    plotext.theme("clear")
    plotext.title(title)
    legend = []
    for state, (marker, colour) in _LOOKS.items():
        places = [n for n, one in enumerate(bars) if one.state == state]
        if places:
            heights = [float(bars[n].value or 0) for n in places]
            plotext.bar(places, heights, marker=marker, color=colour, width=0.8)
            legend.append(f"{marker} {state} {len(places)}")
    count = max(width // _LABEL_COLUMNS, 2)
    step = -(-len(bars) // count)
    ticks = list(range(0, len(bars), step))
    plotext.xticks(ticks, [_label(bars, n, zone) for n in ticks])
    picture = f"{plotext.build().rstrip()}\n{'   '.join(legend)}"
    return picture if colours else str(plotext.uncolorize(picture))


def _label(bars: Sequence[Bar], place: int, zone: ZoneInfo) -> str:
    """The clock within a day, else the day."""
    local = bars[place].start.astimezone(zone)
    longer = bars[-1].start - bars[0].start > _LONGEST_DAY
    return f"{local:%d %b}" if longer else f"{local:%H:%M}"
