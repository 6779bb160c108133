"""What the server knows of devices, kept for a few seconds."""

from __future__ import annotations

import asyncio
import itertools
import re
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

from adapters.runtime.server import ServerLink
from simba.devices.v1.device_binding_service_pb2 import (
    BatchGetDeviceBindingsRequest,
    BatchGetDeviceBindingsResponse,
    BindingModel,
    DeviceBinding,
)
from simba.devices.v1.device_binding_service_pb2_grpc import DeviceBindingServiceStub

B = TypeVar("B")

_MOST: Final = 200_000
_MOST_ASKED: Final = 500
"""Devices of one question."""
_DEV_EUI: Final = re.compile("[0-9a-f]{16}")
_AT_ONCE: Final = 2
"""Questions under way."""


class Bindings(Generic[B]):
    """Bindings of devices by DevEUI, in the form that an adapter works with.

    `read` turns the wire's binding into that form, once per answer. Concurrent calls for one device share one
    question, and questions for several devices that come while one is under way are asked together. A device
    that the server does not know is remembered as such for a shorter while.
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
        self._waiting: dict[str, asyncio.Future[DeviceBinding | None]] = {}
        self._askers: set[asyncio.Task[Any] | None] = set()

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
        if not _DEV_EUI.fullmatch(dev_eui):
            # One that is none would cost the others their answer.
            return None
        # Whoever waits already was not asked for yet: the answer is as new as that of a question of its own.
        waiting = self._waiting.get(dev_eui)
        if waiting is None:
            waiting = self._waiting[dev_eui] = asyncio.get_running_loop().create_future()
        if len(self._askers) < _AT_ONCE:
            self._askers.add(asyncio.create_task(self._ask_waiting()))
        answer = await waiting
        binding = None if answer is None else self._read(answer)
        self._keep(dev_eui, binding, self._unknown_seconds if binding is None else self._seconds)
        return binding

    async def _ask_waiting(self) -> None:
        """Asks for all that wait, as many at once as a question takes, until nobody does."""
        try:
            while self._waiting:
                taken = dict(itertools.islice(self._waiting.items(), _MOST_ASKED))
                for dev_eui in taken:
                    del self._waiting[dev_eui]
                await self._answer(taken)
        finally:
            # Here and not once the task is told to be over: who comes in between must find nobody at work.
            self._askers.discard(asyncio.current_task())

    async def _answer(self, taken: dict[str, asyncio.Future[DeviceBinding | None]]) -> None:
        """Asks for some, and gives each its answer."""
        try:
            answer = await self._link.call(
                self._stub.BatchGetDeviceBindings,
                BatchGetDeviceBindingsRequest(dev_euis=taken),
                BatchGetDeviceBindingsResponse,
            )
            models = {one.device_model_id: one for one in answer.models}
            found = {one.dev_eui: _whole(one, models[one.device_model_id]) for one in answer.device_bindings}
        except asyncio.CancelledError:
            for one in taken.values():
                one.cancel()
            raise
        except Exception as error:  # noqa: BLE001 - those who asked are told
            for one in taken.values():
                if not one.done():
                    one.set_exception(error)
        else:
            for dev_eui, one in taken.items():
                if not one.done():
                    one.set_result(found.get(dev_eui))

    def _keep(self, dev_eui: str, binding: B | None, seconds: float) -> None:
        self._known[dev_eui] = (asyncio.get_running_loop().time() + seconds, binding)
        self._known.move_to_end(dev_eui)
        while len(self._known) > _MOST:
            self._known.popitem(last=False)

    def _asked(self, dev_eui: str, done: asyncio.Task[B | None]) -> None:
        if self._asking.get(dev_eui) is done:
            del self._asking[dev_eui]


def _whole(binding: DeviceBinding, model: BindingModel) -> DeviceBinding:
    """A binding with what its model says."""
    templates = {one.code: one for one in model.channel_templates}
    for channel in binding.channels:
        channel.channel_template.CopyFrom(templates[channel.channel_template.code])
    if model.HasField("codec"):
        binding.codec.CopyFrom(model.codec)
    binding.command_templates.extend(model.command_templates)
    binding.clock_behaviour.CopyFrom(model.clock_behaviour)
    return binding
