"""The parts of the ClickHouse interface that need no engine."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stack.clickhouse.auth import Users, credentials
from stack.clickhouse.compression import Decoder, accepted_coding, encoder
from stack.clickhouse.errors import ClickHouseError, EngineError
from stack.clickhouse.form import read_form
from stack.clickhouse.request import read_request, with_params

CODINGS = ["lz4", "zstd", "gzip", "deflate"]


@given(st.lists(st.binary(max_size=2000), max_size=5), st.sampled_from(CODINGS), st.integers(1, 97))
def test_what_is_encoded_is_decoded_in_pieces_of_any_size(
    pieces: list[bytes], coding: str, size: int
) -> None:
    coded = b""
    for piece in pieces:
        coder = encoder(coding)
        coded += coder.compress(piece) + coder.flush()
    decoder = Decoder(coding)
    out = b"".join(decoder.decode(coded[at : at + size]) for at in range(0, len(coded), size))
    decoder.close()
    assert out == b"".join(pieces)


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("lz4,zstd,gzip,deflate", "lz4"),
        ("gzip, br", "gzip"),
        ("gzip;q=0, deflate;q=0.5", "deflate"),
        ("br", None),
        ("", None),
        ("identity", None),
    ],
)
def test_the_coding_to_answer_with(header: str, coding: str | None) -> None:
    assert accepted_coding(header) == coding


def test_parameters_are_told_from_settings() -> None:
    request = read_request(
        "POST",
        b"query=SELECT+1&database=d&param_a=1%0A2&max_threads=2&session_id=s&enable_http_compression=1&readonly=2",
        {"accept-encoding": "lz4"},
    )
    assert request.query == b"SELECT 1"
    assert request.settings == {"max_threads": "2"}
    assert request.bindings == {"a": "1\n2"}
    assert (request.database, request.session_id, request.readonly) == ("d", "s", True)
    assert request.accepts() == "lz4"
    assert read_request("GET", b"enable_http_compression=0", {"accept-encoding": "lz4"}).accepts() == ""


def test_a_setting_is_no_description_of_an_external_table() -> None:
    params = {"t_format": "CSV", "t_structure": "a UInt8", "date_time_input_format": "best_effort"}
    request = with_params("POST", {}, params, ["t"])
    assert request.settings == {"date_time_input_format": "best_effort"}
    assert request.external == {"t": {"format": "CSV", "structure": "a UInt8"}}


@pytest.mark.parametrize("query", [b"a%20b=1", b"x%ff=1", b"decompress=1", b"session_timeout=x&session_id=1"])
def test_unreadable_parameters_are_refused(query: bytes) -> None:
    with pytest.raises(ClickHouseError):
        assert read_request("POST", query, {}).session_timeout


def test_credentials_come_from_one_place() -> None:
    basic = {"authorization": "Basic " + base64.b64encode(b"me:se:cret").decode()}
    assert credentials(basic, {}) == ("me", "se:cret")
    assert credentials({"x-clickhouse-user": "me", "x-clickhouse-key": "k"}, {}) == ("me", "k")
    assert credentials({}, {"user": "me", "password": "p"}) == ("me", "p")
    assert credentials({}, {}) == ("default", "")
    for headers in (
        {**basic, "x-clickhouse-key": "k"},
        {"authorization": "Basic %"},
        {"authorization": "Bearer x"},
    ):
        with pytest.raises(ClickHouseError, match="516"):
            credentials(headers, {})
    with pytest.raises(ClickHouseError, match="nobody: Authentication failed"):
        Users({"me": ""}).check("nobody", "")


def test_a_form_is_taken_apart() -> None:
    body = (
        b'--B\r\nContent-Disposition: form-data; name="query"\r\n\r\nSELECT 1\r\n'
        b'--B\r\nContent-Disposition: form-data; name="t"; filename="t.csv"\r\n\r\n1\r\n2\r\n\r\n--B--\r\n'
    )
    form = read_form("multipart/form-data; boundary=B", body)
    assert (form.fields, form.files) == ({"query": "SELECT 1"}, {"t": b"1\r\n2\r\n"})
    for content_type, broken in (
        ("multipart/form-data", body),
        ("multipart/form-data; boundary=B", body[:-9]),
    ):
        with pytest.raises(ClickHouseError, match="BAD_ARGUMENTS"):
            read_form(content_type, broken)


def test_errors_keep_the_engines_code_and_gain_its_version() -> None:
    error = EngineError("Code: 60. DB::Exception: no table (a (B) c). (UNKNOWN_TABLE)")
    assert (error.code, error.name, error.status) == (60, "UNKNOWN_TABLE", 404)
    assert error.body("26.9").endswith("(UNKNOWN_TABLE) (version 26.9)")
    assert (
        EngineError("Code: 6. DB::Exception: x. (CANNOT_PARSE_TEXT) (version 26.9.2.1)")
        .body("1")
        .count("version")
        == 1
    )
    assert EngineError("something else").status == 500
