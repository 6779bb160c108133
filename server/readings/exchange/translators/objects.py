"""JSON: an array of objects at the top or in its first member, or one object a line."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import IO, Any, Final

import ijson

from server.readings.exchange.domain import CsvFormat, RowError
from server.readings.exchange.errors import FileUnreadable
from server.readings.exchange.translators.base import Row

_SHOWN: Final = 200
_MARK: Final = b"\xef\xbb\xbf"
"""What some programs put before UTF-8."""


def array(file: IO[bytes], csv: CsvFormat) -> Iterator[Row | RowError]:
    """Readings of an array; their lines are their places in it, from 1."""
    begin = len(_MARK) if file.read(len(_MARK)) == _MARK else 0
    file.seek(begin)
    head = file.read(64).lstrip()[:1]
    file.seek(begin)
    if head not in (b"[", b"{"):
        raise FileUnreadable("the file is no JSON: it begins neither with [ nor with {")
    path = "item" if head == b"[" else _first_array(file)
    file.seek(begin)
    number = 0
    try:
        for number, one in enumerate(ijson.items(file, path), start=1):
            yield _row(number, one, csv)
    except (ijson.JSONError, UnicodeDecodeError) as error:
        raise FileUnreadable(f"the file is no JSON behind reading {number}: {error}") from error


def _first_array(file: IO[bytes]) -> str:
    try:
        for prefix, event, _ in ijson.parse(file):
            if event == "start_array":
                return f"{prefix}.item" if prefix else "item"
    except (ijson.JSONError, UnicodeDecodeError) as error:
        raise FileUnreadable(f"the file is no JSON: {error}") from error
    raise FileUnreadable("the file has no array of readings")


def lines(file: IO[bytes], csv: CsvFormat) -> Iterator[Row | RowError]:
    """An object a line."""
    for number, raw in enumerate(file, start=1):
        if not raw.strip():
            continue
        try:
            one = json.loads(raw, parse_float=Decimal, parse_int=str)
        except ValueError as error:
            text = raw[:_SHOWN].decode("utf-8", "replace")
            yield RowError(number, "", text, f"the line is no JSON: {error}", "INVALID_FIELD")
            continue
        yield _row(number, one, csv)


def _row(number: int, one: Any, csv: CsvFormat) -> Row | RowError:
    if not isinstance(one, dict):
        text = json.dumps(one, default=str)[:_SHOWN]
        return RowError(number, "", text, "a reading is an object", "INVALID_FIELD")
    return Row(
        number,
        _text(one.get(csv.channel_column)) if csv.channel_column else "",
        _text(one.get(csv.time_column)),
        _text(one.get(csv.value_column)),
    )


def _text(value: object) -> str:
    if value is None or isinstance(value, bool | dict | list):
        return "" if value is None else str(value)
    return format(value, "f") if isinstance(value, Decimal) and value.is_finite() else str(value)
