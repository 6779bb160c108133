"""Keeps processors awake while waits are measured.

A question that is answered in milliseconds passes through half a dozen processes, and each rests until the
one before it is done. An idle virtual processor sleeps meanwhile, and waking it takes longer than the work:
the same call was measured at 2.5 and at 4.9 ms. A process of the lowest priority, which gives way to all
others at once, keeps them from it; what is measured, and its ceiling, are measured alike.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_SPIN = "import os\nos.nice(19)\nwhile os.getppid() == {parent}: pass"


@contextmanager
def awake() -> Iterator[None]:
    """Keeps the processors awake inside the block."""
    process = subprocess.Popen([sys.executable, "-c", _SPIN.format(parent=os.getpid())])
    try:
        yield
    finally:
        process.kill()
        process.wait()
