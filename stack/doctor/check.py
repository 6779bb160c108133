"""One finding of the doctor."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a check ended."""

    GOOD = "ok"
    WARNING = "warning"
    BAD = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check saw."""

    name: str
    verdict: Verdict
    detail: str
    advice: str = ""
    """What to do; empty where nothing is."""

    def as_dict(self) -> dict[str, str]:
        """For `--json`."""
        return asdict(self)


def good(name: str, detail: str) -> Finding:
    """It works."""
    return Finding(name, Verdict.GOOD, detail)


def warning(name: str, detail: str, advice: str) -> Finding:
    """It works, but not as it should."""
    return Finding(name, Verdict.WARNING, detail, advice)


def bad(name: str, detail: str, advice: str) -> Finding:
    """It does not work."""
    return Finding(name, Verdict.BAD, detail, advice)


def words(error: BaseException) -> str:
    """The first line of an error, without what only a developer reads."""
    lines = str(error).strip().splitlines()
    return lines[0][:300] if lines else type(error).__name__
