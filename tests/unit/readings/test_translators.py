"""Files of other formats as rows: what our own exports say comes back; what is broken is told by line."""

import gzip
import io
import json
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from openpyxl import Workbook

from server.readings.domain import State
from server.readings.exchange.csv_file import ChannelKind, CsvFile
from server.readings.exchange.domain import CsvFormat
from server.readings.exchange.errors import FileUnreadable
from server.readings.exchange.translating import translated
from server.readings.exchange.translators import TRANSLATORS
from server.readings.exchange.unpacking import unpacked
from server.readings.exports.domain import Values
from server.readings.exports.formats.workbook import Sheets
from tests.unit.readings.test_export_formats import POINT, days, file_of, wish

ESPI_KIND = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><entry><content>'
    '<ReadingType xmlns="http://naesb.org/espi">{}</ReadingType></content></entry></feed>'
)
KWH = {7: ChannelKind("kWh", 1_800_000)}


def nmi(values: Values) -> Values:
    return replace(values, code="6001234567")


def named(style: str, **names: int) -> CsvFormat:
    return CsvFormat(time_column="", value_column="", channel_map=names, format=style)


def plain(style: str, **others) -> CsvFormat:
    values = {"time_column": "start", "value_column": "value", "channel": 7, "format": style, **others}
    return CsvFormat(**values)


def read(content: bytes, csv: CsvFormat):
    """Time, value and quality of each row in order, and what was refused."""
    found = translated(io.BytesIO(content), csv)
    batches = list(found.batches(CsvFile(found.file, found.csv, KWH).batches()))
    rows = [
        (int(ms), int(micro), int(quality), int(line))
        for one in batches
        for ms, micro, quality, line in zip(one.time_ms, one.value_micro, one.quality, one.line, strict=True)
    ]
    return sorted(rows), [error for one in batches for error in one.errors]


def expected(values: Values) -> list[tuple[int, int]]:
    there = values.state != int(State.MISSING)
    return list(zip(values.ms[there].tolist(), values.micro[there].tolist(), strict=True))


@given(days())
@pytest.mark.parametrize("style", ["NEM12", "ESPI", "CIM_XML", "JSON", "NDJSON", "XLSX"])
def test_what_an_export_says_comes_back(style, values):
    values = nmi(values)
    # Twelve digits before the point are the most that is stored.
    values.micro[np.abs(values.micro) >= 10**18] = 10**17
    if style == "XLSX":
        # A cell is a float of fifteen digits.
        values.micro[:] = np.sign(values.micro) * (np.abs(values.micro) % 10**14)
        sheets, file = Sheets(), io.BytesIO()
        sheets.series(wish("XLSX"), values)
        sheets.save(file)
        content = file.getvalue()
    else:
        content = file_of(style, values)
    names = {
        "NEM12": "6001234567/E1",
        "ESPI": f"UsagePoint/{POINT}/MeterReading/1042",
        "CIM_XML": f"6001234567/{values.reading_type}",
    }
    csv = named(style, **{names[style]: 7}) if style in names else plain(style)
    rows, errors = read(content, csv)
    # Intervals without a value are no numbers where the format has to say something.
    assert len(errors) == (int((values.state == 6).sum()) if style not in names else 0)
    assert [row[:2] for row in rows] == expected(values)
    if style == "NEM12":
        made = {int(at) for at in values.ms[np.isin(values.state, [int(State.ESTIMATED), int(State.EDITED)])]}
        assert {at for at, _, quality, _ in rows if quality} == made


def nem(*records: str, end: bool = True) -> bytes:
    lines = ["100,NEM12,202504012200,METERCO,RETAIL", *records, *(["900"] if end else [])]
    return "\r\n".join(lines).encode()


STREAM = "200,6001234567,E1,1,E1,N1,X-1,kWh,30,"
DAY = ["0.5"] * 48


def day(values=DAY, flag="A", date="20250401") -> str:
    return f"300,{date},{','.join(values)},{flag},,,20250402000000,"


@pytest.mark.parametrize(
    ("record", "told"),
    [
        (day(DAY[:47]), "a day of 30 minutes has 48 values and a quality"),
        (day([*DAY[:47], "x"]), "'x' is not a number"),
        (day([*DAY[:47], "NaN"]), "'NaN' is not a number"),
        (day(flag="Q"), "'Q' is no quality"),
        (day(date="20250431"), "is not a day written YYYYMMDD"),
        ("200,6001234567,E1,1,E1,N1,X-1,kWh,60,", "'60' is no interval length"),
        ("200,6001234567,E1", "a 200 record has at least 9 fields"),
        ("400,1,49,A,,", "no run of intervals between 1 and 48"),
        ("700,1", "'700' is no record of NEM12"),
    ],
)
def test_a_broken_record_costs_only_itself(record, told):
    rows, (error, *_) = read(nem(STREAM, day(), record), named("NEM12", **{"6001234567/E1": 7}))
    assert len(rows) == 48
    assert (error.line, error.column) == (4, record[:3])
    assert told in error.description


def test_runs_of_quality_and_null_intervals():
    content = nem(STREAM, day(flag="V"), "400,1,10,A,,", "400,11,20,S14,,", "400,21,48,N,,", "500,N,,,")
    rows, errors = read(content, named("NEM12", **{"6001234567/E1": 7}))
    assert not errors
    assert [bool(quality) for _, _, quality, _ in rows] == [False] * 10 + [True] * 10
    # The day begins at midnight in the east of Australia, whatever summer time says elsewhere.
    assert rows[0][0] == 1743429600000
    wrong = nem(STREAM, day(flag="V"), "400,1,60,A,,")
    _, (error,) = read(wrong, named("NEM12", **{"6001234567/E1": 7}))
    assert "no run of intervals between 1 and 48" in error.description


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "not end with 900"),
        (b"start,value\n", "does not begin with 100,NEM12"),
        (nem(STREAM, day(), end=False), "does not end with 900"),
        (b"100,NEM12,\xff\n900\n", "not UTF-8"),
    ],
)
def test_what_is_no_nem12(content, told):
    with pytest.raises(FileUnreadable, match=told):
        read(content, named("NEM12", **{"6001234567/E1": 7}))


def test_json_has_its_members_wherever_the_array_is():
    objects = [
        {"at": "2025-03-30T00:00:00Z", "kwh": 1.25},
        {"at": "2025-03-30T00:30:00Z", "kwh": "2"},
        {"at": "2025-03-30T01:00:00Z", "kwh": None},
        "nonsense",
        {"at": "no time", "kwh": 1},
        {"at": "2025-03-30T02:00:00Z", "kwh": 1e30},
        {"at": "2025-03-30T02:30:00Z", "kwh": True},
    ]
    csv = plain("JSON", time_column="at", value_column="kwh")
    for whole in (objects, {"made": "today", "rows": objects}):
        rows, errors = read(b"\xef\xbb\xbf" + json.dumps(whole).encode(), csv)
        assert [row[1] for row in rows] == [1_250_000, 2_000_000]
        assert sorted(error.line for error in errors) == [3, 4, 5, 6, 7]
        assert {error.column for error in errors} == {"", "at", "kwh"}
    lines = "\n".join([*map(json.dumps, objects[:2]), "{broken", "", json.dumps(objects[4])])
    rows, errors = read(lines.encode(), plain("NDJSON", time_column="at", value_column="kwh"))
    assert len(rows) == 2
    assert sorted(error.line for error in errors) == [3, 5]


@pytest.mark.parametrize(
    ("style", "content", "told"),
    [
        ("JSON", b"", "begins neither"),
        ("JSON", b"start,value", "begins neither"),
        ("JSON", b'{"a": 1}', "no array"),
        ("JSON", b'[{"start": 1}, {"sta', "behind reading 1"),
        ("XLSX", b"start,value\n", "no workbook"),
        ("ESPI", b"", "no XML"),
        ("ESPI", b"<feed><entry></feed>", "no XML"),
        ("ESPI", ESPI_KIND.format("<uom>31</uom>").encode(), "uom: '31' is none of"),
        ("ESPI", ESPI_KIND.format("").encode(), "uom: '' is none of"),
        (
            "ESPI",
            ESPI_KIND.format("<powerOfTenMultiplier>k</powerOfTenMultiplier><uom>72</uom>").encode(),
            "powerOfTenMultiplier: 'k' is no whole number",
        ),
        ("CIM_XML", b"nothing", "no XML"),
    ],
)
def test_what_cannot_be_read_at_all(style, content, told):
    csv = plain(style) if style in ("JSON", "XLSX") else named(style, a=7)
    with pytest.raises(FileUnreadable, match=told):
        read(content, csv)


@pytest.mark.parametrize("style", ["ESPI", "CIM_XML"])
@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">',
    ],
)
def test_entities_and_document_types_are_refused(style, head):
    content = f'<?xml version="1.0"?>{head}<MeterReadings>&b;</MeterReadings>'.encode()
    with pytest.raises(FileUnreadable, match="entities or a document type"):
        read(content, named(style, a=7))


def test_a_workbook_needs_its_columns_and_has_many_sheets():
    book = Workbook()
    for sheet in (book.active, book.create_sheet("more")):
        sheet.append(["start", "value", "note"])
        sheet.append(["2025-03-30T00:00:00Z", 0.1, "first"])
        sheet.append([None, None, None])
        sheet.append(["2025-03-30T00:30:00Z", "many", "second"])
    file = io.BytesIO()
    book.save(file)
    rows, errors = read(file.getvalue(), plain("XLSX"))
    assert [row[1] for row in rows] == [100_000] or [row[1] for row in rows] == [100_000, 100_000]
    assert [error.line for error in errors] == [4, 8]
    with pytest.raises(FileUnreadable, match="has no column 'kwh'"):
        read(file.getvalue(), plain("XLSX", value_column="kwh"))


def packed(*contents: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, content in enumerate(contents):
            archive.writestr(f"{number}.csv", content)
    return file.getvalue()


def test_packed_files_are_unpacked():
    text = b"start,value\n2025-03-30T00:00:00Z,1\n"
    for content in (text, gzip.compress(text), packed(text)):
        assert unpacked(io.BytesIO(content)).read() == text
    with pytest.raises(FileUnreadable, match="holds 2 files"):
        unpacked(io.BytesIO(packed(text, text)))
    with pytest.raises(FileUnreadable, match="does not unpack"):
        unpacked(io.BytesIO(packed(text)[:40])).read()
    with pytest.raises(FileUnreadable, match="does not unpack"):
        unpacked(io.BytesIO(gzip.compress(text)[:20])).read()


@pytest.mark.parametrize("pack", [packed, gzip.compress])
def test_a_bomb_is_defused(pack, monkeypatch):
    monkeypatch.setattr("server.readings.exchange.unpacking.ALWAYS_BYTES", 1 << 20)
    bomb = pack(b"0" * (64 << 20))
    assert len(bomb) < 100_000
    file = unpacked(io.BytesIO(bomb))
    read_bytes = 0
    with pytest.raises(FileUnreadable, match="more than 200 times"):
        while piece := file.read(1 << 16):
            read_bytes += len(piece)
    # It ends soon, not when all of it is out.
    assert read_bytes < 32 << 20


def test_every_translator_is_tried():
    assert set(TRANSLATORS) == {"NEM12", "ESPI", "CIM_XML", "JSON", "NDJSON", "XLSX"}
