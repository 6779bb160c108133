"""Where requests go: pages of the edge itself, calls by their kind, and a clear 404 for all else."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from google.rpc import code_pb2

from stack.edge.contract import Rpc
from stack.edge.docs import Page, pages
from stack.edge.parts import Json
from stack.edge.replies import status
from stack.edge.settings import EdgeSettings

NEVER_REACHED = "connect-failure,refused-stream,reset-before-request"
"""Failures after which no server can have begun the call: anything may be tried again."""
JSON_OR_CURL = (
    r"(?i)(application/([\w.+-]+\+)?json|application/grpc[\w.+-]*|application/x-www-form-urlencoded)\s*(;.*)?"
)
"""Bodies that are read: JSON, gRPC, and what curl calls JSON when it is not told better."""
OPEN_SERVICES = ("/grpc.health.v1.Health/", "/grpc.reflection.v1.", "/grpc.reflection.v1alpha.")
"""Services beside the contract that callers may use. channelz is for those who reach the server itself."""
_FILTERS = "type.googleapis.com/envoy.extensions.filters.http"
_OTHER_HOST = "type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate"
_COMPRESSOR = f"{_FILTERS}.compressor.v3.CompressorPerRoute"
_OFF: Json = {"@type": "type.googleapis.com/envoy.config.route.v3.FilterConfig", "disabled": True}
_GRPC: Json = {"name": "content-type", "string_match": {"prefix": "application/grpc"}}
"""gRPC and gRPC-Web, and REST once it is transcoded."""
LARGEST_PAGE = 8 * 1024 * 1024


def route_config(settings: EdgeSettings, rpcs: Sequence[Rpc]) -> Json:
    """The routes of every listener."""
    host: Json = {"name": "simba", "domains": ["*"], "routes": list(_routes(settings, rpcs))}
    if settings.cors_origins:
        host["typed_per_filter_config"] = {"cors": _cors(settings.cors_origins)}
    return {"name": "simba", "max_direct_response_body_size_bytes": LARGEST_PAGE, "virtual_hosts": [host]}


def _routes(settings: EdgeSettings, rpcs: Sequence[Rpc]) -> Iterator[Json]:
    untraced: Json = {"client_sampling": {}, "random_sampling": {}, "overall_sampling": {}}
    yield _answer({"path": "/livez"}, 200, {"inline_string": "ok\n"}, "text/plain") | {"tracing": untraced}
    if settings.openapi is not None:
        for page in pages(settings.openapi):
            yield _page(page, self_contained=settings.self_contained)
    yield _wrong_media_type()
    for rpc in rpcs:
        if rpc.streams or rpc.safe:
            yield _call({"path": rpc.path}, rpc, settings)
    for service in dict.fromkeys(rpc.service for rpc in rpcs):
        yield _call({"prefix": f"/{service}/"}, None, settings)
    for prefix in OPEN_SERVICES:
        # Health has Watch and reflection is a stream.
        yield _call({"prefix": prefix}, Rpc(prefix, "", streams=True, safe=True), settings)
    # gRPC: nothing has this name. REST: the transcoder turns the path into that of a call, for which the
    # routes are asked again, or answers 404. (CORS needs a route to servers: an answer here would end it.)
    yield _answer({"prefix": "/", "headers": [_GRPC]}, 404, {"inline_string": "No such service."}, None)
    yield _call({"prefix": "/"}, None, settings) | {"match": {"prefix": "/"}, "typed_per_filter_config": {}}


def _call(match: Json, rpc: Rpc | None, settings: EdgeSettings) -> Json:
    streams = rpc is not None and rpc.streams
    safe = rpc is not None and rpc.safe
    route: Json = {
        "cluster": "simba",
        # A caller's own grpc-timeout is taken as it is; with that, Envoy looks at no other time limit.
        "max_stream_duration": {
            "max_stream_duration": "0s" if streams else f"{settings.unary_timeout_seconds}s",
            "grpc_timeout_header_max": "0s",
        },
        "retry_policy": {
            "retry_on": f"{NEVER_REACHED},unavailable" if safe else NEVER_REACHED,
            "num_retries": 2,
            "retry_back_off": {"base_interval": "0.025s", "max_interval": "0.25s"},
            "retry_host_predicate": [
                {
                    "name": "previous_hosts",
                    "typed_config": {"@type": _OTHER_HOST},
                }
            ],
            "host_selection_retry_max_attempts": "3",
        },
    }
    filters = {"body": _OFF, "headers": _OFF}
    if streams:
        route["idle_timeout"] = "0s"
        # A compressor would hold a heartbeat back until its window is full.
        filters |= {
            "brotli": {"@type": _COMPRESSOR, "disabled": True},
            "gzip": {"@type": _COMPRESSOR, "disabled": True},
        }
    return {"match": {**match, "headers": [_GRPC]}, "route": route, "typed_per_filter_config": filters}


def _wrong_media_type() -> Json:
    content_type = "content-type"
    match = {
        "prefix": "/",
        "headers": [
            {"name": ":method", "string_match": {"safe_regex": {"regex": "POST|PUT|PATCH"}}},
            {"name": content_type, "present_match": True},
            {
                "name": content_type,
                "string_match": {"safe_regex": {"regex": JSON_OR_CURL}},
                "invert_match": True,
            },
        ],
    }
    message = "The body must be JSON: send the header content-type: application/json."
    return _refusal(match, 415, status(code_pb2.INVALID_ARGUMENT, "MEDIA_TYPE_UNSUPPORTED", message))


def _page(page: Page, *, self_contained: bool) -> Json:
    return _answer(
        {"path": page.path}, 200, data_source(page.file, self_contained=self_contained), page.media_type
    ) | {
        "response_headers_to_add": [
            _header("content-type", page.media_type),
            _header("cache-control", page.caching),
            _header("content-security-policy", page.policy),
            _header("x-content-type-options", "nosniff"),
            _header("referrer-policy", "no-referrer"),
        ]
    }


def data_source(file: Path, *, self_contained: bool) -> Json:
    """The file's name, or its content."""
    if self_contained:
        return {"inline_bytes": base64.b64encode(file.read_bytes()).decode()}
    return {"filename": str(file.resolve())}


def _answer(match: Json, http_status: int, body: Json, media_type: str | None) -> Json:
    route: Json = {
        "match": match,
        "direct_response": {"status": http_status, "body": body},
        # Otherwise the transcoder would try its luck before the route is looked at.
        "typed_per_filter_config": {"rest": _OFF},
    }
    if media_type is not None:
        route["response_headers_to_add"] = [_header("content-type", media_type)]
    return route


def _refusal(match: Json, http_status: int, body: Json) -> Json:
    return _answer(match, http_status, {"inline_string": json.dumps(body)}, "application/json")


def _header(key: str, value: str) -> Json:
    return {"header": {"key": key, "value": value}, "append_action": "OVERWRITE_IF_EXISTS_OR_ADD"}


def _cors(origins: Sequence[str]) -> Json:
    anyone = "*" in origins
    return {
        "@type": f"{_FILTERS}.cors.v3.CorsPolicy",
        "allow_origin_string_match": (
            [{"safe_regex": {"regex": ".*"}}] if anyone else [{"exact": origin} for origin in origins]
        ),
        "allow_methods": "GET, POST, PUT, PATCH, DELETE, OPTIONS",
        "allow_headers": (
            "authorization, content-type, x-api-key, x-request-id, x-correlation-id, x-simba-reason, "
            "traceparent, tracestate, "
            "grpc-timeout, x-grpc-web, x-user-agent"
        ),
        "expose_headers": "grpc-status, grpc-message, grpc-status-details-bin, retry-after, x-request-id",
        "max_age": "600",
    }
