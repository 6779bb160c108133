"""Every filter of the list of device models, and the lists of files, are answered by an index."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio

from server.devices.device_models import DeviceModels
from server.devices.domain import Codec, DeviceModel
from server.devices.files.app import InventoryImports
from server.devices.files.domain import ImportJob
from server.devices.files.store import insert_import
from server.devices.stores import device_models
from server.platform.caller import acting_as
from server.platform.hints import Hints
from server.platform.ids import new_id
from server.platform.platform import Platform
from server.platform.settings import Settings
from tests.support.plans import analyze, plans_of
from tests.support.platform import TestTenant, make_tenant

COUNT, FEW = 2000, 5
TABLES = ("device_model", "codec_version", "inventory_import")
PAGE: dict[str, Any] = {"archived": False, "after": None, "limit": 50}


def model(number: int) -> DeviceModel:
    few = number % (COUNT // FEW) == 0
    return DeviceModel(
        device_model_id=new_id(),
        manufacturer="Few" if few else "Many",
        model=f"M{number}",
        commodity="HEAT" if few else "GAS",
        adapter="wum" if few else "chirpstack",
    )


async def no_check(codec: Codec, *, encodes: bool) -> None:
    """Scripts are not what is tried here."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def full(platform: Platform, settings: Settings) -> TestTenant:
    """A tenant with thousands of models, nearly all of which are alike."""
    made = await make_tenant(platform)
    with acting_as(made.caller):
        async with platform.uow() as tx:
            await device_models.insert_many(tx, [model(number) for number in range(COUNT)])
            for _ in range(FEW):
                wanted = {"file_name": "a.csv", "format": "CSV", "kind": "NODES", "validate_only": False}
                await insert_import(tx, ImportJob(import_id=new_id(), state="PENDING", **wanted))
    analyze(settings.postgres_dsn, *TABLES)
    return made


@pytest.mark.parametrize("filters", [{"manufacturer": "Few"}, {"adapter": "wum"}, {"commodity": "HEAT"}, {}])
async def test_models_are_found_by_an_index(
    platform: Platform, full: TestTenant, filters: dict[str, str]
) -> None:
    models = DeviceModels(platform.uow, no_check)
    with acting_as(full.caller):
        [plan] = await plans_of(platform, models.page(**filters, **PAGE))
        assert len(await models.page(**filters, **PAGE)) == (FEW if filters else PAGE["limit"])
    assert not plan.scanned
    assert plan.wasted <= FEW


Work = Callable[[Platform], Awaitable[object]]


@pytest.mark.parametrize(
    "work",
    [
        lambda platform: InventoryImports(platform.uow, Hints(platform.redis, "plans")).page(
            before=None, limit=50
        ),
        lambda platform: InventoryImports(platform.uow, Hints(platform.redis, "plans")).page(
            before=new_id(), limit=50
        ),
    ],
)
async def test_imports_are_listed_by_an_index(platform: Platform, full: TestTenant, work: Work) -> None:
    with acting_as(full.caller):
        for plan in await plans_of(platform, work(platform)):
            assert not plan.scanned
            assert plan.wasted == 0
