"""Meters: channels, addresses, names, masks, pages, tenants."""

from uuid import uuid4

import grpc
import pytest
from google.protobuf.field_mask_pb2 import FieldMask

from server.platform.platform import Platform
from simba.common.v1 import types_pb2
from simba.devices.v1 import device_binding_service_pb2 as binding_pb
from simba.devices.v1 import device_model_service_pb2 as model_pb
from simba.devices.v1 import meter_pb2
from simba.devices.v1 import meter_service_pb2 as meter_pb
from simba.devices.v1 import usage_point_service_pb2 as point_pb
from tests.support.inventory import Inventory, at
from tests.support.platform import RunningServer, error_of, make_tenant


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
    taken = f"'{meter.dev_eui}' is taken by {meter.meter_id}"
    assert error_of(raised.value)[2] == [("meter.dev_eui", taken)]
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
