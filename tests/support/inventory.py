"""Shorthand for tests of the inventory: the stubs, and resources that need no thought."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import grpc
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from simba.common.v1 import types_pb2
from simba.devices.v1 import concentrator_pb2, device_model_pb2, gateway_pb2, node_pb2, usage_point_pb2
from simba.devices.v1 import concentrator_service_pb2 as concentrator_pb
from simba.devices.v1 import concentrator_service_pb2_grpc as concentrator_rpc
from simba.devices.v1 import config_profile_service_pb2_grpc as profile_rpc
from simba.devices.v1 import device_binding_service_pb2_grpc as binding_rpc
from simba.devices.v1 import device_model_service_pb2 as model_pb
from simba.devices.v1 import device_model_service_pb2_grpc as model_rpc
from simba.devices.v1 import gateway_service_pb2 as gateway_pb
from simba.devices.v1 import gateway_service_pb2_grpc as gateway_rpc
from simba.devices.v1 import hierarchy_service_pb2 as node_service_pb
from simba.devices.v1 import hierarchy_service_pb2_grpc as node_rpc
from simba.devices.v1 import meter_pb2 as meter_resource_pb2
from simba.devices.v1 import meter_service_pb2 as meter_pb
from simba.devices.v1 import meter_service_pb2_grpc as meter_rpc
from simba.devices.v1 import network_health_service_pb2_grpc as health_rpc
from simba.devices.v1 import pulse_module_service_pb2_grpc as module_rpc
from simba.devices.v1 import usage_point_service_pb2 as point_pb
from simba.devices.v1 import usage_point_service_pb2_grpc as point_rpc

CODEC = """
function decodeUplink(input) {
  return {data: {total: input.bytes[0] * 256 + input.bytes[1], text: "abc"}};
}
"""


class Inventory:
    """Shorthand for the calls that most tests make."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self.models = model_rpc.DeviceModelServiceStub(channel)
        self.meters = meter_rpc.MeterServiceStub(channel)
        self.modules = module_rpc.PulseModuleServiceStub(channel)
        self.points = point_rpc.UsagePointServiceStub(channel)
        self.nodes = node_rpc.HierarchyServiceStub(channel)
        self.gateways = gateway_rpc.GatewayServiceStub(channel)
        self.concentrators = concentrator_rpc.ConcentratorServiceStub(channel)
        self.profiles = profile_rpc.ConfigProfileServiceStub(channel)
        self.health = health_rpc.NetworkHealthServiceStub(channel)
        self.bindings = binding_rpc.DeviceBindingServiceStub(channel)

    async def model(self, **changed: Any) -> device_model_pb2.DeviceModel:
        answer = await self.models.CreateDeviceModel(
            model_pb.CreateDeviceModelRequest(device_model=a_model(**changed))
        )
        return answer.device_model

    async def meter(self, model_id: str, **changed: Any) -> meter_resource_pb2.Meter:
        values = {"serial_number": uuid4().hex, "dev_eui": uuid4().hex[:16], **changed}
        answer = await self.meters.CreateMeter(
            meter_pb.CreateMeterRequest(meter=meter_resource_pb2.Meter(device_model_id=model_id, **values))
        )
        return answer.meter

    async def gateway(self, **changed: Any) -> gateway_pb2.Gateway:
        made = gateway_pb2.Gateway(**{"gateway_eui": uuid4().hex[:16], **changed})
        return (await self.gateways.CreateGateway(gateway_pb.CreateGatewayRequest(gateway=made))).gateway

    async def concentrator(self, **changed: Any) -> concentrator_pb2.Concentrator:
        made = concentrator_pb2.Concentrator(**{"serial_number": uuid4().hex, "adapter": "wum", **changed})
        request = concentrator_pb.CreateConcentratorRequest(concentrator=made)
        return (await self.concentrators.CreateConcentrator(request)).concentrator

    async def point(self, **changed: Any) -> usage_point_pb2.UsagePoint:
        values = {
            "code": uuid4().hex,
            "commodity": types_pb2.COMMODITY_ELECTRICITY,
            "time_zone": "Europe/London",
            **changed,
        }
        answer = await self.points.CreateUsagePoint(
            point_pb.CreateUsagePointRequest(usage_point=usage_point_pb2.UsagePoint(**values))
        )
        return answer.usage_point

    async def node(self, **changed: Any) -> node_pb2.Node:
        values = {"hierarchy": node_pb2.HIERARCHY_PLACE, "kind": "region", "code": uuid4().hex, **changed}
        answer = await self.nodes.CreateNode(node_service_pb.CreateNodeRequest(node=node_pb2.Node(**values)))
        return answer.node

    async def install(self, point_id: str, meter_id: str, at: datetime, multiplier: str = "") -> Any:
        return await self.points.InstallMeter(
            point_pb.InstallMeterRequest(
                usage_point_id=point_id, meter_id=meter_id, install_time=stamp(at), multiplier=multiplier
            )
        )


def a_model(**changed: Any) -> device_model_pb2.DeviceModel:
    values: dict[str, Any] = {
        "manufacturer": "Test",
        "model": uuid4().hex,
        "commodity": types_pb2.COMMODITY_ELECTRICITY,
        "adapter": "chirpstack",
        "codec": device_model_pb2.Codec(script=CODEC),
        "channel_templates": [register(), interval()],
        "command_templates": [device_model_pb2.CommandTemplate(action="disconnect", answer_path="relay")],
        **changed,
    }
    return device_model_pb2.DeviceModel(**values)


def register(**changed: Any) -> device_model_pb2.ChannelTemplate:
    values: dict[str, Any] = {
        "code": "energy_total",
        "quantity": types_pb2.QUANTITY_ACTIVE_ENERGY_IMPORT,
        "kind": types_pb2.MEASUREMENT_KIND_REGISTER,
        "unit": "kWh",
        "dials": 6,
        "codec_path": "total",
        "codec_unit": "Wh",
        "max_per_hour": "40",
        **changed,
    }
    return device_model_pb2.ChannelTemplate(**values)


def interval(**changed: Any) -> device_model_pb2.ChannelTemplate:
    values: dict[str, Any] = {
        "code": "energy",
        "quantity": types_pb2.QUANTITY_ACTIVE_ENERGY_IMPORT,
        "kind": types_pb2.MEASUREMENT_KIND_INTERVAL,
        "unit": "kWh",
        "interval": Duration(seconds=1800),
        **changed,
    }
    return device_model_pb2.ChannelTemplate(**values)


def stamp(time: datetime) -> Timestamp:
    made = Timestamp()
    made.FromDatetime(time)
    return made


def at(month: int, day: int, hour: int = 0) -> datetime:
    return datetime(2013, month, day, hour, tzinfo=UTC)
