"""The hash chain of a tenant's changes: what exactly is hashed. docs/history.md tells it to strangers.

A link's hash is SHA-256 over its parts, one after another, each as a netstring: the number of its UTF-8
bytes in decimal, a colon, the bytes, a comma. The parts are, in this order: :data:`VERSION`, tenant_id,
sequence, previous_hash (64 hex digits), change_id, time (``2026-01-31T23:59:59.000000Z``), principal_id,
principal_name, action, resource_kind, resource_id, subject, fields, reason, correlation_id, method, trace_id.
``fields`` is the JSON array of ``[path, before, after]``, as RFC 8785 writes it; of personal data it has the
sealed values.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from server.platform.history import FieldDiff, instant_text

VERSION = "simba.change.v1"
FIRST_PREVIOUS = bytes(32)
"""The previous hash of the first link."""

_TEXTS = (
    "principal_id",
    "principal_name",
    "action",
    "resource_kind",
    "resource_id",
    "subject",
    "fields",
    "reason",
    "correlation_id",
    "method",
    "trace_id",
)


def fields_text(fields: Sequence[FieldDiff]) -> str:
    """Fields as they are stored and hashed."""
    rows = [[one.path, one.before, one.after] for one in fields]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def read_fields(text: str) -> tuple[FieldDiff, ...]:
    """The fields of a stored change."""
    return tuple(FieldDiff(path, before, after) for path, before, after in json.loads(text))


def link_hash(row: Mapping[str, Any], sequence: int, previous: bytes) -> bytes:
    """The hash of a change (its columns) as the link with this number after ``previous``."""
    parts = [
        VERSION,
        str(row["tenant_id"]),
        str(sequence),
        previous.hex(),
        str(row["change_id"]),
        instant_text(row["time"]),
        *(row[name] for name in _TEXTS),
    ]
    return hashlib.sha256(b"".join(map(_netstring, parts))).digest()


def _netstring(text: str) -> bytes:
    raw = text.encode()
    return b"%d:%s," % (len(raw), raw)


def _sql_part(expression: str) -> str:
    return f"octet_length({expression}) || ':' || {expression} || ','"


_SQL_TIME = """to_char(time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""

SQL_LINK_HASH = "sha256(convert_to({}, 'UTF8'))".format(
    " || ".join(
        _sql_part(part)
        for part in (
            f"'{VERSION}'",
            "tenant_id::text",
            "sequence::text",
            "encode(previous_hash, 'hex')",
            "change_id::text",
            _SQL_TIME,
            *_TEXTS,
        )
    )
)
"""The same in SQL, over the columns of ``change``; PostgreSQL verifies chains with it."""
