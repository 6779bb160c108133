"""What goes into a codec and what comes out of it (LoRaWAN TS013)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from kernel.codec.errors import CodecError

FUNCTIONS = ("decodeUplink", "encodeDownlink", "decodeDownlink")
_LARGEST_PORT = 255
_LARGEST_BYTE = 255


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame as the network server gives it."""

    payload: bytes
    f_port: int
    recv_time: datetime
    """Aware. The codec sees it as a Date, to the millisecond."""
    variables: Mapping[str, str] = field(default_factory=dict)

    def wire(self) -> dict[str, Any]:
        """For the harness."""
        told: dict[str, Any] = {
            "hex": self.payload.hex(),
            "port": self.f_port,
            "time": milliseconds(self.recv_time),
        }
        if self.variables:
            told["variables"] = dict(self.variables)
        return told


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a codec made of a frame."""

    output: Mapping[str, Any]
    """The object as the codec returned it, as JSON has it: NaN and infinities are null, what is undefined is
    absent, BigInts are exact integers, Dates RFC 3339 text, typed arrays, Buffers and Sets lists."""
    data: Mapping[str, Any]
    """Empty when there are errors."""
    errors: tuple[str, ...] = ()
    """The codec's own reasons not to read the frame."""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Encoded:
    """What a codec made of an object that a device is to be told."""

    payload: bytes
    f_port: int | None
    """None: the codec leaves it to the caller."""
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def milliseconds(instant: datetime) -> int:
    """Milliseconds since 1970, UTC."""
    return round((instant - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000)


def decoded_of(output: Mapping[str, Any], function: str = "decodeUplink") -> Decoded:
    """Reads a decoder's output. Raises CodecError when it has neither data nor errors."""
    errors, warnings = _texts(output, "errors", function), _texts(output, "warnings", function)
    data = output.get("data")
    if isinstance(data, Mapping):
        return Decoded(output, {} if errors else data, errors, warnings)
    if errors:
        return Decoded(output, {}, errors, warnings)
    found = "no data" if "data" not in output else f"data that is {_kind(data)}"
    raise CodecError(f"{function} returned {found}; it must return an object `data`, or `errors`")


def encoded_of(output: Mapping[str, Any]) -> Encoded:
    """Reads an encoder's output. Raises CodecError when it has neither bytes nor errors."""
    errors = _texts(output, "errors", "encodeDownlink")
    warnings = _texts(output, "warnings", "encodeDownlink")
    if errors:
        return Encoded(b"", None, errors, warnings)
    listed = output.get("bytes")
    if not isinstance(listed, list):
        raise CodecError(f"encodeDownlink returned bytes that are {_kind(listed)}; a list is needed")
    for place, each in enumerate(listed):
        if not _whole(each, _LARGEST_BYTE):
            raise CodecError(f"encodeDownlink returned bytes[{place}] = {json.dumps(each)}, which is no byte")
    port = output.get("fPort")
    if port is not None and not (_whole(port, _LARGEST_PORT) and port):
        raise CodecError(f"encodeDownlink returned fPort {json.dumps(port)}, which is not within 1 to 255")
    return Encoded(bytes(int(each) for each in listed), None if port is None else int(port), (), warnings)


def _texts(output: Mapping[str, Any], name: str, function: str) -> tuple[str, ...]:
    given = output.get(name)
    if given is None:
        return ()
    if isinstance(given, str):
        return (given,) if given else ()
    if not isinstance(given, Sequence):
        raise CodecError(f"{function} returned {name} that are {_kind(given)}; a list of texts is needed")
    return tuple(each if isinstance(each, str) else json.dumps(each) for each in given)


def _whole(value: Any, largest: int) -> bool:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and value == int(value)
        and 0 <= value <= largest
    )


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, list):
        return "a list"
    return {bool: "a boolean", str: "a text", dict: "an object"}.get(type(value), "a number")
