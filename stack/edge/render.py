"""Envoy's bootstrap."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

from stack.edge import contract, strict
from stack.edge.parts import Json, part
from stack.edge.replies import local_replies
from stack.edge.routes import data_source, route_config
from stack.edge.settings import Address, EdgeError, EdgeSettings, RateLimit, Tls

_TYPES = "type.googleapis.com"
_MANAGER = f"{_TYPES}/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
_CONNECTIONS = (
    f"{_TYPES}/envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig"
)


def render(settings: EdgeSettings) -> dict[str, Json]:
    """The bootstrap as plain data, ready for JSON or YAML.

    `EdgeError` says what is missing or contradictory: no upstream, no listener, TLS without a
    certificate, a descriptor set without services or without the error details.
    """
    _check(settings)
    rpcs = contract.read(settings.descriptor_set)
    manager = _connection_manager(settings, rpcs)
    listeners = []
    if settings.http is not None:
        listeners.append(_listener("http", settings.http, manager, None))
    if settings.https is not None:
        listeners.append(_listener("https", settings.https, manager, settings.tls))
    clusters = [_servers(settings)]
    if settings.otlp is not None:
        clusters.append(_collector(settings.otlp))
    bootstrap: dict[str, Json] = {
        "node": {"id": settings.node_id, "cluster": "simba-edge"},
        "static_resources": {"listeners": listeners, "clusters": clusters},
        "overload_manager": {
            "resource_monitors": [
                {
                    "name": "envoy.resource_monitors.global_downstream_max_connections",
                    "typed_config": {
                        "@type": _CONNECTIONS,
                        "max_active_downstream_connections": str(settings.max_connections),
                    },
                }
            ]
        },
    }
    if settings.otlp is not None:
        # Spans are sent after a second and not after five, one by one if need be.
        values = {"tracing.opentelemetry.min_flush_spans": 1, "tracing.opentelemetry.flush_interval_ms": 1000}
        bootstrap["layered_runtime"] = {"layers": [{"name": "edge", "static_layer": values}]}
    if settings.admin is not None:
        bootstrap["admin"] = {"address": _socket(settings.admin)}
    return bootstrap


def write(settings: EdgeSettings, file: Path) -> None:
    """Render into a JSON file, whole or not at all."""
    text = json.dumps(render(settings), indent=1)
    fresh = file.with_name(f"{file.name}.new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(file)


def _check(settings: EdgeSettings) -> None:
    if not settings.upstreams:
        raise EdgeError("no upstream: name at least one server")
    if settings.http is None and settings.https is None:
        raise EdgeError("no listener: give an address for HTTP, for TLS or for both")
    if settings.https is not None and settings.tls is None:
        raise EdgeError("TLS needs a certificate and its key")


def _connection_manager(settings: EdgeSettings, rpcs: list[contract.Rpc]) -> Json:
    manager: Json = {
        "@type": _MANAGER,
        "stat_prefix": "edge",
        **part(
            "http",
            {
                "trusted_hops": settings.trusted_hops,
                "max_concurrent_streams": settings.max_concurrent_streams,
                "access_log": settings.access_log,
            },
        ),
        "local_reply_config": local_replies(settings.max_request_bytes),
        "route_config": route_config(settings, rpcs),
        "http_filters": _filters(settings, rpcs),
    }
    if settings.otlp is not None:
        manager["tracing"] = {
            "random_sampling": {"value": settings.trace_sample_percent},
            "spawn_upstream_span": True,
            "custom_tags": [{"tag": "simba.request_id", "request_header": {"name": "x-request-id"}}],
            "provider": {
                "name": "opentelemetry",
                "typed_config": {
                    "@type": f"{_TYPES}/envoy.config.trace.v3.OpenTelemetryConfig",
                    "grpc_service": {"envoy_grpc": {"cluster_name": "otlp"}, "timeout": "5s"},
                    "service_name": "simba-edge",
                },
            },
        }
    return manager


def _filters(settings: EdgeSettings, rpcs: list[contract.Rpc]) -> list[Json]:
    filters: list[Json] = part(
        "filters",
        {
            "services": list(dict.fromkeys(rpc.service for rpc in rpcs)),
            "max_request_bytes": settings.max_request_bytes,
            "max_response_bytes": settings.max_response_bytes,
            "strict_json": strict.script(settings.descriptor_set),
        },
    )
    for entry in filters:
        if entry["name"] == "rest":
            source = data_source(settings.descriptor_set, self_contained=settings.self_contained)
            key = "proto_descriptor_bin" if settings.self_contained else "proto_descriptor"
            entry["typed_config"][key] = next(iter(source.values()))
    if settings.rate_limit or settings.caller_rate_limit:
        after_cors = 1 + [entry["name"] for entry in filters].index("cors")
        filters.insert(after_cors, _rate_limits(settings.rate_limit, settings.caller_rate_limit))
    return filters


def _rate_limits(everybody: RateLimit | None, caller: RateLimit | None) -> Json:
    config: Json = {
        "@type": f"{_TYPES}/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit",
        "stat_prefix": "edge",
        "filter_enabled": {"default_value": {"numerator": 100}},
        "filter_enforced": {"default_value": {"numerator": 100}},
        "rate_limited_as_resource_exhausted": True,
        "response_headers_to_add": [{"header": {"key": "retry-after", "value": "1"}}],
        "always_consume_default_token_bucket": everybody is not None,
    }
    # The filter demands a bucket for everybody; without a limit it never runs dry.
    config["token_bucket"] = _bucket(everybody or RateLimit(per_second=1_000_000, burst=1_000_000))
    if caller is not None:
        keys = ("x-api-key", "authorization")
        config["rate_limits"] = [
            {"actions": [{"request_headers": {"header_name": key, "descriptor_key": key}}]} for key in keys
        ]
        # No value: a bucket for each value seen, the least recently used thrown away.
        config["descriptors"] = [{"entries": [{"key": key}], "token_bucket": _bucket(caller)} for key in keys]
        config["max_dynamic_descriptors"] = 10_000
    return {"name": "rate_limit", "typed_config": config}


def _bucket(limit: RateLimit) -> Json:
    # Filled ten times a second, so that a burst is not followed by a second of silence.
    tenth = max(1, limit.per_second // 10)
    return {
        "max_tokens": limit.burst,
        "tokens_per_fill": tenth,
        "fill_interval": f"{tenth / limit.per_second:.9f}s",
    }


def _listener(name: str, address: Address, manager: Json, tls: Tls | None) -> Json:
    chain: Json = {"filters": [{"name": "http", "typed_config": manager}]}
    if tls is not None:
        chain["transport_socket"] = {
            "name": "tls",
            "typed_config": {
                "@type": f"{_TYPES}/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext",
                "common_tls_context": {
                    "alpn_protocols": ["h2", "http/1.1"],
                    "tls_params": {
                        "tls_minimum_protocol_version": "TLSv1_2",
                        "tls_maximum_protocol_version": "TLSv1_3",
                    },
                    "tls_certificates": [
                        {
                            "certificate_chain": {"filename": str(tls.certificate.resolve())},
                            "private_key": {"filename": str(tls.key.resolve())},
                        }
                    ],
                },
            },
        }
    return {
        "name": name,
        "address": _socket(address),
        "per_connection_buffer_limit_bytes": 1024 * 1024,
        "filter_chains": [chain],
    }


def _servers(settings: EdgeSettings) -> Json:
    cluster: Json = part(
        "upstream",
        {
            "max_upstream_requests": settings.max_upstream_requests,
            "endpoints": [{"endpoint": {"address": _socket(upstream)}} for upstream in settings.upstreams],
        },
    )
    if settings.upstream_ca is not None:
        cluster["transport_socket"] = {
            "name": "tls",
            "typed_config": {
                "@type": f"{_TYPES}/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
                "auto_host_sni": True,
                "auto_sni_san_validation": True,
                "common_tls_context": {
                    "alpn_protocols": ["h2"],
                    "validation_context": {"trusted_ca": {"filename": str(settings.upstream_ca.resolve())}},
                },
            },
        }
    return cluster


def _collector(endpoint: str) -> Json:
    parts = urlsplit(endpoint)
    if parts.scheme != "http" or not parts.hostname:
        raise EdgeError(
            f"OTLP endpoint {endpoint!r}: write http://host:port (gRPC; a collector with TLS needs a sidecar)"
        )
    http2: Json = {"explicit_http_config": {"http2_protocol_options": {}}}
    options = f"{_TYPES}/envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
    return {
        "name": "otlp",
        "type": "STRICT_DNS",
        "connect_timeout": "2s",
        "typed_extension_protocol_options": {
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {"@type": options, **http2}
        },
        "load_assignment": {
            "cluster_name": "otlp",
            "endpoints": [
                {
                    "lb_endpoints": [
                        {"endpoint": {"address": _socket(Address(parts.hostname, parts.port or 4317))}}
                    ]
                }
            ],
        },
    }


def _socket(address: Address) -> Json:
    return {"socket_address": {"address": address.host, "port_value": address.port}}
