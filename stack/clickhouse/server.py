"""The process: one engine, one listener, until SIGTERM."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import uvicorn

from stack.clickhouse.app import HttpInterface
from stack.clickhouse.auth import Users
from stack.clickhouse.engine import Engine

_log: Final = logging.getLogger("clickhouse")


@dataclass(frozen=True, slots=True)
class Options:
    """How one server runs."""

    data: Path
    """The directory that this process will own."""
    host: str
    port: int
    users: dict[str, str]
    """Passwords by name."""
    log_file: Path | None = None
    """Where the engine's own errors go."""
    memory_limit: int = 0
    """Bytes that the engine's queries and caches may take together; 0 for what ClickHouse takes by itself."""


async def serve(options: Options) -> None:
    """Serves until SIGTERM or SIGINT; then running requests get five seconds, and the engine is closed.

    Raises `DirectoryInUseError` where another process owns the directory, OSError where the port is taken.
    """
    listener = socket.create_server((options.host, options.port), backlog=512)
    engine = Engine(options.data, log_file=options.log_file, memory_limit=options.memory_limit)
    interface = HttpInterface(engine, Users(options.users))
    config = uvicorn.Config(
        interface,
        http="httptools",
        loop="none",
        lifespan="off",
        interface="asgi3",
        proxy_headers=False,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
        timeout_keep_alive=75,
    )
    server = _Server(config)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, server.stop)
    host, port = listener.getsockname()[:2]
    _log.info(
        "serving",
        extra={"url": f"http://{host}:{port}", "version": engine.version, "data": str(options.data)},
    )
    try:
        await server.serve(sockets=[listener])
    finally:
        await asyncio.to_thread(interface.close)
        await asyncio.to_thread(engine.close)
        _log.info("stopped")


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling, which would raise the signal again after a clean stop."""

    def stop(self) -> None:
        self.should_exit = True

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
