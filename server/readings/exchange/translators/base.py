"""What translators of formats give."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Protocol

from server.readings.exchange.domain import CsvFormat, RowError


@dataclass(frozen=True, slots=True)
class Row:
    """One reading as text."""

    line: int
    """Of the file, from 1; of a workbook the row, of formats without lines the number of the reading."""
    name: str
    """What it is a reading of, as the file names it."""
    time: str
    value: str
    derived: bool = False
    """Whether the file says that the value was made, not measured."""


class Translator(Protocol):
    """Reads a file of one format."""

    def __call__(self, file: IO[bytes], csv: CsvFormat, /) -> Iterator[Row | RowError]:
        """The readings and what is wrong, in order of the file. Raises FileUnreadable."""
        ...
