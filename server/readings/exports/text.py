"""Columns to text: exact decimals, instants in a zone, rows joined from pieces; no loop over rows."""

from collections.abc import Sequence
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from server.readings.domain import Int64s, Method, State

_PLACES = 6
_WIDE = pa.decimal128(19, _PLACES)


def decimals(micro: Int64s, there: NDArray[np.bool_] | None = None) -> pa.Array:
    """Integers of 10^-6 as decimals without zeros at their end; empty where nothing is there."""
    words = np.empty((len(micro), 2), np.int64)
    words[:, 0], words[:, 1] = micro, micro >> 63
    wide = pa.Array.from_buffers(_WIDE, len(micro), [None, pa.py_buffer(words)])
    short = pc.replace_substring_regex(wide.cast(pa.string()), r"\.?0*$", "")
    # What ends in zeros before the point has lost nothing: six places always stand behind it.
    return short if there is None else pc.if_else(pa.array(there), short, "")


def instants(ms: Int64s, zone: str = "UTC") -> pa.Array:
    """RFC 3339 in a zone: ``2025-03-30T00:00:00Z``, ``2025-03-30T02:00:00+01:00``."""
    at = pa.array(ms, pa.timestamp("ms", tz="UTC"))
    if zone == "UTC":
        return pc.strftime(at.cast(pa.timestamp("s", tz="UTC")), format="%Y-%m-%dT%H:%M:%SZ")
    local = at.cast(pa.timestamp("s", tz="UTC")).cast(pa.timestamp("s", tz=zone))
    text = pc.strftime(local, format="%Y-%m-%dT%H:%M:%S%z")
    return pc.replace_substring_regex(text, r"([+-]\d\d)(\d\d)$", r"\1:\2")


def integers(column: NDArray[np.generic]) -> pa.Array:
    """Integers as text."""
    return pa.array(column).cast(pa.string())


@cache
def _names(kind: type[State] | type[Method]) -> pa.Array:
    """What stands for each number: the name, or nothing."""
    names = [""] * 256
    for one in kind:
        names[int(one)] = one.name if int(one) or kind is State else ""
    return pa.array(names)


def states(column: NDArray[np.uint8]) -> pa.Array:
    """Names of states."""
    return _names(State).take(pa.array(column))


def methods(column: NDArray[np.uint8]) -> pa.Array:
    """Names of methods of estimation; empty: none."""
    return _names(Method).take(pa.array(column))


def joined(pieces: Sequence[str | pa.Array], between: str = "") -> bytes:
    """Rows of pieces, each a constant or a column of text, one behind the other."""
    if not pieces:
        return b""
    length = next(len(one) for one in pieces if not isinstance(one, str))
    if not length:
        return b""
    rows = pc.binary_join_element_wise(
        *(pa.scalar(one) if isinstance(one, str) else one for one in pieces), ""
    )
    whole = pc.binary_join(pa.ListArray.from_arrays([0, length], rows), between)
    return bytes(whole[0].as_buffer())
