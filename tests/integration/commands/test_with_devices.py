"""Commands and the real inventory: what a meter's model and life say about what it can be told."""

from uuid import uuid4

import grpc
import pytest

from simba.commands.v1 import command_pb2
from simba.commands.v1 import command_service_pb2 as pb
from simba.commands.v1.command_service_pb2_grpc import CommandServiceStub
from simba.devices.v1 import device_model_pb2
from simba.devices.v1 import meter_service_pb2 as meter_pb
from tests.support.inventory import Inventory, at
from tests.support.platform import RunningServer, error_of, make_tenant

DISCONNECT = command_pb2.COMMAND_ACTION_DISCONNECT
CONNECT = command_pb2.COMMAND_ACTION_CONNECT


async def submit(channel: grpc.aio.Channel, meter_id: str, action: int = DISCONNECT) -> command_pb2.Command:
    request = pb.SubmitCommandRequest(command=command_pb2.Command(meter_id=meter_id, action=action))
    return (await CommandServiceStub(channel).SubmitCommand(request)).command


async def refusal(call) -> tuple[grpc.StatusCode, str]:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return caught.value.code(), error_of(caught.value)[0]


async def test_the_inventory_decides_what_a_meter_can_be_told(
    server: RunningServer, channel: grpc.aio.Channel
):
    inventory = Inventory(channel)
    model = await inventory.model(
        command_templates=[device_model_pb2.CommandTemplate(action="disconnect", confirmed=True)]
    )
    meter = await inventory.meter(model.device_model_id)
    point = await inventory.point()
    await inventory.install(point.usage_point_id, meter.meter_id, at(1, 1))

    accepted = await submit(channel, meter.meter_id)
    assert accepted.usage_point_id == point.usage_point_id
    unsupported = (grpc.StatusCode.FAILED_PRECONDITION, "CAPABILITY_UNSUPPORTED")
    assert await refusal(submit(channel, meter.meter_id, CONNECT)) == unsupported

    unknown = (grpc.StatusCode.NOT_FOUND, "METER_NOT_FOUND")
    assert await refusal(submit(channel, str(uuid4()))) == unknown
    stranger = await make_tenant(server.application.platform)
    assert await refusal(submit(server.channel(stranger.secret), meter.meter_id)) == unknown

    retired = await inventory.meter(model.device_model_id)
    await inventory.meters.ArchiveMeter(meter_pb.ArchiveMeterRequest(meter_id=retired.meter_id))
    archived = (grpc.StatusCode.FAILED_PRECONDITION, "RESOURCE_ARCHIVED")
    assert await refusal(submit(channel, retired.meter_id)) == archived
