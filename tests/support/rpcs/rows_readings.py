"""Rows of readings.v1, events.v1, commands.v1 and analytics.v1."""

from datetime import UTC, datetime, timedelta
from typing import Any

from simba.common.v1 import types_pb2
from tests.support.rpcs.rows import Fields, row, text
from tests.support.rpcs.rows_devices import METER, SPRING
from tests.support.rpcs.rows_field import POINTS, installed
from tests.support.rpcs.world import World
from tests.support.stack import eventually

SUCCEEDED = types_pb2.WORK_STATE_SUCCEEDED

READINGS, IMPORTS, FRAMES, VEE, EVENTS, COMMANDS, ADAPTERS, FORECASTS = (
    "readings.ReadingService",
    "readings.ExchangeService",
    "readings.FrameService",
    "readings.VeeService",
    "events.EventService",
    "commands.CommandService",
    "commands.AdapterService",
    "analytics.ForecastService",
)
DAYS = 60
HALF = timedelta(minutes=30)


class Home:
    """A usage point with a meter and sixty validated days of half hours over the change of the clock."""

    def __init__(self, world: World) -> None:
        pair = installed(world)
        self.point, self.meter = pair["usage_point_id"], pair["meter_id"]
        meter = world.do("devices.MeterService.GetMeter", meter_id=self.meter).meter
        self.channel = next(one.channel for one in meter.channels if one.code == "profile")
        self.start = datetime(2013, 9, 30, 23, tzinfo=UTC)
        self.end = self.start + timedelta(days=DAYS)
        values = [str(100 + (n * 7) % 48) for n in range(DAYS * 48)]
        for first in range(0, len(values), 960):
            rows = [
                {"channel": self.channel, "time": self.start + (first + n) * HALF, "value": value}
                for n, value in enumerate(values[first : first + 960])
            ]
            stored = world.do(f"{READINGS}.CreateReadings", source="table", readings=rows)
            assert stored.stored == len(rows), stored
        point = world.do(f"{POINTS}.GetUsagePoint", usage_point_id=self.point).usage_point
        self.series = next(one.series for one in point.series if one.interval.seconds)
        world.do(f"{VEE}.RunVee", usage_point_id=self.point, period={"start": self.start, "end": self.end})


def home(world: World) -> Home:
    """The one home of the table."""
    return world.kept("home", lambda: Home(world))


def _span(world: World) -> Fields:
    start = home(world).start
    return {"start_time": start, "end_time": start + timedelta(hours=2)}


@row(f"{READINGS}.CreateReadings")
def new_readings(world: World) -> Fields:
    channel = home(world).channel
    return {
        "source": text(),
        "readings": [{"channel": channel, "time": datetime(2014, 3, 30, 1, tzinfo=UTC), "value": "1.5"}],
    }


@row(f"{READINGS}.QueryReadings")
def raw_readings(world: World) -> Fields:
    return {"meter_id": home(world).meter, **_span(world)}


@row(f"{READINGS}.QueryIntervals")
def intervals(world: World) -> Fields:
    return {"usage_point_id": home(world).point, **_span(world)}


@row(f"{READINGS}.ListReadingVersions", f"{VEE}.ExplainReading")
def one_interval(world: World) -> Fields:
    return {"series": home(world).series, "time": home(world).start}


@row(f"{VEE}.RunVee")
def a_validation(world: World) -> Fields:
    start = home(world).start
    return {"usage_point_id": home(world).point, "period": {"start": start, "end": start + timedelta(days=1)}}


@row(f"{VEE}.ListVeeExceptions")
def findings(world: World) -> Fields:
    here = {"usage_point_id": home(world).point}

    def several() -> Fields:
        """Two days with one reading each: the others are missing."""
        day = datetime(2016, 7, 5, 12, tzinfo=UTC)
        readings = [
            {"channel": home(world).channel, "time": day + timedelta(days=n), "value": "1.5"}
            for n in range(2)
        ]
        assert world.do(f"{READINGS}.CreateReadings", source="few", readings=readings).stored == len(readings)
        period = {"start": day - timedelta(days=1), "end": day + timedelta(days=2)}
        world.do(f"{VEE}.RunVee", usage_point_id=home(world).point, period=period)
        eventually(lambda: len(world.do(f"{VEE}.ListVeeExceptions", **here).exceptions) > 1)
        return here

    return world.kept("findings", several)


def _file(world: World, value: str = "2.5") -> Fields:
    when = datetime(2015, 1, 1, tzinfo=UTC)
    lines = [f"{(when + n * HALF).isoformat()},{value}" for n in range(3)]
    csv = {"time_column": "start", "value_column": "value", "channel": home(world).channel}
    return {
        "import_job": {"file_name": f"{text()}.csv", "csv": csv},
        "content": "\n".join(("start,value", *lines)).encode(),
    }


@row(f"{IMPORTS}.CreateImport")
def a_file(world: World) -> Fields:
    return _file(world)


def _imported(world: World, value: str = "2.5") -> Fields:
    name = {"import_id": world.do(f"{IMPORTS}.CreateImport", **_file(world, value)).import_job.import_id}
    eventually(lambda: world.do(f"{IMPORTS}.GetImport", **name).import_job.state >= SUCCEEDED)
    return name


@row(f"{IMPORTS}.GetImport", f"{IMPORTS}.WatchImport")
def an_import(world: World) -> Fields:
    return world.kept("import", lambda: _imported(world))


@row(f"{IMPORTS}.ListImports")
def imports(world: World) -> Fields:
    world.kept("three imports", lambda: [_imported(world) for _ in range(3)])
    return {}


@row(f"{IMPORTS}.ListImportErrors")
def import_errors(world: World) -> Fields:
    return world.kept("bad import", lambda: _imported(world, "much"))


def _frame() -> Fields:
    return {
        "adapter": "table",
        "dev_eui": "7ab1e00000000001",
        "frame_key": text(),
        "event": b"{}",
        "topic": "table",
        "receive_time": SPRING,
        "reason": "ERROR_REASON_UNKNOWN_DEVICE",
        "description": "nobody knows it",
    }


@row(f"{FRAMES}.StoreFrames")
def new_frames(_: World) -> Fields:
    return {"frames": [_frame(), _frame()]}


def _frames(world: World) -> list[str]:
    world.do(f"{FRAMES}.StoreFrames", world.key("adapter"), frames=[_frame() for _ in range(3)])
    found = world.do(f"{FRAMES}.ListFrames", dev_eui="7ab1e00000000001").frames
    return [one.frame_id for one in found]


@row(f"{FRAMES}.ListFrames")
def frames(world: World) -> Fields:
    world.kept("frames", lambda: _frames(world))
    return {"dev_eui": "7ab1e00000000001"}


@row(f"{FRAMES}.GetFrame")
def a_frame(world: World) -> Fields:
    return {"frame_id": world.kept("frames", lambda: _frames(world))[0]}


@row(f"{FRAMES}.ReplayFrames")
def frames_to_replay(world: World) -> Fields:
    return {"frame_ids": [_frames(world)[-1]]}


@row(f"{FRAMES}.ReportReplay")
def outcomes(world: World) -> Fields:
    return {"outcomes": [{**a_frame(world), "reason": "ERROR_REASON_CODEC_FAILED", "description": "x"}]}


def _command(world: World, **others: Any) -> Fields:
    return {"command": {"meter_id": METER.id(world), "action": "COMMAND_ACTION_DISCONNECT", **others}}


def _submitted(world: World) -> str:
    # Not before a day that does not come: no adapter takes it.
    later = datetime.now(UTC) + timedelta(days=1)
    asked = _command(world, not_before=later, expire_time=later + timedelta(days=1))
    return str(world.do(f"{COMMANDS}.SubmitCommand", **asked).command.command_id)


@row(f"{COMMANDS}.SubmitCommand")
def a_new_command(world: World) -> Fields:
    return _command(world)


@row(f"{COMMANDS}.GetCommand", f"{COMMANDS}.WatchCommand")
def a_command(world: World) -> Fields:
    return {"command_id": world.kept("command", lambda: _submitted(world))}


@row(f"{COMMANDS}.WaitCommand")
def a_wait(world: World) -> Fields:
    return {**a_command(world), "timeout": timedelta(milliseconds=1)}


@row(f"{COMMANDS}.CancelCommand")
def a_command_to_cancel(world: World) -> Fields:
    return {"command_id": _submitted(world)}


@row(f"{COMMANDS}.ListCommands")
def commands(world: World) -> Fields:
    world.kept("three commands", lambda: [_submitted(world) for _ in range(3)])
    return {}


@row(f"{ADAPTERS}.RegisterAdapter")
def an_adapter(_: World) -> Fields:
    return {"adapter": {"kind": "table", "instance": "1", "version": "1", "healthy": True}}


@row(f"{ADAPTERS}.ListAdapters")
def adapters(_: World) -> Fields:
    return {}


@row(f"{ADAPTERS}.ReportProgress")
def progress(world: World) -> Fields:
    report = {
        **a_command(world),
        "state": "COMMAND_STATE_SENT",
        "time": datetime.now(UTC),
        "report_id": text(),
    }
    return {"reports": [report]}


@row(f"{EVENTS}.Subscribe", f"{EVENTS}.PullEvents")
def events_from_the_start(world: World) -> Fields:
    installed(world)
    return {"from_start": True}


@row(f"{EVENTS}.ListEvents")
def events(world: World) -> Fields:
    def make() -> Fields:
        for _ in range(3):
            installed(world)
        asked = {"filter": {"types": ["device.installed"]}, "end_time": datetime.now(UTC)}
        # They are numbered, and can be seen, a moment after they have happened.
        eventually(lambda: len(world.do(f"{EVENTS}.ListEvents", **asked).events) >= 3)
        return asked

    return world.kept("events", make)


def _forecast(world: World) -> Fields:
    return {
        "usage_point_id": home(world).point,
        "quantity": "QUANTITY_ACTIVE_ENERGY_IMPORT",
        "issue_time": home(world).end - timedelta(days=1),
        "horizon": timedelta(days=1),
    }


@row(f"{FORECASTS}.CreateForecast")
def a_new_forecast(world: World) -> Fields:
    return {"forecast": _forecast(world)}


def _foretold(world: World) -> str:
    made = world.do(f"{FORECASTS}.CreateForecast", forecast=_forecast(world))
    return str(made.forecast.forecast_id)


@row(f"{FORECASTS}.GetForecast")
def a_forecast(world: World) -> Fields:
    return {"forecast_id": world.kept("forecasts", lambda: [_foretold(world) for _ in range(2)])[0]}


@row(f"{FORECASTS}.ListForecasts")
def forecasts(world: World) -> Fields:
    a_forecast(world)
    return {}
