"""Every filter of the lists of gateways and concentrators, and of their health, is answered by an index."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
import sqlalchemy as sa

from server.devices import contacts, provisioning, tables
from server.devices.concentrators import Concentrators
from server.devices.directory import Directory
from server.devices.domain import Concentrator, DeviceStatus, Gateway
from server.devices.field_device_filter import FieldDeviceFilter
from server.devices.gateways import Gateways
from server.devices.health import HealthFilter, NetworkHealth
from server.devices.keys import Keys
from server.platform.caller import acting_as
from server.platform.ids import new_id
from server.platform.platform import Platform
from server.platform.resource_store import ExternalId
from server.platform.settings import Settings
from server.readings.queries.completeness import Completeness
from tests.support.plans import analyze, plans_of
from tests.support.platform import TestTenant, make_tenant

COUNT, FEW = 3000, 5
NOW = datetime.now(UTC)
TABLES = ("gateway", "concentrator", "contact", "tag", "device_external_id", "provisioning", "meter")

Make = Callable[[Platform], Awaitable[Any]]


def gateway(number: int) -> Gateway:
    few = number % (COUNT // FEW) == 0
    return Gateway(
        gateway_id=new_id(),
        gateway_eui=f"{number:016x}",
        managed=few,
        tags={"few": "yes"} if few else {"many": "yes"},
        external_ids=(ExternalId("crm", f"{number}"),),
    )


def concentrator(number: int) -> Concentrator:
    few = number % (COUNT // FEW) == 0
    return Concentrator(
        concentrator_id=new_id(),
        serial_number=f"S{number}",
        identity=f"urn:simba:dc:plan{number}",
        adapter="wum",
        tags={"few": "yes"} if few else {"many": "yes"},
    )


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def full(platform: Platform, settings: Settings) -> TestTenant:
    """A tenant with thousands of each, nearly all of which were heard; a few are otherwise."""
    made = await make_tenant(platform)
    with acting_as(made.caller):
        async with platform.uow() as tx:
            await Gateways(platform.uow).create_many(tx, [gateway(number) for number in range(COUNT)])
        async with platform.uow() as tx:
            await Concentrators(platform.uow, Keys(platform.secrets)).create_many(
                tx, [concentrator(n) for n in range(COUNT)]
            )
        async with platform.uow() as tx:
            silent = COUNT // FEW
            news = [
                DeviceStatus(
                    kind=kind,
                    address=address,
                    seen_time=NOW - timedelta(minutes=number),
                    battery_level=1.0 if number % silent == 1 else 90.0,
                )
                for number in range(COUNT)
                if number % silent
                for kind, address in (
                    ("GATEWAY", f"{number:016x}"),
                    ("CONCENTRATOR", f"urn:simba:dc:plan{number}"),
                )
            ]
            await contacts.record(tx, news)
        async with platform.uow() as tx:
            for table in (tables.gateway, tables.concentrator):
                key = table.c[f"{table.name}_id"]
                some = sa.select(key).where(table.c.tenant_id == tx.tenant_id).order_by(key).limit(FEW)
                returned = sa.update(table).values(life="RETURNED").where(key.in_(some))
                await tx.conn.execute(returned.where(table.c.tenant_id == tx.tenant_id))
            failed = sa.select(tables.gateway.c.gateway_id).where(
                tables.gateway.c.tenant_id == tx.tenant_id, tables.gateway.c.managed
            )
            for device_id in list(await tx.conn.scalars(failed)):
                await provisioning.change(tx, device_id, {"state": "FAILED"})
    analyze(settings.postgres_dsn, *TABLES)
    return made


FILTERS = {
    "none": {},
    "archived": {"archived": True},
    "tag": {"tag": ("few", "yes")},
    "any value of a tag": {"tag": ("few", "")},
    "returned": {"state": "RETURNED"},
    "suspended": {"state": "SUSPENDED"},
    "replaced": {"state": "REPLACED"},
    "active": {"state": "ACTIVE"},
    "in stock": {"state": "IN_STOCK"},
    "never or long ago": {"last_seen_before": NOW - timedelta(minutes=COUNT - FEW)},
    "name": {"external_id": ExternalId("crm", "7")},
}
OF_GATEWAYS = {
    **FILTERS,
    "number": {"number": f"{7:016x}"},
    "failed": {"state": "FAILED"},
    "provisioning": {"state": "PROVISIONING"},
}
OF_CONCENTRATORS = {**FILTERS, "number": {"number": "S7"}}


@pytest.mark.parametrize("which", OF_GATEWAYS.values(), ids=OF_GATEWAYS)
async def test_gateways(platform: Platform, full: TestTenant, which: dict[str, Any]) -> None:
    with acting_as(full.caller):
        await _found_by_index(
            platform, Gateways(platform.uow).page(FieldDeviceFilter(**which), after=None, limit=51)
        )


@pytest.mark.parametrize(
    "which", {**FILTERS, **OF_CONCENTRATORS}.values(), ids={**FILTERS, **OF_CONCENTRATORS}
)
async def test_concentrators(platform: Platform, full: TestTenant, which: dict[str, Any]) -> None:
    with acting_as(full.caller):
        await _found_by_index(
            platform,
            Concentrators(platform.uow, Keys(platform.secrets)).page(
                FieldDeviceFilter(**which), after=None, limit=51
            ),
        )


HEALTH = {
    "none": {},
    "silent": {"silent_since": NOW - timedelta(minutes=COUNT - FEW)},
    "battery": {"battery_below": 5.0},
}


@pytest.mark.parametrize("kind", ["GATEWAY", "CONCENTRATOR"])
@pytest.mark.parametrize("which", HEALTH.values(), ids=HEALTH)
async def test_health(platform: Platform, full: TestTenant, kind: str, which: dict[str, Any]) -> None:
    with acting_as(full.caller):
        health = NetworkHealth(platform.uow, Completeness(platform.store, Directory(platform.uow)))
        await _found_by_index(platform, health.page(HealthFilter(kind=kind, **which), after=None, limit=51))
        after = (NOW - timedelta(minutes=COUNT // 2), UUID(int=0))
        await _found_by_index(platform, health.page(HealthFilter(kind=kind, **which), after=after, limit=51))


async def _found_by_index(platform: Platform, work: Awaitable[object]) -> None:
    plans = await plans_of(platform, work)
    assert plans
    for plan in plans:
        assert not plan.scanned, (plan.sql, plan.root)
        assert plan.wasted <= COUNT // 10, (plan.sql, plan.root)
