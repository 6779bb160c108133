"""The retention part of readings, built."""

import asyncio

from server.platform.capability import Capability, Service
from server.platform.hints import Hints
from server.platform.jobs import Loop, pause
from server.platform.platform import Platform
from server.readings.retention.app import Retention
from server.readings.retention.enforcing import Enforcer
from server.readings.retention.engine import RetentionEngine
from server.readings.retention.ports import RetentionDirectory
from server.readings.retention.service import RetentionService
from simba.readings.v1.retention_service_pb2_grpc import add_RetentionServiceServicer_to_server

LOOK_SECONDS = 2.0
"""How often it is looked whether a run is due, or was asked for."""


def build_retention(platform: Platform, *, directory: RetentionDirectory) -> Capability:
    """Its service and its loop; ``directory`` is the devices capability's."""
    hints = Hints(platform.redis, "retention")
    settings = platform.settings
    engine = RetentionEngine(platform.store, settings.clickhouse_cluster)
    enforcer = Enforcer(platform.uow, platform.engine, engine, directory, hints, settings, platform.clock)
    retention = Retention(platform.uow, engine, directory, hints, settings, platform.clock)

    async def enforce(stop: asyncio.Event) -> None:
        while not stop.is_set():
            await enforcer.run_due(stop)
            await pause(stop, LOOK_SECONDS)

    return Capability(
        "readings.retention",
        services=[
            Service(
                "simba.readings.v1.RetentionService",
                add_RetentionServiceServicer_to_server,
                RetentionService(retention, platform.pages),
            )
        ],
        server_loops=[Loop("retention-hints", hints.run)],
        worker_loops=[Loop("readings-retention", enforce)],
    )
