"""Says to the server, every few seconds, that this adapter is there and how it is."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

import grpc.aio

from adapters.runtime.server import ServerLink
from simba.commands.v1.adapter_service_pb2 import (
    Adapter,
    RegisterAdapterRequest,
    RegisterAdapterResponse,
)
from simba.commands.v1.adapter_service_pb2_grpc import AdapterServiceStub
from simba.commands.v1.command_pb2 import CommandAction

_log = logging.getLogger(__name__)
_DEFAULT_INTERVAL: Final = 5.0


class Heartbeat:
    """Registers an adapter again and again. `trouble` tells what is wrong, empty when nothing is."""

    def __init__(
        self,
        link: ServerLink,
        *,
        kind: str,
        instance: str,
        actions: Sequence[CommandAction.ValueType],
        trouble: Callable[[], str],
    ) -> None:
        self._link = link
        self._stub: Any = AdapterServiceStub(link.channel)
        self._adapter = Adapter(kind=kind, instance=instance, version=_version(), actions=actions)
        self._trouble = trouble

    async def run(self) -> None:
        """Ends by being cancelled. A change of health is told within a second, otherwise at the interval."""
        loop = asyncio.get_running_loop()
        while True:
            detail = self._trouble()
            interval = await self._say(detail)
            again = loop.time() + interval
            # Trouble comes from many sides, none of which tells: look.
            while loop.time() < again and self._trouble() == detail:  # noqa: ASYNC110
                await asyncio.sleep(min(1.0, max(0.05, again - loop.time())))

    async def _say(self, detail: str) -> float:
        self._adapter.healthy = not detail
        self._adapter.detail = detail[:1000]
        try:
            answer = await self._link.call(
                self._stub.RegisterAdapter,
                RegisterAdapterRequest(adapter=self._adapter),
                RegisterAdapterResponse,
            )
        except grpc.aio.AioRpcError as error:
            _log.warning("the server refuses the heartbeat: %s", error.details())
            return _DEFAULT_INTERVAL
        return float(answer.heartbeat_interval.ToTimedelta().total_seconds()) or _DEFAULT_INTERVAL


def _version() -> str:
    try:
        return version("simba-platform")
    except PackageNotFoundError:
        return "0"
