"""Engines and servers of a benchmark's own, on free ports and a temporary directory; gone afterwards."""

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from server.access.bootstrap import ensure_bootstrap
from server.migrations.run import migrate
from server.platform.platform import open_platform
from server.platform.settings import Settings

_ROOT = Path(__file__).parents[1]
_START_SECONDS = 60
_STOP_SECONDS = 30


class DidNotStart(RuntimeError):
    """A process of the benchmark did not start; the message holds what it said."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Where everything is."""

    clickhouse: str
    postgres: str
    grpc: str
    """Address of the servers; several share one port."""
    api_key: str
    tenant_id: UUID
    pids: dict[str, int]
    data: Path
    mqtt: str
    """The broker of the field side."""
    env: dict[str, str]
    """Settings of the servers."""


@contextmanager
def stage(*, servers: int = 1) -> Iterator[Stage]:
    """Starts engines and servers for the time of the block. Raises DidNotStart."""
    with ExitStack() as stack:
        data = Path(tempfile.mkdtemp(prefix="simba-bench-"))
        stack.callback(shutil.rmtree, data, ignore_errors=True)
        # PostgreSQL runs under an account of its own where root runs the benchmark.
        data.chmod(0o755)
        endpoints = stack.enter_context(_engines(data))
        port = free_port()
        env = {
            **os.environ,
            "SIMBA_POSTGRES_DSN": endpoints["postgres"],
            "SIMBA_CLICKHOUSE_URL": endpoints["clickhouse"],
            "SIMBA_REDIS_URL": endpoints["redis"],
            "SIMBA_GRPC_LISTEN": f"127.0.0.1:{port}",
            "SIMBA_GRPC_REUSE_PORT": "true",
            "SIMBA_SECRETS_KEY": os.urandom(32).hex(),
            "SIMBA_LOG_LEVEL": "WARNING",
        }
        migrate(_settings(env))
        tenant_id, key = _first_key(env)
        pids = _children(data)
        for number in range(servers):
            pids[f"server-{number + 1}"] = stack.enter_context(_server(data, env, number))
        if servers:
            _await_serving(f"127.0.0.1:{port}", data)
        yield Stage(
            endpoints["clickhouse"],
            endpoints["postgres"],
            f"127.0.0.1:{port}",
            key,
            tenant_id,
            pids,
            data,
            endpoints["mqtt"],
            env,
        )


@contextmanager
def _engines(data: Path) -> Iterator[dict[str, str]]:
    log = data / "engines.log"
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "stack.engines", "--data", str(data)],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
        )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        if not line:
            process.wait(_STOP_SECONDS)
            raise DidNotStart(f"the engines did not start:\n{log.read_text()[-2000:]}")
        yield json.loads(line)
    finally:
        # They end with their standard input.
        process.stdin.close()
        process.stdout.close()
        process.wait(_STOP_SECONDS)


@contextmanager
def adapter(where: Stage) -> Iterator[int]:
    """Runs the ChirpStack adapter between a stage's broker and its servers; its process id."""
    env = {
        **where.env,
        "SIMBA_SERVER_TARGET": where.grpc,
        "SIMBA_API_KEY": where.api_key,
        "SIMBA_MQTT_URL": where.mqtt,
        "SIMBA_ADAPTER_ID": "bench",
    }
    with (where.data / "adapter.log").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "stack.cli.main", "adapter", "chirpstack"],
            cwd=_ROOT,
            env=env,
            stdout=said,
            stderr=said,
        )
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(_STOP_SECONDS)


@contextmanager
def _server(data: Path, env: dict[str, str], number: int) -> Iterator[int]:
    with (data / f"server-{number + 1}.log").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "stack.cli.main", "serve"], cwd=_ROOT, env=env, stdout=said, stderr=said
        )
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(_STOP_SECONDS)


def _await_serving(target: str, data: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    with grpc.insecure_channel(target) as channel:
        stub: Any = health_pb2_grpc.HealthStub(channel)
        while True:
            try:
                answer = stub.Check(health_pb2.HealthCheckRequest(), timeout=5, wait_for_ready=True)
                if answer.status == health_pb2.HealthCheckResponse.SERVING:
                    return
            except grpc.RpcError:
                pass
            if time.monotonic() > end:
                said = (data / "server-1.log").read_text()[-2000:]
                raise DidNotStart(f"the server did not start:\n{said}")
            time.sleep(0.1)


def _first_key(env: dict[str, str]) -> tuple[UUID, str]:
    async def make() -> tuple[UUID, str]:
        async with open_platform(_settings(env)) as platform:
            made = await ensure_bootstrap(platform)
        assert made.admin_secret is not None
        return made.tenant_id, made.admin_secret

    return asyncio.run(make())


def _settings(env: dict[str, str]) -> Settings:
    return Settings(
        postgres_dsn=env["SIMBA_POSTGRES_DSN"],
        clickhouse_url=env["SIMBA_CLICKHOUSE_URL"],
        redis_url=env["SIMBA_REDIS_URL"],
    )


def _children(data: Path) -> dict[str, int]:
    children = json.loads((data / "stack.json").read_text())["children"]
    return {name: int(child["pid"]) for name, child in children.items()}


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
