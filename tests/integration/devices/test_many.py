"""Many resources at once: each stands for itself, and refusals name the field and the other."""

import pytest

from server.devices.domain import Concentrator, Gateway
from server.devices.stores import concentrators, gateways
from server.platform.caller import acting_as
from server.platform.external_names import ExternalId
from server.platform.ids import new_id
from server.platform.platform import Platform
from server.platform.resource_store import Taken
from tests.support.platform import TestTenant, make_tenant


def a_gateway(eui: str, *names: str) -> Gateway:
    given = tuple(ExternalId("cis", name) for name in names)
    return Gateway(gateway_id=new_id(), gateway_eui=eui, external_ids=given)


@pytest.fixture
async def mine(platform: Platform) -> TestTenant:
    return await make_tenant(platform)


async def test_the_good_ones_are_kept_whatever_is_beside_them(platform: Platform, mine: TestTenant) -> None:
    with acting_as(mine.caller):
        async with platform.uow() as tx:
            there = await gateways.insert(tx, a_gateway("0000000000000001", "A"))
        batch = [
            a_gateway("0000000000000002", "B", "C"),
            a_gateway("0000000000000001"),
            a_gateway("0000000000000003", "A"),
            a_gateway("0000000000000002"),
            a_gateway("0000000000000004", "D", "C"),
            a_gateway("0000000000000005"),
        ]
        async with platform.uow() as tx:
            outcome = await gateways.insert_many(tx, batch)
        flaws = [
            (one.violations[0].field, one.metadata.get("conflicting_id")) if isinstance(one, Taken) else None
            for one in outcome
        ]
        first = str(batch[0].gateway_id)
        assert flaws == [
            None,
            ("gateway.gateway_eui", str(there.gateway_id)),
            ("gateway.external_ids[0]", str(there.gateway_id)),
            ("gateway.gateway_eui", first),
            ("gateway.external_ids[1]", first),
            None,
        ]
        async with platform.uow() as tx:
            found = await gateways.page(tx, where=[], after=None, limit=None)
        assert {one.gateway_eui: tuple(name.value for name in one.external_ids) for one in found} == {
            "0000000000000001": ("A",),
            "0000000000000002": ("B", "C"),
            "0000000000000005": (),
        }


async def test_what_another_tenant_has_is_taken_and_not_told(platform: Platform, mine: TestTenant) -> None:
    name = new_id().hex
    theirs = await make_tenant(platform)

    def one(serial: str) -> Concentrator:
        return Concentrator(concentrator_id=new_id(), serial_number=serial, adapter="wum", identity=name)

    with acting_as(theirs.caller):
        async with platform.uow() as tx:
            await concentrators.insert(tx, one("1"))
    with acting_as(mine.caller):
        async with platform.uow() as tx:
            (refused,) = await concentrators.insert_many(tx, [one("1")])
    assert isinstance(refused, Taken)
    assert refused.violations[0].field == "concentrator.identity"
    assert "conflicting_id" not in refused.metadata


async def test_a_thousand(platform: Platform, mine: TestTenant) -> None:
    with acting_as(mine.caller):
        batch = [a_gateway(f"{number:016x}", f"G{number}") for number in range(1000)]
        async with platform.uow() as tx:
            outcome = await gateways.insert_many(tx, batch)
            assert [one.stored.version for one in outcome if isinstance(one, Gateway)] == [1] * 1000
            found = await gateways.of(tx, [one.gateway_id for one in batch])
    assert [one.external_ids for one in found] == [one.external_ids for one in batch]
