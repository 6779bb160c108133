"""Health of a process, seen over its port."""

from __future__ import annotations

import asyncio
from contextlib import suppress


async def answer(port: int, request: bytes, until: bytes = b"\n") -> bytes:
    """What a server on the loopback answers to `request`, up to `until`. Raises OSError or EOFError."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        await writer.drain()
        return await reader.readuntil(until)
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def http_ok(port: int, path: str) -> bool:
    """Whether ``GET path`` is answered with status 200."""
    try:
        line = await answer(
            port, f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
        )
    except (OSError, EOFError):
        return False
    return b" 200 " in line


async def accepts(port: int) -> bool:
    """Whether somebody listens on the port."""
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return True
