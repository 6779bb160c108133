"""A file of any format as CSV of our own, with the lines of the file that its rows come from."""

import csv as csv_module
import io
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import IO

import numpy as np

from server.readings.domain import Int64s, Quality, UInt32s
from server.readings.exchange.csv_file import Batch
from server.readings.exchange.domain import CsvFormat, RowError
from server.readings.exchange.translators import OWN_NAMES, TRANSLATORS
from server.readings.exchange.unpacking import unpacked

_IN_MEMORY = 32 << 20
_AT_ONCE = 1 << 16
_SEEKING = {"JSON", "XLSX"}
"""Formats that are read from several places."""
NAME, TIME, VALUE = "name", "time", "value"


@dataclass(slots=True)
class Translated:
    """The rows as CSV, and what could not be one."""

    file: IO[bytes]
    csv: CsvFormat
    """How our CSV is to be read."""
    columns: dict[str, str]
    """Our columns as the file names them."""
    lines: Int64s = field(default_factory=lambda: np.empty(0, np.int64))
    derived: "np.ndarray[tuple[int], np.dtype[np.bool_]]" = field(
        default_factory=lambda: np.empty(0, np.bool_)
    )
    errors: list[RowError] = field(default_factory=list)

    def batches(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        """Batches of our CSV in the lines and words of the file; then what could not be a row."""
        for one in batches:
            yield replace(
                one,
                line=self._of(one.line),
                quality=self._quality(one.line),
                errors=[self._told(error) for error in one.errors],
            )
        if self.errors:
            none = np.empty(0, np.int64)
            yield Batch(len(self.errors), none.astype(np.uint64), none, none, none, 0, self.errors)

    def _quality(self, lines: Int64s) -> UInt32s:
        """Bits of the readings of our CSV's lines."""
        bits = np.zeros(len(lines), np.uint32)
        bits[self.derived[lines - 2]] = int(Quality.DERIVED)
        return bits

    def _of(self, lines: Int64s) -> Int64s:
        found: Int64s = self.lines[lines - 2]
        return found

    def _told(self, error: RowError) -> RowError:
        line = int(self.lines[error.line - 2]) if 0 <= error.line - 2 < len(self.lines) else error.line
        return replace(error, line=line, column=self.columns.get(error.column, error.column))


def translated(file: IO[bytes], csv: CsvFormat) -> Translated:
    """A file of a format with a translator. Raises FileUnreadable."""
    out = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the caller's
    text = io.TextIOWrapper(out, "utf-8", newline="", write_through=True)
    writer = csv_module.writer(text, lineterminator="\n")
    writer.writerow((NAME, TIME, VALUE))
    errors: list[RowError] = []
    parts, derived = [np.empty(0, np.int64)], [np.empty(0, np.bool_)]
    lines: list[int] = []
    made: list[bool] = []
    plain = unpacked(file, workbook=csv.format == "XLSX")
    if csv.format in _SEEKING:
        plain = _seekable(plain)
    for row in TRANSLATORS[csv.format](plain, csv):
        if isinstance(row, RowError):
            errors.append(row)
            continue
        writer.writerow((row.name, row.time, row.value))
        lines.append(row.line)
        made.append(row.derived)
        if len(lines) >= _AT_ONCE:
            parts.append(np.array(lines, np.int64))
            derived.append(np.array(made, np.bool_))
            lines, made = [], []
    text.flush()
    text.detach()
    out.seek(0)
    own = csv.format in OWN_NAMES
    ours = replace(
        csv,
        time_column=TIME,
        value_column=VALUE,
        channel_column=NAME if own or csv.channel_column else "",
        delimiter=",",
        time_format="" if own else csv.time_format,
        decimal_comma=False if own else csv.decimal_comma,
        interval_end=csv.format == "CIM_XML" or (csv.interval_end and not own),
    )
    named = {NAME: csv.channel_column, TIME: csv.time_column, VALUE: csv.value_column}
    return Translated(
        out,
        ours,
        {} if own else {ours_: theirs for ours_, theirs in named.items() if theirs},
        np.concatenate([*parts, np.array(lines, np.int64)]),
        np.concatenate([*derived, np.array(made, np.bool_)]),
        errors,
    )


def _seekable(file: IO[bytes]) -> IO[bytes]:
    """The same bytes from wherever one wants to begin."""
    if file.seekable():
        return file
    copy = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - lives as long as what is read of it
    shutil.copyfileobj(file, copy)
    copy.seek(0)
    return copy
