"""A sandbox for the codec tests, started once."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest_asyncio

from kernel.codec import CodecSandbox, Decoded

NOW = datetime(2024, 3, 31, 1, 0, 0, 123456, tzinfo=UTC)
"""The instant at which clocks in Europe go forward."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def sandbox() -> AsyncIterator[CodecSandbox]:
    async with CodecSandbox() as made:
        await made.start()
        yield made


def uplink(body: str) -> str:
    """A codec whose ``decodeUplink`` has this body."""
    return "function decodeUplink(input) { " + body + " }"


async def decode(sandbox: CodecSandbox, script: str, payload: bytes = b"\x01", f_port: int = 1) -> Decoded:
    return await sandbox.decode("test", script, payload, f_port, NOW)
