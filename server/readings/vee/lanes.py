"""Lanes: series that one interval channel feeds, as columns, so that a million of them is no loop."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

LANES = pa.schema(
    [
        ("series", pa.uint64()),
        ("channel", pa.uint64()),
        ("usage_point_id", pa.binary(16)),
        ("tz", pa.string()),
        ("interval_ms", pa.int64()),
        ("first_day", pa.int32()),
        ("last_day", pa.int32()),
        ("expect_from", pa.int64()),
        ("expect_to", pa.int64()),
        ("mult", pa.int64()),
        ("max_hour", pa.int64()),
        ("neg", pa.uint8()),
        ("valid_from", pa.int64()),
        ("valid_to", pa.int64()),
    ]
)
"""The rows of a run's table ``lane``: one a series. Days are numbered since 1970 and all written; intervals
within ``[expect_from, expect_to)`` should have a value; ``mult`` is in 10^-9, ``max_hour`` in 10^-6 of the
unit, -1 for none."""


def portions(lanes: pa.Table, cells: int) -> Iterator[pa.Table]:
    """Lanes in portions of one zone and about so many intervals."""
    for tz in pc.unique(lanes.column("tz")).to_pylist():
        of_zone = lanes.filter(pc.equal(lanes.column("tz"), tz)).sort_by("series")
        days = pc.subtract(of_zone.column("last_day"), of_zone.column("first_day")).to_numpy() + 1
        sizes = np.cumsum(days * 86_400_000 // of_zone.column("interval_ms").to_numpy())
        number = sizes // cells
        starts = np.flatnonzero(np.diff(number, prepend=-1))
        for start, end in zip(starts, [*starts[1:], len(number)], strict=True):
            yield of_zone.slice(start, end - start)
