"""What all kinds of resources have in common, tried on each."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import grpc
import pytest
from google.protobuf.field_mask_pb2 import FieldMask

from server.platform.platform import Platform
from simba.common.v1 import types_pb2
from simba.devices.v1 import concentrator_pb2, gateway_pb2, meter_pb2, node_pb2, usage_point_pb2
from simba.devices.v1 import concentrator_service_pb2 as concentrator_pb
from simba.devices.v1 import config_profile_service_pb2 as profile_pb
from simba.devices.v1 import device_model_service_pb2 as model_pb
from simba.devices.v1 import gateway_service_pb2 as gateway_pb
from simba.devices.v1 import hierarchy_service_pb2 as node_service_pb
from simba.devices.v1 import meter_service_pb2 as meter_service_pb
from simba.devices.v1 import usage_point_service_pb2 as point_pb
from tests.support.inventory import Inventory, a_model
from tests.support.platform import RunningServer, error_of, make_tenant


@dataclass(frozen=True)
class Kind:
    """How one kind of resource is called."""

    name: str
    noun: str
    messages: Any
    stub: Callable[[Inventory], Any]
    new: Callable[[Inventory], Awaitable[Any]]
    natural: str
    """The field that must be unique."""

    @property
    def missing(self) -> str:
        return f"{self.name.upper()}_NOT_FOUND"

    def call(self, inventory: Inventory, verb: str, **fields: Any) -> Awaitable[Any]:
        noun = f"{self.noun}s" if verb == "List" else self.noun
        request = getattr(self.messages, f"{verb}{noun}Request")(**fields)
        return getattr(self.stub(inventory), f"{verb}{noun}")(request)

    async def create(self, inventory: Inventory) -> Any:
        return self.of(await self.call(inventory, "Create", **{self.name: await self.new(inventory)}))

    async def update(self, inventory: Inventory, patch: Any, *paths: str) -> Any:
        mask = FieldMask(paths=paths) if paths else None
        return self.of(await self.call(inventory, "Update", **{self.name: patch}, update_mask=mask))

    def of(self, answer: Any) -> Any:
        return getattr(answer, self.name)

    def id(self, resource: Any) -> dict[str, str]:
        return {f"{self.name}_id": getattr(resource, f"{self.name}_id")}


async def _meter(inventory: Inventory) -> meter_pb2.Meter:
    model = await inventory.model()
    return meter_pb2.Meter(device_model_id=model.device_model_id, serial_number=uuid4().hex)


async def _gateway(_: Inventory) -> gateway_pb2.Gateway:
    return gateway_pb2.Gateway(gateway_eui=uuid4().hex[:16], latitude=50.0, longitude=0.0)


async def _concentrator(_: Inventory) -> concentrator_pb2.Concentrator:
    return concentrator_pb2.Concentrator(serial_number=uuid4().hex, adapter="wum")


async def _profile(_: Inventory) -> profile_pb.ConfigProfile:
    made = profile_pb.ConfigProfile(display_name=uuid4().hex)
    made.settings.update({"report": {"interval_seconds": 900}})
    return made


async def _point(_: Inventory) -> usage_point_pb2.UsagePoint:
    return usage_point_pb2.UsagePoint(
        code=uuid4().hex, commodity=types_pb2.COMMODITY_GAS, time_zone="Europe/London"
    )


async def _node(_: Inventory) -> node_pb2.Node:
    return node_pb2.Node(hierarchy=node_pb2.HIERARCHY_GRID, kind="feeder", code=uuid4().hex)


async def _model(_: Inventory) -> Any:
    return a_model()


KINDS = [
    Kind("device_model", "DeviceModel", model_pb, lambda i: i.models, _model, "model"),
    Kind("gateway", "Gateway", gateway_pb, lambda i: i.gateways, _gateway, "gateway_eui"),
    Kind(
        "concentrator",
        "Concentrator",
        concentrator_pb,
        lambda i: i.concentrators,
        _concentrator,
        "serial_number",
    ),
    Kind("config_profile", "ConfigProfile", profile_pb, lambda i: i.profiles, _profile, "display_name"),
    Kind("meter", "Meter", meter_service_pb, lambda i: i.meters, _meter, "serial_number"),
    Kind("usage_point", "UsagePoint", point_pb, lambda i: i.points, _point, "code"),
    Kind("node", "Node", node_service_pb, lambda i: i.nodes, _node, "code"),
]


@pytest.fixture(params=KINDS, ids=lambda kind: kind.name)
def kind(request: Any) -> Kind:
    return request.param


async def refused(call: Awaitable[Any]) -> tuple[grpc.StatusCode, str, list[str]]:
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await call
    reason, _, violations = error_of(raised.value)
    return raised.value.code(), reason, [field for field, _ in violations]


async def test_life(inventory: Inventory, kind: Kind) -> None:
    made = await kind.create(inventory)
    assert made.etag
    assert made.create_time == made.update_time
    assert kind.of(await kind.call(inventory, "Get", **kind.id(made))) == made

    value = uuid4().hex[:16]
    patch = type(made)(**kind.id(made), **{kind.natural: value}, etag=made.etag)
    changed = await kind.update(inventory, patch)
    assert getattr(changed, kind.natural) == value
    assert changed.etag != made.etag
    assert await refused(kind.update(inventory, patch)) == (
        grpc.StatusCode.ABORTED, "ETAG_MISMATCH", ["etag"],
    )  # fmt: skip
    patch.etag = ""
    assert await kind.update(inventory, patch, kind.natural)

    call = kind.call(inventory, "Archive", **kind.id(made), etag=made.etag)
    assert (await refused(call))[1] == "ETAG_MISMATCH"
    await kind.call(inventory, "Archive", **kind.id(made))
    for call in (kind.update(inventory, patch), kind.call(inventory, "Archive", **kind.id(made))):
        code, reason, _ = await refused(call)
        assert (code, reason) == (grpc.StatusCode.FAILED_PRECONDITION, "RESOURCE_ARCHIVED")
    assert await listed(inventory, kind) == []
    assert await listed(inventory, kind, show_archived=True) == [kind.id(made)]


async def listed(inventory: Inventory, kind: Kind, **fields: Any) -> list[dict[str, str]]:
    found, token = [], ""
    while True:
        answer = await kind.call(inventory, "List", page_size=2, page_token=token, **fields)
        found += [kind.id(one) for one in getattr(answer, f"{kind.name}s")]
        token = answer.next_page_token
        if not token:
            return found


async def test_of_two_writers_with_one_etag_one_wins(inventory: Inventory, kind: Kind) -> None:
    made = await kind.create(inventory)
    values = [uuid4().hex[:16] for _ in range(2)]
    patches = [type(made)(**kind.id(made), **{kind.natural: value}, etag=made.etag) for value in values]
    calls = (kind.update(inventory, patch) for patch in patches)
    outcome = await asyncio.gather(*calls, return_exceptions=True)
    lost = [one for one in outcome if isinstance(one, grpc.aio.AioRpcError)]
    won = [one for one in outcome if not isinstance(one, BaseException)]
    assert [error_of(one)[0] for one in lost] == ["ETAG_MISMATCH"]
    now = kind.of(await kind.call(inventory, "Get", **kind.id(made)))
    assert [getattr(one, kind.natural) for one in won] == [getattr(now, kind.natural)]


async def test_pages(inventory: Inventory, kind: Kind) -> None:
    made = [kind.id(await kind.create(inventory)) for _ in range(5)]
    assert await listed(inventory, kind) == made
    first = await kind.call(inventory, "List", page_size=2)
    call = kind.call(inventory, "List", page_token=first.next_page_token, show_archived=True)
    assert await refused(call) == (
        grpc.StatusCode.INVALID_ARGUMENT, "PAGE_TOKEN_MISMATCH", ["page_token"],
    )  # fmt: skip
    call = kind.call(inventory, "List", page_token="forged")
    assert (await refused(call))[1] == "PAGE_TOKEN_MISMATCH"
    call = kind.call(inventory, "List", page_size=-1)
    assert await refused(call) == (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELD", ["page_size"])


async def test_masks(inventory: Inventory, kind: Kind) -> None:
    made = await kind.create(inventory)
    patch = type(made)(**kind.id(made))
    for path in ("nothing", "create_time", "etag", f"{kind.name}_id"):
        code, reason, fields = await refused(kind.update(inventory, patch, path))
        assert (code, reason) == (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELD_MASK")
        assert fields == ["update_mask"]
    code, reason, fields = await refused(kind.update(inventory, patch, kind.natural))
    assert (reason, fields) == ("INVALID_FIELD", [f"{kind.name}.{kind.natural}"])
    # No mask and nothing set: nothing to change, and nothing is.
    same = await kind.update(inventory, patch)
    assert getattr(same, kind.natural) == getattr(made, kind.natural)


async def test_ids_that_are_unknown_malformed_or_anothers(
    inventory: Inventory, kind: Kind, server: RunningServer, platform: Platform
) -> None:
    made = await kind.create(inventory)
    stranger = Inventory(server.channel((await make_tenant(platform)).secret))
    unknown = {f"{kind.name}_id": str(uuid4())}
    for who, which in ((inventory, unknown), (stranger, kind.id(made))):
        for verb in ("Get", "Archive"):
            code, reason, _ = await refused(kind.call(who, verb, **which))
            assert (code, reason) == (grpc.StatusCode.NOT_FOUND, kind.missing)
        patch = type(made)(**which, **{kind.natural: uuid4().hex[:16]})
        assert (await refused(kind.update(who, patch)))[0] == grpc.StatusCode.NOT_FOUND
    code, reason, fields = await refused(kind.call(inventory, "Get", **{f"{kind.name}_id": "seven"}))
    assert (code, reason, fields) == (
        grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELD", [f"{kind.name}_id"],
    )  # fmt: skip
    assert await listed(stranger, kind) == []


async def test_what_must_be_unique_is(
    inventory: Inventory, kind: Kind, server: RunningServer, platform: Platform
) -> None:
    new = await kind.new(inventory)
    made = kind.of(await kind.call(inventory, "Create", **{kind.name: new}))
    code, reason, fields = await refused(kind.call(inventory, "Create", **{kind.name: new}))
    assert (code, reason) == (grpc.StatusCode.ALREADY_EXISTS, "ALREADY_EXISTS")
    assert fields == [f"{kind.name}.{kind.natural}"]
    again = await kind.new(inventory)
    setattr(again, f"{kind.name}_id", kind.id(made)[f"{kind.name}_id"])
    _, reason, fields = await refused(kind.call(inventory, "Create", **{kind.name: again}))
    assert (reason, fields) == ("ALREADY_EXISTS", [f"{kind.name}.{kind.name}_id"])
    # Another tenant may use the same names.
    stranger = Inventory(server.channel((await make_tenant(platform)).secret))
    theirs = await kind.new(stranger)
    setattr(theirs, kind.natural, getattr(new, kind.natural))
    assert kind.of(await kind.call(stranger, "Create", **{kind.name: theirs})).etag


async def test_a_repeated_request_is_done_once(inventory: Inventory, kind: Kind) -> None:
    fields = {kind.name: await kind.new(inventory), "request_id": str(uuid4())}
    first = await kind.call(inventory, "Create", **fields)
    assert await kind.call(inventory, "Create", **fields) == first
    fields[kind.name] = await kind.new(inventory)
    code, reason, _ = await refused(kind.call(inventory, "Create", **fields))
    assert (code, reason) == (grpc.StatusCode.INVALID_ARGUMENT, "REQUEST_ID_REUSED")
