"""A broker that tests may kill."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from stack.engines.broker import Broker


class RunningBroker:
    """rumqttd as a process of this test, with the same ports after a restart."""

    def __init__(self, data: Path) -> None:
        self._broker = Broker(data, _free_port(), _free_port(), "test")
        self._process: asyncio.subprocess.Process | None = None

    def url(self, version: str = "5") -> str:
        return self._broker.url_v5() if version == "5" else self._broker.url()

    async def start(self) -> None:
        self._broker.prepare()
        self._process = await asyncio.create_subprocess_exec(*self._broker.child().command)
        for _ in range(500):
            if await self._broker.healthy():
                return
            await asyncio.sleep(0.02)
        raise AssertionError("the broker does not start")

    async def kill(self) -> None:
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGKILL)
        await self._process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def broker(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningBroker]:
    made = RunningBroker(tmp_path_factory.mktemp("broker"))
    await made.start()
    yield made
    await made.kill()
