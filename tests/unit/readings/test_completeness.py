"""What a meter should have sent in the last seven whole days."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from server.readings.queries.completeness import expected
from tests.support.readings import Installed

HALF = 1_800_000
POINT = uuid4()


def link(channel: int, start: datetime, end: datetime | None = None, tz: str = "Europe/London") -> Installed:
    return Installed(channel, channel, POINT, start, end, Decimal(1), tz)


EARLY = datetime(2020, 1, 1, tzinfo=UTC)


def test_a_week_in_which_the_clocks_change_has_an_hour_less_or_more():
    spring, autumn = datetime(2025, 4, 2, 9, tzinfo=UTC), datetime(2025, 10, 29, 9, tzinfo=UTC)
    for now, cells in ((spring, 7 * 48 - 2), (autumn, 7 * 48 + 2)):
        due, (piece,) = expected([link(1, EARLY)], {1: HALF}, now)
        assert due == {1: cells}
        assert piece.high - piece.low == cells * HALF
        # The day under way does not count, and its beginning is the zone's.
        assert piece.high == int(now.replace(hour=0).timestamp() * 1000) - (HALF * 2 if now is spring else 0)


def test_only_while_it_is_installed():
    now = datetime(2025, 6, 10, 12, tzinfo=UTC)
    noon = datetime(2025, 6, 8, 12, tzinfo=UTC)
    links = [
        link(1, noon, tz="UTC"),
        link(2, EARLY, noon, tz="UTC"),
        link(3, EARLY, EARLY + timedelta(days=1)),
        link(4, now),
    ]
    due, pieces = expected(links, dict.fromkeys(range(1, 5), HALF), now)
    assert due == {1: 72, 2: 264}
    assert [one.channel for one in pieces] == [1, 2]


@given(
    st.integers(0, 2 * 366 * 86_400).map(
        lambda seconds: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    ),
    st.sampled_from(["Europe/London", "America/Sao_Paulo", "Asia/Kolkata", "Australia/Lord_Howe"]),
    st.sampled_from([900, 1800, 3600, 86_400]),
    st.integers(0, 10 * 24),
)
def test_a_change_of_the_multiplier_neither_adds_nor_takes(now, tz, seconds, hours):
    cut = now - timedelta(hours=hours)
    whole, _ = expected([link(1, EARLY, tz=tz)], {1: seconds * 1000}, now)
    parts, _ = expected([link(1, EARLY, cut, tz), link(1, cut, tz=tz)], {1: seconds * 1000}, now)
    assert parts == whole
