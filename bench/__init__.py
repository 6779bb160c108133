"""Benchmarks: each prints what it measured beside what the engine below can do at most, in the same run.

To add one: write a module with ``def run(options: Options) -> Report`` and name it in ``BENCHES``.
"""

from collections.abc import Mapping
from typing import Final

BENCHES: Final[Mapping[str, str]] = {
    "ingest": "bench.ingest",
    "vee": "bench.vee",
    "query": "bench.query",
    "devices": "bench.devices",
    "live": "bench.live",
}
"""Benchmark → module."""
