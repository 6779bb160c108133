"""The sequence of `simba up`: own the directory, start, migrate, make keys, start the rest, watch."""

from __future__ import annotations

import asyncio
import os
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from server.migrations.run import migrate
from server.platform.settings import Settings
from stack.engines.embedded import Engines, engines_of
from stack.supervisor.child import Child
from stack.supervisor.ownership import Ownership
from stack.supervisor.ports import Ports
from stack.supervisor.supervisor import Supervisor
from stack.up import apps
from stack.up.endpoints import PublicPorts, public_ports
from stack.up.keys import ensure_keys
from stack.up.layout import Layout
from stack.up.tls import certificates


@dataclass(frozen=True, slots=True)
class UpOptions:
    """What `simba up` can be told."""

    data: Path
    automatic_ports: bool = False
    host: str = "127.0.0.1"
    """Address on which gRPC and REST are heard; the engines always stay on the loopback."""
    servers: int = 1
    """gRPC server processes behind the edge."""


class Listener(Protocol):
    """Told of the progress of a start."""

    def step(self, what: str) -> None:
        """Something begins."""
        ...

    def up(self, endpoints: dict[str, Any]) -> None:
        """All is healthy; the endpoints with the administrator's key."""
        ...


class Stack:
    """One run of the stack on one data directory, which it owns."""

    def __init__(self, options: UpOptions, listener: Listener) -> None:
        """Raises StackRunningError where the directory is in use, PortTakenError where a fixed port is."""
        self._options = options
        self._listener = listener
        self._layout = Layout(options.data.resolve())
        self._ownership = Ownership(self._layout.data)
        ports = Ports(self._layout.data / "ports.json")
        self._ports = public_ports(ports, automatic=options.automatic_ports, host=options.host)
        self._servers = [self._ports.grpc, *(ports.of(f"server-{i}") for i in range(1, options.servers))]
        self._admin = ports.of("envoy_admin")
        self._engines = engines_of(self._layout.data, mqtt_port=self._ports.mqtt)
        self._endpoints: dict[str, Any] = {}
        self._supervisor = Supervisor(self._layout.log, self._write_state)

    async def run(self) -> None:
        """Starts everything, reports the endpoints, and keeps it until SIGTERM or SIGINT.

        Raises StartError where a process does not become healthy; nothing is left running then.
        """
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        starting = asyncio.create_task(self._start())
        stopped = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({starting, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                starting.result()
            await stopped
        finally:
            stopped.cancel()
            starting.cancel()
            await asyncio.wait({starting})
            self._listener.step("stopping")
            await self._supervisor.stop()
            self._ownership.release()

    async def _start(self) -> None:
        say, layout = self._listener.step, self._layout
        layout.run.mkdir(exist_ok=True)
        say("engines: PostgreSQL, Valkey, ClickHouse, MQTT broker")
        await asyncio.to_thread(self._engines.prepare)
        await self._supervisor.start(self._engines.children())
        await self._engines.postgres.create_database("simba")
        say("migrations")
        settings = _settings(self._engines)
        await asyncio.to_thread(migrate, settings)
        say("keys and certificates")
        api_key = await ensure_keys(settings, layout, apps.ADAPTERS)
        tls = await asyncio.to_thread(certificates, layout.tls)
        say("server, worker, adapters, edge")
        env = environment(self._engines, self._ports)
        await self._supervisor.start(self._children(env, tls))
        self._endpoints = self._public(api_key, tls.ca)
        self._write_state()
        self._listener.up(self._endpoints)

    def _children(self, env: dict[str, str], tls: Any) -> list[Child]:
        options, layout = self._options, self._layout
        # The first server is heard where callers were promised, the others only by the edge.
        hosts = [options.host, *("127.0.0.1" for _ in self._servers[1:])]
        otlp = os.environ.get("SIMBA_OTLP_ENDPOINT", "")
        return [
            *(apps.server(i, hosts[i], port, env) for i, port in enumerate(self._servers)),
            apps.worker(layout, env),
            *(apps.adapter(name, layout, env) for name in apps.ADAPTERS),
            apps.edge(layout, options.host, self._ports, self._servers, self._admin, tls, otlp),
        ]

    def _public(self, api_key: str, ca: Path) -> dict[str, Any]:
        host = "127.0.0.1" if self._options.host == "0.0.0.0" else self._options.host  # noqa: S104 - compared, not bound
        engines = self._engines
        return {
            "grpc": f"{host}:{self._ports.grpc}",
            "rest": f"http://{host}:{self._ports.rest}",
            "rest_tls": f"https://{host}:{self._ports.rest_tls}",
            "api_key": api_key,
            "ca": str(ca),
            "mqtt": engines.broker.url(),
            "data": str(self._layout.data),
            "log": str(self._layout.log),
            "pid": os.getpid(),
            "postgres": engines.postgres.dsn("simba"),
            "clickhouse": engines.clickhouse.url("simba"),
            "redis": engines.valkey.url(),
            "envoy_admin": f"http://127.0.0.1:{self._admin}",
        }

    def _write_state(self) -> None:
        public = {
            name: self._endpoints[name] for name in ("grpc", "rest", "rest_tls") if name in self._endpoints
        }
        children = {name: one.report() for name, one in self._supervisor.children.items()}
        self._ownership.write(
            {"endpoints": public, "env": environment(self._engines, self._ports), "children": children}
        )


def _settings(engines: Engines) -> Settings:
    return Settings(
        postgres_dsn=engines.postgres.dsn("simba"),
        clickhouse_url=engines.clickhouse.url("simba"),
        redis_url=engines.valkey.url(),
    )


def environment(engines: Engines, ports: PublicPorts) -> dict[str, str]:
    """The settings of SiMBA's processes on these engines."""
    return {
        "SIMBA_POSTGRES_DSN": engines.postgres.dsn("simba"),
        "SIMBA_CLICKHOUSE_URL": engines.clickhouse.url("simba"),
        "SIMBA_REDIS_URL": engines.valkey.url(),
        "SIMBA_MQTT_URL": engines.broker.url(),
        "SIMBA_SERVER_TARGET": f"127.0.0.1:{ports.grpc}",
        "SIMBA_GRPC_LISTEN": f"127.0.0.1:{ports.grpc}",
    }


def run_stack(options: UpOptions, listener: Listener) -> None:
    """Runs a stack to its end in this process."""
    asyncio.run(Stack(options, listener).run())
