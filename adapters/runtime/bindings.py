"""What the server knows of devices, kept for a few seconds."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

import grpc
import grpc.aio

from adapters.runtime.server import ServerLink
from simba.devices.v1.device_binding_service_pb2 import (
    DeviceBinding,
    GetDeviceBindingRequest,
    GetDeviceBindingResponse,
)
from simba.devices.v1.device_binding_service_pb2_grpc import DeviceBindingServiceStub

B = TypeVar("B")

_MOST: Final = 200_000


class Bindings(Generic[B]):
    """Bindings of devices by DevEUI, in the form that an adapter works with.

    `read` turns the wire's binding into that form, once per answer. Concurrent calls for one device share one
    question; a device that the server does not know is remembered as such for a shorter while.
    """

    def __init__(
        self,
        link: ServerLink,
        read: Callable[[DeviceBinding], B],
        *,
        seconds: float = 10.0,
        unknown_seconds: float = 3.0,
    ) -> None:
        self._link = link
        self._read = read
        self._seconds = seconds
        self._unknown_seconds = unknown_seconds
        self._stub: Any = DeviceBindingServiceStub(link.channel)
        self._known: OrderedDict[str, tuple[float, B | None]] = OrderedDict()
        self._asking: dict[str, asyncio.Task[B | None]] = {}

    async def get(self, dev_eui: str, *, fresh: bool = False) -> B | None:
        """The binding; None when the server knows no such device. `fresh` asks in any case.

        Waits while the server is away.
        """
        now = asyncio.get_running_loop().time()
        until, binding = self._known.get(dev_eui, (0.0, None))
        if now < until and not fresh:
            return binding
        asking = self._asking.get(dev_eui)
        # A question that is under way may be older than the change that `fresh` is to see.
        if asking is None or fresh:
            asking = asyncio.create_task(self._ask(dev_eui))
            self._asking[dev_eui] = asking
            asking.add_done_callback(lambda done: self._asked(dev_eui, done))
        return await asyncio.shield(asking)

    async def _ask(self, dev_eui: str) -> B | None:
        try:
            answer = await self._link.call(
                self._stub.GetDeviceBinding,
                GetDeviceBindingRequest(dev_eui=dev_eui),
                GetDeviceBindingResponse,
            )
        except grpc.aio.AioRpcError as error:
            if error.code() != grpc.StatusCode.NOT_FOUND:
                raise
            self._keep(dev_eui, None, self._unknown_seconds)
            return None
        binding = self._read(answer.device_binding)
        self._keep(dev_eui, binding, self._seconds)
        return binding

    def _keep(self, dev_eui: str, binding: B | None, seconds: float) -> None:
        self._known[dev_eui] = (asyncio.get_running_loop().time() + seconds, binding)
        self._known.move_to_end(dev_eui)
        while len(self._known) > _MOST:
            self._known.popitem(last=False)

    def _asked(self, dev_eui: str, done: asyncio.Task[B | None]) -> None:
        if self._asking.get(dev_eui) is done:
            del self._asking[dev_eui]
