"""INSERT: the data of a body into the engine."""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import Final

from stack.clickhouse.engine import Connection, Outcome, quote
from stack.clickhouse.statement import insert_head, tokens

#: What one hand-over to the engine holds; smaller ones cost more calls, larger ones let the engine wait.
_PIECE: Final = 1 << 20


def insert_from_body(
    connection: Connection, sql: str, input_format: str, first: bytes
) -> Generator[None, bytes | None, Outcome]:
    """Feeds the pieces that are sent to it into an INSERT, None ending it; gives what was written.

    The engine parses each piece while the next one is on its way. An error or a closed generator cancels the
    INSERT.
    """
    insertion = connection.insert(sql, input_format)
    finished = False
    try:
        piece: bytes | None = first
        while piece is not None:
            for at in range(0, len(piece), _PIECE):
                insertion.append(piece[at : at + _PIECE])
            piece = yield
        finished = True
        return insertion.finish()
    finally:
        if not finished:
            insertion.cancel()


def select_from_body(connection: Connection, sql: bytes) -> Outcome | None:
    """Runs ``INSERT … SELECT … FROM input('structure') FORMAT Name <data>``; None for anything else.

    The engine's streaming INSERT takes no SELECT. So the data go into a file in memory, and `input`
    becomes `file`.
    """
    found = list(tokens(sql))
    place = next(
        (i for i, token in enumerate(found[:-1]) if token.says(b"INPUT") and found[i + 1].text == b"("), None
    )
    if place is None:
        return None
    select = next((token.start for token in found if token.depth == 0 and token.says(b"SELECT", b"WITH")), 0)
    # Behind the SELECT the clause FORMAT and the data follow as in a plain INSERT.
    head = insert_head(b"INSERT INTO data " + _blanked(sql[select:]), complete=True)
    if head is None or not head.format:
        return None
    shift = select - len(b"INSERT INTO data ")
    file = os.memfd_create("insert")
    try:
        with open(file, "wb", closefd=False) as out:
            out.write(sql[head.data_at + shift :])
        call = f"file({quote(f'/proc/self/fd/{file}')}, {quote(head.format)}, ".encode()
        code = sql[: found[place].start] + call + sql[found[place + 1].end : len(head.sql) + shift]
        return connection.run(code.decode())
    finally:
        os.close(file)


def _blanked(select: bytes) -> bytes:
    """The statement with its words SELECT and WITH made unknown, so that `insert_head` walks on to FORMAT."""
    out = bytearray(select)
    for token in tokens(select):
        if token.depth == 0 and token.says(b"FORMAT"):
            break
        if token.says(b"SELECT", b"WITH"):
            out[token.start : token.end] = b"x" * (token.end - token.start)
    return bytes(out)
