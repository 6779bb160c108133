"""Every filter of the lists of meters and pulse modules is answered by an index."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
import sqlalchemy as sa

from server.devices import contacts
from server.devices.domain import ChannelTemplate, Concentrator, DeviceModel, DeviceStatus, Meter, Node
from server.devices.health import HealthFilter, NetworkHealth
from server.devices.keys import Keys
from server.devices.meter_filter import MeterFilter
from server.devices.meters import Meters
from server.devices.nodes import Nodes
from server.devices.outcomes import good
from server.devices.pulse_modules import PulseModules
from server.devices.stores import concentrators, device_models
from server.platform.caller import Caller, acting_as
from server.platform.ids import new_id
from server.platform.platform import Platform
from server.platform.resource_store import ExternalId
from server.platform.settings import Settings
from tests.support.plans import analyze, plans_of
from tests.support.platform import make_tenant

COUNT, FEW = 3000, 5
NOW = datetime.now(UTC)
TABLES = (
    *("meter", "contact", "tag", "device_external_id", "installation", "usage_point", "channel"),
    *("usage_point_position", "node_closure"),
)
_INSTALLED = (
    """
    INSERT INTO usage_point (tenant_id, usage_point_id, code, display_name, commodity, time_zone, address,
                             tags, archived, create_time, update_time, version)
    SELECT tenant_id, meter_id, serial_number, '', 'ELECTRICITY', 'UTC', '', '{}', false, now(), now(), 1
      FROM meter WHERE tenant_id = :tenant AND batch = 'installed'
    """,
    """
    INSERT INTO usage_point_position (tenant_id, usage_point_id, place_id, valid)
    SELECT tenant_id, usage_point_id, CASE WHEN row_number() OVER () <= 5 THEN :place END, '(,)'
      FROM usage_point WHERE tenant_id = :tenant
    """,
    """
    INSERT INTO installation (tenant_id, installation_id, usage_point_id, meter_id, start_time, multiplier)
    SELECT tenant_id, meter_id, meter_id, meter_id, now() - interval '1 day', 1
      FROM meter WHERE tenant_id = :tenant AND batch = 'installed'
    """,
    """
    UPDATE meter SET life = 'RETURNED' WHERE tenant_id = :tenant AND meter_id IN (
        SELECT meter_id FROM meter WHERE tenant_id = :tenant AND batch = 'stock' LIMIT 2)
    """,
)


@dataclass(frozen=True)
class Full:
    """A tenant with thousands of meters, nearly all of which are installed and were heard."""

    caller: Caller
    place_id: UUID
    concentrator_id: UUID
    few_model_id: UUID


def a_meter(number: int, model_id: UUID, few_model_id: UUID, reader: UUID) -> Meter:
    few = number % (COUNT // FEW) == 0
    return Meter(
        meter_id=new_id(),
        device_model_id=few_model_id if few else model_id,
        manufacturer="",
        serial_number=f"S{number}",
        dev_eui=f"{number:016x}",
        batch="stock" if few else "installed",
        concentrator_id=reader if few else None,
        tags={"few": "yes"} if few else {"many": "yes"},
        external_ids=(ExternalId("crm", f"{number}"),),
    )


def a_model(name: str) -> DeviceModel:
    inputs = ChannelTemplate(code="input", quantity="PULSE_COUNT", kind="REGISTER", unit="1")
    return DeviceModel(
        device_model_id=new_id(),
        manufacturer="Plan",
        model=name,
        commodity="ELECTRICITY",
        adapter="chirpstack",
        channel_templates=(inputs,),
    )


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def full(platform: Platform, settings: Settings) -> Full:
    """That tenant; five of all are otherwise."""
    caller = (await make_tenant(platform)).caller
    keys = Keys(platform.secrets)
    with acting_as(caller):
        place = await Nodes(platform.uow).create(
            Node(node_id=new_id(), hierarchy="PLACE", kind="region", code="R")
        )
        async with platform.uow() as tx:
            many, few = [await device_models.insert(tx, a_model(name)) for name in ("many", "few")]
            reader = await concentrators.insert(
                tx, Concentrator(concentrator_id=new_id(), serial_number="C", adapter="wum")
            )
            models = many.device_model_id, few.device_model_id
            meters = [a_meter(number, *models, reader.concentrator_id) for number in range(COUNT)]
            assert len(good(await Meters(platform.uow, keys).create_many(tx, meters))) == COUNT
        async with platform.uow() as tx:
            modules = [
                Meter(
                    meter_id=new_id(),
                    device_kind="PULSE_MODULE",
                    device_model_id=models[1],
                    manufacturer="",
                    serial_number=f"P{number}",
                )
                for number in range(FEW)
            ]
            assert len(good(await PulseModules(platform.uow, keys).create_many(tx, modules))) == FEW
            for statement in _INSTALLED:
                values = {"tenant": tx.tenant_id, "place": place.node_id}
                names = {name: value for name, value in values.items() if f":{name}" in statement}
                await tx.conn.execute(sa.text(statement), names)
            await contacts.record(
                tx,
                [
                    DeviceStatus(
                        address=f"{number:016x}",
                        seen_time=NOW - timedelta(minutes=number),
                        battery_level=1.0 if number % (COUNT // FEW) == 1 else 90.0,
                    )
                    for number in range(COUNT)
                    if number % (COUNT // FEW)
                ],
            )
    analyze(settings.postgres_dsn, *TABLES)
    return Full(caller, place.node_id, reader.concentrator_id, few.device_model_id)


FILTERS: dict[str, dict[str, Any]] = {
    "none": {},
    "archived": {"state": "ARCHIVED"},
    "in stock": {"state": "IN_STOCK"},
    "active": {"state": "ACTIVE"},
    "suspended": {"state": "SUSPENDED"},
    "returned": {"state": "RETURNED"},
    "replaced": {"state": "REPLACED"},
    "failed": {"state": "FAILED"},
    "tag": {"tag": ("few", "yes")},
    "any value of a tag": {"tag": ("few", "")},
    "name": {"external_id": ExternalId("crm", "7")},
    "address": {"dev_eui": f"{7:016x}"},
    "serial number": {"serial_number": "S7"},
    "batch": {"batch": "stock"},
    "never or long ago": {"last_seen_before": NOW - timedelta(minutes=COUNT - FEW)},
}


@pytest.mark.parametrize("which", FILTERS.values(), ids=FILTERS)
async def test_meters(platform: Platform, full: Full, which: dict[str, Any]) -> None:
    with acting_as(full.caller):
        await _listed(platform, MeterFilter(**which))


@pytest.mark.parametrize("name", ["place_id", "concentrator_id", "device_model_id"])
async def test_meters_of_something(platform: Platform, full: Full, name: str) -> None:
    value = full.few_model_id if name == "device_model_id" else getattr(full, name)
    with acting_as(full.caller):
        await _listed(platform, MeterFilter(**{name: value}))


@pytest.mark.parametrize("which", [{}, {"state": "ACTIVE"}, {"state": "IN_STOCK"}, {"serial_number": "P1"}])
async def test_modules_among_many_meters(platform: Platform, full: Full, which: dict[str, Any]) -> None:
    with acting_as(full.caller):
        modules = PulseModules(platform.uow, Keys(platform.secrets))
        await _by_index(platform, modules.page(MeterFilter(**which), after=None, limit=51))


@pytest.mark.parametrize("which", [{}, {"battery_below": 5.0}, {"silent_since": NOW - timedelta(days=2)}])
async def test_health_of_meters(platform: Platform, full: Full, which: dict[str, Any]) -> None:
    class Nothing:
        async def of_meter(self, *_: object) -> float | None:
            return None

    with acting_as(full.caller):
        health = NetworkHealth(platform.uow, Nothing())
        await _by_index(platform, health.page(HealthFilter(kind="METER", **which), after=None, limit=51))


async def _listed(platform: Platform, which: MeterFilter) -> None:
    meters = Meters(platform.uow, Keys(platform.secrets))
    found = await meters.page(which, after=None, limit=51)
    await _by_index(platform, meters.page(which, after=None, limit=51))
    if len(found) == 51:
        # At any depth: the walk goes on from where it stopped.
        await _by_index(platform, meters.page(which, after=found[-1][0], limit=51))


async def _by_index(platform: Platform, work: Awaitable[object]) -> None:
    plans = await plans_of(platform, work)
    assert plans
    for plan in plans:
        assert not plan.scanned & set(TABLES), (plan.sql, plan.root)
        assert plan.wasted <= 100, (plan.sql, plan.root)
