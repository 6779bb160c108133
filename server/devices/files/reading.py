"""Files as rows: CSV, one JSON object a line, workbooks."""

import codecs
import csv
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from io import TextIOWrapper
from typing import IO, Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from server.devices.files.domain import KINDS, BadRow, FileUnreadable, Flaw, Row

_LONGEST_CELL = 1 << 20
_DELIMITERS = ",;\t"

Read = Iterator[Row | BadRow]


def rows_of(file: IO[bytes], file_format: str, kind: str, wanted: str) -> Read:
    """Rows of one kind in the order of the file, with those that are bad in themselves.

    ``kind`` is that of a CSV file. With an empty ``wanted``: what belongs to no kind. Raises FileUnreadable.
    """
    file.seek(0)
    if file_format == "XLSX":
        yield from _workbook(file, wanted)
    elif file_format == "JSON":
        yield from _json_lines(file, kind, wanted)
    elif wanted == kind:
        yield from _csv(file, kind)


def kind_of(text: str) -> str:
    """The kind that a sheet or a row names, in any case, with spaces or dashes; empty: none."""
    name = text.strip().upper().replace(" ", "_").replace("-", "_")
    return name if name in KINDS else ""


def _csv(file: IO[bytes], kind: str) -> Read:
    csv.field_size_limit(_LONGEST_CELL)
    text = TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        first = text.readline()
        delimiter = max(_DELIMITERS, key=first.count)
        heading = [name.strip() for name in next(csv.reader([first], delimiter=delimiter), [])]
        _check_heading(heading)
        reader = csv.reader(text, delimiter=delimiter)
        before = 1
        for cells in reader:
            line, before = before + 1, before + (reader.line_num - (before - 1))
            if not any(cells):
                continue
            if len(cells) > len(heading):
                said = f"the row has {len(cells)} cells, the heading {len(heading)}"
                yield BadRow("", line, Flaw("", "", said))
                continue
            yield Row(kind, "", line, _said(dict(zip(heading, cells, strict=False))))
    except UnicodeDecodeError as error:
        raise FileUnreadable(f"the file is not UTF-8: {error}") from None
    except csv.Error as error:
        raise FileUnreadable(f"the file is not CSV: {error}") from None
    finally:
        text.detach()


def _check_heading(heading: list[str]) -> None:
    if not any(heading):
        raise FileUnreadable("the first line names no columns")
    twice = sorted({name for name in heading if name and heading.count(name) > 1})
    if twice:
        raise FileUnreadable(f"the heading has {', '.join(twice)} more than once")


def _json_lines(file: IO[bytes], kind: str, wanted: str) -> Read:
    for line, raw in enumerate(file, start=1):
        text = raw.removeprefix(codecs.BOM_UTF8 if line == 1 else b"").strip()
        if not text:
            continue
        try:
            found = json.loads(text)
        except (ValueError, RecursionError) as error:
            found = error
        if not isinstance(found, dict):
            said = (
                f"the line is not JSON: {found}" if isinstance(found, Exception) else "it is no JSON object"
            )
            if not wanted:
                yield BadRow("", line, Flaw("", text[:100].decode(errors="replace"), said))
            continue
        named = str(found.pop("kind", "") or kind)
        if kind_of(named) == wanted:
            if wanted:
                yield Row(wanted, "", line, _said(found))
            else:
                said = f"kind says what the row is about: one of {', '.join(KINDS).lower()}"
                yield BadRow("", line, Flaw("kind", named, said))


def _workbook(file: IO[bytes], wanted: str) -> Read:
    try:
        book = load_workbook(file, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise FileUnreadable(f"the file is not a workbook (XLSX): {error}") from None
    try:
        for sheet in book.worksheets:
            kind = kind_of(sheet.title)
            if kind == wanted and kind:
                yield from _sheet(sheet, kind)
            elif not kind and not wanted:
                said = f"no such kind of rows; sheets are named {', '.join(KINDS).lower()}"
                yield BadRow(sheet.title, 1, Flaw("", sheet.title, said))
    finally:
        book.close()


def _sheet(sheet: Any, kind: str) -> Read:
    rows = sheet.iter_rows(values_only=True)
    heading = [_text(cell).strip() for cell in next(rows, ())]
    _check_heading(heading)
    for line, cells in enumerate(rows, start=2):
        said = _said(dict(zip(heading, map(_text, cells), strict=False)))
        if said:
            yield Row(kind, sheet.title, line, said)


def _text(cell: Any) -> str:
    """A cell as one would type it: a serial number that a program took for a number is one again."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return (cell if cell.tzinfo else cell.replace(tzinfo=UTC)).isoformat()
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day, tzinfo=UTC).isoformat()
    return str(cell)


def _said(cells: Mapping[str, Any]) -> dict[str, Any]:
    """The cells that say something."""
    plain = {name: cell.strip() if isinstance(cell, str) else cell for name, cell in cells.items()}
    return {name: cell for name, cell in plain.items() if name and cell not in (None, "", [], {})}
