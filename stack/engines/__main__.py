"""``python -m stack.engines --data DIR``: the four engines alone, for tests and for work on one part.

The first line of the output is a JSON object with their addresses. They end with SIGTERM, or with standard
input.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import stat
import sys
from pathlib import Path

from kernel.telemetry.logs import configure_logs
from stack.engines.embedded import engines_of
from stack.engines.postgres import WITHOUT_SYNC
from stack.supervisor.ownership import Ownership, StackRunningError
from stack.supervisor.supervisor import StartError, Supervisor


async def _run(data: Path, *, quick: bool) -> None:
    ownership = Ownership(data)
    engines = engines_of(data, postgres_settings=WITHOUT_SYNC if quick else {})
    engines.prepare()
    endpoints = {
        "postgres": engines.postgres.dsn(),
        "redis": engines.valkey.url(),
        "clickhouse": engines.clickhouse.url(),
        "mqtt": engines.broker.url(),
        "mqtt_v5": engines.broker.url_v5(),
    }
    supervisor = Supervisor(
        data / "log",
        lambda: ownership.write(
            {"endpoints": {}, "children": {name: one.report() for name, one in supervisor.children.items()}}
        ),
    )
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    _stop_with_input(stop)
    try:
        await supervisor.start(engines.children())
        print(json.dumps(endpoints), flush=True)  # noqa: T201 - the interface of this command
        await stop.wait()
    finally:
        await supervisor.stop()
        ownership.release()


def _stop_with_input(stop: asyncio.Event) -> None:
    """Whoever holds the other end of standard input takes the engines along when it dies."""
    if not stat.S_ISFIFO(os.fstat(0).st_mode):
        return
    loop = asyncio.get_running_loop()

    def read() -> None:
        if not os.read(0, 1024):
            loop.remove_reader(0)
            stop.set()

    loop.add_reader(0, read)


def main() -> None:
    """Reads the command line; status 1 with a message where the engines cannot start."""
    parser = argparse.ArgumentParser(prog="python -m stack.engines", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument(
        "--quick", action="store_true", help="for tests: PostgreSQL does not wait for the disk"
    )
    given = parser.parse_args()
    configure_logs("INFO", "json")
    try:
        asyncio.run(_run(given.data, quick=given.quick))
    except (StackRunningError, StartError) as refused:
        sys.exit(str(refused))


if __name__ == "__main__":
    main()
