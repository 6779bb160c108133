"""Envoy in front of the servers of a benchmark."""

import http.client
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.stage import DidNotStart, Stage, free_port
from stack.edge import Address, EdgeSettings, write
from stack.engines.envoy import program

_DESCRIPTORS = Path(__file__).parents[1] / "api" / "gen" / "simba.binpb"
_START_SECONDS = 20


@contextmanager
def edge(stage: Stage) -> Iterator[int]:
    """Starts Envoy for the time of the block; gives the port of REST. Raises DidNotStart."""
    port = free_port()
    config, log = stage.data / "envoy.json", stage.data / "envoy.log"
    write(
        EdgeSettings(
            descriptor_set=_DESCRIPTORS,
            upstreams=[Address.parse(stage.grpc)],
            http=Address("127.0.0.1", port),
            access_log=str(stage.data / "access.log"),
        ),
        config,
    )
    with log.open("wb") as said:
        process = subprocess.Popen(
            [
                program(),
                "-c",
                config,
                "--use-dynamic-base-id",
                "--concurrency",
                "1",
                "--log-level",
                "warning",
            ],
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    try:
        _await(port, log)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _await(port: int, log: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == http.client.OK:
                return
        except OSError:
            pass
        finally:
            connection.close()
        if time.monotonic() > end:
            raise DidNotStart(f"Envoy did not start:\n{log.read_text()[-2000:]}")
        time.sleep(0.05)
