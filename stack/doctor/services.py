"""The server, the edge and the broker, seen from outside."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import grpc
import httpx
from grpc_health.v1 import health_pb2, health_pb2_grpc

from stack.doctor.check import Finding, bad, good, warning, words

_ROOM_BYTES: Final = 2 * 1024**3


def server(target: str) -> Iterator[Finding]:
    """The gRPC server, by its health service."""
    try:
        with grpc.insecure_channel(target) as channel:
            stub: Any = health_pb2_grpc.HealthStub(channel)
            answer = stub.Check(health_pb2.HealthCheckRequest(), timeout=5)
    except grpc.RpcError as error:
        detail = error.details() if isinstance(error, grpc.Call) else words(error)
        yield bad("server", f"{target}: {detail}", "start it with `simba serve`, or set SIMBA_SERVER_TARGET")
        return
    if answer.status == health_pb2.HealthCheckResponse.SERVING:
        yield good("server", f"serving at {target}")
    else:
        status = health_pb2.HealthCheckResponse.ServingStatus.Name(answer.status)
        yield bad(
            "server",
            f"{target} says {status}",
            "one of its databases does not answer; see its log and the lines above",
        )


def edge(rest: str) -> Iterator[Finding]:
    """The REST edge: it must refuse a call without a key, by itself or by the server behind it."""
    try:
        answer = httpx.get(f"{rest}/v1/whoami", timeout=5)
    except httpx.HTTPError as error:
        yield bad(
            "edge",
            f"{rest}: {words(error)}",
            "start Envoy with the configuration of `stack.edge`; `simba up` does",
        )
        return
    if answer.status_code == httpx.codes.UNAUTHORIZED:
        yield good("edge", f"REST at {rest}")
    else:
        yield bad(
            "edge",
            f"{rest} answers {answer.status_code} without a key",
            "see the edge's and the server's log",
        )


def broker(url: str) -> Iterator[Finding]:
    """The MQTT broker: whether it takes the connection and the credentials (MQTT 3.1.1, clause 3.1)."""
    parts = urlsplit(url)
    host, port = parts.hostname or "127.0.0.1", parts.port or (8883 if parts.scheme == "mqtts" else 1883)
    advice = "set SIMBA_MQTT_URL to the broker that ChirpStack uses (mqtt://user:password@host:1883)"
    try:
        with socket.create_connection((host, port), timeout=5) as link:
            if parts.scheme == "mqtts":
                yield good("mqtt", f"{host}:{port} takes connections (TLS, credentials not tried)")
                return
            link.sendall(_connect_packet(parts.username or "", parts.password or ""))
            answer = link.recv(4)
    except OSError as error:
        yield bad("mqtt", f"{host}:{port}: {words(error)}", advice)
        return
    if answer == b"\x20\x02\x00\x00":
        yield good("mqtt", f"broker at {host}:{port}")
    else:
        yield bad(
            "mqtt", f"{host}:{port} refuses user {parts.username!r} ({answer.hex() or 'closed'})", advice
        )


def _connect_packet(user: str, password: str) -> bytes:
    def text(value: str) -> bytes:
        raw = value.encode()
        return len(raw).to_bytes(2, "big") + raw

    flags = 0x02 | (0x80 if user else 0) | (0x40 if password else 0)
    body = b"\x00\x04MQTT\x04" + bytes([flags]) + (10).to_bytes(2, "big") + text("simba-doctor")
    body += (text(user) if user else b"") + (text(password) if password else b"")
    return b"\x10" + bytes([len(body)]) + body


def room(data: Path) -> Iterator[Finding]:
    """The disk below the data directory."""
    free = shutil.disk_usage(data).free
    detail = f"{free / 1024**3:.1f} GiB free below {data}"
    if free < _ROOM_BYTES:
        yield warning("disk", detail, "make room: PostgreSQL and ClickHouse stop when the disk is full")
    else:
        yield good("disk", detail)
