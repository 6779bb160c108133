"""Device models: imported as files bring them, brought back, listed, their scripts told."""

from uuid import uuid4

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration

from simba.common.v1 import error_reason_pb2, types_pb2
from simba.devices.v1 import device_model_pb2
from simba.devices.v1 import device_model_service_pb2 as pb
from tests.support.inventory import CODEC, Inventory, a_model, interval, register
from tests.support.platform import error_of

CREATED, UPDATED = pb.IMPORT_ACTION_CREATED, pb.IMPORT_ACTION_UPDATED
UNCHANGED, REFUSED = pb.IMPORT_ACTION_UNCHANGED, pb.IMPORT_ACTION_REFUSED


async def bring(
    inventory: Inventory, *models: device_model_pb2.DeviceModel, validate_only: bool = False
) -> list[pb.ImportedDeviceModel]:
    request = pb.ImportDeviceModelsRequest(device_models=models, validate_only=validate_only)
    return list((await inventory.models.ImportDeviceModels(request)).items)


def lorawan(**changed: object) -> device_model_pb2.LorawanProfile:
    values = {"region": "EU868", "mac_version": "1.0.3", "reg_params_revision": "A", **changed}
    return device_model_pb2.LorawanProfile(**values)


async def test_an_import_makes_changes_and_leaves_alone(inventory: Inventory) -> None:
    first, second = a_model(lorawan=lorawan(supports_class_c=True)), a_model()
    made = await bring(inventory, first, second)
    assert [one.action for one in made] == [CREATED, CREATED]
    assert [one.action for one in await bring(inventory, first, second)] == [UNCHANGED, UNCHANGED]

    second.codec.script = CODEC + "// mended"
    second.channel_templates.append(register(code="second", codec_path="text"))
    changed = await bring(inventory, first, second)
    assert [one.action for one in changed] == [UNCHANGED, UPDATED]
    now = changed[1].device_model
    assert now.device_model_id == made[1].device_model.device_model_id
    assert now.codec.version == 2
    assert changed[0].device_model.etag == made[0].device_model.etag
    again = await bring(inventory, *[one.device_model for one in changed])
    assert [one.action for one in again] == [UNCHANGED, UNCHANGED]


async def test_every_model_stands_for_itself(inventory: Inventory) -> None:
    known = await inventory.model()
    other_commodity = a_model(model=known.model, commodity=types_pb2.COMMODITY_GAS)
    gone = await inventory.model()
    await inventory.models.ArchiveDeviceModel(
        pb.ArchiveDeviceModelRequest(device_model_id=gone.device_model_id)
    )
    twin = a_model()
    items = await bring(
        inventory,
        a_model(),
        a_model(manufacturer=""),
        a_model(channel_templates=[interval(unit="furlong")]),
        a_model(codec=device_model_pb2.Codec(script="this is not a script")),
        other_commodity,
        a_model(model=gone.model),
        twin,
        twin,
        a_model(lorawan=lorawan(region="eu868")),
        a_model(),
    )
    assert [one.action for one in items] == [CREATED, *[REFUSED] * 8, CREATED]
    reasons = [error_reason_pb2.ErrorReason.Name(one.error.reason)[13:] for one in items[1:9]]
    assert reasons == [
        "INVALID_FIELD",
        "INVALID_FIELD",
        "CODEC_FAILED",
        "INVALID_FIELD",
        "RESOURCE_ARCHIVED",
        "INVALID_FIELD",
        "INVALID_FIELD",
        "INVALID_FIELD",
    ]
    assert items[1].error.violations[0].field == "device_models[1].manufacturer"
    assert items[2].error.violations[0].field == "device_models[2].channel_templates[0].unit"
    assert "furlong" in items[2].error.violations[0].description
    assert items[8].error.violations[0].field == "device_models[8].lorawan.region"
    assert not items[3].HasField("device_model")
    found = await inventory.models.ListDeviceModels(
        pb.ListDeviceModelsRequest(manufacturer="Test", page_size=1000)
    )
    stored = {one.model for one in found.device_models}
    assert {items[0].device_model.model, items[9].device_model.model} <= stored
    assert twin.model not in stored


async def test_validate_only_says_what_would_be_and_stores_nothing(inventory: Inventory) -> None:
    known = await inventory.model()
    new, changed = a_model(), device_model_pb2.DeviceModel()
    changed.CopyFrom(known)
    changed.codec.script = CODEC + "// other"
    bad = a_model(adapter="wum", lorawan=lorawan())
    items = await bring(inventory, new, changed, bad, validate_only=True)
    assert [one.action for one in items] == [CREATED, UPDATED, REFUSED]
    assert items[1].device_model.codec.version == 2
    stored = await inventory.models.GetDeviceModel(
        pb.GetDeviceModelRequest(device_model_id=known.device_model_id)
    )
    assert stored.device_model == known
    assert [one.action for one in await bring(inventory, new, known)] == [CREATED, UNCHANGED]


async def test_an_archived_model_comes_back(inventory: Inventory) -> None:
    model = await inventory.model()
    request = pb.UndeleteDeviceModelRequest(device_model_id=model.device_model_id)
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.models.UndeleteDeviceModel(request)
    assert error_of(raised.value)[0] == "STATE_TRANSITION_INVALID"
    gone = await inventory.models.ArchiveDeviceModel(
        pb.ArchiveDeviceModelRequest(device_model_id=model.device_model_id)
    )
    request.etag = gone.device_model.etag
    back = (await inventory.models.UndeleteDeviceModel(request)).device_model
    assert not back.archived
    assert (await inventory.meter(back.device_model_id)).device_model_id == model.device_model_id


async def test_scripts_are_told_newest_first_and_no_number_twice(inventory: Inventory) -> None:
    model = await inventory.model()

    async def give(script: str) -> device_model_pb2.DeviceModel:
        patch = device_model_pb2.DeviceModel(device_model_id=model.device_model_id)
        if script:
            patch.codec.script = script
        answer = await inventory.models.UpdateDeviceModel(
            pb.UpdateDeviceModelRequest(device_model=patch, update_mask={"paths": ["codec"]})  # type: ignore[arg-type]
        )
        return answer.device_model

    await give(CODEC + "// 2")
    assert not (await give("")).HasField("codec")
    assert (await give(CODEC)).codec.version == 3
    assert (await give(CODEC)).codec.version == 3
    told, token = [], ""
    while True:
        page = await inventory.models.ListCodecVersions(
            pb.ListCodecVersionsRequest(device_model_id=model.device_model_id, page_size=1, page_token=token)
        )
        told += page.codec_versions
        token = page.next_page_token
        if not token:
            break
    assert [one.codec.version for one in told] == [3, 2, 1]
    assert [one.codec.script for one in told] == [CODEC, CODEC + "// 2", CODEC]
    assert told[0].create_time.ToDatetime() >= told[2].create_time.ToDatetime()
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.models.ListCodecVersions(pb.ListCodecVersionsRequest(device_model_id=str(uuid4())))
    assert error_of(raised.value)[0] == "DEVICE_MODEL_NOT_FOUND"


async def test_models_by_maker_adapter_and_commodity(inventory: Inventory) -> None:
    maker = f"Maker {uuid4()}"
    water = types_pb2.COMMODITY_COLD_WATER
    plain = {"codec": None, "channel_templates": [], "command_templates": []}
    await inventory.model(manufacturer=maker)
    await inventory.model(manufacturer=maker, adapter="wum", **plain)
    await inventory.model(manufacturer=maker, adapter="wum", commodity=water, **plain)

    async def count(**filters: object) -> int:
        page = await inventory.models.ListDeviceModels(
            pb.ListDeviceModelsRequest(manufacturer=maker, **filters)  # type: ignore[arg-type]
        )
        return len(page.device_models)

    assert [await count(), await count(adapter="wum"), await count(adapter="wum", commodity=water)] == [
        3,
        2,
        1,
    ]


async def test_a_template_without_a_reading_type_gets_the_one_that_it_is(inventory: Inventory) -> None:
    model = await inventory.model(channel_templates=[register(obis="1-0:1.8.1*255")])
    assert model.channel_templates[0].reading_type == "0.0.0.1.1.1.12.0.0.0.0.1.0.0.0.3.72.0"
    meter = await inventory.meter(model.device_model_id)
    assert meter.channels[0].reading_type == model.channel_templates[0].reading_type


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"lorawan": lorawan(region="EU999")}, "lorawan.region"),
        ({"lorawan": lorawan(mac_version="1.1.3")}, "lorawan.mac_version"),
        ({"lorawan": lorawan(class_c_timeout=Duration(seconds=5))}, "lorawan.class_c_timeout"),
        ({"lorawan": lorawan(), "adapter": "wum"}, "lorawan"),
        ({"clock_behaviour": {"observes_dst": True}}, "clock_behaviour.observes_dst"),
        ({"clock_behaviour": {"time_zone": "Mars/Base"}}, "clock_behaviour.time_zone"),
        (
            {"command_templates": [{"action": "arm", "answer_value": "1"}]},
            "command_templates[0].answer_value",
        ),
        ({"command_templates": [{"action": "arm", "downlink": {"a": 1}}]}, "codec.script"),
    ],
)
async def test_what_a_model_cannot_be(inventory: Inventory, changed: dict[str, object], field: str) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.model(**changed)
    assert error_of(raised.value)[2][0][0] == f"device_model.{field}"


async def test_a_lorawan_profile_is_kept_and_changed(inventory: Inventory) -> None:
    profile = lorawan(
        supports_class_c=True,
        class_c_timeout=Duration(seconds=7),
        uplink_interval=Duration(seconds=3600),
        flush_queue_on_activate=True,
    )
    model = await inventory.model(lorawan=profile)
    assert model.lorawan == profile
    patch = device_model_pb2.DeviceModel(
        device_model_id=model.device_model_id, lorawan=lorawan(region="RU864")
    )
    changed = await inventory.models.UpdateDeviceModel(pb.UpdateDeviceModelRequest(device_model=patch))
    assert changed.device_model.lorawan.region == "RU864"
