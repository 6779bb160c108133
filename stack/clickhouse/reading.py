"""Results: the blocks of a query put together to one body, piece by piece where the format allows."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from stack.clickhouse.engine import Connection, Outcome

#: Formats whose blocks may be put behind one another; ArrowStream with some care (see `_join_arrow`).
STREAMABLE: Final = frozenset({"Native", "ArrowStream", "TabSeparated", "TSV", "CSV", "RowBinary"})
#: What begins a statement that the engine can stream.
QUERY_KEYWORDS: Final = frozenset({"SELECT", "WITH"})
#: Bytes that are gathered before they are handed on: one hand-over costs a change of threads.
_PIECE: Final = 1 << 20
#: The end of an Arrow IPC stream: a continuation mark and a metadata length of zero.
_ARROW_END: Final = b"\xff\xff\xff\xff\x00\x00\x00\x00"


@dataclass(slots=True)
class Counts:
    """What a query has read and given so far."""

    result_rows: int = 0
    result_bytes: int = 0
    read_rows: int = 0
    read_bytes: int = 0
    written_rows: int = 0
    written_bytes: int = 0

    def add(self, outcome: Outcome) -> None:
        """Adds one block or one finished statement."""
        self.result_rows += outcome.result_rows
        self.result_bytes += len(outcome.data)
        self.read_rows += outcome.read_rows
        self.read_bytes += outcome.read_bytes
        self.written_rows += outcome.written_rows
        self.written_bytes += outcome.written_bytes


@dataclass(slots=True)
class Reading:
    """A query's result as pieces of a body. `pieces` may raise `EngineError` at any piece."""

    connection: Connection
    sql: str
    format: str
    bindings: Mapping[str, str]
    counts: Counts = field(default_factory=Counts)

    def pieces(self) -> Iterator[bytes]:
        """The body in pieces of about a megabyte; at least one, which is empty for an empty body."""
        gathered: list[bytes] = []
        size = 0
        for block in _join_arrow(self._blocks()) if self.format == "ArrowStream" else self._blocks():
            gathered.append(block)
            size += len(block)
            if size >= _PIECE:
                yield b"".join(gathered)
                gathered, size = [], 0
        yield b"".join(gathered)

    def _blocks(self) -> Iterator[bytes]:
        began = False
        for block in self.connection.stream(self.sql, self.format, self.bindings):
            self.counts.add(block)
            # The last block has no rows; it matters only where there was none before: it then is the empty
            # result.
            if block.result_rows or not began:
                yield block.data
            began = True


def _join_arrow(streams: Iterator[bytes]) -> Iterator[bytes]:
    """Makes one Arrow IPC stream of streams with one schema: the schema once, all batches, the end once."""
    first = True
    for stream in streams:
        if first:
            yield stream.removesuffix(_ARROW_END)
            first = False
        else:
            # Encapsulated message: continuation mark, metadata length, metadata; a schema has no body.
            (metadata,) = struct.unpack_from("<i", stream, 4)
            yield stream[8 + metadata :].removesuffix(_ARROW_END)
    yield _ARROW_END
