"""Bindings are asked for together, and each caller gets the own."""

import asyncio
from types import SimpleNamespace
from typing import Any

import grpc
import grpc.aio
import pytest

from adapters.runtime.bindings import Bindings
from simba.devices.v1 import device_binding_service_pb2 as pb
from simba.devices.v1 import device_model_pb2

CODE = device_model_pb2.ChannelTemplate(code="energy")


class Link:
    """The server: knows devices with an even number, and counts what it is asked."""

    def __init__(self) -> None:
        self.channel = grpc.aio.insecure_channel("127.0.0.1:1")
        self.questions: list[list[str]] = []
        self.refusal: Exception | None = None

    async def call(self, method: Any, request: Any, answer: Any) -> Any:
        del method
        self.questions.append(list(request.dev_euis))
        await asyncio.sleep(0.01)
        if self.refusal is not None:
            raise self.refusal
        template = device_model_pb2.ChannelTemplate(code="energy", unit="kWh")
        return answer(
            device_bindings=[
                pb.DeviceBinding(
                    dev_eui=one,
                    device_model_id="m",
                    channels=[pb.ChannelBinding(channel=int(one, 16), channel_template=CODE)],
                )
                for one in request.dev_euis
                if int(one, 16) % 2 == 0
            ],
            models=[
                pb.BindingModel(
                    device_model_id="m",
                    codec=device_model_pb2.Codec(script="x"),
                    channel_templates=[template],
                )
            ],
        )


def bindings(link: Link, **others: Any) -> Bindings[Any]:
    def read(wire: pb.DeviceBinding) -> Any:
        (channel,) = wire.channels
        return SimpleNamespace(
            eui=wire.dev_eui,
            channel=channel.channel,
            unit=channel.channel_template.unit,
            script=wire.codec.script,
        )

    return Bindings(link, read, **others)


def eui(number: int) -> str:
    return f"{number:016x}"


async def test_many_devices_are_few_questions():
    link = Link()
    known = bindings(link)
    found = await asyncio.gather(*(known.get(eui(n)) for n in range(1200)))
    for n, one in enumerate(found):
        assert (one is None) == (n % 2 == 1)
        if one is not None:
            assert (one.eui, one.channel, one.unit, one.script) == (eui(n), n, "kWh", "x")
    assert max(map(len, link.questions)) <= 500
    assert len(link.questions) <= 4
    assert sorted(one for asked in link.questions for one in asked) == [eui(n) for n in range(1200)]
    # Kept, those that nobody knows too.
    await asyncio.gather(*(known.get(eui(n)) for n in range(1200)))
    assert len(link.questions) <= 4


async def test_fresh_is_asked_after_it_was_wanted():
    link = Link()
    known = bindings(link)
    first = asyncio.create_task(known.get(eui(2)))
    await asyncio.sleep(0.005)
    await asyncio.gather(first, known.get(eui(2), fresh=True))
    assert link.questions == [[eui(2)], [eui(2)]]


async def test_a_refusal_reaches_everybody_who_waits_and_nobody_later():
    link = Link()
    known = bindings(link)
    link.refusal = RuntimeError("defect")
    found = await asyncio.gather(*(known.get(eui(n)) for n in (2, 4)), return_exceptions=True)
    assert [str(one) for one in found] == ["defect", "defect"]
    link.refusal = None
    assert (await known.get(eui(2))).channel == 2


@pytest.mark.parametrize("text", ["", "xyz", "00112233445566", "0011223344556677889", "00112233445566AA"])
async def test_what_is_no_address_is_nobodys(text):
    link = Link()
    assert await bindings(link).get(text) is None
    assert link.questions == []


async def test_nobody_waits_for_an_asker_that_is_leaving():
    """Questions in every step of the loop around the end of the one before: each gets its answer."""
    link = Link()
    known = bindings(link)

    async def ask(number: int) -> Any:
        for _ in range(number % 7):
            await asyncio.sleep(0)
        await known.get(eui(2 * number))
        for _ in range(number % 5):
            await asyncio.sleep(0)
        return await known.get(eui(2 * number + 100_000))

    async with asyncio.timeout(10):
        found = await asyncio.gather(*(ask(number) for number in range(200)))
    assert [one.channel for one in found] == [2 * number + 100_000 for number in range(200)]
