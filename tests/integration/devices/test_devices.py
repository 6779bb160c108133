"""The inventory over gRPC, on the real engines."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import grpc
import numpy as np
import pytest
from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp

from server.devices.directory import Directory
from server.platform.platform import Platform
from simba.common.v1 import types_pb2
from simba.devices.v1 import device_binding_service_pb2 as binding_pb
from simba.devices.v1 import device_binding_service_pb2_grpc as binding_rpc
from simba.devices.v1 import device_model_pb2, gateway_pb2, meter_pb2, node_pb2, usage_point_pb2
from simba.devices.v1 import device_model_service_pb2 as model_pb
from simba.devices.v1 import device_model_service_pb2_grpc as model_rpc
from simba.devices.v1 import gateway_service_pb2 as gateway_pb
from simba.devices.v1 import gateway_service_pb2_grpc as gateway_rpc
from simba.devices.v1 import hierarchy_service_pb2 as node_service_pb
from simba.devices.v1 import hierarchy_service_pb2_grpc as node_rpc
from simba.devices.v1 import meter_service_pb2 as meter_pb
from simba.devices.v1 import meter_service_pb2_grpc as meter_rpc
from simba.devices.v1 import usage_point_service_pb2 as point_pb
from simba.devices.v1 import usage_point_service_pb2_grpc as point_rpc
from tests.support.platform import RunningServer, error_of, make_tenant

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
        self.points = point_rpc.UsagePointServiceStub(channel)
        self.nodes = node_rpc.HierarchyServiceStub(channel)
        self.gateways = gateway_rpc.GatewayServiceStub(channel)
        self.bindings = binding_rpc.DeviceBindingServiceStub(channel)

    async def model(self, **changed: Any) -> device_model_pb2.DeviceModel:
        answer = await self.models.CreateDeviceModel(
            model_pb.CreateDeviceModelRequest(device_model=a_model(**changed))
        )
        return answer.device_model

    async def meter(self, model_id: str, **changed: Any) -> meter_pb2.Meter:
        values = {"serial_number": uuid4().hex, "dev_eui": uuid4().hex[:16], **changed}
        answer = await self.meters.CreateMeter(
            meter_pb.CreateMeterRequest(meter=meter_pb2.Meter(device_model_id=model_id, **values))
        )
        return answer.meter

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


@pytest.fixture
def inventory(channel: grpc.aio.Channel) -> Inventory:
    return Inventory(channel)


async def test_a_meter_gets_a_channel_for_each_template(inventory: Inventory) -> None:
    model = await inventory.model()
    meter = await inventory.meter(model.device_model_id)
    assert [one.code for one in meter.channels] == ["energy_total", "energy"]
    assert len({one.channel for one in meter.channels}) == 2
    assert meter.state == meter_pb2.METER_STATE_IN_STOCK
    assert meter.channels[1].interval.seconds == 1800
    again = await inventory.meters.GetMeter(meter_pb.GetMeterRequest(meter_id=meter.meter_id))
    assert again.meter == meter


async def test_what_a_new_meter_needs_is_asked_for_by_name(inventory: Inventory) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.meters.CreateMeter(
            meter_pb.CreateMeterRequest(meter=meter_pb2.Meter(dev_eui="NOT-AN-EUI"))
        )
    reason, _, violations = error_of(raised.value)
    assert raised.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert reason == "INVALID_FIELD"
    assert {field for field, _ in violations} == {
        "meter.dev_eui",
        "meter.device_model_id",
        "meter.serial_number",
    }
    assert any("NOT-AN-EUI" in description for _, description in violations)


async def test_an_address_is_given_to_one_meter_only(inventory: Inventory) -> None:
    model = await inventory.model()
    meter = await inventory.meter(model.device_model_id)
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.meter(model.device_model_id, dev_eui=meter.dev_eui)
    assert raised.value.code() == grpc.StatusCode.ALREADY_EXISTS
    assert error_of(raised.value)[2] == [("meter.dev_eui", f"'{meter.dev_eui}' is taken")]
    archived = await inventory.meters.ArchiveMeter(meter_pb.ArchiveMeterRequest(meter_id=meter.meter_id))
    assert archived.meter.state == meter_pb2.METER_STATE_ARCHIVED
    assert (await inventory.meter(model.device_model_id, dev_eui=meter.dev_eui)).dev_eui == meter.dev_eui


async def test_external_names_find_a_meter_and_name_it_once(inventory: Inventory) -> None:
    model = await inventory.model()
    name = types_pb2.ExternalId(system="cis", value=uuid4().hex)
    meter = await inventory.meter(model.device_model_id, external_ids=[name])
    listed = await inventory.meters.ListMeters(meter_pb.ListMetersRequest(external_id=name))
    assert [one.meter_id for one in listed.meters] == [meter.meter_id]
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.meter(model.device_model_id, external_ids=[name])
    assert error_of(raised.value)[1]["conflicting_id"] == meter.meter_id


async def test_updates_take_a_mask_and_refuse_a_stale_etag_and_an_unknown_path(inventory: Inventory) -> None:
    model = await inventory.model()
    meter = await inventory.meter(model.device_model_id, display_name="one")
    patch = meter_pb2.Meter(meter_id=meter.meter_id, display_name="two", etag=meter.etag)
    changed = (await inventory.meters.UpdateMeter(meter_pb.UpdateMeterRequest(meter=patch))).meter
    assert (changed.display_name, changed.serial_number) == ("two", meter.serial_number)
    assert changed.etag != meter.etag

    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.meters.UpdateMeter(meter_pb.UpdateMeterRequest(meter=patch))
    assert raised.value.code() == grpc.StatusCode.ABORTED
    assert error_of(raised.value)[0] == "ETAG_MISMATCH"

    for path in ("no_such_field", "channels", "device_model_id"):
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await inventory.meters.UpdateMeter(
                meter_pb.UpdateMeterRequest(
                    meter=meter_pb2.Meter(meter_id=meter.meter_id), update_mask=FieldMask(paths=[path])
                )
            )
        assert error_of(raised.value)[0] == "INVALID_FIELD_MASK"
        assert path in raised.value.details()

    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.meters.UpdateMeter(
            meter_pb.UpdateMeterRequest(
                meter=meter_pb2.Meter(meter_id=meter.meter_id), update_mask=FieldMask(paths=["serial_number"])
            )
        )
    assert [field for field, _ in error_of(raised.value)[2]] == ["meter.serial_number"]


async def test_pages_go_on_where_they_stopped_and_belong_to_their_filter(inventory: Inventory) -> None:
    model = await inventory.model()
    made = [(await inventory.meter(model.device_model_id)).meter_id for _ in range(5)]
    request = meter_pb.ListMetersRequest(page_size=2, device_model_id=model.device_model_id)
    seen = []
    while True:
        page = await inventory.meters.ListMeters(request)
        seen += [one.meter_id for one in page.meters]
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token
    assert seen == made
    other = meter_pb.ListMetersRequest(page_token=request.page_token, state=meter_pb2.METER_STATE_ACTIVE)
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.meters.ListMeters(other)
    assert error_of(raised.value)[0] == "PAGE_TOKEN_MISMATCH"


async def test_another_tenants_things_do_not_exist(
    inventory: Inventory, server: RunningServer, platform: Platform
) -> None:
    model = await inventory.model()
    meter = await inventory.meter(model.device_model_id)
    point = await inventory.point()
    stranger = Inventory(server.channel((await make_tenant(platform)).secret))
    calls = [
        stranger.meters.GetMeter(meter_pb.GetMeterRequest(meter_id=meter.meter_id)),
        stranger.meters.ArchiveMeter(meter_pb.ArchiveMeterRequest(meter_id=meter.meter_id)),
        stranger.meters.UpdateMeter(
            meter_pb.UpdateMeterRequest(meter=meter_pb2.Meter(meter_id=meter.meter_id, display_name="mine"))
        ),
        stranger.points.GetUsagePoint(point_pb.GetUsagePointRequest(usage_point_id=point.usage_point_id)),
        stranger.models.GetDeviceModel(model_pb.GetDeviceModelRequest(device_model_id=model.device_model_id)),
        stranger.bindings.GetDeviceBinding(binding_pb.GetDeviceBindingRequest(dev_eui=meter.dev_eui)),
    ]
    for call in calls:
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await call
        assert raised.value.code() == grpc.StatusCode.NOT_FOUND
    assert not (await stranger.meters.ListMeters(meter_pb.ListMetersRequest())).meters


async def test_installing_joins_register_and_interval_to_one_series(
    inventory: Inventory, platform: Platform, tenant: Any
) -> None:
    model = await inventory.model()
    meter, point = await inventory.meter(model.device_model_id), await inventory.point()
    answer = await inventory.install(point.usage_point_id, meter.meter_id, at(3, 30), "40")
    (series,) = answer.usage_point.series
    assert (series.unit, series.interval.seconds) == ("kWh", 1800)
    assert answer.installation.multiplier == "40"
    assert answer.usage_point.meter_id == meter.meter_id

    numbers = np.array([one.channel for one in meter.channels] + [2**63 + 5], dtype=np.uint64)
    found = await Directory(platform.uow).installations(tenant, numbers)
    assert {one.series for one in found} == {series.series}
    assert {(one.channel, str(one.multiplier), one.tz) for one in found} == {
        (channel.channel, "40", "Europe/London") for channel in meter.channels
    }
    known = await Directory(platform.uow).channels(tenant, numbers)
    assert [(one.kind, one.dials, one.max_per_hour_micro) for one in known] == [
        ("REGISTER", 6, 40_000_000),
        ("INTERVAL", None, None),
    ]


async def test_a_series_goes_through_an_exchange_on_the_day_of_a_clock_change(
    inventory: Inventory, platform: Platform, tenant: Any
) -> None:
    model = await inventory.model()
    old, new = await inventory.meter(model.device_model_id), await inventory.meter(model.device_model_id)
    point = await inventory.point()
    before = await inventory.install(point.usage_point_id, old.meter_id, at(1, 1))
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.install(point.usage_point_id, new.meter_id, at(3, 31, 1))
    assert error_of(raised.value)[0] == "INSTALLATION_OVERLAP"
    await inventory.points.RemoveMeter(
        point_pb.RemoveMeterRequest(usage_point_id=point.usage_point_id, remove_time=stamp(at(3, 31, 1)))
    )
    after = await inventory.install(point.usage_point_id, new.meter_id, at(3, 31, 1))
    assert list(after.usage_point.series) == list(before.usage_point.series)

    series = np.array([after.usage_point.series[0].series], dtype=np.uint64)
    periods = await Directory(platform.uow).installations_of_series(tenant, series)
    ends = {one.end for one in periods if one.channel == old.channels[0].channel}
    starts = {one.start for one in periods if one.channel == new.channels[0].channel}
    assert ends == starts == {at(3, 31, 1)}
    listed = await inventory.points.ListInstallations(
        point_pb.ListInstallationsRequest(usage_point_id=point.usage_point_id, as_of=stamp(at(3, 31, 1)))
    )
    assert [one.meter_id for one in listed.installations] == [new.meter_id]


async def test_wrong_commodity_and_wrong_unit_cannot_be_installed(inventory: Inventory) -> None:
    model = await inventory.model()
    water = await inventory.point(commodity=types_pb2.COMMODITY_COLD_WATER)
    meter = await inventory.meter(model.device_model_id)
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.install(water.usage_point_id, meter.meter_id, at(1, 1))
    assert error_of(raised.value)[2][0][0] == "meter_id"

    point = await inventory.point()
    await inventory.install(point.usage_point_id, meter.meter_id, at(1, 1))
    await inventory.points.RemoveMeter(
        point_pb.RemoveMeterRequest(usage_point_id=point.usage_point_id, remove_time=stamp(at(2, 1)))
    )
    in_wh = await inventory.model(channel_templates=[interval(unit="Wh")])
    other = await inventory.meter(in_wh.device_model_id)
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.install(point.usage_point_id, other.meter_id, at(2, 1))
    assert error_of(raised.value)[0] == "UNIT_MISMATCH"


async def test_a_meter_in_use_is_not_archived(inventory: Inventory) -> None:
    model = await inventory.model()
    meter, point = await inventory.meter(model.device_model_id), await inventory.point()
    await inventory.install(point.usage_point_id, meter.meter_id, at(1, 1))
    for call in (
        inventory.meters.ArchiveMeter(meter_pb.ArchiveMeterRequest(meter_id=meter.meter_id)),
        inventory.points.ArchiveUsagePoint(
            point_pb.ArchiveUsagePointRequest(usage_point_id=point.usage_point_id)
        ),
        inventory.models.ArchiveDeviceModel(
            model_pb.ArchiveDeviceModelRequest(device_model_id=model.device_model_id)
        ),
    ):
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await call
        assert error_of(raised.value)[0] == "RESOURCE_IN_USE"


async def test_nodes_make_trees_without_circles(
    inventory: Inventory, platform: Platform, tenant: Any
) -> None:
    region = await inventory.node()
    district = await inventory.node(kind="district", parent_id=region.node_id)
    building = await inventory.node(kind="building", parent_id=district.node_id)
    point = await inventory.point(place_id=building.node_id)
    outside = await inventory.point()
    listed = await inventory.points.ListUsagePoints(point_pb.ListUsagePointsRequest(place_id=region.node_id))
    assert [one.usage_point_id for one in listed.usage_points] == [point.usage_point_id]
    assert outside.usage_point_id not in {one.usage_point_id for one in listed.usage_points}
    under = await Directory(platform.uow).usage_points_under(tenant, __import__("uuid").UUID(region.node_id))
    assert [str(one) for one in under] == [point.usage_point_id]

    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.nodes.UpdateNode(
            node_service_pb.UpdateNodeRequest(
                node=node_pb2.Node(node_id=region.node_id, parent_id=building.node_id)
            )
        )
    assert error_of(raised.value)[0] == "HIERARCHY_CYCLE"
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.node(hierarchy=node_pb2.HIERARCHY_GRID, kind="feeder", parent_id=region.node_id)
    assert error_of(raised.value)[2][0][0] == "node.parent_id"


async def test_models_say_all_that_is_wrong_with_them(inventory: Inventory) -> None:
    bad = a_model(
        channel_templates=[
            interval(unit="furlong"),
            interval(interval=Duration(seconds=1700)),
            register(code="r", codec_path="a[].b", codec_time_path="c[].t"),
        ]
    )
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.models.CreateDeviceModel(model_pb.CreateDeviceModelRequest(device_model=bad))
    violations = error_of(raised.value)[2]
    assert {field for field, _ in violations} == {
        "device_model.channel_templates",
        "device_model.channel_templates[0].unit",
        "device_model.channel_templates[1].interval",
        "device_model.channel_templates[2].codec_time_path",
    }
    assert any("furlong" in description for _, description in violations)


async def test_a_new_script_is_the_next_version_and_new_templates_give_channels(inventory: Inventory) -> None:
    model = await inventory.model()
    assert (model.codec.version, len(model.codec.sha256)) == (1, 64)
    meter = await inventory.meter(model.device_model_id)
    patch = device_model_pb2.DeviceModel(
        device_model_id=model.device_model_id,
        codec=device_model_pb2.Codec(script=CODEC + "\n// mended"),
        channel_templates=[*model.channel_templates, register(code="second", codec_path="text")],
    )
    changed = (
        await inventory.models.UpdateDeviceModel(model_pb.UpdateDeviceModelRequest(device_model=patch))
    ).device_model
    assert changed.codec.version == 2
    now = (await inventory.meters.GetMeter(meter_pb.GetMeterRequest(meter_id=meter.meter_id))).meter
    assert [one.code for one in now.channels] == ["energy_total", "energy", "second"]
    assert list(now.channels[:2]) == list(meter.channels)

    patch.ClearField("codec")
    del patch.channel_templates[0]
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.models.UpdateDeviceModel(model_pb.UpdateDeviceModelRequest(device_model=patch))
    assert "energy_total" in raised.value.details()


async def test_a_binding_is_what_an_adapter_needs(inventory: Inventory) -> None:
    model = await inventory.model()
    meter = await inventory.meter(model.device_model_id)
    request = binding_pb.GetDeviceBindingRequest(dev_eui=meter.dev_eui)
    binding = (await inventory.bindings.GetDeviceBinding(request)).device_binding
    assert binding.codec.script == CODEC
    assert [one.channel for one in binding.channels] == [one.channel for one in meter.channels]
    assert binding.channels[0].channel_template.codec_unit == "Wh"
    assert [one.action for one in binding.command_templates] == ["disconnect"]
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.bindings.GetDeviceBinding(binding_pb.GetDeviceBindingRequest(dev_eui="00" * 8))
    assert error_of(raised.value)[0] == "UNKNOWN_DEVICE"


async def test_the_newest_news_of_a_device_stays(inventory: Inventory) -> None:
    model = await inventory.model()
    meter = await inventory.meter(model.device_model_id)
    eui = uuid4().hex[:16]
    gateway = (
        await inventory.gateways.CreateGateway(
            gateway_pb.CreateGatewayRequest(gateway=gateway_pb2.Gateway(gateway_eui=eui))
        )
    ).gateway

    async def report(time: datetime, **values: Any) -> int:
        status = binding_pb.DeviceStatus(dev_eui=meter.dev_eui, seen_time=stamp(time), **values)
        stranger = binding_pb.DeviceStatus(dev_eui="ff" * 8, seen_time=stamp(time))
        answer = await inventory.bindings.ReportDeviceStatus(
            binding_pb.ReportDeviceStatusRequest(statuses=[status, stranger])
        )
        return answer.known

    assert await report(at(5, 2), battery_level=80.0, gateway_eui=eui, network_address="app-1") == 1
    await report(at(5, 3))
    await report(at(5, 1), battery_level=99.0)
    now = (await inventory.meters.GetMeter(meter_pb.GetMeterRequest(meter_id=meter.meter_id))).meter
    assert (now.battery_level, now.last_seen_time.ToDatetime(UTC)) == (80.0, at(5, 3))
    heard = await inventory.gateways.GetGateway(gateway_pb.GetGatewayRequest(gateway_id=gateway.gateway_id))
    assert heard.gateway.last_seen_time.ToDatetime(UTC) == at(5, 2)
    silent = await inventory.meters.ListMeters(
        meter_pb.ListMetersRequest(last_seen_before=stamp(at(5, 3)), dev_eui=meter.dev_eui)
    )
    assert not silent.meters
    request = binding_pb.GetDeviceBindingRequest(dev_eui=meter.dev_eui)
    assert (await inventory.bindings.GetDeviceBinding(request)).device_binding.network_address == "app-1"


async def test_codecs_are_tried_in_the_sandbox(inventory: Inventory) -> None:
    model = await inventory.model(
        channel_templates=[
            register(),
            register(code="text", quantity=20, unit="m3", codec_path="text", codec_unit=""),
        ]
    )
    answer = await inventory.models.TestCodec(
        model_pb.TestCodecRequest(device_model_id=model.device_model_id, f_port=1, payload=bytes([1, 2]))
    )
    assert answer.data["total"] == 258
    assert [(one.channel_code, one.value, one.unit) for one in answer.readings] == [
        ("energy_total", "0.258", "kWh")
    ]
    assert len(answer.mapping_errors) == 1
    assert "abc" in answer.mapping_errors[0]


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("function decodeUplink(input) { while (true) {} }", "CODEC_TIMEOUT"),
        (
            "function decodeUplink(input) { const all = []; while (true) all.push(new Array(1e6).fill(1)); }",
            "CODEC_OUT_OF_MEMORY",
        ),
        ("function decodeUplink(input) { return input.bytes[99].x; }", "CODEC_FAILED"),
        ("this is not a script", "CODEC_FAILED"),
    ],
)
async def test_a_bad_codec_is_told_as_such_and_costs_nobody(
    inventory: Inventory, script: str, reason: str
) -> None:
    bad = a_model(codec=device_model_pb2.Codec(script=script))
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.models.TestCodec(
            model_pb.TestCodecRequest(device_model=bad, f_port=1, payload=b"\x01\x02")
        )
    assert raised.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert error_of(raised.value)[0] == reason
    assert error_of(raised.value)[2][0][0] == "device_model.codec.script"
    good = await inventory.models.TestCodec(
        model_pb.TestCodecRequest(device_model=a_model(), f_port=1, payload=b"\x01\x02")
    )
    assert good.data["total"] == 258


async def test_the_same_request_id_makes_one_meter(inventory: Inventory) -> None:
    model = await inventory.model()
    request = meter_pb.CreateMeterRequest(
        meter=meter_pb2.Meter(device_model_id=model.device_model_id, serial_number=uuid4().hex),
        request_id=str(uuid4()),
    )
    one, two = await inventory.meters.CreateMeter(request), await inventory.meters.CreateMeter(request)
    assert one == two
    request.meter.serial_number = uuid4().hex
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.meters.CreateMeter(request)
    assert error_of(raised.value)[0] == "REQUEST_ID_REUSED"
