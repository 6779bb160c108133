"""What quality of supply speaks of: channels of a phase, their pieces of time, figures and checks."""

from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from uuid import UUID

from server.readings.supply_quality.ports import SupplyChannelInfo

TEN_MINUTES_MS = 600_000
TEN_SECONDS_MS = 10_000
PERCENTILES = (0.01, 0.05, 0.5, 0.95, 0.99)


class Phase(IntEnum):
    """``simba.readings.v1.SupplyPhase``."""

    NONE = 0
    A = 1
    B = 2
    C = 3
    AB = 4
    BC = 5
    CA = 6


LINE_TO_NEUTRAL = (Phase.A, Phase.B, Phase.C)
LINE_TO_LINE = (Phase.AB, Phase.BC, Phase.CA)

_PHASES = {
    128: Phase.A,
    129: Phase.A,
    64: Phase.B,
    65: Phase.B,
    32: Phase.C,
    33: Phase.C,
    132: Phase.AB,
    66: Phase.BC,
    40: Phase.CA,
}
_PHASE_FIELD = 14

QUANTITIES = (
    "VOLTAGE",
    "CURRENT",
    "FREQUENCY",
    "POWER_FACTOR",
    "VOLTAGE_THD",
    "CURRENT_THD",
    "ACTIVE_POWER",
    "REACTIVE_POWER",
    "PRESSURE",
    "FLOW_RATE",
    "FLOW_TEMPERATURE",
    "RETURN_TEMPERATURE",
    "TEMPERATURE",
    "THERMAL_POWER",
)
"""Quantities that tell of the supply, by name, in the order of answers."""

ROOT_MEAN_SQUARE = frozenset({"VOLTAGE", "CURRENT", "VOLTAGE_THD", "CURRENT_THD"})
"""Quantities whose means are root mean squares (IEC 61000-4-30 4.5.1)."""


def phase_of(reading_type: str) -> Phase:
    """The phase in field 15 of an IEC 61968-9 reading type; NONE for several together, or none said."""
    fields = reading_type.split(".")
    if len(fields) <= _PHASE_FIELD or not fields[_PHASE_FIELD].isdigit():
        return Phase.NONE
    return _PHASES.get(int(fields[_PHASE_FIELD]), Phase.NONE)


@dataclass(frozen=True, slots=True)
class Span:
    """Part of time, milliseconds since 1970, half-open."""

    low: int
    high: int

    def common(self, other: "Span") -> "Span":
        """What both have; may be empty."""
        return Span(max(self.low, other.low), min(self.high, other.high))

    @property
    def length(self) -> int:
        """Milliseconds; 0 where empty."""
        return max(0, self.high - self.low)


@dataclass(frozen=True, slots=True)
class Measured:
    """A channel that tells of a supply, and when it does."""

    info: SupplyChannelInfo
    phase: Phase
    spans: tuple[Span, ...]
    """The times of the period in which it counts, not empty, in order."""
    usage_point_id: UUID | None = None
    """Where, in those times; None: nobody asked."""
    interval_ms: int = 0
    """How often values come; 0: unknown."""
    estimated: bool = False
    """Whether the interval was told from the values."""

    @property
    def order(self) -> tuple[int, int, int]:
        """Place among the channels of an answer."""
        return QUANTITIES.index(self.info.quantity), int(self.phase), self.info.channel

    @property
    def wanted_mean_ms(self) -> int:
        """Length of the means that rules speak of: 10 min, 10 s of a frequency (EN 50160 4.2)."""
        return TEN_SECONDS_MS if self.info.quantity == "FREQUENCY" else TEN_MINUTES_MS

    @property
    def mean_ms(self) -> int:
        """Length of the means that are made; 0: values come more seldom, each is a mean of its own."""
        return self.wanted_mean_ms if self.interval_ms <= self.wanted_mean_ms else 0

    def expected(self, within: Span) -> int:
        """Values that there should be in a time; 0 while the interval is unknown."""
        if not self.interval_ms:
            return 0
        lengths = (span.common(within) for span in self.spans)
        return sum(_multiples(one, self.interval_ms) for one in lengths)


def _multiples(span: Span, step: int) -> int:
    """Multiples of ``step`` since 1970 within a span."""
    return -(-span.high // step) - -(-span.low // step) if span.length else 0


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of some values, in 10^-6 of the unit."""

    count: int = 0
    low: int = 0
    high: int = 0
    mean: int = 0
    percentiles: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Events:
    """Times that a voltage went out of bounds."""

    dips: int = 0
    swells: int = 0
    interruptions: int = 0


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which values something is to be, 10^-6 of the channel's unit; None: no bound."""

    lower: int | None
    upper: int | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A promise about a quantity."""

    clause: str
    text: str
    bounds: Bounds
    share: float
    span_days: int
    """7: for each week; 0: for the whole period."""
    least_days: int
    """Days that a proof needs."""


class Verdict(IntEnum):
    """``simba.readings.v1.SupplyVerdict``."""

    COMPLIANT = 1
    NOT_COMPLIANT = 2
    NO_DATA = 3


class Doubt(IntEnum):
    """``simba.readings.v1.SupplyDoubt``."""

    INTERVAL_TOO_COARSE = 1
    PERIOD_TOO_SHORT = 2
    COVERAGE_LOW = 3
    INTERVAL_UNKNOWN = 4
    MAGNITUDES_ONLY = 5


@dataclass(frozen=True, slots=True)
class Check:
    """How a promise was kept."""

    rule: Rule
    share: float
    count: int
    outside: int
    worst: date | None
    span_days: int
    verdict: Verdict
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """A local day of a channel."""

    day: date
    span: Span
    values: Figures
    means: Figures
    expected: int
    expected_means: int
    events: Events


@dataclass(frozen=True, slots=True)
class ChannelQuality:
    """All that is told of a channel."""

    measured: Measured
    values: Figures
    means: Figures
    expected: int
    expected_means: int
    events: Events
    checks: tuple[Check, ...]
    days: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class Unbalance:
    """Unbalance of three phases of one meter, 10^-6 per cent."""

    meter_id: UUID
    quantity: str
    exact: bool
    values: Figures
    expected: int
    checks: tuple[Check, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a profile."""

    measured: Measured
    span: Span
    count: int
    mean: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Rank:
    """How bad one supply is."""

    measured: Measured
    count: int
    outside: int
    low: int
    high: int

    @property
    def key(self) -> tuple[int, int, int]:
        """Its place: the share outside in millionths, downwards; then how many are outside; the channel."""
        return -(self.outside * 1_000_000 // max(self.count, 1)), -self.outside, self.measured.info.channel
