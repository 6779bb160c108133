"""A request as ClickHouse understands it: what is a parameter of the interface, what a setting."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl

from stack.clickhouse.errors import bad_arguments, not_implemented

#: Parameters that the HTTP interface takes for itself; everything else in the URL is a setting.
_RESERVED: Final = frozenset(
    {
        "query", "user", "password", "quota_key", "query_id", "database", "default_format", "session_id",
        "session_timeout", "session_check", "close_session", "stacktrace", "buffer_size", "wait_end_of_query",
        "client_protocol_version", "compress", "decompress", "role", "http_response_headers",
    }
)  # fmt: skip
#: Settings that steer the HTTP interface alone; this interface reads some of them and the engine has no use
#: for any.
_HTTP_ONLY: Final = frozenset(
    {
        "enable_http_compression", "send_progress_in_http_headers", "http_headers_progress_interval_ms",
        "cancel_http_readonly_queries_on_client_close", "http_zlib_compression_level", "add_http_cors_header",
    }
)  # fmt: skip
_SETTING_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_EXTERNAL: Final = re.compile(r"(?P<table>.+)_(?P<what>format|types|structure)")


@dataclass(frozen=True, slots=True)
class Request:
    """One statement to run, without its body."""

    method: str
    headers: Mapping[str, str]
    params: Mapping[str, str]
    query: bytes
    """The parameter `query`, which stands before the body."""
    query_id: str
    database: str
    session_id: str
    settings: Mapping[str, str]
    bindings: Mapping[str, str]
    """`param_…` without the prefix, for ``{name:Type}`` in the statement."""
    default_format: str
    external: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """`format`, `types` and `structure` of each table of external data that the URL describes."""

    @property
    def readonly(self) -> bool:
        """Whether the statement may only read: GET, as with ClickHouse, and the setting `readonly`."""
        return self.method in {"GET", "HEAD"} or self.params.get("readonly", "0") in {"1", "2"}

    @property
    def session_timeout(self) -> float:
        """Seconds after which an idle session ends; ClickHouse's default is 60 and its limit an hour."""
        text = self.params.get("session_timeout", "60")
        if not text.isdecimal():
            raise bad_arguments(f"Invalid session timeout: '{text}'")
        return min(float(text), 3600.0)

    def accepts(self) -> str:
        """The Accept-Encoding to honour: nothing where `enable_http_compression=0`."""
        if self.params.get("enable_http_compression", "1") in {"0", "false"}:
            return ""
        return self.headers.get("accept-encoding", "")

    @property
    def cancel_on_close(self) -> bool:
        """Whether a read is to be killed when its caller hangs up."""
        return self.params.get("cancel_http_readonly_queries_on_client_close", "0") not in {"0", "false"}


def read_request(method: str, query_string: bytes, headers: Mapping[str, str]) -> Request:
    """The request of a method, a raw query string and headers with lower-case names.

    Raises 36 for a parameter that cannot be read and 48 for the native protocol's own compression.
    """
    try:
        params = dict(parse_qsl(query_string.decode("latin-1"), keep_blank_values=True, errors="strict"))
    except (UnicodeDecodeError, ValueError) as unreadable:
        raise bad_arguments(f"the query string is not valid UTF-8: {unreadable}") from unreadable
    for name in ("compress", "decompress"):
        if params.get(name, "0") not in {"0", "false", ""}:
            raise not_implemented(
                f"{name}=1 (blocks of the native protocol); use Content-Encoding or Accept-Encoding"
            )
    return with_params(method, headers, params)


def with_params(
    method: str, headers: Mapping[str, str], params: Mapping[str, str], tables: Collection[str] = ()
) -> Request:
    """The request of parameters, wherever they came from: the URL or a form's fields.

    `tables` are the names of the form's files, whose `name_format`, `name_types` and `name_structure` are no
    settings.
    """
    settings: dict[str, str] = {}
    bindings: dict[str, str] = {}
    external: dict[str, dict[str, str]] = {}
    for name, value in params.items():
        if name.startswith("param_"):
            bindings[name.removeprefix("param_")] = value
        elif (found := _EXTERNAL.fullmatch(name)) and found["table"] in tables:
            external.setdefault(found["table"], {})[found["what"]] = value
        elif name not in _RESERVED and name not in _HTTP_ONLY and name != "readonly":
            if not _SETTING_NAME.fullmatch(name):
                raise bad_arguments(f"'{name}' is no name of a setting")
            settings[name] = value
    return Request(
        method=method,
        headers=headers,
        params=params,
        query=params.get("query", "").encode(),
        query_id=params.get("query_id") or headers.get("x-clickhouse-query-id") or str(uuid.uuid4()),
        database=params.get("database") or headers.get("x-clickhouse-database", ""),
        session_id=params.get("session_id", ""),
        settings=settings,
        bindings=bindings,
        default_format=params.get("default_format") or headers.get("x-clickhouse-format") or "TabSeparated",
        external=external,
    )
