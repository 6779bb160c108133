"""What a meter says over LoRaWAN is told to those who subscribed, once, in final form too, whoever dies."""

import itertools
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

import httpx

from simba_metering import SimbaClient, common, devices, errors, readings
from simulator.relay_meter import PORT, RelayMeter
from stack.demo.field import Field, Payload
from stack.demo.utility import library_model
from tests.e2e.test_kill import Work, kill_and_wait
from tests.support.stack import RunningStack, eventually, running

START = datetime(2025, 3, 29, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)
FRAME_INTERVALS = 12
VICTIMS = ("server", "adapter-chirpstack", "valkey", "clickhouse", "postgres")
Row = tuple[int, int]
"""Time in milliseconds, value in Wh."""


@dataclass(frozen=True, slots=True)
class Home:
    """A reference meter at a usage point."""

    dev_eui: str
    profile: int
    """Channel of its half hours."""
    point: str
    series: int

    def frame(self, number: int) -> tuple[Payload, list[Row]]:
        """A history frame, and what it says."""
        begin = START + number * FRAME_INTERVALS * HALF_HOUR
        used = [100 + (number * 37 + n * 11) % 400 for n in range(FRAME_INTERVALS)]
        data = RelayMeter.history(begin, 30, 1000, used)
        first = int(begin.timestamp() * 1000)
        rows = [(first + n * 1_800_000, wh) for n, wh in enumerate(used)]
        return Payload(self.dev_eui, "live", PORT, data), rows


def make_home(client: SimbaClient) -> Home:
    model = library_model("simba/relay-meter")
    model.model = f"Live {uuid4().hex}"
    made = client.device_models.create_device_model(model)
    meter = client.meters.create_meter(
        devices.Meter(
            device_model_id=made.device_model_id, serial_number=uuid4().hex, dev_eui=uuid4().hex[:16]
        )
    )
    point = client.usage_points.create_usage_point(
        devices.UsagePoint(
            code=uuid4().hex, commodity=common.Commodity.ELECTRICITY, time_zone="Europe/London"
        )
    )
    installed = client.usage_points.install_meter(
        point.usage_point_id, meter.meter_id, START - timedelta(days=1)
    ).usage_point
    assert installed is not None
    profile = next(one.channel for one in meter.channels if one.code == "energy_import_profile")
    series = next(
        one.series for one in installed.series if one.quantity == common.Quantity.ACTIVE_ENERGY_IMPORT
    )
    return Home(meter.dev_eui, profile, point.usage_point_id, series)


def rows_of(raw: readings.LiveReadings, channel: int) -> list[Row]:
    """The half hours among the rows of a message."""
    columns = zip(raw.channel, raw.time_ms, raw.value_micro, strict=True)
    return [(at, micro // 1000) for one, at, micro in columns if one == channel]


def test_an_uplink_is_told_live_and_then_as_it_became_final(
    stack: RunningStack, client: SimbaClient, http: httpx.Client
) -> None:
    home = make_home(client)
    raw: list[Row] = []
    final: dict[int, int] = {}
    sent: list[Row] = []
    with (
        Field(stack.endpoints["mqtt"]) as field,
        client.readings.subscribe_readings(
            usage_point_ids=[home.point], stage=readings.LiveStage.BOTH, rpc_timeout=120
        ) as messages,
    ):
        first = next(messages)
        assert first.start is not None
        assert not first.start.resumed
        for number in range(4):
            payload, rows = home.frame(number)
            field.publish([payload])
            sent += rows
        for message in messages:
            if message.raw is not None:
                raw += rows_of(message.raw, home.profile)
            if message.final is not None:
                told = message.final
                for series, at, micro in zip(told.series, told.time_ms, told.value_micro, strict=True):
                    assert series == home.series
                    final[at] = micro // 1000
            if len(raw) >= len(sent) and all(final.get(at) for at, _ in sent):
                break
    assert sorted(raw) == sorted(sent)
    assert {at: final[at] for at, _ in sent} == dict(sent)

    # The same again over REST, from the first message on: lines of JSON.
    parameters = {
        "usagePointIds": home.point,
        "stage": "LIVE_STAGE_BOTH",
        "resumeToken": first.resume_token,
    }
    again: list[Row] = []
    with http.stream("GET", "/v1/readings:subscribe", params=parameters) as answer:
        for line in answer.iter_lines():
            message = json.loads(line)
            part = message.get("raw", {})
            columns = (part.get(name, []) for name in ("channel", "timeMs", "valueMicro"))
            again += [
                (int(at), int(micro) // 1000)
                for channel, at, micro in zip(*columns, strict=True)
                if int(channel) == home.profile
            ]
            if len(again) >= len(sent):
                break
    assert again == raw


class Sender:
    """Uplinks, one after another, until told to stop."""

    def __init__(self, home: Home, field: Field) -> None:
        self.rows: list[Row] = []
        self.stop = threading.Event()
        self._home = home
        self._field = field

    def __call__(self) -> None:
        for number in itertools.count():
            if self.stop.is_set():
                return
            payload, rows = self._home.frame(number)
            self._field.publish([payload])
            self.rows += rows
            self.stop.wait(0.05)


class Listener:
    """A subscriber. One who leaves goes after each message with readings, and comes back with the token."""

    def __init__(self, client: SimbaClient, home: Home, *, leaves: bool) -> None:
        self.rows: list[Row] = []
        self.begun = threading.Event()
        self.visits = 0
        self.enough = threading.Event()
        self._client = client
        self._home = home
        self._leaves = leaves
        self._token = ""

    def __call__(self) -> None:
        while not self.enough.is_set():
            try:
                self._visit()
            except errors.Unavailable:
                # Nobody is there to begin with: the SDK tells that, and does not wait.
                time.sleep(0.2)

    def has(self, rows: int) -> bool:
        """Whether so many rows have come."""
        return len(self.rows) >= rows

    def _visit(self) -> None:
        with self._client.readings.subscribe_readings(
            usage_point_ids=[self._home.point], resume_token=self._token
        ) as messages:
            self.visits += 1
            for message in messages:
                if message.raw is not None:
                    self.rows += rows_of(message.raw, self._home.profile)
                self._token = messages.resume_token
                self.begun.set()
                if self.enough.is_set() or (self._leaves and message.raw is not None):
                    return


def test_a_subscriber_misses_nothing_and_hears_nothing_twice_whoever_is_killed(tmp_path: Path) -> None:
    """Neither on one stream that the SDK keeps, nor on many that go on from a token."""
    with running(tmp_path / "data") as stack, stack.client() as client, stack.http() as http:
        home = make_home(client)
        listeners = [Listener(client, home, leaves=leaves) for leaves in (False, True)]
        works = [Work(one) for one in listeners]
        for one in listeners:
            assert one.begun.wait(60)
        with Field(stack.endpoints["mqtt"]) as field:
            sender = Sender(home, field)
            sending = Work(sender)
            for victim in VICTIMS:
                kill_and_wait(stack, victim, http)
                # All that was said until now arrives before the next one dies.
                said = len(sender.rows)
                for one in listeners:
                    eventually(partial(one.has, said), seconds=90)
            sender.stop.set()
            sending.finish()
        for one in listeners:
            eventually(partial(one.has, len(sender.rows)), seconds=90)
            # One more uplink's time for what comes twice.
            time.sleep(2)
            one.enough.set()
        for work in works:
            work.finish()
        assert len(sender.rows) > FRAME_INTERVALS * len(VICTIMS)
        assert listeners[1].visits > len(VICTIMS)
        for one in listeners:
            assert Counter(one.rows) == Counter(sender.rows)
