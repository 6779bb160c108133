"""Files as they were before somebody packed them; what unpacks to absurd sizes is refused."""

import gzip
import io
import zipfile
import zlib
from typing import IO, cast

from server.readings.exchange.errors import FileUnreadable

MOST_TIMES = 200
"""Readings as text are packed to a tenth or a fiftieth; what is made to hurt, to a thousandth."""
ALWAYS_BYTES = 256 << 20
"""So much may come out of any file."""
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
WRONG = (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError)
"""What the libraries raise for a file that does not unpack."""


def unpacked(file: IO[bytes], *, workbook: bool = False) -> IO[bytes]:
    """The file, unpacked if it is gzip or a zip of one file. Raises FileUnreadable.

    A ``workbook`` is a zip that stays as it is.
    """
    head = file.read(4)
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if head[:2] == _GZIP:
        inner = cast("IO[bytes]", gzip.GzipFile(fileobj=file, mode="rb"))
        return cast("IO[bytes]", io.BufferedReader(_Bounded(inner, size)))
    if head == _ZIP:
        return _of_zip(file, size, workbook=workbook)
    return file


def _of_zip(file: IO[bytes], size: int, *, workbook: bool) -> IO[bytes]:
    try:
        archive = zipfile.ZipFile(file)
        members = [one for one in archive.infolist() if not one.is_dir()]
    except WRONG as error:
        raise FileUnreadable(f"the file does not unpack: {error}") from error
    if workbook:
        # What it says of its parts is checked again by whoever reads them, part by part.
        _check(sum(one.file_size for one in members), size)
        file.seek(0)
        return file
    if len(members) != 1:
        names = ", ".join(one.filename for one in members[:5])
        raise FileUnreadable(f"the zip holds {len(members)} files, not one: {names}")
    try:
        return cast("IO[bytes]", io.BufferedReader(_Bounded(archive.open(members[0]), size)))
    except WRONG as error:
        raise FileUnreadable(f"the file does not unpack: {error}") from error


def _check(out: int, size: int) -> None:
    if out > ALWAYS_BYTES and out > MOST_TIMES * size:
        said = f"more than {MOST_TIMES} times its {size} bytes"
        raise FileUnreadable(f"the file unpacks to {said}: no file of readings does")


class _Bounded(io.RawIOBase):
    """Counts what comes out."""

    def __init__(self, inner: IO[bytes], size: int) -> None:
        self._inner = inner
        self._size = size
        self._out = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        """The next bytes."""
        try:
            piece = self._inner.read(len(buffer))
        except WRONG as error:
            raise FileUnreadable(f"the file does not unpack: {error}") from error
        self._out += len(piece)
        _check(self._out, self._size)
        buffer[: len(piece)] = piece
        return len(piece)
