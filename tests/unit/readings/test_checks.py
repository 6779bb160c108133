"""Checks of blocks, what they tell, and what they leave."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.readings.domain import Block
from server.readings.ingest import checks
from server.readings.ingest.known import KnownChannels, largest_value
from server.readings.ingest.ledger import signed, unsigned
from server.readings.ingest.raw_store import Rows, raw_table, rows_of, touch_table
from tests.support.readings import Channel, block

NOW = 1_750_000_000_000
LIMIT = 10**9


def limits(rows: int, known: int = LIMIT):
    return np.full(rows, known, np.int64)


def test_good_rows_need_no_mask():
    checked = checks.check(block("s", 1, [1, 2], [NOW, NOW], [0, LIMIT]), limits(2), NOW)
    assert checked.accepted is None
    assert (checked.accepted_count, checked.rejected_count) == (2, 0)


def test_each_bad_row_is_told_once_with_its_first_reason():
    one = block("s", 1, [5, 5, 5, 5], [NOW, NOW + 10**9, 0, NOW], [1, 1, LIMIT + 1, -LIMIT - 1])
    bounds = limits(4)
    bounds[0] = -1
    checked = checks.check(one, bounds, NOW)
    assert [(r.row, r.reason) for r in checked.rejected] == [
        (0, checks.UNKNOWN_CHANNEL),
        (1, checks.TIME_OUT_OF_RANGE),
        (2, checks.TIME_OUT_OF_RANGE),
        (3, checks.VALUE_OUT_OF_RANGE),
    ]
    assert checked.accepted_count == 0


def test_rows_that_are_told_are_bounded_and_all_are_counted():
    rows = checks.TOLD_REJECTS + 500
    checked = checks.check(block("s", 1, [1] * rows, [0] * rows, [0] * rows), limits(rows), NOW)
    assert len(checked.rejected) == checks.TOLD_REJECTS
    assert checked.rejected_count == rows


def test_times_beyond_any_calendar_are_told():
    extreme = np.iinfo(np.int64)
    checked = checks.check(block("s", 1, [1, 1], [extreme.max, extreme.min], [0, 0]), limits(2), NOW)
    assert checked.rejected_count == 2
    assert str(extreme.max) in checked.rejected[0].description


def test_the_smallest_integer_is_beyond_every_limit():
    least = np.iinfo(np.int64).min
    assert (
        checks.check(block("s", 1, [1], [NOW], [least]), limits(1, checks.NO_LIMIT), NOW).rejected_count == 1
    )


@pytest.mark.parametrize(
    ("columns", "field"),
    [
        (([1, 2], [1], [1, 2], []), "time_ms"),
        (([1, 2], [1, 2], [1], []), "value_micro"),
        (([1, 2], [1, 2], [1, 2], [1]), "quality"),
    ],
)
def test_unequal_columns(columns, field):
    problem = checks.length_problem(block("s", 1, *columns))
    assert problem is not None
    assert (problem.field, problem.reason) == (field, checks.COLUMN_LENGTH_MISMATCH)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(NOW - 10**7, NOW)), max_size=40))
def test_touched_spans_cover_every_reading_and_nothing_else(rows):
    channel = np.array([c for c, _ in rows], np.uint64)
    times = np.array([t for _, t in rows], np.int64)
    found, first, last = checks.touched(channel, times)
    for number in set(channel.tolist()):
        mine = times[channel == number]
        assert first[found == number].min() == mine.min()
        assert last[found == number].max() == mine.max()
    assert set(found.tolist()) == set(channel.tolist())
    assert len(found) <= len(rows)


@given(st.lists(st.dates(min_value=date(1990, 1, 1), max_value=date(2200, 1, 1)), min_size=1, max_size=20))
def test_months_of_times(days):
    ms = np.array([(day - date(1970, 1, 1)).days * 86_400_000 for day in days], np.int64)
    assert checks.months(ms) == sorted({day.year * 100 + day.month for day in days})


@given(st.integers(0, 2**64 - 1))
def test_sequences_keep_their_bits(sequence):
    assert -(2**63) <= signed(sequence) < 2**63
    assert unsigned(signed(sequence)) == sequence


def test_digests_tell_contents_apart():
    one = block("s", 1, [1], [NOW], [5])
    assert checks.digest(one) == checks.digest(block("other", 9, [1], [NOW], [5]))
    for other in (
        ([2], [NOW], [5], []),
        ([1], [NOW + 1], [5], []),
        ([1], [NOW], [6], []),
        ([1], [NOW], [5], [1]),
    ):
        assert checks.digest(one) != checks.digest(block("s", 1, *other))


def test_what_a_channel_can_show():
    meter = uuid4()
    assert largest_value(Channel(1, meter, kind="REGISTER", dials=5)) == 99_999_999_999
    assert largest_value(Channel(1, meter, max_per_hour_micro=2_000_000)) == 10_000_000
    assert largest_value(Channel(1, meter)) == checks.NO_LIMIT
    assert largest_value(Channel(1, meter, kind="REGISTER", dials=18)) == checks.NO_LIMIT


class Directory:
    """Counts what it is asked for."""

    def __init__(self, *numbers: int) -> None:
        self.numbers = set(numbers)
        self.asked: list[list[int]] = []

    async def channels(self, tenant_id, numbers):
        self.asked.append(numbers.tolist())
        return [Channel(n, tenant_id) for n in numbers.tolist() if n in self.numbers]


@pytest.mark.parametrize("far", [9, 1 << 40])
async def test_channels_are_asked_for_once(far):
    tenant, now = uuid4(), [100.0]
    directory = Directory(7, far)
    known = KnownChannels(directory, clock=lambda: now[0])
    rows = np.array([7, far, 8, 7, 3, 2**64 - 1], np.uint64)
    assert (await known.limits(tenant, rows) >= 0).tolist() == [True, True, False, True, False, False]
    assert directory.asked == [sorted({7, far, 8, 3, 2**64 - 1})]
    await known.limits(tenant, rows)
    assert len(directory.asked) == 1
    # A new meter's readings are taken a moment later.
    directory.numbers.add(8)
    now[0] += 1
    assert (await known.limits(tenant, np.array([8], np.uint64)))[0] >= 0


def test_tables_for_the_store():
    tenant = uuid4()
    one = rows_of(block("b", 2, [1, 1, 2], [NOW, NOW + 1, NOW], [1_500_000, -1, 0], [0, 4, 0]), None)
    two = rows_of(block("a", 3, [9], [NOW], [7]), None)
    table = raw_table(tenant, [one, two], NOW)
    assert table["value"].to_pylist() == [Decimal(v) for v in ("1.5", "-0.000001", "0", "0.000007")]
    assert table["source"].to_pylist() == ["b", "b", "b", "a"]
    assert table["sequence"].to_pylist() == [2, 2, 2, 3]
    assert {value.hex() for value in table["tenant_id"].to_pylist()} == {tenant.hex}
    assert all(column.num_chunks == 1 for column in table.columns)
    touch = touch_table(tenant, 5, [one, two])
    assert touch["channel"].to_pylist() == [1, 2, 9]
    assert isinstance(one, Rows)
    assert isinstance(block("a", 1, [], [], []), Block)
