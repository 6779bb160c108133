"""Blocks as bytes: packed fixed-width columns are the arrays themselves."""

import numpy as np
from numpy.typing import NDArray

_LENGTH_DELIMITED = 2


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | _LENGTH_DELIMITED) + _varint(len(content)) + content


def request_bytes(
    source: str,
    sequence: int,
    channel: NDArray[np.uint64],
    time_ms: NDArray[np.int64],
    value_micro: NDArray[np.int64],
) -> bytes:
    """An ``IngestReadingsRequest`` with one ``ReadingBlock``, as protobuf writes it."""
    block = b"".join(
        (
            _field(1, source.encode()),
            _varint(2 << 3) + _varint(sequence),
            _field(3, channel.astype("<u8", copy=False).tobytes()),
            _field(4, time_ms.astype("<i8", copy=False).tobytes()),
            _field(5, value_micro.astype("<i8", copy=False).tobytes()),
        )
    )
    return _field(1, block)
