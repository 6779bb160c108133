"""Spans of time with a value: what holds at each instant is what was said last of it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from server.devices.spans import Span, changed, span_at

BEGIN = datetime(2013, 3, 30, tzinfo=UTC)
hours = st.integers(0, 60)
changes = st.lists(st.tuples(hours, st.sampled_from("abc")), max_size=12)


def at(hour: int) -> datetime:
    """Hours over the night in which clocks go forward in Europe."""
    return BEGIN + timedelta(hours=hour)


@given(changes)
def test_a_change_holds_until_the_next_one(made: list[tuple[int, str]]) -> None:
    """Against a list with a value for each hour. A change to what holds already is none, and ends nothing."""
    spans = [Span("a")]
    held = ["a"] * 62
    for hour, value in made:
        spans = changed(spans, at(hour), value)
        was, following = held[hour], hour
        while following < len(held) and held[following] == was:
            held[following] = value
            following += 1
    assert [_value(spans, at(hour)) for hour in range(62)] == held
    assert spans[0].start is None
    assert spans[-1].end is None
    assert all(one.end == other.start and one.value != other.value for one, other in pairwise(spans))


def _value(spans: list[Span[str]], time: datetime) -> str:
    found = span_at(spans, time)
    assert found is not None
    return found.value


def test_there_is_nothing_before_the_beginning() -> None:
    spans = [Span("a", at(0))]
    assert span_at(spans, at(0)) == spans[0]
    assert span_at(spans, at(-1)) is None


def test_a_change_at_the_beginning_takes_its_place() -> None:
    assert changed([Span("a", at(0)), Span("b", at(5))][:1], at(0), "c") == [Span("c", at(0))]


def test_ranges_as_postgresql_writes_them() -> None:
    assert Span(1).text == "[,)"
    assert Span(1, at(0), at(1)).text == "[2013-03-30T00:00:00+00:00,2013-03-30T01:00:00+00:00)"
