"""Readings, built."""

import asyncio
from dataclasses import dataclass
from typing import Protocol

from server.platform.capability import Capability, Service
from server.platform.hints import Hints
from server.platform.jobs import Loop, pause
from server.platform.platform import Platform
from server.readings.create import CreateReadings
from server.readings.dead_letter.box import DeadLetterBox
from server.readings.dead_letter.store import DeadLetterStore
from server.readings.desk.capability import build_desk
from server.readings.desk.ports import BilledPeriods
from server.readings.ingest.batches import Batches
from server.readings.ingest.instance import Instance
from server.readings.ingest.known import KnownChannels
from server.readings.ingest.pipeline import Pipeline
from server.readings.ingest.raw_store import RawStore
from server.readings.live.log import LiveLog
from server.readings.live.ports import LiveDirectory
from server.readings.live.subscription import Subscriptions
from server.readings.live.tail import Tails
from server.readings.ports import BilledSnapshots, Membership
from server.readings.queries.bill_ready import BillReadyUsage
from server.readings.queries.completeness import Completeness
from server.readings.queries.intervals import IntervalQueries
from server.readings.queries.raw import RawQueries
from server.readings.queries.seen import Views
from server.readings.queries.usage import Usage
from server.readings.recorder import Recorder
from server.readings.rule_sets.app import RuleSets
from server.readings.rule_sets.ports import Subjects
from server.readings.service_ingest import IngestService
from server.readings.service_reading import Queries, ReadingService
from server.readings.service_vee import VeeService
from server.readings.vee.announcing import Announcer
from server.readings.vee.explain import Explainer
from server.readings.vee.overlay import Overlay
from server.readings.vee.pending import Movements
from server.readings.vee.ruling import Ruling
from server.readings.vee.runner import Runner
from simba.readings.v1 import (
    ingest_service_pb2_grpc,
    reading_service_pb2_grpc,
    vee_service_pb2_grpc,
)

VALIDATE_EVERY_SECONDS = 1.0
"""Pause between automatic runs; while there is much to do, there is none."""


@dataclass(frozen=True, slots=True)
class Readings:
    """The capability, and what others read of it."""

    capability: Capability
    usage: Usage
    """Implements billing's ``UsageSource`` and analytics' ``IntervalSource``."""
    pipeline: Pipeline
    completeness: Completeness
    """Implements the devices' port."""
    box: DeadLetterBox
    """Where readings go that no channel takes."""
    recorder: Recorder
    """Implements the devices' ``RegisterReadings``."""


class Billing(BilledPeriods, BilledSnapshots, Protocol):
    """What billing knows of days that it has billed."""


def build(
    platform: Platform,
    *,
    directory: LiveDirectory,
    membership: Membership,
    billed: Billing,
    subjects: Subjects,
) -> Readings:
    """Its services, its jobs and its loops.

    ``directory``, ``membership`` and ``subjects`` are the devices capability's, ``billed`` is billing's.
    """
    instance = Instance(platform.engine)
    box = DeadLetterBox(
        platform.uow,
        DeadLetterStore(platform.store),
        platform.clock,
        limit=platform.settings.dead_readings,
    )
    hints = Hints(platform.redis, "readings")
    batches = Batches(
        platform.uow,
        RawStore(platform.store),
        KnownChannels(directory),
        instance,
        platform.clock,
        box,
        hints=hints,
    )
    pipeline = Pipeline(batches)
    ruling = Ruling(RuleSets(platform.uow, subjects), subjects, platform.store)
    runner = Runner(platform.uow, platform.store, platform.engine, directory, platform.clock, ruling)
    log = LiveLog(platform.uow, platform.store, platform.clock)
    live = Subscriptions(log, Tails(log, hints), directory, platform.pages, platform.clock)
    views = Views(platform.uow, billed)
    intervals = IntervalQueries(platform.store, directory, views)
    raw = RawQueries(platform.store, directory)
    queries = Queries(
        raw,
        intervals,
        views,
        BillReadyUsage(intervals, raw, views, directory, platform.clock),
        membership,
    )
    explainer = Explainer(platform.store, directory, platform.clock, ruling)
    announcer = Announcer(platform.uow, platform.store, directory)
    desk = build_desk(
        platform,
        directory=directory,
        writer=Overlay(platform.uow, platform.store, announcer, platform.engine),
        runs=runner,
        billed=billed,
    )
    services = [
        desk.service,
        Service(
            "simba.readings.v1.IngestService",
            ingest_service_pb2_grpc.add_IngestServiceServicer_to_server,
            IngestService(pipeline, platform.rates),
        ),
        Service(
            "simba.readings.v1.ReadingService",
            reading_service_pb2_grpc.add_ReadingServiceServicer_to_server,
            ReadingService(
                CreateReadings(pipeline, directory, platform.rates, box),
                queries,
                live,
                platform.pages,
                platform.clock,
            ),
        ),
        Service(
            "simba.readings.v1.VeeService",
            vee_service_pb2_grpc.add_VeeServiceServicer_to_server,
            VeeService(runner, explainer, intervals, directory, desk.queue, platform.pages),
        ),
    ]

    async def ingest(stop: asyncio.Event) -> None:
        await stop.wait()
        await pipeline.close()
        await instance.close()

    async def validate(stop: asyncio.Event) -> None:
        while not stop.is_set():
            if not await runner.run_touched():
                await pause(stop, VALIDATE_EVERY_SECONDS)

    capability = Capability(
        "readings",
        services=services,
        server_loops=[Loop("readings-ingest", ingest), Loop("readings-hints", hints.run)],
        worker_loops=[Loop("readings-validate", validate), desk.worker_loop],
        event_sinks=[Movements()],
    )
    return Readings(
        capability,
        Usage(platform.store, directory, platform.uow),
        pipeline,
        Completeness(platform.store, directory),
        box,
        Recorder(pipeline),
    )
