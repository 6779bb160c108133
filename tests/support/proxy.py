"""A cable that can be pulled: a TCP forwarder, so that a test can lose an engine without killing it.

The engines of a run are shared by all its workers; killing one would be felt by tests that run beside.
"""

import asyncio
from contextlib import suppress
from urllib.parse import urlsplit, urlunsplit


class Cable:
    """Forwards a free local port to an engine while it is plugged in."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._target = (parts.hostname, parts.port)
        self._parts = parts
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self.port = 0
        self.cut_after: int | None = None
        """Bytes on their way to the engine after which the cable breaks."""
        self.carried = 0

    @property
    def url(self) -> str:
        """The engine's URL, through the cable."""
        login, at, _ = self._parts.netloc.rpartition("@")
        return urlunsplit(self._parts._replace(netloc=f"{login}{at}127.0.0.1:{self.port}"))

    async def plug(self) -> None:
        """Listens; on the same port as before, if it was plugged in before."""
        self._server = await asyncio.start_server(self._forward, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def pull(self) -> None:
        """Resets all connections and refuses new ones."""
        assert self._server is not None
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.sleep(0)

    def _counted(self, reader: asyncio.StreamReader) -> "_Counted":
        return _Counted(self, reader)

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            engine_reader, engine_writer = await asyncio.open_connection(*self._target)
        except OSError:
            writer.transport.abort()
            return
        self._writers |= {writer, engine_writer}
        await asyncio.gather(_pump(self._counted(reader), engine_writer), _pump(engine_reader, writer))
        self._writers -= {writer, engine_writer}


async def _pump(reader: "asyncio.StreamReader | _Counted", writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


class _Counted:
    """What a client sends, until the cable breaks."""

    def __init__(self, cable: Cable, reader: asyncio.StreamReader) -> None:
        self._cable = cable
        self._reader = reader

    async def read(self, size: int) -> bytes:
        data = await self._reader.read(size)
        cable = self._cable
        if cable.cut_after is not None and cable.carried + len(data) >= cable.cut_after:
            await cable.pull()
            return b""
        cable.carried += len(data)
        return data
