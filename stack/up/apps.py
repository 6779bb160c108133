"""SiMBA's own processes and the edge, as children of the supervisor."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import grpc
import grpc.aio
from grpc_health.v1 import health_pb2, health_pb2_grpc

from stack.edge import Address, EdgeSettings, Tls, write
from stack.engines.envoy import Envoy
from stack.supervisor.child import Child, Probe
from stack.up.endpoints import PublicPorts
from stack.up.layout import Layout
from stack.up.tls import Certificates

ADAPTERS: Final = ("chirpstack",)

_ROOT: Final = Path(__file__).parents[2]
_ENGINES: Final = ("postgres", "valkey", "clickhouse")


def _simba(*arguments: str) -> Sequence[str]:
    return [sys.executable, "-m", "stack.cli.main", *arguments]


def server(index: int, host: str, port: int, env: Mapping[str, str]) -> Child:
    """One gRPC server; the first has the promised port, others are only seen by the edge."""
    return Child(
        name="server" if index == 0 else f"server-{index + 1}",
        command=_simba("serve"),
        healthy=_serving(f"{reach(host)}:{port}"),
        env={**env, "SIMBA_GRPC_LISTEN": f"{host}:{port}"},
        needs=_ENGINES,
    )


def worker(layout: Layout, env: Mapping[str, str]) -> Child:
    """The worker: jobs, relays, the capabilities' loops."""
    return _without_port("worker", ("worker",), layout, env, _ENGINES)


def adapter(name: str, layout: Layout, env: Mapping[str, str]) -> Child:
    """An adapter with a key of its own."""
    own = {**env, "SIMBA_API_KEY_FILE": str(layout.adapter_key(name))}
    return _without_port(f"adapter-{name}", ("adapter", name), layout, own, ("server", "broker"))


def edge(
    layout: Layout,
    host: str,
    ports: PublicPorts,
    servers: Sequence[Address],
    admin: int,
    tls: Certificates,
    otlp: str,
) -> Child:
    """Envoy in front of the servers; writes its configuration."""
    openapi = _ROOT / "api" / "openapi" / "simba.json"
    config = layout.run / "envoy.json"
    write(
        EdgeSettings(
            descriptor_set=_ROOT / "api" / "gen" / "simba.binpb",
            upstreams=servers,
            http=Address(host, ports.rest),
            https=Address(host, ports.rest_tls),
            tls=Tls(tls.certificate, tls.key),
            admin=Address("127.0.0.1", admin),
            otlp=otlp or None,
            openapi=openapi if openapi.exists() else None,
        ),
        config,
    )
    names = ("server", *(f"server-{i + 1}" for i in range(1, len(servers))))
    return Envoy(config, admin).child(names)


def _without_port(
    name: str, arguments: Sequence[str], layout: Layout, env: Mapping[str, str], needs: Sequence[str]
) -> Child:
    file = layout.ready(name)

    async def ready(pid: int) -> bool:
        # The pid tells this run's sign from that of an earlier one.
        return file.exists() and file.read_text() == str(pid)

    return Child(
        name=name,
        command=_simba(*arguments),
        healthy=ready,
        env={**env, "SIMBA_READY_FILE": str(file)},
        needs=needs,
    )


def reach(host: str) -> str:
    """How this machine reaches what listens on `host`."""
    return "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound


def _serving(target: str) -> Probe:
    async def serving(_pid: int) -> bool:
        async with grpc.aio.insecure_channel(target) as channel:
            stub: Any = health_pb2_grpc.HealthStub(channel)
            answer = await stub.Check(health_pb2.HealthCheckRequest(), timeout=5)
        return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)

    return serving
