"""The files part of devices, built."""

from collections.abc import Mapping

from server.devices.files.app import (
    EXPORT_JOB,
    FORGET_JOB,
    IMPORT_JOB,
    QUEUE,
    InventoryExports,
    InventoryImports,
)
from server.devices.files.export_job import ForgetInventoryFile, ResourceRows, RowSource, RunInventoryExport
from server.devices.files.import_job import RunInventoryImport, Taker
from server.devices.files.installation_rows import InstallationRows, InstallationTaker
from server.devices.files.kinds import resource_kinds
from server.devices.files.rows import RowTaker
from server.devices.files.service import InventoryServicer
from server.devices.keys import Keys
from server.platform.capability import Capability, Service
from server.platform.hints import Hints
from server.platform.jobs import Job, Loop
from server.platform.platform import Platform
from simba.devices.v1.inventory_service_pb2_grpc import add_InventoryServiceServicer_to_server


def build_files(platform: Platform) -> Capability:
    """Imports and exports over the platform."""
    uow, hints = platform.uow, Hints(platform.redis, "inventory")
    kinds = resource_kinds(uow, Keys(platform.secrets))

    def takers(*, personal: bool) -> Mapping[str, Taker]:
        made: dict[str, Taker] = {
            name: RowTaker(uow, kind, personal=personal) for name, kind in kinds.items()
        }
        return {**made, "INSTALLATIONS": InstallationTaker(uow)}

    sources: dict[str, RowSource] = {name: ResourceRows(kind) for name, kind in kinds.items()}
    sources["INSTALLATIONS"] = InstallationRows()
    servicer = InventoryServicer(InventoryImports(uow, hints), InventoryExports(uow), platform.pages)
    return Capability(
        "devices.files",
        services=[
            Service("simba.devices.v1.InventoryService", add_InventoryServiceServicer_to_server, servicer)
        ],
        jobs=[
            Job(IMPORT_JOB, RunInventoryImport(uow, takers, hints), queue=QUEUE),
            Job(EXPORT_JOB, RunInventoryExport(uow, sources), queue=QUEUE),
            Job(FORGET_JOB, ForgetInventoryFile(uow), queue=QUEUE),
        ],
        server_loops=[Loop("inventory-hints", hints.run)],
    )
