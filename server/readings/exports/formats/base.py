"""The shape of every format."""

from abc import ABC, abstractmethod
from datetime import datetime
from typing import ClassVar

from server.readings.exports.domain import Values, Wish


class Format(ABC):
    """Writes a file piece by piece: a head, a piece for each series, a tail. No piece knows of the others."""

    between: ClassVar[bytes] = b""
    """What stands between two series."""

    def __init__(self, wish: Wish, made: datetime) -> None:
        """``made`` is when the export was asked for."""
        self.wish = wish
        self.made = made

    def head(self) -> bytes:
        """The beginning."""
        return b""

    @abstractmethod
    def series(self, values: Values) -> bytes:
        """One series; nothing: it leaves no trace. Raises CannotWrite."""

    def tail(self) -> bytes:
        """The end."""
        return b""
