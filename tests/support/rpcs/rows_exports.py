"""Rows of exports of readings."""

from datetime import UTC, datetime

from simba.common.v1 import types_pb2
from simba.readings.v1 import reading_export_pb2
from tests.support.rpcs.rows import Fields, row
from tests.support.rpcs.rows_readings import home
from tests.support.rpcs.world import World
from tests.support.stack import eventually

EXPORTS = "readings.ReadingExportService"


@row(f"{EXPORTS}.CreateReadingExport")
def a_wish(world: World) -> Fields:
    return {
        "reading_export": {
            "format": reading_export_pb2.READING_FORMAT_CSV,
            "period": {
                "start": datetime(2013, 10, 1, tzinfo=UTC),
                "end": datetime(2013, 11, 1, tzinfo=UTC),
            },
            "usage_point_ids": [home(world).point],
        }
    }


def _made(world: World) -> str:
    created = world.do(f"{EXPORTS}.CreateReadingExport", **a_wish(world)).reading_export
    return str(created.reading_export_id)


def _done(world: World) -> str:
    made = _made(world)

    def over() -> bool:
        found = world.do(f"{EXPORTS}.GetReadingExport", reading_export_id=made).reading_export
        return bool(found.state == types_pb2.WORK_STATE_SUCCEEDED)

    eventually(over)
    return made


@row(
    f"{EXPORTS}.GetReadingExport",
    f"{EXPORTS}.WatchReadingExport",
    f"{EXPORTS}.CancelReadingExport",
    f"{EXPORTS}.DownloadReadingExport",
    f"{EXPORTS}.GetReadingExportFile",
)
def an_export(world: World) -> Fields:
    return {"reading_export_id": world.kept("export of readings", lambda: _done(world))}


@row(f"{EXPORTS}.ListReadingExports")
def exports(world: World) -> Fields:
    world.kept("three exports of readings", lambda: [_done(world) for _ in range(3)])
    return {}
