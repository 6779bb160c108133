"""Which intervals a query keeps, by their states and quality bits."""

from dataclasses import dataclass

from server.readings.domain import State


@dataclass(frozen=True, slots=True)
class Kept:
    """A filter of intervals; the parts are joined by "and"."""

    states: frozenset[int] = frozenset()
    """Only these; empty: all."""
    except_states: frozenset[int] = frozenset()
    quality_any: int = 0
    """At least one of these bits; 0: whatever."""
    quality_none: int = 0
    """None of these bits."""

    @property
    def everything(self) -> bool:
        """Whether nothing is left out."""
        return self == EVERYTHING

    @property
    def missing(self) -> bool:
        """Whether intervals without a value are kept."""
        wanted = not self.states or int(State.MISSING) in self.states
        return wanted and int(State.MISSING) not in self.except_states and not self.quality_any

    @property
    def sql(self) -> str:
        """Condition on ``state`` and ``quality``."""
        parts = []
        if self.states:
            parts.append(f"state IN ({', '.join(map(str, sorted(self.states)))})")
        if self.except_states:
            parts.append(f"state NOT IN ({', '.join(map(str, sorted(self.except_states)))})")
        if self.quality_any:
            parts.append(f"bitAnd(quality, {self.quality_any}) != 0")
        if self.quality_none:
            parts.append(f"bitAnd(quality, {self.quality_none}) = 0")
        return " AND ".join(parts) or "1"


EVERYTHING = Kept()
