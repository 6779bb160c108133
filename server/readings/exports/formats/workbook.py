"""XLSX: a sheet for a million rows, another one for the next."""

from decimal import Decimal
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from server.readings.exports.domain import Values, Wish
from server.readings.exports.formats.plain import COLUMNS, columns_of, meters_of

MOST_ROWS = 1_000_000
"""A sheet ends at 1,048,576."""


class Sheets:
    """Writes series into a workbook; values stand in the file as the decimals they are."""

    def __init__(self) -> None:
        self._book = Workbook(write_only=True)
        self._rows = MOST_ROWS
        self._here: Any = None

    def series(self, wish: Wish, values: Values) -> None:
        """A row for each interval."""
        info = values.info
        fixed = (values.code, str(info.series), info.quantity, info.unit)
        columns = {"meter": meters_of(values), **columns_of(wish, values)}
        cells = [column.to_pylist() for column in columns.values()]
        place = list(columns).index("value")
        cells[place] = [Decimal(text) if text else None for text in cells[place]]
        for row in zip(*cells, strict=True):
            if self._rows >= MOST_ROWS:
                self._sheet()
            self._here.append([*fixed, *row])
            self._rows += 1

    def _sheet(self) -> None:
        sheet: Any = self._book.create_sheet(f"Readings {len(self._book.sheetnames) + 1}")
        sheet.freeze_panes = "A2"
        heading = [WriteOnlyCell(sheet, name) for name in COLUMNS]
        for cell in heading:
            cell.font = Font(bold=True)
        sheet.append(heading)
        self._here = sheet
        self._rows = 0

    def save(self, file: IO[bytes]) -> None:
        """The file."""
        if not self._book.sheetnames:
            self._sheet()
        self._book.save(file)
