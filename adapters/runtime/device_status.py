"""What adapters hear of devices beside readings: last contact, battery, radio."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import Any, Final

import grpc.aio

from adapters.runtime.server import ServerLink
from simba.devices.v1.device_binding_service_pb2 import (
    DeviceStatus,
    ReportDeviceStatusRequest,
    ReportDeviceStatusResponse,
)
from simba.devices.v1.device_binding_service_pb2_grpc import DeviceBindingServiceStub

_log = logging.getLogger(__name__)
_PAUSE_SECONDS: Final = 1.0
_MOST_AT_ONCE: Final = 10_000


class StatusReporter:
    """Gathers news and sends the latest of each device about once a second."""

    def __init__(self, link: ServerLink) -> None:
        self._link = link
        self._stub: Any = DeviceBindingServiceStub(link.channel)
        self._news: dict[str, DeviceStatus] = {}
        self._sent: asyncio.Future[None] | None = None
        self._some = asyncio.Event()
        self._urgent = asyncio.Event()

    def note(self, status: DeviceStatus) -> None:
        """Takes news of a device; what it leaves unsaid stays as said before."""
        known = self._news.get(status.dev_eui)
        if known is None:
            self._news[status.dev_eui] = status
        else:
            # A Timestamp would merge its seconds and nanoseconds one by one.
            known.ClearField("seen_time")
            known.MergeFrom(status)
        self._some.set()

    async def tell(self, status: DeviceStatus) -> None:
        """Takes news and returns once the server has it."""
        self.note(status)
        self._urgent.set()
        if self._sent is None:
            self._sent = asyncio.get_running_loop().create_future()
        await asyncio.shield(self._sent)

    async def run(self) -> None:
        """Ends by being cancelled."""
        while True:
            await self._some.wait()
            await self.flush()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._urgent.wait(), _PAUSE_SECONDS)

    async def flush(self) -> None:
        """Sends what was gathered."""
        self._some.clear()
        self._urgent.clear()
        news, self._news = list(self._news.values()), {}
        sent, self._sent = self._sent, None
        for start in range(0, len(news), _MOST_AT_ONCE):
            request = ReportDeviceStatusRequest(statuses=news[start : start + _MOST_AT_ONCE])
            try:
                await self._link.call(self._stub.ReportDeviceStatus, request, ReportDeviceStatusResponse)
            except grpc.aio.AioRpcError as error:
                _log.error("news of devices are refused: %s", error.details())
        if sent is not None and not sent.done():
            sent.set_result(None)
