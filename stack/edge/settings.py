"""What an edge can be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

LAST_PORT = 65535
MEBIBYTE = 1024 * 1024


class EdgeError(ValueError):
    """The edge cannot be rendered from what it was given; the message says what and why."""


@dataclass(frozen=True, slots=True)
class Address:
    """A host and a TCP port."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `host:port` or `[v6]:port`; `EdgeError` says what is wrong with anything else."""
        host, separator, port = text.rpartition(":")
        if not (separator and host and port.isdecimal() and 0 < int(port) <= LAST_PORT):
            raise EdgeError(f"{text!r} is not an address: write host:port, for example 127.0.0.1:50051")
        return cls(host.removeprefix("[").removesuffix("]"), int(port))

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Tls:
    """A listener's certificate chain and private key, PEM files that Envoy can read."""

    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True)
class RateLimit:
    """Calls a second and how many may come at once. A stream counts as one call."""

    per_second: int
    burst: int


@dataclass(frozen=True, slots=True)
class EdgeSettings:
    """Everything that differs between one edge and another."""

    descriptor_set: Path
    """`simba.binpb`: all files of the contract with their imports."""
    upstreams: Sequence[Address]
    """gRPC addresses of the servers, at least one."""
    http: Address | None = Address("127.0.0.1", 8080)
    """Where plain HTTP is heard, if anywhere."""
    https: Address | None = None
    """Where TLS is heard; needs `tls`."""
    tls: Tls | None = None
    """The certificate of `https`."""
    admin: Address | None = None
    """Envoy's own admin page and Prometheus metrics; never give it an address that strangers reach."""
    upstream_ca: Path | None = None
    """CA of the servers, when they speak TLS; None: plain HTTP/2."""
    otlp: str | None = None
    """OTLP/gRPC endpoint for traces, `http://host:4317`; None: no traces from the edge."""
    trace_sample_percent: float = 100.0
    """Share of calls without a `traceparent` of their own that are traced."""
    cors_origins: Sequence[str] = ()
    """Origins of browsers that may call, exact (`https://portal.example`), or `*` for all."""
    openapi: Path | None = None
    """The OpenAPI document behind `/openapi.json` and `/docs`; None: neither exists."""
    access_log: str = "/dev/stdout"
    """File of the access log, a JSON object a line."""
    self_contained: bool = False
    """Put the descriptor set and the docs into the configuration instead of naming their files."""
    node_id: str = "edge"
    """Name of this Envoy in traces and metrics."""
    trusted_hops: int = 0
    """Proxies in front of this one whose X-Forwarded-For is believed."""
    unary_timeout_seconds: int = 90
    """When a call that is no stream ends, unless the caller sent `grpc-timeout`. A long poll takes 60."""
    max_request_bytes: int = 24 * MEBIBYTE
    """Largest REST body: an import of 16 MiB in base64 and some more. gRPC has the server's limit."""
    max_response_bytes: int = 64 * MEBIBYTE
    """Largest REST answer."""
    max_concurrent_streams: int = 2000
    """Calls at once on one HTTP/2 connection."""
    max_connections: int = 20_000
    """Connections at once; more are closed."""
    max_upstream_requests: int = 20_000
    """Calls at once to all servers; more get 503."""
    rate_limit: RateLimit | None = None
    """For all callers together, each Envoy."""
    caller_rate_limit: RateLimit | None = None
    """For each credential, each Envoy."""
