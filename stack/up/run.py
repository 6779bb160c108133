"""The sequence of `simba up`: own the directory, start, migrate, make keys, start the rest, watch."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, Protocol

import psutil

from kernel.telemetry.logs import JsonFormatter
from server.migrations.run import migrate
from server.platform.settings import Settings
from stack.edge import Address
from stack.engines.embedded import Engines, engines_of
from stack.supervisor.child import Child
from stack.supervisor.ownership import Ownership
from stack.supervisor.ports import Ports
from stack.supervisor.supervisor import Supervisor
from stack.up import apps
from stack.up.endpoints import public_ports
from stack.up.keys import ensure_keys, ensure_secrets_key
from stack.up.layout import Layout
from stack.up.tls import Certificates, certificates


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
        # ClickHouse would take nine tenths of the machine; here it has neighbours.
        memory = psutil.virtual_memory().total // 2
        self._engines = engines_of(self._layout.data, mqtt_port=self._ports.mqtt, memory_limit=memory)
        self._endpoints: dict[str, Any] = {}
        self._supervisor = Supervisor(self._layout.log, self._write_state)
        _log_into(self._layout.log / "up.log")

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
        ensure_secrets_key(layout)
        api_key = await ensure_keys(settings, layout, apps.ADAPTERS)
        tls = await asyncio.to_thread(certificates, layout.tls)
        say("server, worker, adapters, edge")
        env = self._environment()
        await self._supervisor.start(self._children(env, tls))
        self._endpoints = self._public(api_key, tls.ca)
        self._write_state()
        self._listener.up(self._endpoints)

    def _children(self, env: dict[str, str], tls: Certificates) -> list[Child]:
        options, layout = self._options, self._layout
        # The first server is heard where callers were promised, the others only by the edge.
        hosts = [options.host, *("127.0.0.1" for _ in self._servers[1:])]
        servers = [Address(apps.reach(host), port) for host, port in zip(hosts, self._servers, strict=True)]
        otlp = os.environ.get("SIMBA_OTLP_ENDPOINT", "")
        return [
            *(apps.server(i, hosts[i], port, env) for i, port in enumerate(self._servers)),
            apps.worker(layout, env),
            *(apps.adapter(name, layout, env) for name in apps.ADAPTERS),
            apps.edge(layout, options.host, self._ports, servers, self._admin, tls, otlp),
        ]

    def _public(self, api_key: str, ca: Path) -> dict[str, Any]:
        host = apps.reach(self._options.host)
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
        self._ownership.write({"endpoints": public, "env": self._environment(), "children": children})

    def _environment(self) -> dict[str, str]:
        """The settings of SiMBA's processes."""
        grpc = f"{apps.reach(self._options.host)}:{self._ports.grpc}"
        return {
            "SIMBA_POSTGRES_DSN": self._engines.postgres.dsn("simba"),
            "SIMBA_CLICKHOUSE_URL": self._engines.clickhouse.url("simba"),
            "SIMBA_REDIS_URL": self._engines.valkey.url(),
            "SIMBA_MQTT_URL": self._engines.broker.url(),
            "SIMBA_SERVER_TARGET": grpc,
            "SIMBA_GRPC_LISTEN": grpc,
            "SIMBA_SECRETS_KEY_FILE": str(self._layout.secrets_key),
        }


def _settings(engines: Engines) -> Settings:
    return Settings(
        postgres_dsn=engines.postgres.dsn("simba"),
        clickhouse_url=engines.clickhouse.url("simba"),
        redis_url=engines.valkey.url(),
    )


def _log_into(file: Path) -> None:
    """Keeps what this process itself has to say beside the logs of its children."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(file, maxBytes=32 * 1024 * 1024, backupCount=3)
    handler.setFormatter(JsonFormatter())
    for name in ("supervisor", "up", "server"):
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)


def run_stack(options: UpOptions, listener: Listener) -> None:
    """Runs a stack to its end in this process."""
    asyncio.run(Stack(options, listener).run())
