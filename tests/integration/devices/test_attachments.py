"""Pulse modules count for the registers of meters that cannot speak for themselves."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import grpc
import pytest_asyncio

from simba.common.v1 import types_pb2
from simba.devices.v1 import device_model_pb2, device_state_pb2, pulse_module_pb2
from simba.devices.v1 import pulse_module_service_pb2 as pb
from tests.integration.devices.test_exchanges import (
    APRIL,
    CHANGE,
    HOUR,
    MARCH,
    Field,
    hourly,
    reason,
)
from tests.support.inventory import register, stamp

WATER = types_pb2.COMMODITY_COLD_WATER
CUBIC = {
    "code": "volume",
    "quantity": types_pb2.QUANTITY_VOLUME,
    "unit": "m3",
    "codec_unit": "m3",
    "dials": 5,
    "max_per_hour": "",
}


@pytest_asyncio.fixture(loop_scope="session")
async def field(channel: grpc.aio.Channel, worker: None) -> Field:
    return Field(channel)


def pulses(code: str) -> device_model_pb2.ChannelTemplate:
    return register(
        code=code,
        quantity=types_pb2.QUANTITY_PULSE_COUNT,
        unit="1",
        codec_unit="1",
        codec_path=code,
        dials=8,
        max_per_hour="",
    )


async def a_module(field: Field) -> pulse_module_pb2.PulseModule:
    model = await field.devices.model(
        commodity=WATER, channel_templates=[pulses("in1"), pulses("in2")], command_templates=[]
    )
    wanted = pulse_module_pb2.PulseModule(
        device_model_id=model.device_model_id, serial_number=uuid4().hex, dev_eui=uuid4().hex[:16]
    )
    answer = await field.devices.modules.CreatePulseModule(pb.CreatePulseModuleRequest(pulse_module=wanted))
    return answer.pulse_module


async def a_water_meter(field: Field) -> tuple[Any, str]:
    """A mute meter, and the usage point that it is at since March."""
    model = await field.devices.model(
        commodity=WATER, channel_templates=[register(**CUBIC)], command_templates=[]
    )
    meter = await field.devices.meter(model.device_model_id, dev_eui="")
    point = await field.devices.point(commodity=WATER, time_zone="America/New_York")
    await field.devices.install(point.usage_point_id, meter.meter_id, MARCH)
    return meter, point.usage_point_id


async def attached(field: Field, module: Any, meter: Any, **changed: Any) -> pulse_module_pb2.PulseAttachment:
    values = {
        "pulse_module_id": module.pulse_module_id,
        "input": "in1",
        "meter_id": meter.meter_id,
        "code": "volume",
        "pulse_weight": "0.01",
        "initial_index": "1234.5",
        "initial_count": "100",
        "effective_from": stamp(MARCH),
        **changed,
    }
    answer = await field.devices.modules.AttachChannel(pb.AttachChannelRequest(**values))
    return answer.pulse_attachment


def counts(start: datetime, end: datetime, first: str) -> dict[datetime, Decimal]:
    return hourly(start, end, first, "7")


async def test_pulses_become_the_meters_consumption(field: Field) -> None:
    """The weight changes in the middle of the month, and then the module is exchanged for another."""
    meter, point = await a_water_meter(field)
    module, other = await a_module(field), await a_module(field)
    await attached(field, module, meter)
    later = CHANGE + timedelta(days=7)
    before = counts(MARCH, later, "100")
    await field.says(module, before, "in1")
    weighed = await field.devices.modules.SetPulseWeight(
        pb.SetPulseWeightRequest(
            pulse_module_id=module.pulse_module_id,
            input="in1",
            pulse_weight="0.1",
            effective_from=stamp(CHANGE),
        )
    )
    assert weighed.pulse_attachment.pulse_weight == "0.1"
    final = str(int(before[later]) + 5)
    del before[later]
    replaced = await field.devices.modules.ReplaceModule(
        pb.ReplaceModuleRequest(
            pulse_module_id=module.pulse_module_id,
            new_pulse_module_id=other.pulse_module_id,
            replace_time=stamp(later),
            counts=[pb.InputCounts(input="in1", new_input="in2", final_count=final, initial_count="3")],
        )
    )
    assert [one.input for one in replaced.pulse_attachments] == ["in2"]
    after = counts(later + HOUR, APRIL, "10")
    await field.says(other, after, "in2")
    used = (before[CHANGE] - 100) * Decimal("0.01")
    used += (int(final) - before[CHANGE]) * Decimal("0.1")
    used += (after[APRIL] - 3) * Decimal("0.1")
    await field.is_right(point, used)


async def test_the_index_goes_on_by_the_pulses(field: Field) -> None:
    meter, _ = await a_water_meter(field)
    module = await a_module(field)
    made = await attached(field, module, meter)
    assert (made.initial_index, made.initial_count, made.pulse_weight) == ("1234.5", "100", "0.01")
    weighed = await field.devices.modules.SetPulseWeight(
        pb.SetPulseWeightRequest(
            pulse_module_id=module.pulse_module_id,
            input="in1",
            pulse_weight="1",
            effective_from=stamp(CHANGE),
            count="300",
        )
    )
    assert weighed.pulse_attachment.initial_index == "1236.5"


async def test_neither_input_nor_register_counts_twice(field: Field) -> None:
    (meter, _), (second, _) = [await a_water_meter(field) for _ in range(2)]
    module, other = await a_module(field), await a_module(field)
    await attached(field, module, meter)
    for twice in (
        attached(field, module, second),
        attached(field, other, meter),
        attached(field, module, second, effective_from=stamp(MARCH - HOUR)),
    ):
        assert (await reason(twice))[0] == "ATTACHMENT_OVERLAP"
    await attached(field, module, second, input="in2")
    ended = await field.devices.modules.DetachChannel(
        pb.DetachChannelRequest(
            pulse_module_id=module.pulse_module_id, input="in1", effective_to=stamp(CHANGE)
        )
    )
    assert ended.pulse_attachment.period.HasField("end")
    await attached(field, other, meter, effective_from=stamp(CHANGE))


async def test_what_cannot_be_attached(field: Field) -> None:
    meter, _ = await a_water_meter(field)
    module = await a_module(field)
    for changed, name in (
        ({"input": "in9"}, "input"),
        ({"code": "energy"}, "code"),
        ({"pulse_weight": "0"}, "pulse_weight"),
    ):
        assert (await reason(attached(field, module, meter, **changed)))[1] == [name]
    missing = pb.DetachChannelRequest(
        pulse_module_id=module.pulse_module_id, input="in1", effective_to=stamp(CHANGE)
    )
    assert (await reason(field.devices.modules.DetachChannel(missing)))[0] == "NOT_ATTACHED"


async def test_attachments_are_listed(field: Field) -> None:
    meter, _ = await a_water_meter(field)
    module = await a_module(field)
    first = await attached(field, module, meter)
    await field.devices.modules.DetachChannel(
        pb.DetachChannelRequest(
            pulse_module_id=module.pulse_module_id, input="in1", effective_to=stamp(CHANGE)
        )
    )
    second = await attached(field, module, meter, input="in2", effective_from=stamp(CHANGE))

    async def found(**which: Any) -> list[str]:
        answer = await field.devices.modules.ListAttachments(pb.ListAttachmentsRequest(**which))
        return [one.pulse_attachment_id for one in answer.pulse_attachments]

    both = [second.pulse_attachment_id, first.pulse_attachment_id]
    assert await found(meter_id=meter.meter_id) == await found(pulse_module_id=module.pulse_module_id) == both
    assert await found(meter_id=meter.meter_id, as_of=stamp(MARCH)) == both[1:]
    assert await found(meter_id=meter.meter_id, as_of=stamp(CHANGE)) == both[:1]


async def test_a_module_is_active_while_it_counts(field: Field) -> None:
    meter, _ = await a_water_meter(field)
    module, other = await a_module(field), await a_module(field)

    async def states() -> list[int]:
        found = [
            await field.devices.modules.GetPulseModule(
                pb.GetPulseModuleRequest(pulse_module_id=one.pulse_module_id)
            )
            for one in (module, other)
        ]
        return [one.pulse_module.state for one in found]

    async def listed(**which: Any) -> list[str]:
        answer = await field.devices.modules.ListPulseModules(pb.ListPulseModulesRequest(**which))
        return [one.pulse_module_id for one in answer.pulse_modules]

    stock, active, replaced = (
        device_state_pb2.DEVICE_STATE_IN_STOCK,
        device_state_pb2.DEVICE_STATE_ACTIVE,
        device_state_pb2.DEVICE_STATE_REPLACED,
    )
    assert await states() == [stock, stock]
    await attached(field, module, meter)
    assert await states() == [active, stock]
    assert await listed(state=active) == await listed(meter_id=meter.meter_id) == [module.pulse_module_id]
    assert await listed(state=stock) == [other.pulse_module_id]
    await field.devices.modules.ReplaceModule(
        pb.ReplaceModuleRequest(
            pulse_module_id=module.pulse_module_id,
            new_pulse_module_id=other.pulse_module_id,
            replace_time=stamp(CHANGE),
        )
    )
    assert await states() == [replaced, active]
    assert await listed(meter_id=meter.meter_id) == [other.pulse_module_id]
