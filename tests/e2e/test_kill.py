"""Every process may be killed at any moment: in the end every reading is there, once."""

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import clickhouse_connect
import httpx
import numpy as np

from simba_metering import Block, SimbaClient, common, readings
from simulator.relay_meter import PORT, RelayMeter
from stack.demo.field import Field, Payload
from stack.demo.utility import HOUSEHOLD_EUI, Utility, create_utility
from tests.support.stack import RunningStack, eventually, running

VICTIMS = ("server", "worker", "adapter-chirpstack", "valkey", "clickhouse", "postgres")
START = datetime(2014, 1, 1, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)
FRAME_INTERVALS = 12
BLOCK_ROWS = 400
IMPORT_ROWS = 20_000


class Work(threading.Thread):
    """Something that goes on while processes are killed; its error is the test's."""

    def __init__(self, what: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self._what = what
        self.error: BaseException | None = None
        self.start()

    def run(self) -> None:
        try:
            self._what()
        except BaseException as error:  # noqa: BLE001 - told by the test
            self.error = error

    def finish(self) -> None:
        self.join(120)
        assert not self.is_alive(), f"{self._what} does not end"
        if self.error is not None:
            raise self.error


class Uplinks:
    """LoRaWAN history frames, one after another, until told to stop."""

    def __init__(self, field: Field, stop: threading.Event) -> None:
        self.frames = 0
        self._field = field
        self._stop = stop

    def __call__(self) -> None:
        for number in itertools.count():
            if self._stop.is_set():
                return
            begin = START + number * FRAME_INTERVALS * HALF_HOUR
            frame = RelayMeter.history(begin, 30, 1000 + number, [100 + number % 50] * FRAME_INTERVALS)
            self._field.publish([Payload(HOUSEHOLD_EUI, "household", PORT, frame)])
            self.frames += 1
            time.sleep(0.02)


class Stream:
    """Blocks of readings through the SDK, until told to stop."""

    def __init__(self, client: SimbaClient, channel: int, stop: threading.Event) -> None:
        self.blocks = 0
        self._client = client
        self._channel = channel
        self._stop = stop

    def __call__(self) -> None:
        summary = self._client.readings.ingest(self._made())
        assert not summary.rejected

    def _made(self) -> Iterator[Block]:
        first = int(START.timestamp() * 1000)
        for number in itertools.count():
            if self._stop.is_set():
                return
            at = first + (number * BLOCK_ROWS + np.arange(BLOCK_ROWS, dtype=np.int64)) * 1000
            yield Block(
                "kill-test",
                number,
                channel=np.full(BLOCK_ROWS, self._channel, np.uint64),
                time=at,
                value_micro=np.full(BLOCK_ROWS, 1_000_000 + number, np.int64),
            )
            self.blocks += 1
            time.sleep(0.01)


def test_whoever_is_killed_every_reading_is_there_once(tmp_path: Path) -> None:
    with running(tmp_path / "data") as stack, stack.client() as client, stack.http() as http:
        utility = create_utility(client)
        stop = threading.Event()
        # A register of another meter takes the stream, so that each way has a channel of its own.
        register = utility.field[0].meter.channels[0].channel
        with Field(stack.endpoints["mqtt"]) as field:
            uplinks, stream = Uplinks(field, stop), Stream(client, register, stop)
            works = [Work(uplinks), Work(stream), Work(lambda: bring_file(client, utility))]
            for victim in VICTIMS:
                kill_and_wait(stack, victim, http)
            stop.set()
            for work in works:
                work.finish()

        profile = utility.profile_channel
        expected = {
            (profile, "chirpstack"): uplinks.frames * FRAME_INTERVALS,
            (register, "kill-test"): stream.blocks * BLOCK_ROWS,
            (utility.household.channels[0].channel, "chirpstack"): uplinks.frames,
            (utility.field[1].meter.channels[0].channel, "import"): IMPORT_ROWS,
        }
        eventually(lambda: counted(stack) == {key: (n, n) for key, n in expected.items()} or None, seconds=90)


def bring_file(client: SimbaClient, utility: Utility) -> None:
    """Imports a file and watches it to its end, over as many connections as it takes."""
    channel = utility.field[1].meter.channels[0].channel
    rows = (f"{(START + n * timedelta(minutes=1)).isoformat()},{n}" for n in range(IMPORT_ROWS))
    content = ("start,value\n" + "\n".join(rows)).encode()
    request_id = str(uuid4())

    def sent() -> readings.ImportJob | None:
        try:
            return client.exchange.create_import(
                readings.ImportJob(
                    file_name="kill.csv",
                    csv=readings.CsvFormat(time_column="start", value_column="value", channel=channel),
                ),
                content=content,
                request_id=request_id,
            )
        except Exception:  # noqa: BLE001 - a server that is away; the same request_id makes it one import
            return None

    job = eventually(sent, seconds=90)

    def over() -> readings.ImportJob | None:
        try:
            now = client.exchange.get_import(job.import_id)
        except Exception:  # noqa: BLE001 - a server that is away
            return None
        return now if now.state in (common.WorkState.SUCCEEDED, common.WorkState.FAILED) else None

    ended = eventually(over, seconds=100)
    assert ended.state == common.WorkState.SUCCEEDED, ended.error
    assert (ended.stored, ended.rejected) == (IMPORT_ROWS, 0)


def kill_and_wait(stack: RunningStack, victim: str, http: httpx.Client) -> None:
    """Kills a child, and waits until the supervisor brought it back and the edge answers again."""
    before = stack.kill(victim)
    eventually(lambda: stack.back(victim, before), seconds=60)

    def answers() -> bool:
        try:
            return http.get("/v1/meters?pageSize=1").status_code == 200
        except httpx.HTTPError:
            return False

    eventually(answers, seconds=60)


def counted(stack: RunningStack) -> dict[tuple[int, str], tuple[int, int]]:
    """Rows, and distinct times, of each channel and kind of sender."""
    store = clickhouse_connect.get_client(dsn=stack.endpoints["clickhouse"])
    try:
        rows = store.query(
            "SELECT channel, splitByChar(':', source)[1] AS sender, count(), uniqExact(ts) FROM raw_reading"
            " GROUP BY channel, sender"
        ).result_rows
    finally:
        store.close()
    return {(channel, sender): (count, times) for channel, sender, count, times in rows}
