"""Request bodies: pieces of a useful size, decoded."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from stack.clickhouse.compression import Decoder

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

#: Pieces are gathered to this size before they go to a thread.
_PIECE: Final = 1 << 20


class HungUpError(Exception):
    """The caller closed the connection in the middle of its body."""


class Body:
    """The body of one request. `decode` may be called from another thread than `piece`."""

    def __init__(self, receive: Receive, coding: str) -> None:
        self._receive = receive
        self._decoder = Decoder(coding) if coding not in {"", "identity"} else None
        self._ended = False

    async def piece(self) -> bytes | None:
        """About a megabyte of bytes as they were sent, or None at the end. Raises `HungUpError`."""
        if self._ended:
            return None
        gathered = []
        size = 0
        while size < _PIECE:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise HungUpError
            data = message.get("body", b"")
            gathered.append(data)
            size += len(data)
            if not message.get("more_body", False):
                self._ended = True
                break
        return b"".join(gathered) if len(gathered) > 1 else gathered[0]

    @property
    def ended(self) -> bool:
        """Whether the last piece has been given out."""
        return self._ended

    def decode(self, piece: bytes | None) -> bytes | None:
        """The plain bytes of a piece; None ends, and raises 354 where the coding was cut off."""
        if self._decoder is None:
            return piece
        if piece is None:
            self._decoder.close()
            return None
        return self._decoder.decode(piece)
