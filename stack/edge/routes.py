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
JSON_OR_CURL = r"(?i)(application/([\w.+-]+\+)?json|application/grpc[\w.+-]*|application/x-www-form-urlencoded)\s*(;.*)?"
"""Bodies that are read: JSON, gRPC, and what curl calls JSON when it is not told better."""
OPEN_SERVICES = ("/grpc.health.v1.Health/", "/grpc.reflection.v1.", "/grpc.reflection.v1alpha.")
"""Services beside the contract that callers may use. channelz is for those who reach the server itself."""
LARGEST_PAGE = 8 * 1024 * 1024


def route_config(settings: EdgeSettings, rpcs: Sequence[Rpc]) -> Json:
    """The routes of every listener."""
    host: Json = {"name": "simba", "domains": ["*"], "routes": list(_routes(settings, rpcs))}
    if settings.cors_origins:
        host["typed_per_filter_config"] = {"cors": _cors(settings.cors_origins)}
    return {"name": "simba", "max_direct_response_body_size_bytes": LARGEST_PAGE, "virtual_hosts": [host]}


def _routes(settings: EdgeSettings, rpcs: Sequence[Rpc]) -> Iterator[Json]:
    yield _answer({"path": "/livez"}, 200, {"inline_string": "ok\n"}, "text/plain")
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
    missing = "No call has this method and path. /docs lists those that exist."
    yield _answer({"prefix": "/", "grpc": {}}, 404, {"inline_string": missing}, None)
    yield _refusal({"prefix": "/"}, 404, status(code_pb2.NOT_FOUND, "ROUTE_NOT_FOUND", missing))


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
                    "typed_config": {
                        "@type": "type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate"
                    },
                }
            ],
            "host_selection_retry_max_attempts": "3",
        },
    }
    result: Json = {"match": {**match, "grpc": {}}, "route": route}
    if streams:
        route["idle_timeout"] = "0s"
        # A compressor would hold a heartbeat back until its window is full.
        off = {
            "@type": "type.googleapis.com/envoy.extensions.filters.http.compressor.v3.CompressorPerRoute",
            "disabled": True,
        }
        result["typed_per_filter_config"] = {"brotli": off, "gzip": off}
    return result


def _wrong_media_type() -> Json:
    content_type = "content-type"
    match = {
        "prefix": "/",
        "headers": [
            {"name": ":method", "string_match": {"safe_regex": {"regex": "POST|PUT|PATCH"}}},
            {"name": content_type, "present_match": True},
            {"name": content_type, "string_match": {"safe_regex": {"regex": JSON_OR_CURL}}, "invert_match": True},
        ],
    }
    message = "The body must be JSON: send the header content-type: application/json."
    route = _refusal(match, 415, status(code_pb2.INVALID_ARGUMENT, "MEDIA_TYPE_UNSUPPORTED", message))
    # Otherwise the transcoder would try to read the body before this route is looked at.
    route["typed_per_filter_config"] = {
        "rest": {
            "@type": "type.googleapis.com/envoy.extensions.filters.http.grpc_json_transcoder.v3.GrpcJsonTranscoder",
            "proto_descriptor_bin": "",
            "services": [],
        }
    }
    return route


def _page(page: Page, *, self_contained: bool) -> Json:
    return _answer({"path": page.path}, 200, data_source(page.file, self_contained=self_contained), page.media_type) | {
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
    route: Json = {"match": match, "direct_response": {"status": http_status, "body": body}}
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
        "@type": "type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy",
        "allow_origin_string_match": (
            [{"safe_regex": {"regex": ".*"}}] if anyone else [{"exact": origin} for origin in origins]
        ),
        "allow_methods": "GET, POST, PUT, PATCH, DELETE, OPTIONS",
        "allow_headers": (
            "authorization, content-type, x-api-key, x-request-id, traceparent, tracestate, "
            "grpc-timeout, x-grpc-web, x-user-agent"
        ),
        "expose_headers": "grpc-status, grpc-message, grpc-status-details-bin, retry-after, x-request-id",
        "max_age": "600",
    }
