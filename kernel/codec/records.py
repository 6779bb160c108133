"""What the sandbox remembers of the scripts that it has run."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from kernel.codec.errors import CodecFailure, CodecTimeout

BREACHES_TO_SUSPEND = 3
SUSPENDED_SECONDS = 30.0
LARGEST_CHUNK = 1024
_GROW_BELOW = 0.25
_KEPT = 4096


@dataclass(slots=True)
class ScriptRecord:
    """How a script has behaved so far."""

    chunk: int = 1
    """How many frames it is given at once: more while it is quick."""
    breaches: int = 0
    """Limits broken in a row."""
    suspended_until: float = 0.0
    broken: CodecFailure | None = None
    """Why it does not compile."""
    alone: bool = False
    """Whether it changes what is built in, so that each frame needs an engine of its own."""

    def went_well(self, share: float) -> None:
        """Notes a call that used this share of its processor time."""
        self.breaches = 0
        if share < _GROW_BELOW and not self.alone:
            self.chunk = min(2 * self.chunk, LARGEST_CHUNK)

    def changed_what_is_built_in(self) -> None:
        """Notes a call after which the engine had to be given up."""
        self.alone = True
        self.chunk = 1

    def broke_a_limit(self, now: float) -> None:
        """Notes a frame that broke a limit."""
        self.chunk = 1
        self.breaches += 1
        if self.breaches >= BREACHES_TO_SUSPEND:
            self.suspended_until = now + SUSPENDED_SECONDS

    def refusal(self, now: float) -> CodecFailure | None:
        """Why the script is not even tried: it broke its limits again and again a moment ago."""
        if self.broken is not None:
            return type(self.broken)(self.broken.message, line=self.broken.line, column=self.broken.column)
        if now >= self.suspended_until:
            return None
        return CodecTimeout(
            f"not tried: the codec broke its limits {self.breaches} times in a row; it is tried again in"
            f" {self.suspended_until - now:.0f} s, and at once after a change of its script"
        )


class Records:
    """Records by script, the latest few thousand."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._records: OrderedDict[str, ScriptRecord] = OrderedDict()

    def of(self, key: str) -> ScriptRecord:
        """The record of a script."""
        record = self._records.setdefault(key, ScriptRecord())
        self._records.move_to_end(key)
        if len(self._records) > _KEPT:
            self._records.popitem(last=False)
        return record

    def now(self) -> float:
        """The clock that suspensions go by, in seconds."""
        return self._clock()
