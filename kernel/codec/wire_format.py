"""Messages between the sandbox and its processes: a JSON header and a body of JSON text, over pipes.

The body passes from the caller to V8 and back as text; only the two ends parse it.
"""

import json
import struct
from typing import Any

HEAD = struct.Struct(">II")
"""Lengths of header and body, in bytes."""

LARGEST = 256 * 2**20
"""No message is longer; a longer one means that the stream is out of step."""


def packed(header: dict[str, Any], body: bytes = b"") -> bytes:
    """One message."""
    head = json.dumps(header, separators=(",", ":")).encode()
    return b"".join((HEAD.pack(len(head), len(body)), head, body))


def lengths(raw: bytes) -> tuple[int, int]:
    """Lengths of the header and the body that follow. Raises ValueError when the stream is out of step."""
    head, body = HEAD.unpack(raw)
    if head > LARGEST or body > LARGEST:
        raise ValueError(f"a message of {head} and {body} bytes is none of ours")
    return head, body


def header_of(raw: bytes) -> dict[str, Any]:
    """The header of a message."""
    header: dict[str, Any] = json.loads(raw)
    return header
