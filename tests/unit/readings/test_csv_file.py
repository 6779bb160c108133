"""CSV files as columns: exact, row by row accountable, over the changes of the clock."""

import gzip
import io
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.readings.exchange.csv_file import (
    Batch,
    ChannelKind,
    CsvFile,
    channels_in,
    count_rows,
)
from server.readings.exchange.domain import CsvFormat
from server.readings.exchange.errors import FileUnreadable
from server.readings.exchange.numbers import micros_of
from server.readings.exchange.unpacking import unpacked

KWH = {7: ChannelKind("kWh", 1_800_000), 8: ChannelKind("Wh", 1_800_000)}


def plain(**changed: object) -> CsvFormat:
    values: dict[str, object] = {"time_column": "start", "value_column": "value", "channel": 7, **changed}
    return CsvFormat(**values)


def read(text: str | bytes, csv: CsvFormat | None = None) -> Batch:
    content = text.encode() if isinstance(text, str) else text
    (batch,) = CsvFile(unpacked(io.BytesIO(content)), csv or plain(), KWH).batches() or ()
    return batch


def utc(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def test_rows_become_columns_in_micro_units() -> None:
    batch = read("start,value\n2013-01-01 00:00:00,0.477\n2013-01-01 00:30:00, 1.5 \n")
    assert batch.time_ms.tolist() == [utc("2013-01-01T00:00"), utc("2013-01-01T00:30")]
    assert batch.value_micro.tolist() == [477_000, 1_500_000]
    assert batch.channel.tolist() == [7, 7]
    assert batch.line.tolist() == [2, 3]
    assert not batch.errors


def test_each_broken_row_is_told_with_line_column_value_and_rule_and_costs_no_other() -> None:
    batch = read(
        "start,value\n"
        "2013-01-01 00:00:00,1\n"
        "\n"
        "2013-01-01 00:30:00,abc\n"
        "2013-02-30 00:00:00,2\n"
        "only one column\n"
        "2013-01-01 01:00:00,nan\n"
        "2013-01-01 01:30:00,1e30\n"
        "2013-01-01 02:00:00,3\n"
    )
    assert batch.line.tolist() == [2, 9]
    assert [(one.line, one.column, one.value) for one in batch.errors] == [
        (4, "value", "abc"),
        (5, "start", "2013-02-30 00:00:00"),
        (6, "", "only one column"),
        (7, "value", "nan"),
        (8, "value", "1e30"),
    ]
    assert "'abc' is not a number" in batch.errors[0].description
    assert "ISO 8601" in batch.errors[1].description
    assert batch.rows == 7


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2013-07-01T12:00:00", utc("2013-07-01T11:00")),
        ("2013-07-01T12:00:00Z", utc("2013-07-01T12:00")),
        ("2013-07-01 12:00+02:00", utc("2013-07-01T10:00")),
        ("2013-07-01T12:00:00.5+0200", utc("2013-07-01T10:00") + 500),
        ("2013-07-01", utc("2013-06-30T23:00")),
    ],
)
def test_times_with_an_offset_stand_for_themselves_and_others_for_the_zone(text: str, expected: int) -> None:
    batch = read(f"start,value\n{text},1\n", plain(time_zone="Europe/London"))
    assert batch.time_ms.tolist() == [expected]


def test_the_autumn_hour_is_resolved_by_order() -> None:
    rows = ["00:30", "01:00", "01:30", "01:00", "01:30", "02:00"]
    text = "start,value\n" + "".join(f"2013-10-27 {time},{index}\n" for index, time in enumerate(rows))
    whole, twice = CsvFile(io.BytesIO(text.encode()), plain(time_zone="Europe/London"), KWH).batches()
    assert whole.time_ms.tolist() == [utc("2013-10-26T23:30"), utc("2013-10-27T02:00")]
    told = dict(zip(twice.value_micro.tolist(), twice.time_ms.tolist(), strict=True))
    assert told == {
        1_000_000: utc("2013-10-27T00:00"),
        2_000_000: utc("2013-10-27T00:30"),
        3_000_000: utc("2013-10-27T01:00"),
        4_000_000: utc("2013-10-27T01:30"),
    }
    assert whole.rows + twice.rows == 6


def test_an_autumn_time_that_comes_once_is_not_guessed() -> None:
    text = b"start,value\n2013-10-27 01:00:00,5\n"
    first, last = CsvFile(io.BytesIO(text), plain(time_zone="Europe/London"), KWH).batches()
    assert len(first.channel) == len(last.channel) == 0
    (error,) = last.errors
    assert (error.line, error.reason, error.value) == (2, "AMBIGUOUS_LOCAL_TIME", "2013-10-27 01:00:00")


def test_the_spring_hour_is_refused_or_shifted_as_the_format_says() -> None:
    text = "start,value\n2013-03-31 01:30:00,5\n2013-03-31 02:30:00,6\n"
    refused = read(text, plain(time_zone="Europe/London"))
    assert [(one.line, one.reason) for one in refused.errors] == [(2, "AMBIGUOUS_LOCAL_TIME")]
    assert refused.value_micro.tolist() == [6_000_000]
    shifted = read(text, plain(time_zone="Europe/London", shift_missing_hour=True))
    assert shifted.time_ms.tolist() == [utc("2013-03-31T01:30")] * 2


def test_interval_ends_are_taken_back_by_the_length_of_the_channel() -> None:
    batch = read("start,value\n2013-01-01 00:30:00,1\n", plain(interval_end=True))
    assert batch.time_ms.tolist() == [utc("2013-01-01T00:00")]


def test_columns_commas_and_units_follow_the_format() -> None:
    csv = plain(
        time_column="t",
        value_column="v",
        channel_column="meter",
        channel=0,
        channel_map={"A": 7, "B": 8},
        unit="Wh",
        delimiter=";",
        decimal_comma=True,
        time_format="%d.%m.%Y %H:%M",
    )
    batch = read(
        "meter;t;v\nA;01.02.2013 00:00;1500,5\nB;01.02.2013 00:30;1500,5\nC;01.02.2013 00:30;1\n", csv
    )
    assert batch.channel.tolist() == [7, 8]
    assert batch.value_micro.tolist() == [1_500_500, 1_500_500_000]
    assert [(one.line, one.column, one.value, one.reason) for one in batch.errors] == [
        (4, "meter", "C", "UNKNOWN_CHANNEL")
    ]


def test_the_same_row_twice_is_taken_once_and_another_value_stays() -> None:
    row = "2013-01-01 00:00:00,1\n"
    batch = read("start,value\n" + row + row + "2013-01-01 00:00:00,2\n")
    assert batch.value_micro.tolist() == [1_000_000, 2_000_000]
    assert batch.repeated == 1


def test_gzip_bom_and_rows_are_understood() -> None:
    text = "\ufeffstart,value\n2013-01-01,1\n2013-01-02,2"
    packed = gzip.compress(text.encode())
    assert read(packed).value_micro.tolist() == [1_000_000, 2_000_000]
    assert count_rows(unpacked(io.BytesIO(packed))) == 2
    assert count_rows(io.BytesIO(b"")) == 0


def test_channels_of_a_file_are_found() -> None:
    text = b"channel,start,value\n7,2013-01-01,1\n8,2013-01-01,1\n7,2013-01-02,1\nx,2013-01-02,1\n"
    assert channels_in(io.BytesIO(text), plain(channel_column="channel", channel=0)) == [7, 8]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"other,value\n1,2\n", "start"),
        (b"start,value\n2013-01-01,\xff\xfe\n", "not UTF-8"),
        (gzip.compress(b"start,value\n2013-01-01,1\n")[:-12], "unpack"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content: bytes, said: str) -> None:
    with pytest.raises(FileUnreadable, match=said):
        count_rows(unpacked(io.BytesIO(content)))
        list(CsvFile(unpacked(io.BytesIO(content)), plain(), KWH).batches())


@given(
    values=st.lists(
        st.decimals(min_value=-(10**11), max_value=10**11, allow_nan=False, places=9), min_size=1, max_size=20
    ),
    factor=st.sampled_from([Fraction(1), Fraction(1000), Fraction(1, 1000), Fraction(1, 3_600_000)]),
)
def test_numbers_are_exact_to_the_sixth_place(values: list[Decimal], factor: Fraction) -> None:
    read_back = micros_of(pa.array([format(one, "f") for one in values]), decimal_comma=False, factor=factor)
    for value, micro, known in zip(values, read_back.values.tolist(), read_back.known.tolist(), strict=True):
        exact = Fraction(value) * factor * 10**6
        fits = abs(exact) < 10**18
        assert known == fits
        if fits:
            assert abs(micro - exact) <= Fraction(1, 2) + Fraction(1, 10**9)


@given(st.decimals(min_value=-1000, max_value=1000, places=7))
def test_halves_go_to_the_even_digit(value: Decimal) -> None:
    read_back = micros_of(pa.array([str(value)]), decimal_comma=False, factor=Fraction(1))
    assert Decimal(read_back.values.tolist()[0]) == (value * 10**6).quantize(Decimal(1), ROUND_HALF_EVEN)


@given(
    start=st.datetimes(datetime(2010, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001 - made aware below
    zone=st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe", "UTC"]),
)
def test_local_times_of_an_ordinary_instant_come_back(start: datetime, zone: str) -> None:
    instant = start.replace(tzinfo=UTC, microsecond=0)
    local = instant.astimezone(ZoneInfo(zone))
    other = local.replace(fold=1 - local.fold)
    batch_text = f"start,value\n{local.replace(tzinfo=None)},1\n"
    batches = list(CsvFile(io.BytesIO(batch_text.encode()), plain(time_zone=zone), KWH).batches())
    if other.utcoffset() == local.utcoffset():
        assert batches[0].time_ms.tolist() == [int(instant.timestamp() * 1000)]
    else:
        assert batches[-1].errors[0].reason == "AMBIGUOUS_LOCAL_TIME"


def test_a_whole_local_year_has_all_its_half_hours() -> None:
    zone = ZoneInfo("Europe/London")
    start = datetime(2013, 1, 1, tzinfo=UTC)
    instants = [start + timedelta(minutes=30 * index) for index in range(48 * 365)]
    lines = [f"{one.astimezone(zone).replace(tzinfo=None)},1" for one in instants]
    text = "start,value\n" + "\n".join(lines)
    batches = list(CsvFile(io.BytesIO(text.encode()), plain(time_zone="Europe/London"), KWH).batches())
    found = sorted(ms for batch in batches for ms in batch.time_ms.tolist())
    assert found == [int(one.timestamp() * 1000) for one in instants]
    assert not [error for batch in batches for error in batch.errors]
