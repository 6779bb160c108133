"""HTTP content codings, both ways: lz4 frames, zstd, gzip and deflate, decoded and encoded piece by piece."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Final, Protocol

import lz4.frame
import zstandard

from stack.clickhouse.errors import ClickHouseError


class Encoder(Protocol):
    """Compresses a response piece by piece."""

    def compress(self, data: bytes) -> bytes:
        """The coded bytes ready so far; may be empty."""
        ...

    def flush(self) -> bytes:
        """The rest, after which the encoder is done."""
        ...


class _Lz4Encoder:
    def __init__(self) -> None:
        self._frame = lz4.frame.LZ4FrameCompressor()
        self._begun = False

    def compress(self, data: bytes) -> bytes:
        head = b"" if self._begun else self._frame.begin()
        self._begun = True
        return head + bytes(self._frame.compress(data))

    def flush(self) -> bytes:
        head = b"" if self._begun else self._frame.begin()
        return head + bytes(self._frame.flush())


#: In the order in which this server prefers them: on a loopback the fastest wins.
_ENCODERS: Final[dict[str, Callable[[], Encoder]]] = {
    "lz4": _Lz4Encoder,
    "zstd": lambda: zstandard.ZstdCompressor(level=1).compressobj(),
    "gzip": lambda: zlib.compressobj(1, zlib.DEFLATED, 31),
    "deflate": lambda: zlib.compressobj(1, zlib.DEFLATED, 15),
}


class _Member(Protocol):
    """A decoder of one frame or member; what follows its end is in `unused_data`."""

    @property
    def unused_data(self) -> bytes | None: ...

    @property
    def eof(self) -> bool: ...

    def decompress(self, data: bytes, /) -> bytes: ...


_DECODERS: Final[dict[str, Callable[[], _Member]]] = {
    "lz4": lz4.frame.LZ4FrameDecompressor,
    "zstd": lambda: zstandard.ZstdDecompressor().decompressobj(),
    "gzip": lambda: zlib.decompressobj(31),
    "deflate": lambda: zlib.decompressobj(15),
}


class Decoder:
    """Decodes a request body that may consist of several frames, as clickhouse-connect sends one a block.

    `coding` is the value of Content-Encoding. Raises `ClickHouseError` 89 for a coding this server has not,
    and 354 for bytes that are not of that coding.
    """

    def __init__(self, coding: str) -> None:
        make = _DECODERS.get(coding)
        if make is None:
            raise ClickHouseError(
                89,
                "UNKNOWN_COMPRESSION_METHOD",
                f"Unknown compression method '{coding}', known: {', '.join(_DECODERS)}.",
            )
        self._coding = coding
        self._make = make
        self._member: _Member | None = None

    def decode(self, data: bytes) -> bytes:
        """The plain bytes of the next piece of the body."""
        out = []
        try:
            while data:
                if self._member is None:
                    self._member = self._make()
                out.append(self._member.decompress(data))
                data = b""
                if self._member.eof:
                    data = self._member.unused_data or b""
                    self._member = None
        except (RuntimeError, zlib.error, zstandard.ZstdError) as broken:
            raise _broken(self._coding, str(broken)) from broken
        return out[0] if len(out) == 1 else b"".join(out)

    def close(self) -> None:
        """Checks that the last frame was whole."""
        if self._member is not None:
            raise _broken(self._coding, "the body ends in the middle of a frame")


def _broken(coding: str, why: str) -> ClickHouseError:
    return ClickHouseError(354, "ZLIB_INFLATE_FAILED", f"The request body is not valid {coding}: {why}.")


def accepted_coding(accept_encoding: str) -> str | None:
    """The coding to answer with, or None for a plain answer, from the header Accept-Encoding."""
    offered = set()
    for item in accept_encoding.lower().split(","):
        name, _, quality = item.strip().partition(";")
        if quality.replace(" ", "") not in {"q=0", "q=0.0"}:
            offered.add(name.strip())
    return next((name for name in _ENCODERS if name in offered), None)


def encoder(coding: str) -> Encoder:
    """A fresh encoder of a coding that `accepted_coding` gave."""
    return _ENCODERS[coding]()
