"""What a benchmark is told, and what it says."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Options:
    """How a benchmark is to run."""

    seconds: float = 10.0
    """About how long each measurement takes."""
    scale: float = 1.0
    """Size of the data, relative to the benchmark's own."""
    servers: int = 1
    """Server processes."""
    say: Say = lambda _: None
    """Told of the progress."""


@dataclass(frozen=True, slots=True)
class Result:
    """One measurement: ``ceiling`` is what the engine itself does in the same run, ``ratio`` our part."""

    metric: str
    value: float
    unit: str
    ceiling: float | None = None
    ratio: float | None = None


@dataclass(slots=True)
class Report:
    """All measurements of one benchmark."""

    name: str
    results: list[Result] = field(default_factory=list)

    def add(
        self,
        metric: str,
        value: float,
        unit: str,
        ceiling: float | None = None,
        *,
        lower_is_better: bool = False,
    ) -> None:
        """Adds a measurement; the ratio is that of speeds, so 1 is as fast as the ceiling."""
        ratio = None
        if ceiling is not None and ceiling > 0 and value > 0:
            ratio = round(ceiling / value if lower_is_better else value / ceiling, 4)
        rounded = None if ceiling is None else _short(ceiling)
        self.results.append(Result(metric, _short(value), unit, rounded, ratio))

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON has it."""
        return {"name": self.name, "results": [asdict(result) for result in self.results]}


def _short(number: float) -> float:
    """Enough digits to compare, no more."""
    return round(number) if abs(number) >= 1000 else round(number, 3)
