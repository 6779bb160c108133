"""Where statements end and data begin."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stack.clickhouse.statement import (
    first_keyword,
    insert_head,
    output_format,
    replace_words,
    tokens,
)


@pytest.mark.parametrize(
    ("sql", "clause", "name", "data"),
    [
        ("INSERT INTO t ", "FORMAT Native\n", "Native", "\x00\x01"),
        ("INSERT INTO t ", "FORMAT CSV ", "CSV", "1,2"),
        ("INSERT INTO t ", "FORMAT CSV  \t\r\n", "CSV", "\n1"),
        ("insert into db.t (a, `format`) ", "format TSV\n", "TSV", "1"),
        ("INSERT INTO t (format, values) ", "VALUES", "Values", " (1)"),
        ("INSERT INTO values ", "VALUES", "Values", "(1)"),
        ("INSERT INTO FUNCTION file('FORMAT CSV') ", "FORMAT CSV\n", "CSV", "1"),
        ("INSERT INTO t SETTINGS a = 'FORMAT', b = 1 ", "FORMAT CSV\n", "CSV", "1"),
        ("/* FORMAT A */ INSERT INTO t -- VALUES\n ", "FORMAT B\n", "B", "1"),
    ],
)
def test_an_insert_is_split_where_its_data_begin(sql: str, clause: str, name: str, data: str) -> None:
    text = f"{sql}{clause}{data}".encode()
    head = insert_head(text, complete=True)
    assert head is not None
    assert (head.sql, head.format, text[head.data_at :]) == (sql.encode(), name, data.encode())


@pytest.mark.parametrize(
    "text",
    [
        b"INSERT INTO t SELECT 1 FORMAT CSV",
        b"insert into t with 1 as x select x",
        b"INSERT INTO t FROM INFILE 'f'",
    ],
)
def test_an_insert_without_data_is_whole(text: bytes) -> None:
    head = insert_head(text, complete=True)
    assert head is not None
    assert (head.sql, head.format, head.data_at) == (text, "", len(text))


@given(st.binary(max_size=200), st.integers(min_value=0, max_value=60))
def test_the_split_is_the_same_however_the_bytes_arrive(data: bytes, cut: int) -> None:
    text = b"INSERT INTO t (a, b) FORMAT Native\n" + data
    head = insert_head(text, complete=True)
    assert head is not None
    assert text[head.data_at :] == data
    part = insert_head(text[:cut], complete=False)
    # A part is enough as soon as the name of the format has ended; the line end may follow later.
    assert part is None or (part.format == "Native" and cut > len(b"INSERT INTO t (a, b) FORMAT Native"))


@pytest.mark.parametrize(
    ("text", "keyword"),
    [
        (b" select 1", "SELECT"),
        (b"((SELECT 1))", "SELECT"),
        (b"-- INSERT\n/* KILL */ With 1 as x", "WITH"),
        (b"", ""),
        (b"'SELECT'", ""),
        (b"# SELECT", ""),
    ],
)
def test_the_first_keyword(text: bytes, keyword: str) -> None:
    assert first_keyword(text) == keyword


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (b"SELECT 1\n FORMAT Native", "Native"),
        (b"SELECT 1 FORMAT JSON;", "JSON"),
        (b"SELECT 1 format TSV SETTINGS a = 1", "TSV"),
        (b"SELECT 'x FORMAT CSV'", None),
        (b"SELECT 1 -- FORMAT CSV", None),
        (b"SELECT 1", None),
        (b"SELECT (SELECT 1 FORMAT CSV)", None),
    ],
)
def test_the_output_format(text: bytes, name: str | None) -> None:
    assert output_format(text) == name


def test_words_are_replaced_where_they_are_code() -> None:
    text = b"SELECT 'system.processes' FROM system . `processes` AS p -- system.processes\n, System.Processes"
    done = replace_words(text, (b"system", b".", b"processes"), b"(X)")
    assert done == b"SELECT 'system.processes' FROM (X) AS p -- system.processes\n, (X)"


@given(st.binary(max_size=300))
def test_any_bytes_are_walked_without_failing(text: bytes) -> None:
    walked = list(tokens(text))
    assert all(text[token.start : token.end] == token.text for token in walked)
    insert_head(text, complete=True)
    output_format(text)
    first_keyword(text)


@given(st.text(alphabet="'\\ab\n", max_size=30))
def test_unfinished_strings_take_linear_time(tail: str) -> None:
    list(tokens(b"SELECT '" + b"\\a" * 5000 + tail.encode()))
