"""Where statements and their parts end: some of ClickHouse's lexer, nothing of its parser.

The engine parses every statement itself. What this interface must know beforehand is where the data of an
INSERT begin in a body, which output format a query names, and which words are code and not text in quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

#: One token; an unfinished string or comment matches nothing and so ends the walk.
_TOKEN: Final = re.compile(
    rb"""
      (?P<space>   [\s\x0b]+ )
    | (?P<comment> --[^\n]*(?:\n|\Z) | \#[\s!][^\n]*(?:\n|\Z) | /\*.*?\*/ )
    | (?P<string>  '(?:[^'\\]++|\\.|'')*+' )
    | (?P<quoted>  `(?:[^`\\]++|\\.|``)*+` | "(?:[^"\\]++|\\.|"")*+" )
    | (?P<word>    [A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff]* )
    | (?P<number>  [0-9][A-Za-z0-9_.]* )
    | (?P<mark>    [^\s'"`] )
    """,
    re.VERBOSE | re.DOTALL,
)
#: A FORMAT clause on a line of its own at the very end is one in every valid query: a string or a comment
#: that began before it would be unfinished.
_LAST_LINE_FORMAT: Final = re.compile(rb"\n\s*FORMAT\s+([A-Za-z0-9_]+)\s*;?\s*\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Token:
    """One word, string, mark … of a statement, with its place in bytes and its depth in brackets."""

    kind: str
    text: bytes
    start: int
    end: int
    depth: int

    def says(self, *words: bytes) -> bool:
        """Whether this is one of these keywords (upper case)."""
        return self.kind == "word" and self.text.upper() in words


def tokens(text: bytes, start: int = 0) -> Iterator[Token]:
    """The tokens without space and comments, up to the first one that is unfinished."""
    depth = 0
    while found := _TOKEN.match(text, start):
        start = found.end()
        kind = found.lastgroup or ""
        if kind in {"space", "comment"}:
            continue
        value = found[0]
        if kind == "mark" and value in b")]}":
            depth -= 1
        yield Token(kind, value, found.start(), start, depth)
        if kind == "mark" and value in b"([{":
            depth += 1


def first_keyword(text: bytes) -> str:
    """The first word of a statement, upper case, brackets before it skipped; "" when there is none yet."""
    for token in tokens(text):
        if token.kind == "word":
            return token.text.decode("latin-1").upper()
        if token.text != b"(":
            break
    return ""


@dataclass(frozen=True, slots=True)
class InsertHead:
    """The part of an INSERT before its data.

    `sql` is the statement without its FORMAT clause, `format` the input format ("" for INSERT … SELECT, which
    has no data, `sql` then being everything read), `data_at` the place of the first byte of data.
    """

    sql: bytes
    format: str
    data_at: int


def insert_head(text: bytes, *, complete: bool) -> InsertHead | None:
    """Splits an INSERT from its data; None when `text` is not `complete` and the split has not been reached.

    Data begin as in ClickHouse's `ParserInsertQuery`: after `VALUES` at once, after `FORMAT name` behind
    spaces and at most one line end.
    """
    walk = tokens(text)
    named = False
    for token in walk:
        if token.depth:
            continue
        if not named:
            named = token.kind != "word" or not token.says(b"INSERT", b"INTO", b"TABLE", b"FUNCTION")
            continue
        if token.says(b"SELECT", b"WITH", b"INFILE", b"WATCH"):
            return InsertHead(text, "", len(text))
        if token.says(b"VALUES") and (complete or token.end < len(text)):
            return InsertHead(text[: token.start], "Values", token.end)
        if token.says(b"FORMAT"):
            name = next(walk, None)
            # A word at the very end of what has arrived may not be the whole word yet.
            if name is None or name.kind != "word" or (name.end == len(text) and not complete):
                break
            return InsertHead(text[: token.start], name.text.decode(), _data_start(text, name.end))
    return InsertHead(text, "", len(text)) if complete else None


def _data_start(text: bytes, at: int) -> int:
    while at < len(text) and text[at] in b" \t\f":
        at += 1
    if text[at : at + 1] == b"\r":
        at += 1
    if text[at : at + 1] == b"\n":
        at += 1
    return at


def output_format(text: bytes) -> str | None:
    """The format that a query names in its FORMAT clause, or None."""
    if last := _LAST_LINE_FORMAT.search(text):
        return last[1].decode()
    if b"format" not in text.lower():
        return None
    found: str | None = None
    after_format = False
    for token in tokens(text):
        if after_format and token.kind == "word":
            found = token.text.decode()
        after_format = not token.depth and token.says(b"FORMAT")
    return found


def replace_words(text: bytes, pattern: tuple[bytes, ...], replacement: bytes) -> bytes:
    """Replaces a run of tokens, such as ``system . processes``, where it stands as code, in any case."""
    found = list(tokens(text))
    out = []
    copied = 0
    i = 0
    while i <= len(found) - len(pattern):
        run = found[i : i + len(pattern)]
        if all(token.text.strip(b'`"').lower() == word for token, word in zip(run, pattern, strict=True)):
            out += [text[copied : run[0].start], replacement]
            copied = run[-1].end
            i += len(pattern)
        else:
            i += 1
    return b"".join([*out, text[copied:]])
