"""Every format, read back by a reader that knows nothing of ours, over the day the clocks go forward."""

import csv
import io
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from server.readings.domain import Method, State
from server.readings.exports.domain import Stay, Values, Wish
from server.readings.exports.errors import CannotWrite
from server.readings.exports.formats import STREAMED
from server.readings.exports.formats.workbook import Sheets
from server.readings.exports.text import decimals, instants

MADE = datetime(2025, 4, 1, 12, tzinfo=UTC)
START = datetime(2025, 3, 30, tzinfo=UTC)
START_MS = int(START.timestamp() * 1000)
HALF = 1_800_000
POINT = UUID("01980000-0000-7000-8000-000000000001")
ESPI, ATOM = "{http://naesb.org/espi}", "{http://www.w3.org/2005/Atom}"
CIM = "{http://iec.ch/TC57/2011/MeterReadings#}"
READING_TYPE = "0.0.5.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0"
"""Half hours of active energy delivered, in kWh (IEC 61968-9)."""
EAST = timezone(timedelta(hours=10))


@dataclass
class Info:
    series: int = 1042
    usage_point_id: UUID = POINT
    quantity: str = "ACTIVE_ENERGY_IMPORT"
    unit: str = "kWh"
    commodity: str = "ELECTRICITY"
    interval_seconds: int = 1800
    tz: str = "Europe/London"


def wish(format_: str, **others) -> Wish:
    values = {"sender": "METERCO", "receiver": "RETAIL", **others}
    return Wish(format_, START_MS, START_MS + 46 * HALF, **values)


@st.composite
def days(draw):
    """Some half hours of a day or two, with states and methods."""
    places = sorted(draw(st.sets(st.integers(0, 93), max_size=94)))
    count = len(places)
    states = np.array(
        draw(
            st.lists(
                st.sampled_from(
                    [State.VALIDATED, State.SUSPECT, State.ESTIMATED, State.EDITED, State.MISSING]
                ),
                min_size=count,
                max_size=count,
            )
        ),
        np.uint8,
    )
    micro = np.array(draw(st.lists(st.integers(-(10**18), 10**18), min_size=count, max_size=count)), np.int64)
    micro[states == int(State.MISSING)] = 0
    methods = np.array(
        draw(
            st.lists(
                st.sampled_from([Method.LINEAR, Method.NEAREST_DAYS, Method.FLAT_TO_REGISTER]),
                min_size=count,
                max_size=count,
            )
        ),
        np.uint8,
    )
    methods[states != int(State.ESTIMATED)] = 0
    ms = START_MS + np.array(places, np.int64) * HALF
    change = START_MS + draw(st.integers(0, 94)) * HALF
    return Values(
        Info(),
        "NMI,123456",
        READING_TYPE,
        (Stay("M-1", 0, change), Stay('M"2', change, 1 << 62)),
        ms,
        np.full(count, HALF, np.int64),
        micro,
        states,
        np.arange(count, dtype=np.uint32),
        methods,
    )


def file_of(name: str, *series: Values, **others) -> bytes:
    style = STREAMED[name](wish(name, **others), MADE)
    pieces = [piece for one in series if (piece := style.series(one))]
    return style.head() + style.between.join(pieces) + style.tail()


def expected(values: Values, zone=UTC) -> list[dict[str, str]]:
    rows = []
    for n in range(len(values)):
        start = datetime.fromtimestamp(values.ms[n] / 1000, UTC).astimezone(zone)
        missing = values.state[n] == State.MISSING
        serial = next(s.serial_number for s in values.stays if s.start_ms <= values.ms[n] < s.end_ms)
        method = int(values.method[n])
        rows.append(
            {
                "usage_point": "NMI,123456",
                "series": "1042",
                "quantity": "ACTIVE_ENERGY_IMPORT",
                "unit": "kWh",
                "meter": serial,
                "start": start.isoformat().replace("+00:00", "Z"),
                "value": "" if missing else Decimal(int(values.micro[n])).scaleb(-6),
                "state": State(values.state[n]).name,
                "quality": str(n),
                "method": Method(method).name if method else "",
            }
        )
    return rows


def alike(found, values: Values) -> None:
    wanted = expected(values)
    assert len(found) == len(wanted)
    for one, other in zip(found, wanted, strict=True):
        for name, value in other.items():
            if isinstance(value, Decimal):
                assert Decimal(one[name]) == value
            else:
                assert str(one[name]) == value, name


@given(days())
@pytest.mark.parametrize(("name", "tab"), [("CSV", ","), ("TXT", "\t")])
def test_separated_text(name, tab, values):
    text = file_of(name, values, values).decode()
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=tab))
    alike(rows[: len(values)], values)
    alike(rows[len(values) :], values)


@given(days())
def test_json_and_lines(values):
    alike(json.loads(file_of("JSON", values))["intervals"], values)
    assert len(json.loads(file_of("JSON", values, values))["intervals"]) == 2 * len(values)
    alike([json.loads(line) for line in file_of("NDJSON", values).splitlines()], values)


@given(days())
def test_xml(values):
    (series,) = ET.fromstring(file_of("XML", values))  # noqa: S314 - our own
    assert series.attrib["usagePoint"] == "NMI,123456"
    found = [dict(one.attrib) for one in series]
    about = {
        "usage_point": "NMI,123456",
        "series": "1042",
        "quantity": series.attrib["quantity"],
        "unit": "kWh",
    }
    serials = [row["meter"] for row in expected(values)]
    alike([{**about, **row, "meter": m} for row, m in zip(found, serials, strict=True)], values)


@given(days())
def test_a_workbook(values):
    sheets = Sheets()
    sheets.series(wish("XLSX"), values)
    file = io.BytesIO()
    sheets.save(file)
    book = load_workbook(file, read_only=True)
    heading, *rows = book.worksheets[0].iter_rows(values_only=True)
    assert len(rows) == len(values)
    for row, other in zip(rows, expected(values), strict=True):
        one = dict(zip(heading, row, strict=True))
        assert one["start"] == other["start"]
        assert one["state"] == other["state"]
        # A cell is a float: what the file says is exact, what is read of it is the nearest.
        assert (one["value"] is None) == (other["value"] == "")
        if one["value"] is not None:
            assert abs(float(one["value"]) - float(other["value"])) <= 1e-9 * abs(float(other["value"]))


@given(days())
def test_nem12_has_whole_market_days(values):
    values = replace(values, code="6001234567")
    lines = [line.split(",") for line in file_of("NEM12", values).decode("ascii").splitlines()]
    assert lines[0] == ["100", "NEM12", "202504012200", "METERCO", "RETAIL"]
    assert lines[-1] == ["900"]
    found, day, flags = {}, None, []
    for line in lines[1:-1]:
        kind = line[0]
        if kind == "200":
            assert line[1:4] == ["6001234567", "E1", "1"]
            assert line[4:6] == ["E1", "N1"]
            assert line[7:9] == ["kWh", "30"]
        elif kind == "300":
            day = datetime.strptime(line[1], "%Y%m%d").replace(tzinfo=EAST)
            assert len(line) == 2 + 48 + 5
            flags = [line[50]] * 48
            for n, text in enumerate(line[2:50]):
                found[day + n * timedelta(minutes=30)] = [Decimal(text), flags[n]]
        else:
            assert kind == "400"
            assert flags[0] == "V"
            low, high = int(line[1]), int(line[2])
            for n in range(low - 1, high):
                found[day + n * timedelta(minutes=30)][1] = line[3]
    codes = {State.VALIDATED: "A", State.SUSPECT: "A", State.EDITED: "F16", State.MISSING: "N"}
    methods = {Method.LINEAR: "S17", Method.NEAREST_DAYS: "S15", Method.FLAT_TO_REGISTER: "S16"}
    for n in range(len(values)):
        at = datetime.fromtimestamp(values.ms[n] / 1000, UTC)
        value, flag = found.pop(at)
        state = State(values.state[n])
        assert value == Decimal(int(values.micro[n])).scaleb(-6)
        assert flag == (methods[Method(values.method[n])] if state == State.ESTIMATED else codes[state])
    assert all(one == [0, "N"] for one in found.values())


@pytest.mark.parametrize(
    ("info", "code", "told"),
    [
        (Info(quantity="VOLUME", unit="m3"), "6001234567", "no suffix for VOLUME"),
        (Info(interval_seconds=3600), "6001234567", "no intervals of 3600 s"),
        (Info(), "UP-1", "an NMI has ten"),
    ],
)
def test_what_nem12_cannot_hold(info, code, told):
    empty = np.empty(0, np.int64)
    kinds = (empty.astype(np.uint8), empty.astype(np.uint32), empty.astype(np.uint8))
    with pytest.raises(CannotWrite, match=told):
        file_of("NEM12", Values(info, code, READING_TYPE, (), empty, empty, empty, *kinds))


@given(days())
def test_espi(values):
    feed = ET.fromstring(file_of("ESPI", values))  # noqa: S314 - our own
    entries = feed.findall(f"{ATOM}entry")
    contents = [entry.find(f"{ATOM}content")[0] for entry in entries]
    names = ["UsagePoint", "MeterReading", "ReadingType", "IntervalBlock"][: 4 if len(values) else 3]
    assert [one.tag for one in contents] == [f"{ESPI}{name}" for name in names]
    kind = {one.tag.removeprefix(ESPI): int(one.text) for one in contents[2]}
    # The schema has them in the order of the alphabet.
    assert list(kind) == sorted(kind, key=str.lower)
    assert (kind["uom"], kind["powerOfTenMultiplier"], kind["intervalLength"]) == (72, -3, 1800)
    # Links lead from entry to entry.
    hrefs = [{one.attrib["rel"]: one.attrib["href"] for one in e.findall(f"{ATOM}link")} for e in entries]
    assert hrefs[1]["up"] == f"{hrefs[0]['self']}/MeterReading"
    if not len(values):
        return
    assert hrefs[3]["up"] == f"{hrefs[1]['self']}/IntervalBlock"
    readings = contents[3].findall(f"{ESPI}IntervalReading")
    assert len(readings) == len(values)
    quality = {State.VALIDATED: 17, State.SUSPECT: 10, State.EDITED: 7, State.MISSING: 10}
    estimated = {Method.NEAREST_DAYS: 8, Method.LINEAR: 9, Method.FLAT_TO_REGISTER: 16}
    for n, one in enumerate(readings):
        assert [part.tag.removeprefix(ESPI) for part in one][:2] == ["ReadingQuality", "timePeriod"]
        assert int(one.find(f"{ESPI}timePeriod/{ESPI}start").text) * 1000 == values.ms[n]
        assert one.find(f"{ESPI}timePeriod/{ESPI}duration").text == "1800"
        state = State(values.state[n])
        wanted = estimated[Method(values.method[n])] if state == State.ESTIMATED else quality[state]
        found = int(one.find(f"{ESPI}ReadingQuality/{ESPI}quality").text)
        assert found == (7 if values.quality[n] & 2 else wanted)
        value = one.find(f"{ESPI}value")
        if state == State.MISSING:
            assert value is None
        else:
            in_kwh = Decimal(value.text) * Decimal(10) ** kind["powerOfTenMultiplier"] / 1000
            assert in_kwh == Decimal(int(values.micro[n])).scaleb(-6)


@given(days())
def test_cim_in_both_notations(values):
    (reading,) = ET.fromstring(file_of("CIM_XML", values))  # noqa: S314 - our own
    (whole,) = json.loads(file_of("CIM_JSON", values))["MeterReadings"]["MeterReading"]
    blocks = reading.find(f"{CIM}IntervalBlocks")
    assert (
        blocks.find(f"{CIM}ReadingType").attrib["ref"]
        == READING_TYPE
        == whole["IntervalBlocks"][0]["ReadingType"]
    )
    assert reading.find(f"{CIM}UsagePoint/{CIM}Names/{CIM}name").text == "NMI,123456"
    assert whole["UsagePoint"]["Names"] == [{"name": "NMI,123456"}]
    rows = blocks.findall(f"{CIM}IntervalReadings")
    others = whole["IntervalBlocks"][0]["IntervalReadings"]
    assert len(rows) == len(others) == len(values)
    for n, (row, other) in enumerate(zip(rows, others, strict=True)):
        end = datetime.fromtimestamp((values.ms[n] + HALF) / 1000, UTC)
        assert datetime.fromisoformat(row.find(f"{CIM}timeStamp").text) == end
        assert datetime.fromisoformat(other["timeStamp"]) == end
        code = row.find(f"{CIM}ReadingQualities/{CIM}ReadingQualityType").attrib["ref"]
        assert other["ReadingQualities"] == [{"ReadingQualityType": code}]
        assert code.split(".")[1] == {2: "0", 3: "5", 4: "8", 5: "7", 6: "5"}[int(values.state[n])]
        value = row.find(f"{CIM}value")
        if values.state[n] == State.MISSING:
            assert value is None
            assert "value" not in other
        else:
            assert Decimal(value.text) == Decimal(other["value"]) == Decimal(int(values.micro[n])).scaleb(-6)


@given(st.lists(st.integers(-(2**63), 2**63 - 1)))
def test_decimals_are_exact_and_short(values):
    texts = decimals(np.array(values, np.int64)).to_pylist()
    assert [Decimal(text) for text in texts] == [Decimal(value).scaleb(-6) for value in values]
    assert not any(text.endswith(".") or ("." in text and text.endswith("0")) for text in texts)


def test_times_in_a_zone_say_their_offset():
    hours = START_MS + np.arange(3, dtype=np.int64) * 3_600_000
    assert instants(hours, "Europe/London").to_pylist() == [
        "2025-03-30T00:00:00+00:00",
        "2025-03-30T02:00:00+01:00",
        "2025-03-30T03:00:00+01:00",
    ]
    assert instants(hours).to_pylist()[0] == "2025-03-30T00:00:00Z"
