"""Gateways and concentrators: their lives, their settings, their clocks, and lists of them."""

from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import grpc
import pytest
from google.protobuf import json_format
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.struct_pb2 import Struct

from server.devices import provisioning
from server.devices.concentrators import Concentrators
from server.devices.configuration import Configuration
from server.devices.domain import Concentrator, Gateway
from server.devices.gateways import Gateways
from server.devices.keys import Keys
from server.devices.provisioning_rules import Task
from server.platform.errors import SimbaError
from server.platform.ids import new_id
from server.platform.platform import Platform
from simba.access.v1 import audit_service_pb2 as audit_pb
from simba.access.v1 import audit_service_pb2_grpc as audit_rpc
from simba.common.v1 import types_pb2
from simba.devices.v1 import concentrator_service_pb2 as concentrator_pb
from simba.devices.v1 import config_profile_service_pb2 as profile_pb
from simba.devices.v1 import device_binding_service_pb2 as binding_pb
from simba.devices.v1 import device_state_pb2 as states
from simba.devices.v1 import gateway_pb2, provisioning_pb2, tag_pb2
from simba.devices.v1 import gateway_service_pb2 as pb
from simba.devices.v1 import network_health_service_pb2 as health_pb
from tests.support.inventory import Inventory, stamp
from tests.support.platform import error_of

NOW = datetime.now(UTC).replace(microsecond=0)
EUI = "00112233445566"


async def refused(call: Awaitable[Any]) -> tuple[str, list[str]]:
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await call
    reason, _, violations = error_of(raised.value)
    return reason, [field for field, _ in violations]


def struct(**values: Any) -> Struct:
    made = Struct()
    made.update(values)
    return made


async def update(inventory: Inventory, gateway_id: str, *paths: str, **fields: Any) -> gateway_pb2.Gateway:
    gateway = gateway_pb2.Gateway(gateway_id=gateway_id, **fields)
    request = pb.UpdateGatewayRequest(gateway=gateway, update_mask=FieldMask(paths=paths))
    return (await inventory.gateways.UpdateGateway(request)).gateway


async def report(inventory: Inventory, gateway: gateway_pb2.Gateway, **values: Any) -> None:
    status = binding_pb.DeviceStatus(
        kind=health_pb.DEVICE_KIND_GATEWAY,
        address=gateway.gateway_eui,
        **{"seen_time": stamp(NOW), **values},
    )
    request = binding_pb.ReportDeviceStatusRequest(statuses=[status])
    assert (await inventory.bindings.ReportDeviceStatus(request)).known == 1


async def test_everything_of_a_gateway_is_kept_and_can_be_changed(inventory: Inventory) -> None:
    made = await inventory.gateway(
        display_name="roof",
        latitude=51.5,
        longitude=-0.1,
        stats_interval={"seconds": 60},
        managed=True,
        configuration={"desired": struct(report={"interval_seconds": 60})},
        tags={"mast": "7"},
    )
    assert made.configuration.desired_version == 1
    assert made.stats_interval.seconds == 60
    changed = await update(
        inventory,
        made.gateway_id,
        "stats_interval",
        "configuration.desired",
        configuration={"desired": struct(report={"interval_seconds": 90})},
    )
    assert (changed.configuration.desired_version, changed.HasField("stats_interval")) == (2, False)
    assert (changed.display_name, changed.managed, dict(changed.tags)) == ("roof", True, {"mast": "7"})
    # The same settings again are no change of them.
    same = await update(
        inventory, made.gateway_id, "configuration.desired", configuration=changed.configuration
    )
    assert same.configuration.desired_version == 2


async def test_what_a_gateway_cannot_be(inventory: Inventory) -> None:
    made = await inventory.gateway(managed=True)
    assert await refused(update(inventory, made.gateway_id, "managed")) == (
        "INVALID_FIELD", ["gateway.managed"],
    )  # fmt: skip
    assert await refused(inventory.gateway(place_id=str(uuid4()))) == ("NODE_NOT_FOUND", [])
    bad = {"desired": struct(clock={"max_offset_ms": "much"})}
    assert await refused(inventory.gateway(configuration=bad)) == (
        "INVALID_FIELD", ["gateway.configuration.desired.clock.max_offset_ms"],
    )  # fmt: skip
    assert await refused(update(inventory, made.gateway_id, "configuration.desired", configuration=bad)) == (
        "INVALID_FIELD", ["gateway.configuration.desired.clock.max_offset_ms"],
    )  # fmt: skip
    for path in ("configuration.reported", "configuration", "state", "last_seen_time"):
        assert (await refused(update(inventory, made.gateway_id, path)))[0] == "INVALID_FIELD_MASK"


@pytest.mark.parametrize("kind", ["gateway", "concentrator"])
async def test_life(inventory: Inventory, kind: str) -> None:
    noun, stub = kind.capitalize(), getattr(inventory, f"{kind}s")
    messages: Any = pb if kind == "gateway" else concentrator_pb
    made = await getattr(inventory, kind)()
    key = f"{kind}_id"

    async def call(verb: str, **fields: Any) -> Any:
        request = getattr(messages, f"{verb}{noun}Request")(**{key: getattr(made, key)}, **fields)
        return getattr(await getattr(stub, f"{verb}{noun}")(request), kind)

    assert made.state == states.DEVICE_STATE_IN_STOCK
    assert (await refused(call("Resume")))[0] == "STATE_TRANSITION_INVALID"
    assert (await refused(call("Undelete")))[0] == "STATE_TRANSITION_INVALID"
    assert (await refused(call("Suspend", etag="x")))[0] == "ETAG_MISMATCH"
    suspended = await call("Suspend", etag=made.etag)
    assert suspended.state == states.DEVICE_STATE_SUSPENDED
    assert suspended.etag != made.etag
    assert (await call("Resume", etag=suspended.etag)).state == states.DEVICE_STATE_IN_STOCK
    assert (await call("Return")).state == states.DEVICE_STATE_RETURNED
    for verb in ("Return", "Suspend", "Resume"):
        assert (await refused(call(verb)))[0] == "STATE_TRANSITION_INVALID"
    archived = await call("Archive")
    assert (archived.state, archived.archived) == (states.DEVICE_STATE_ARCHIVED, True)
    for verb in ("Return", "Suspend", "Resume", "Archive"):
        assert (await refused(call(verb)))[0] == "RESOURCE_ARCHIVED"
    assert (await refused(call("Undelete", etag="x")))[0] == "ETAG_MISMATCH"
    assert (await call("Undelete", etag=archived.etag)).state == states.DEVICE_STATE_RETURNED


async def test_a_gateway_that_is_heard_is_in_use(inventory: Inventory) -> None:
    made = await inventory.gateway()
    await report(inventory, made)
    found = (await inventory.gateways.GetGateway(pb.GetGatewayRequest(gateway_id=made.gateway_id))).gateway
    assert (found.state, found.last_seen_time) == (states.DEVICE_STATE_ACTIVE, stamp(NOW))


async def test_a_managed_gateway_is_made_known_to_the_network_server(
    inventory: Inventory, platform: Platform, tenant: UUID
) -> None:
    made = await inventory.gateway(managed=True, display_name="roof")
    assert made.state == states.DEVICE_STATE_PROVISIONING
    assert made.provisioning.state == provisioning_pb2.PROVISIONING_STATE_PROVISIONING
    gateway_id = UUID(made.gateway_id)

    async def task() -> Task:
        async with platform.uow() as tx:
            return (await provisioning.of_devices(tx, [gateway_id]))[gateway_id]

    async def failed() -> None:
        async with platform.uow() as tx:
            await provisioning.change(tx, gateway_id, {"state": "FAILED", "reason": "PROVISIONING_FAILED"})

    first = await task()
    assert (first.address, first.desired["display_name"], first.present) == (made.gateway_eui, "roof", True)
    await update(inventory, made.gateway_id, tags={"mast": "7"})
    assert (await task()).generation == first.generation
    await update(inventory, made.gateway_id, display_name="tower")
    assert (await task()).desired["display_name"] == "tower"

    await failed()
    listing = pb.ListGatewaysRequest(state=states.DEVICE_STATE_FAILED)
    (shown,) = (await inventory.gateways.ListGateways(listing)).gateways
    assert (shown.gateway_id, shown.state) == (made.gateway_id, states.DEVICE_STATE_FAILED)
    assert not (
        await inventory.gateways.ListGateways(pb.ListGatewaysRequest(state=states.DEVICE_STATE_IN_STOCK))
    ).gateways
    retry = pb.RetryGatewayProvisioningRequest(gateway_id=made.gateway_id)
    tried = (await inventory.gateways.RetryGatewayProvisioning(retry)).gateway
    assert tried.provisioning.state == provisioning_pb2.PROVISIONING_STATE_PROVISIONING

    suspend = pb.SuspendGatewayRequest(gateway_id=made.gateway_id)
    await inventory.gateways.SuspendGateway(suspend)
    assert (await task()).desired["suspended"]
    await inventory.gateways.ReturnGateway(pb.ReturnGatewayRequest(gateway_id=made.gateway_id))
    assert not (await task()).present
    plain = await inventory.gateway()
    assert plain.provisioning.state == provisioning_pb2.PROVISIONING_STATE_UNMANAGED


async def test_an_eui_of_an_archived_gateway_is_free_and_cannot_be_had_twice(inventory: Inventory) -> None:
    first = await inventory.gateway()
    await inventory.gateways.ArchiveGateway(pb.ArchiveGatewayRequest(gateway_id=first.gateway_id))
    second = await inventory.gateway(gateway_eui=first.gateway_eui)
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.gateways.UndeleteGateway(pb.UndeleteGatewayRequest(gateway_id=first.gateway_id))
    reason, metadata, violations = error_of(raised.value)
    assert (reason, metadata["conflicting_id"]) == ("ALREADY_EXISTS", second.gateway_id)
    assert [field for field, _ in violations] == ["gateway.gateway_eui"]


async def test_drift_is_what_is_not_reported_as_desired(inventory: Inventory) -> None:
    made = await inventory.gateway(
        configuration={"desired": struct(radio={"power": 14, "channels": [1, 2]}, log="info")}
    )

    async def drift() -> pb.GetGatewayConfigDriftResponse:
        request = pb.GetGatewayConfigDriftRequest(gateway_id=made.gateway_id)
        return await inventory.gateways.GetGatewayConfigDrift(request)

    first = await drift()
    assert [(one.path, one.desired, one.reported) for one in first.drifts] == [
        ("log", '"info"', ""),
        ("radio.channels", "[1,2]", ""),
        ("radio.power", "14", ""),
    ]
    assert not first.configuration.HasField("report_time")
    told = struct(radio={"power": 14.0, "channels": [1]}, log="info", firmware="1.2")
    await report(inventory, made, reported_configuration=told)
    await report(
        inventory, made, reported_configuration=struct(old=1), seen_time=stamp(NOW - timedelta(hours=1))
    )
    second = await drift()
    assert [(one.path, one.reported) for one in second.drifts] == [("radio.channels", "[1]")]
    assert (second.configuration.drifted, second.configuration.report_time) == (True, stamp(NOW))
    assert json_format.MessageToDict(second.configuration.reported)["firmware"] == "1.2"
    await update(
        inventory,
        made.gateway_id,
        "configuration.desired",
        configuration={"desired": struct(radio={"channels": [1]})},
    )
    third = await drift()
    assert (list(third.drifts), third.configuration.drifted) == ([], False)
    # What is reported stands beside the settings; an update does not lose it.
    assert third.configuration.report_time == stamp(NOW)


async def a_profile(inventory: Inventory, **settings: Any) -> str:
    profile = profile_pb.ConfigProfile(display_name=uuid4().hex, settings=struct(**settings))
    request = profile_pb.CreateConfigProfileRequest(config_profile=profile)
    return (await inventory.profiles.CreateConfigProfile(request)).config_profile.config_profile_id


async def test_a_profile_gives_many_gateways_its_settings(inventory: Inventory) -> None:
    profile_id = await a_profile(inventory, report={"interval_seconds": 60}, old=None)
    first = await inventory.gateway(configuration={"desired": struct(own=1, old=2)})
    second = await inventory.gateway(configuration={"desired": struct(report={"interval_seconds": 60})})

    async def apply(*ids: str) -> pb.ApplyGatewayConfigProfileResponse:
        request = pb.ApplyGatewayConfigProfileRequest(config_profile_id=profile_id, gateway_ids=ids)
        return await inventory.gateways.ApplyGatewayConfigProfile(request)

    # The one that has them already does not change.
    given = (await apply(second.gateway_id, first.gateway_id)).gateways
    assert [one.gateway_id for one in given] == [second.gateway_id, first.gateway_id]
    assert [one.configuration.desired_version for one in given] == [1, 2]
    assert [one.etag == before.etag for one, before in zip(given, (second, first), strict=True)] == [
        True,
        False,
    ]
    assert json_format.MessageToDict(given[1].configuration.desired) == {
        "own": 1.0,
        "report": {"interval_seconds": 60.0},
    }

    # All or none.
    third = await inventory.gateway()
    assert (await refused(apply(third.gateway_id, str(uuid4()))))[0] == "GATEWAY_NOT_FOUND"
    archived = await inventory.gateway()
    await inventory.gateways.ArchiveGateway(pb.ArchiveGatewayRequest(gateway_id=archived.gateway_id))
    assert (await refused(apply(third.gateway_id, archived.gateway_id)))[0] == "RESOURCE_ARCHIVED"
    same = (await inventory.gateways.GetGateway(pb.GetGatewayRequest(gateway_id=third.gateway_id))).gateway
    assert same == third
    await inventory.profiles.ArchiveConfigProfile(
        profile_pb.ArchiveConfigProfileRequest(config_profile_id=profile_id)
    )
    assert (await refused(apply(third.gateway_id)))[0] == "RESOURCE_ARCHIVED"
    profile_id = str(uuid4())
    assert (await refused(apply(third.gateway_id)))[0] == "CONFIG_PROFILE_NOT_FOUND"


async def test_a_profile_for_a_thousand_is_a_few_statements_and_a_change_of_each(
    inventory: Inventory, channel: grpc.aio.Channel, platform: Platform, tenant: UUID
) -> None:
    profile_id = await a_profile(inventory, log="debug")
    async with platform.uow() as tx:
        made = await Gateways(platform.uow).create_many(
            tx, [Gateway(gateway_id=new_id(), gateway_eui=f"{number:016x}") for number in range(1000)]
        )
    ids = [str(one.gateway_id) for one in made if isinstance(one, Gateway)]
    request = pb.ApplyGatewayConfigProfileRequest(config_profile_id=profile_id, gateway_ids=ids)
    given = (await inventory.gateways.ApplyGatewayConfigProfile(request)).gateways
    assert [one.gateway_id for one in given] == ids
    assert {one.configuration.desired_version for one in given} == {1}


async def test_clocks_are_held_against_what_is_tolerated(inventory: Inventory) -> None:
    made = await inventory.gateway(configuration={"desired": struct(clock={"max_offset_ms": 500})})

    async def clock() -> Any:
        request = pb.GetGatewayClockStatusRequest(gateway_id=made.gateway_id)
        return (await inventory.gateways.GetGatewayClockStatus(request)).clock_status

    unknown = await clock()
    assert (unknown.HasField("offset_ms"), unknown.exceeded, unknown.max_offset_ms) == (False, False, 500)
    await report(inventory, made, clock_offset_ms=501, clock_uncertainty_ms=40)
    measured = await clock()
    assert (measured.offset_ms, measured.uncertainty_ms, measured.exceeded) == (501, 40, True)
    # A later word without a measurement does not forget the one before.
    await report(inventory, made, seen_time=stamp(NOW + timedelta(seconds=1)))
    assert (await clock()).offset_ms == 501


async def test_lists_are_narrowed(inventory: Inventory) -> None:
    plain, heard, suspended, returned, archived, tagged = [await inventory.gateway() for _ in range(6)]
    await report(inventory, heard, seen_time=stamp(NOW - timedelta(hours=2)))
    await inventory.gateways.SuspendGateway(pb.SuspendGatewayRequest(gateway_id=suspended.gateway_id))
    await inventory.gateways.ReturnGateway(pb.ReturnGatewayRequest(gateway_id=returned.gateway_id))
    await inventory.gateways.ArchiveGateway(pb.ArchiveGatewayRequest(gateway_id=archived.gateway_id))
    name = types_pb2.ExternalId(system="crm", value=uuid4().hex)
    await update(inventory, tagged.gateway_id, tags={"mast": "7"}, external_ids=[name])

    async def listed(**fields: Any) -> list[str]:
        answer = await inventory.gateways.ListGateways(pb.ListGatewaysRequest(**fields))
        return [one.gateway_id for one in answer.gateways]

    living = [one.gateway_id for one in (plain, heard, suspended, returned, tagged)]
    assert await listed() == living
    by_state = {
        states.DEVICE_STATE_IN_STOCK: [plain, tagged],
        states.DEVICE_STATE_ACTIVE: [heard],
        states.DEVICE_STATE_SUSPENDED: [suspended],
        states.DEVICE_STATE_RETURNED: [returned],
        states.DEVICE_STATE_ARCHIVED: [archived],
        states.DEVICE_STATE_REPLACED: [],
        states.DEVICE_STATE_FAILED: [],
        states.DEVICE_STATE_PROVISIONING: [],
    }
    for state, expected in by_state.items():
        for show in (False, True):
            assert await listed(state=state, show_archived=show) == [one.gateway_id for one in expected]
    assert await listed(gateway_eui=heard.gateway_eui) == [heard.gateway_id]
    assert await listed(tag=tag_pb2.Tag(key="mast")) == [tagged.gateway_id]
    assert await listed(tag=tag_pb2.Tag(key="mast", value="7")) == [tagged.gateway_id]
    assert await listed(tag=tag_pb2.Tag(key="mast", value="8")) == []
    assert await listed(external_id=name) == [tagged.gateway_id]
    never = [one.gateway_id for one in (plain, suspended, returned, tagged)]
    assert await listed(last_seen_before=stamp(NOW - timedelta(hours=2))) == never
    # Silent the longest first.
    assert await listed(last_seen_before=stamp(NOW)) == [*never, heard.gateway_id]
    assert archived.gateway_id in await listed(last_seen_before=stamp(NOW), show_archived=True)


async def test_many_at_once_stand_for_themselves(
    inventory: Inventory, platform: Platform, tenant: UUID
) -> None:
    there = await inventory.gateway()

    def new(eui: str = "", **others: Any) -> Gateway:
        return Gateway(gateway_id=new_id(), gateway_eui=eui or uuid4().hex[:16], **others)

    batch = [
        new(configuration=Configuration(desired={"log": "info"})),
        new(there.gateway_eui),
        new(place_id=new_id()),
        new(configuration=Configuration(desired={"a.b": 1})),
        new(),
    ]
    async with platform.uow() as tx:
        outcome = await Gateways(platform.uow).create_many(tx, batch)
    reasons = [one.reason if isinstance(one, SimbaError) else "" for one in outcome]
    assert reasons == ["", "ALREADY_EXISTS", "NODE_NOT_FOUND", "INVALID_FIELD", ""]
    assert isinstance(outcome[0], Gateway)
    assert outcome[0].configuration.desired_version == 1
    stored = await inventory.gateways.ListGateways(pb.ListGatewaysRequest())
    assert len(stored.gateways) == 3


async def test_concentrators_names_are_unique_in_the_installation(
    inventory: Inventory, platform: Platform, tenant: UUID
) -> None:
    identity = f"urn:simba:dc:{uuid4().hex}"
    made = await inventory.concentrator(identity=identity)
    assert await refused(inventory.concentrator(identity=identity)) == (
        "ALREADY_EXISTS", ["concentrator.identity"],
    )  # fmt: skip
    twin = Concentrator(concentrator_id=new_id(), serial_number="S", adapter="wum", identity=identity)
    async with platform.uow() as tx:
        (outcome,) = await Concentrators(platform.uow, Keys(platform.secrets)).create_many(tx, [twin])
    assert isinstance(outcome, SimbaError)
    assert outcome.metadata["conflicting_id"] == made.concentrator_id


async def test_history_tells_what_became_of_a_gateway(
    inventory: Inventory, channel: grpc.aio.Channel, worker: object
) -> None:
    made = await inventory.gateway(display_name="old")
    await update(inventory, made.gateway_id, display_name="new")
    await inventory.gateways.SuspendGateway(pb.SuspendGatewayRequest(gateway_id=made.gateway_id))
    await inventory.gateways.ReturnGateway(pb.ReturnGatewayRequest(gateway_id=made.gateway_id))
    profile_id = await a_profile(inventory, log="debug")
    await inventory.gateways.ApplyGatewayConfigProfile(
        pb.ApplyGatewayConfigProfileRequest(config_profile_id=profile_id, gateway_ids=[made.gateway_id])
    )
    audit = audit_rpc.AuditServiceStub(channel)
    request = audit_pb.ListChangesRequest(resource_id=made.gateway_id)
    changes = (await audit.ListChanges(request)).changes
    assert sorted(one.action for one in changes) == sorted(
        ["created", "updated", "suspended", "returned", "configured"]
    )
    (updated,) = [one for one in changes if one.action == "updated"]
    assert [(one.path, one.before, one.after) for one in updated.fields] == [
        ("display_name", '"old"', '"new"')
    ]
