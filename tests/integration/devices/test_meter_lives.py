"""Meters and pulse modules: their lives, keys, batches, filters, settings and history."""

import asyncio
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import grpc
import pytest
from google.protobuf.struct_pb2 import Struct

from server.devices.keys import Keys
from server.platform.platform import Platform
from simba.access.v1 import audit_service_pb2 as audit_pb
from simba.access.v1 import audit_service_pb2_grpc as audit_rpc
from simba.common.v1 import error_reason_pb2, types_pb2
from simba.devices.v1 import concentrator_service_pb2 as concentrator_pb
from simba.devices.v1 import config_profile_service_pb2 as profile_pb
from simba.devices.v1 import device_binding_service_pb2 as binding_pb
from simba.devices.v1 import device_keys_pb2, meter_pb2, provisioning_pb2, pulse_module_pb2, tag_pb2
from simba.devices.v1 import device_state_pb2 as states
from simba.devices.v1 import meter_service_pb2 as pb
from simba.devices.v1 import pulse_module_service_pb2 as module_pb
from simba.devices.v1 import usage_point_service_pb2 as point_pb
from tests.support.inventory import Inventory, register, stamp
from tests.support.platform import error_of

NOW = datetime.now(UTC).replace(microsecond=0)
KEY, OTHER = "AB" * 16, "cd" * 16


async def refused(call: Awaitable[Any]) -> tuple[str, list[str]]:
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await call
    reason, _, violations = error_of(raised.value)
    return reason, [field for field, _ in violations]


def struct(**values: Any) -> Struct:
    made = Struct()
    made.update(values)
    return made


def pulses(**changed: Any) -> Any:
    values = {"code": "input1", "quantity": types_pb2.QUANTITY_PULSE_COUNT, "unit": "1", "codec_unit": ""}
    return register(**{**values, "max_per_hour": "", **changed})


async def a_module(inventory: Inventory, **changed: Any) -> pulse_module_pb2.PulseModule:
    if "device_model_id" not in changed:
        model = await inventory.model(channel_templates=[pulses()], command_templates=[])
        changed["device_model_id"] = model.device_model_id
    values = {"serial_number": uuid4().hex, "dev_eui": uuid4().hex[:16], **changed}
    request = module_pb.CreatePulseModuleRequest(pulse_module=pulse_module_pb2.PulseModule(**values))
    return (await inventory.modules.CreatePulseModule(request)).pulse_module


async def get(inventory: Inventory, meter_id: str) -> meter_pb2.Meter:
    return (await inventory.meters.GetMeter(pb.GetMeterRequest(meter_id=meter_id))).meter


@pytest.fixture
async def model_id(inventory: Inventory) -> str:
    return (await inventory.model()).device_model_id


@pytest.mark.parametrize("kind", ["meter", "pulse_module"])
async def test_life(inventory: Inventory, model_id: str, kind: str) -> None:
    messages: Any = pb if kind == "meter" else module_pb
    stub: Any = inventory.meters if kind == "meter" else inventory.modules
    noun = "Meter" if kind == "meter" else "PulseModule"
    made = await (inventory.meter(model_id) if kind == "meter" else a_module(inventory))

    async def call(verb: str, **fields: Any) -> Any:
        which = {f"{kind}_id": getattr(made, f"{kind}_id")}
        request = getattr(messages, f"{verb}{noun}Request")(**which, **fields)
        return getattr(await getattr(stub, f"{verb}{noun}")(request), kind)

    assert made.state == states.DEVICE_STATE_IN_STOCK
    assert (await refused(call("Resume")))[0] == "STATE_TRANSITION_INVALID"
    suspended = await call("Suspend", etag=made.etag)
    assert suspended.state == states.DEVICE_STATE_SUSPENDED
    assert (await call("Resume", etag=suspended.etag)).state == states.DEVICE_STATE_IN_STOCK
    assert (await call("Return")).state == states.DEVICE_STATE_RETURNED
    for verb in ("Return", "Suspend", "Resume", "Undelete"):
        assert (await refused(call(verb)))[0] == "STATE_TRANSITION_INVALID"
    assert (await call("Archive")).state == states.DEVICE_STATE_ARCHIVED
    for verb in ("Return", "Suspend", "Resume", "Archive"):
        assert (await refused(call(verb)))[0] == "RESOURCE_ARCHIVED"
    assert (await call("Undelete")).state == states.DEVICE_STATE_RETURNED


async def test_a_meter_in_use_is_not_returned(inventory: Inventory, model_id: str) -> None:
    meter, point = await inventory.meter(model_id), await inventory.point()
    await inventory.install(point.usage_point_id, meter.meter_id, NOW - timedelta(days=1))
    assert (await get(inventory, meter.meter_id)).state == meter_pb2.METER_STATE_ACTIVE
    call = inventory.meters.ReturnMeter(pb.ReturnMeterRequest(meter_id=meter.meter_id))
    assert (await refused(call))[0] == "RESOURCE_IN_USE"


async def test_keys_are_kept_and_never_given_back(
    inventory: Inventory, model_id: str, platform: Platform, tenant: UUID, channel: grpc.aio.Channel
) -> None:
    keys = device_keys_pb2.DeviceKeys(app_key=KEY, others={"mbus": "00ff"})
    meter = await inventory.meter(model_id, keys=keys)
    assert not meter.HasField("keys")
    assert list(meter.key_names) == ["app_key", "mbus"]
    assert meter.state == meter_pb2.METER_STATE_PROVISIONING
    assert meter.provisioning.state == provisioning_pb2.PROVISIONING_STATE_PROVISIONING

    patch = meter_pb2.Meter(meter_id=meter.meter_id, keys=device_keys_pb2.DeviceKeys(nwk_key=OTHER))
    changed = (await inventory.meters.UpdateMeter(pb.UpdateMeterRequest(meter=patch))).meter
    assert list(changed.key_names) == ["app_key", "mbus", "nwk_key"]
    async with platform.uow() as tx:
        kept = await Keys(platform.secrets).get(tx, UUID(meter.meter_id))
    assert (kept.app_key, kept.nwk_key, dict(kept.others)) == (KEY.lower(), OTHER, {"mbus": "00ff"})

    audit = audit_rpc.AuditServiceStub(channel)
    changes = (await audit.ListChanges(audit_pb.ListChangesRequest(resource_id=meter.meter_id))).changes
    told = str(changes).lower()
    assert KEY.lower() not in told
    assert OTHER not in told
    assert [[one.path for one in change.fields if one.path == "keys"] for change in changes] == [["keys"]] * 2

    for request, field in (
        (device_keys_pb2.DeviceKeys(app_key="short"), "meter.keys.app_key"),
        (device_keys_pb2.DeviceKeys(others={"Mbus": "00"}), "meter.keys.others"),
    ):
        reason, fields = await refused(inventory.meter(model_id, keys=request))
        assert reason == "INVALID_FIELD"
        assert fields[0].startswith(field)


async def test_a_concentrator_has_keys_too(inventory: Inventory) -> None:
    made = await inventory.concentrator(keys={"others": {"link": KEY}})
    assert (list(made.key_names), made.HasField("keys")) == (["link"], False)
    request = concentrator_pb.GetConcentratorRequest(concentrator_id=made.concentrator_id)
    assert (await inventory.concentrators.GetConcentrator(request)).concentrator == made


async def test_a_batch_stands_item_by_item(inventory: Inventory, model_id: str) -> None:
    there = await inventory.meter(model_id)
    serial = uuid4().hex
    meters = [
        meter_pb2.Meter(device_model_id=model_id, serial_number=serial),
        meter_pb2.Meter(device_model_id=model_id, serial_number="x", dev_eui="not-an-eui"),
        meter_pb2.Meter(device_model_id=model_id, serial_number=uuid4().hex, dev_eui=there.dev_eui),
        meter_pb2.Meter(device_model_id=str(uuid4()), serial_number=uuid4().hex),
        meter_pb2.Meter(device_model_id=model_id, serial_number=serial),
        meter_pb2.Meter(device_model_id=model_id),
        meter_pb2.Meter(
            device_model_id=model_id,
            serial_number=uuid4().hex,
            dev_eui=uuid4().hex[:16],
            keys=device_keys_pb2.DeviceKeys(app_key=KEY),
        ),
    ]

    async def create(**fields: Any) -> pb.BatchCreateMetersResponse:
        return await inventory.meters.BatchCreateMeters(pb.BatchCreateMetersRequest(meters=meters, **fields))

    tried = await create(validate_only=True)
    listed = await inventory.meters.ListMeters(pb.ListMetersRequest())
    assert [one.meter_id for one in listed.meters] == [there.meter_id]
    answer = await create()
    for each in (tried, answer):
        assert each.created == 2
        reasons = [error_reason_pb2.ErrorReason.Name(one.error.reason)[13:] for one in each.items]
        assert reasons == [
            "UNSPECIFIED",
            "INVALID_FIELD",
            "ALREADY_EXISTS",
            "DEVICE_MODEL_NOT_FOUND",
            "ALREADY_EXISTS",
            "INVALID_FIELD",
            "UNSPECIFIED",
        ]
        fields = [[one.field for one in item.error.violations] for item in each.items]
        assert fields[1] == ["meters[1].dev_eui"]
        assert fields[2] == ["meters[2].dev_eui"]
        assert fields[4] == ["meters[4].serial_number"]
        assert fields[5] == ["meters[5].serial_number"]
    made = answer.items[0].meter
    assert len(made.channels) == 2
    assert await get(inventory, made.meter_id) == made
    assert answer.items[6].meter.state == meter_pb2.METER_STATE_PROVISIONING
    assert len({one.channel for item in answer.items for one in item.meter.channels}) == 4


async def test_lists_are_narrowed(inventory: Inventory, model_id: str) -> None:
    region = await inventory.node()
    reader = await inventory.concentrator()
    name = types_pb2.ExternalId(system="cis", value=uuid4().hex)
    plain = await inventory.meter(model_id, batch="B1", tags={"row": "7"})
    read = await inventory.meter(model_id, concentrator_id=reader.concentrator_id, external_ids=[name])
    installed = await inventory.meter(model_id)
    gone = await inventory.meter(model_id)
    point = await inventory.point(place_id=region.node_id)
    await inventory.install(point.usage_point_id, gone.meter_id, NOW - timedelta(days=9))
    await inventory.points.RemoveMeter(
        point_pb.RemoveMeterRequest(
            usage_point_id=point.usage_point_id, remove_time=stamp(NOW - timedelta(days=5))
        )
    )
    await inventory.install(point.usage_point_id, installed.meter_id, NOW - timedelta(days=4))
    planned = await inventory.meter(model_id)
    late = (await inventory.point()).usage_point_id
    await inventory.install(late, planned.meter_id, NOW + timedelta(days=4))
    archived = await inventory.meter(model_id)
    await inventory.meters.ArchiveMeter(pb.ArchiveMeterRequest(meter_id=archived.meter_id))
    status = binding_pb.DeviceStatus(dev_eui=plain.dev_eui, seen_time=stamp(NOW))
    await inventory.bindings.ReportDeviceStatus(binding_pb.ReportDeviceStatusRequest(statuses=[status]))

    async def listed(**fields: Any) -> list[str]:
        answer = await inventory.meters.ListMeters(pb.ListMetersRequest(**fields))
        return [one.meter_id for one in answer.meters]

    def ids(*meters: meter_pb2.Meter) -> list[str]:
        return [one.meter_id for one in meters]

    assert await listed() == ids(plain, read, installed, gone, planned)
    assert await listed(state=meter_pb2.METER_STATE_ACTIVE) == ids(installed)
    assert await listed(state=meter_pb2.METER_STATE_IN_STOCK) == ids(plain, read, gone, planned)
    assert await listed(state=meter_pb2.METER_STATE_ARCHIVED) == ids(archived)
    assert await listed(state=meter_pb2.METER_STATE_RETURNED) == []
    assert await listed(place_id=region.node_id) == ids(installed)
    assert await listed(grid_node_id=region.node_id) == []
    assert await listed(concentrator_id=reader.concentrator_id) == ids(read)
    assert await listed(batch="B1") == ids(plain)
    assert await listed(tag=tag_pb2.Tag(key="row")) == ids(plain)
    assert await listed(external_id=name) == ids(read)
    assert await listed(dev_eui=plain.dev_eui) == ids(plain)
    assert await listed(serial_number=gone.serial_number) == ids(gone)
    assert await listed(last_seen_before=stamp(NOW)) == ids(read, installed, gone, planned)
    assert await listed(device_model_id=str(uuid4())) == []
    assert (await refused(inventory.meter(model_id, concentrator_id=str(uuid4()))))[0] == (
        "CONCENTRATOR_NOT_FOUND"
    )
    archive = concentrator_pb.ArchiveConcentratorRequest(concentrator_id=reader.concentrator_id)
    assert (await refused(inventory.concentrators.ArchiveConcentrator(archive)))[0] == "RESOURCE_IN_USE"


async def test_settings_are_those_of_every_device(inventory: Inventory, model_id: str) -> None:
    meter = await inventory.meter(model_id, configuration={"desired": struct(log="info")})
    profile = profile_pb.ConfigProfile(display_name=uuid4().hex, settings=struct(log="debug"))
    made = await inventory.profiles.CreateConfigProfile(
        profile_pb.CreateConfigProfileRequest(config_profile=profile)
    )
    profile_id = made.config_profile.config_profile_id
    applied = await inventory.meters.ApplyMeterConfigProfile(
        pb.ApplyMeterConfigProfileRequest(config_profile_id=profile_id, meter_ids=[meter.meter_id])
    )
    assert applied.meters[0].configuration.desired_version == 2
    request = pb.GetMeterConfigDriftRequest(meter_id=meter.meter_id)
    drift = await inventory.meters.GetMeterConfigDrift(request)
    assert [(one.path, one.desired) for one in drift.drifts] == [("log", '"debug"')]
    module = await a_module(inventory)
    given = await inventory.modules.ApplyPulseModuleConfigProfile(
        module_pb.ApplyPulseModuleConfigProfileRequest(
            config_profile_id=profile_id, pulse_module_ids=[module.pulse_module_id]
        )
    )
    assert given.pulse_modules[0].configuration.desired_version == 1


async def test_the_history_of_a_meter(inventory: Inventory, model_id: str) -> None:
    meter = await inventory.meter(model_id)
    which = {"meter_id": meter.meter_id}
    await inventory.meters.SuspendMeter(pb.SuspendMeterRequest(**which))
    await inventory.meters.ResumeMeter(pb.ResumeMeterRequest(**which))
    seen, token = [], ""
    while True:
        request = pb.ListMeterHistoryRequest(page_size=1, page_token=token, **which)
        page = await inventory.meters.ListMeterHistory(request)
        seen += page.entries
        token = page.next_page_token
        if not token:
            break
    assert [one.action for one in seen] == ["resumed", "suspended", "created"]
    assert all(one.change_id and one.principal_id for one in seen)
    assert "life" in seen[1].description
    call = inventory.meters.ListMeterHistory(pb.ListMeterHistoryRequest(meter_id=str(uuid4())))
    assert (await refused(call))[0] == "METER_NOT_FOUND"


async def test_a_module_is_no_meter_and_shares_its_numbers(inventory: Inventory, model_id: str) -> None:
    module = await a_module(inventory)
    assert [one.code for one in module.channels] == ["input1"]
    assert (await refused(get(inventory, module.pulse_module_id)))[0] == "METER_NOT_FOUND"
    meter = await inventory.meter(model_id)
    call = inventory.modules.GetPulseModule(module_pb.GetPulseModuleRequest(pulse_module_id=meter.meter_id))
    assert (await refused(call))[0] == "PULSE_MODULE_NOT_FOUND"
    assert [one.meter_id for one in (await inventory.meters.ListMeters(pb.ListMetersRequest())).meters] == [
        meter.meter_id
    ]
    listed = await inventory.modules.ListPulseModules(module_pb.ListPulseModulesRequest())
    assert [one.pulse_module_id for one in listed.pulse_modules] == [module.pulse_module_id]

    taken = inventory.meter(model_id, dev_eui=module.dev_eui)
    assert await refused(taken) == ("ALREADY_EXISTS", ["meter.dev_eui"])
    taken = a_module(inventory, device_model_id=module.device_model_id, serial_number=module.serial_number)
    assert await refused(taken) == ("ALREADY_EXISTS", ["pulse_module.serial_number"])
    taken = a_module(inventory, pulse_module_id=meter.meter_id)
    assert await refused(taken) == ("ALREADY_EXISTS", ["pulse_module.pulse_module_id"])
    assert await refused(a_module(inventory, device_model_id=model_id)) == (
        "INVALID_FIELD", ["pulse_module.device_model_id"],
    )  # fmt: skip

    request = binding_pb.GetDeviceBindingRequest(dev_eui=module.dev_eui)
    binding = (await inventory.bindings.GetDeviceBinding(request)).device_binding
    assert binding.meter_id == module.pulse_module_id
    assert [one.channel for one in binding.channels] == [module.channels[0].channel]


async def test_of_two_who_want_the_same_number_one_gets_it(inventory: Inventory, model_id: str) -> None:
    serial = uuid4().hex
    calls = [inventory.meter(model_id, serial_number=serial) for _ in range(8)]
    made = await asyncio.gather(*calls, return_exceptions=True)
    assert sum(isinstance(one, meter_pb2.Meter) for one in made) == 1
    errors = [one for one in made if isinstance(one, grpc.aio.AioRpcError)]
    assert {error_of(one)[0] for one in errors} == {"ALREADY_EXISTS"}
