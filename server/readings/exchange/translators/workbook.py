"""XLSX: the first row of each sheet names its columns."""

import zipfile
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import IO, Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from server.readings.exchange.domain import CsvFormat, RowError
from server.readings.exchange.errors import FileUnreadable
from server.readings.exchange.translators.base import Row


def workbook(file: IO[bytes], csv: CsvFormat) -> Iterator[Row | RowError]:
    """The rows of all sheets; lines are counted over all of them."""
    try:
        book = load_workbook(file, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise FileUnreadable(f"the file is no workbook: {error}") from error
    number = 0
    for sheet in book.worksheets:
        rows: Iterator[tuple[Any, ...]] = sheet.iter_rows(values_only=True)
        heading = [str(one or "").strip() for one in next(rows, ())]
        number += 1
        if not any(heading):
            continue
        places = {name: heading.index(name) for name in heading if name}
        wanted = [name for name in (csv.channel_column, csv.time_column, csv.value_column) if name]
        lost = [name for name in wanted if name not in places]
        if lost:
            raise FileUnreadable(f"sheet {sheet.title!r} has no column {lost[0]!r}")
        for cells in rows:
            number += 1
            texts = {name: _text(cells[places[name]]) for name in wanted if places[name] < len(cells)}
            if any(texts.values()):
                yield Row(
                    number,
                    texts.get(csv.channel_column, ""),
                    texts.get(csv.time_column, ""),
                    texts.get(csv.value_column, ""),
                )


def _text(cell: object) -> str:
    """A cell as a person sees it: times without a zone are local ones, numbers have no exponent."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat()
    if isinstance(cell, float):
        return format(Decimal(repr(cell)), "f")
    return str(cell).strip()
