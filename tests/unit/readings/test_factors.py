"""What holds when: of two values for one time the later one counts."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from server.platform.ids import new_id
from server.readings.derived.domain import ALWAYS, Content, Version, spans
from server.readings.derived.factors import FactorValue, painted

EPOCH = datetime(2025, 3, 30, tzinfo=UTC)


def at(hour: int) -> datetime:
    return EPOCH + timedelta(hours=hour)


values = st.lists(st.tuples(st.integers(0, 30), st.one_of(st.none(), st.integers(1, 10))), max_size=12).map(
    lambda rows: [
        FactorValue(n, at(start), None if length is None else at(start + length), Decimal(n + 1), "", EPOCH)
        for n, (start, length) in enumerate(rows)
    ]
)


@given(values, st.randoms())
def test_each_hour_has_the_newest_value_that_covers_it(rows, random):
    mixed = list(rows)
    random.shuffle(mixed)
    found = painted(mixed)
    for hour in range(-1, 45):
        covering = [one for one in rows if one.start <= at(hour) and (one.end is None or at(hour) < one.end)]
        newest = max(covering, key=lambda one: one.version_id, default=None)
        held = [one for one in found if one.start <= at(hour) and (one.end is None or at(hour) < one.end)]
        assert [one.value for one in held] == ([] if newest is None else [newest.value])
    for before, after in pairwise(found):
        assert before.end is not None
        assert before.end <= after.start
        assert before.end < after.start or before.version_id != after.version_id


@given(st.lists(st.integers(0, 20), min_size=1, max_size=8), st.integers(0, 25))
def test_a_version_holds_until_a_later_one_begins(begins, hour):
    made = [
        Version(n, new_id(), n, at(begin) if n else ALWAYS, Content("", ()), "", EPOCH)
        for n, begin in enumerate(begins)
    ]
    held = [one for one in spans(made) if one.start <= at(hour) and (one.end is None or at(hour) < one.end)]
    newest = max(one.number for one in made if one.effective_from <= at(hour))
    assert [one.version.number for one in held] == [newest]
