"""Rows as files: CSV, one JSON object a line, workbooks."""

import csv
import json
import re
from collections.abc import Callable, Mapping, Sequence
from io import TextIOWrapper
from typing import IO, Any, Protocol

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


class Writer(Protocol):
    """Writes rows, kind by kind."""

    def begin(self, kind: str, heading: Sequence[str]) -> None:
        """Rows of a kind follow."""

    def rows(self, rows: Sequence[Mapping[str, str]]) -> None:
        """Some of them."""

    def end(self) -> None:
        """That was all."""


def writer_of(file_format: str, file: IO[bytes]) -> Writer:
    """What writes files of a format."""
    kinds: dict[str, Callable[[IO[bytes]], Writer]] = {
        "CSV": CsvWriter,
        "JSON": JsonWriter,
        "XLSX": WorkbookWriter,
    }
    return kinds[file_format](file)


class CsvWriter:
    """RFC 4180, UTF-8, one kind of rows."""

    def __init__(self, file: IO[bytes]) -> None:
        self._text = TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        self._writer: Any = None

    def begin(self, kind: str, heading: Sequence[str]) -> None:
        """The heading."""
        del kind
        self._writer = csv.DictWriter(self._text, heading, restval="", lineterminator="\r\n")
        self._writer.writeheader()

    def rows(self, rows: Sequence[Mapping[str, str]]) -> None:
        """A line each."""
        self._writer.writerows(rows)

    def end(self) -> None:
        """The file is the caller's."""
        self._text.flush()
        self._text.detach()


class JsonWriter:
    """One object a line, each with its kind."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._kind = ""

    def begin(self, kind: str, heading: Sequence[str]) -> None:
        """What the rows say of themselves."""
        del heading
        self._kind = kind.lower()

    def rows(self, rows: Sequence[Mapping[str, str]]) -> None:
        """A line each."""
        for row in rows:
            self._file.write(json.dumps({"kind": self._kind, **row}, ensure_ascii=False).encode() + b"\n")

    def end(self) -> None:
        """Nothing is left to write."""


class WorkbookWriter:
    """A sheet a kind; all cells are texts, so that no program takes a serial number for a number."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._book = Workbook(write_only=True)
        self._sheet: Any = None
        self._heading: Sequence[str] = ()

    def begin(self, kind: str, heading: Sequence[str]) -> None:
        """A sheet with its heading."""
        self._sheet, self._heading = self._book.create_sheet(kind.lower()), heading
        self._sheet.append(list(heading))

    def rows(self, rows: Sequence[Mapping[str, str]]) -> None:
        """A row each."""
        for row in rows:
            self._sheet.append([self._cell(row.get(name, "")) for name in self._heading])

    def end(self) -> None:
        """Packs the workbook."""
        self._book.save(self._file)

    def _cell(self, text: str) -> Any:
        if not text:
            return None
        cell = WriteOnlyCell(self._sheet, _NOT_IN_XML.sub("�", text))
        # What begins with = is a text here, never a formula.
        cell.data_type = "s"
        return cell
