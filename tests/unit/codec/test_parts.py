"""Paths, units, times and messages by themselves."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.codec.paths import PathInvalid, parse_path
from kernel.codec.times import TimeAmbiguous, TimeInvalid, device_clock, read_time
from kernel.codec.units import canonical, dimension_of, factor, known_units
from kernel.codec.wire_format import HEAD, header_of, lengths, packed

NUMBERS = (1711846800000, -1, 0, 10**40, 1e300)
YEARS = (datetime(2020, 1, 1), datetime(2030, 1, 1))  # noqa: DTZ001  # local times are the subject
UTC_CLOCK = device_clock("", observes_dst=False)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("a", [1]),
        ("b.c", [2]),
        ("l[]", [10, 20]),
        ("l[1]", [20]),
        ("l[7]", []),
        ("o[].v", [3, 4]),
        ("o[k=y].v", [4]),
        ("'1-0:1.8.0'.x", [5]),
        ("b.'c'", [2]),
        ("m[][]", [1, 2, 3]),
        ("l.0", []),
        ("a.b", []),
        ("o.v", []),
    ],
)
def test_where_paths_lead(path, found):
    data = {
        "a": 1,
        "b": {"c": 2},
        "l": [10, 20],
        "o": [{"k": "x", "v": 3}, {"k": "y", "v": 4}],
        "1-0:1.8.0": {"x": 5},
        "m": [[1, 2], [3]],
    }
    assert [value for _, value in parse_path(path).find(data)] == found


@pytest.mark.parametrize(
    "path", ["", ".", "a.", ".a", "a..b", "a[", "a]", "a[x]", "a['x']", "a[].b.", "[]a", "a'b'"]
)
def test_texts_that_are_no_paths(path):
    with pytest.raises(PathInvalid):
        parse_path(path)


def test_a_path_shows_which_element_it_was():
    path = parse_path("o[k=y].list[2].v[]")
    assert path.shown((4, 0)) == "o[4].list[2].v[0]"


@given(
    st.lists(
        st.text(st.characters(exclude_characters=".[]'", exclude_categories=["Cs"]), min_size=1), min_size=1
    )
)
def test_any_names_can_be_followed(names):
    data: object = "found"
    for name in reversed(names):
        data = {name: data}
    assert [value for _, value in parse_path(".".join(names)).find(data)] == ["found"]


@given(st.sampled_from(known_units()), st.sampled_from(known_units()))
def test_units_convert_within_their_dimension_and_back(one, other):
    there, back = factor(one, other), factor(other, one)
    if dimension_of(one) == dimension_of(other):
        assert there is not None
        assert back is not None
        assert there * back == 1
    else:
        assert there is None


def test_sizes_of_units():
    assert factor("kWh", "MJ") == Fraction(36, 10)
    assert factor("Gcal", "GJ") == Fraction(41868, 10000)
    assert factor("m3", "L") == factor("m³", "l") == 1000
    assert factor("m3/h", "L/s") == Fraction(10, 36)
    assert factor("bar", "kPa") == 100
    assert factor("florin", "florin") == 1
    assert canonical("°C") == "Cel"
    assert dimension_of("pulses") == "number"
    assert dimension_of("florin") is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("2024-03-31T01:00:00Z", "2024-03-31T01:00:00+00:00"),
        ("2024-03-31T03:00:00.1234567+02:00", "2024-03-31T01:00:00.123000+00:00"),
        ("2024-03-31 01:00:00", "2024-03-31T01:00:00+00:00"),
        ("Sun, 31 Mar 2024 01:00:00 GMT", "2024-03-31T01:00:00+00:00"),
        (1711846800, "2024-03-31T01:00:00+00:00"),
        (1711846800.123, "2024-03-31T01:00:00.123000+00:00"),
    ],
)
def test_times(value, text):
    assert read_time(value, UTC_CLOCK).isoformat() == text


@pytest.mark.parametrize(
    "value",
    [
        "",
        "soon",
        "2024-03-31",
        "2024-13-01T00:00:00Z",
        "Sun, 99 Mar 2024",
        True,
        None,
        [],
        {},
        float("nan"),
        *NUMBERS,
    ],
)
def test_what_is_no_time(value):
    with pytest.raises(TimeInvalid):
        read_time(value, UTC_CLOCK)


@given(st.datetimes(*YEARS))
def test_local_times_are_read_or_refused_never_guessed(local):
    local = local.replace(microsecond=0)
    zone = ZoneInfo("Europe/Berlin")
    clock = device_clock("Europe/Berlin", observes_dst=True)
    instants = {
        instant
        for fold in (0, 1)
        for instant in [local.replace(tzinfo=zone, fold=fold).astimezone(UTC)]
        if instant.astimezone(zone).replace(tzinfo=None) == local
    }
    if len(instants) == 1:
        assert read_time(local.isoformat(), clock) == instants.pop()
    else:
        with pytest.raises(TimeAmbiguous, match="occurs twice" if instants else "does not occur"):
            read_time(local.isoformat(), clock)


@given(
    st.datetimes(*YEARS),
    st.sampled_from(["Europe/Berlin", "Europe/Dublin"]),
)
def test_a_clock_without_summer_time_has_one_hour_after_the_other(local, zone):
    """Also where the law has winter time as the exception, as in Ireland."""
    clock = device_clock(zone, observes_dst=False)
    local = local.replace(microsecond=0)
    offset = timedelta(hours=1) if zone == "Europe/Berlin" else timedelta(0)
    assert read_time(local.isoformat(), clock) == (local - offset).replace(tzinfo=UTC)


def test_a_zone_that_there_is_not():
    with pytest.raises(TimeInvalid, match="Mars"):
        device_clock("Mars/Phobos", observes_dst=False)


@given(st.dictionaries(st.text(), st.integers()), st.binary(max_size=100))
def test_messages(header, body):
    message = packed(header, body)
    head, rest = lengths(message[: HEAD.size])
    assert header_of(message[HEAD.size : HEAD.size + head]) == header
    assert message[HEAD.size + head :] == body
    assert rest == len(body)


def test_a_stream_out_of_step():
    with pytest.raises(ValueError, match="none of ours"):
        lengths(b"\xff" * HEAD.size)
