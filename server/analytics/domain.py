"""What analytics speaks of."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

DEFAULT_QUANTILES = (0.1, 0.5, 0.9)
DEFAULT_DAYS = 1
LONGEST_DAYS = 14
HISTORY_DAYS = 400
"""Days of history that a forecast looks at: a year and the weeks around."""
LEAST_COVERAGE = 0.5
"""Share of the history's intervals that must have been measured or estimated."""


@dataclass(frozen=True, slots=True)
class ForecastRequest:
    """What is asked for. Exactly one of the ids is set."""

    usage_point_id: UUID | None
    node_id: UUID | None
    quantity: str
    """Name of a ``simba.common.v1.Quantity`` without its prefix; empty: the main one of the usage points."""
    issue_time: datetime
    days: int
    """Local days to foretell, from the first local midnight at or after the issue time."""
    quantiles: tuple[float, ...]
    """Ascending, between 0 and 1."""


@dataclass(frozen=True, slots=True)
class ForecastPoint:
    """The expectation for one half-open interval."""

    start: datetime
    end: datetime
    mean: float
    quantiles: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class BacktestError:
    """How good the blend was on the last days, see ``simba.analytics.v1.BacktestError``."""

    days: int
    mae: float
    mase: float
    wape: float
    naive_mae: float
    interval_coverage: float
    pinball_loss: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """A forecast as kept: never changed, so that what was known when can be asked later."""

    forecast_id: UUID
    request: ForecastRequest
    points: tuple[ForecastPoint, ...]
    """Empty in lists."""
    backtest: BacktestError
    model: str
    model_version: str
    unit: str
    history_start: datetime
    history_end: datetime
    coverage: float
    create_time: datetime
