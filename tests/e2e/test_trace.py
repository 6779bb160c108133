"""One trace from an HTTP request through Envoy, server, worker, bus and adapter."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from stack.demo.utility import create_utility
from tests.support.otlp import Collector, collecting
from tests.support.stack import eventually, running


@contextmanager
def collector() -> Iterator[Collector]:
    """The collector in a thread of its own, while the test talks to the stack."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    opened = collecting()
    started = asyncio.run_coroutine_threadsafe(opened.__aenter__(), loop).result(30)
    try:
        yield started
    finally:
        asyncio.run_coroutine_threadsafe(opened.__aexit__(None, None, None), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


def test_one_trace_covers_a_command_from_http_to_the_adapter(tmp_path: Path) -> None:
    with (
        collector() as collected,
        running(tmp_path / "data", SIMBA_OTLP_ENDPOINT=collected.endpoint) as stack,
        stack.client() as client,
        stack.http() as http,
    ):
        utility = create_utility(client)
        trace_id = uuid4().hex
        answer = http.post(
            "/v1/commands",
            json={"command": {"meterId": utility.household.meter_id, "action": "COMMAND_ACTION_DISCONNECT"}},
            headers={"traceparent": f"00-{trace_id}-{uuid4().hex[:16]}-01"},
        )
        assert answer.status_code == 200, answer.text
        wanted = {"simba-edge", "simba-server", "simba-worker", "simba-adapter-chirpstack"}
        eventually(lambda: wanted <= collected.services(trace_id), seconds=40)
        spans = {span.span_id: span for span in collected.trace(trace_id)}
        roots = [span for span in spans.values() if span.parent_id not in spans]
        # Only what hangs below the caller's own span, which it keeps to itself, has no parent here.
        assert {span.service for span in roots} == {"simba-edge"}


def test_an_import_runs_in_the_trace_of_its_request(tmp_path: Path) -> None:
    with (
        collector() as collected,
        running(tmp_path / "data", SIMBA_OTLP_ENDPOINT=collected.endpoint) as stack,
        stack.client() as client,
        stack.http() as http,
    ):
        utility = create_utility(client)
        trace_id = uuid4().hex
        answer = http.post(
            "/v1/imports",
            json={
                "importJob": {
                    "fileName": "two.csv",
                    "csv": {
                        "timeColumn": "start",
                        "valueColumn": "value",
                        "channel": str(utility.profile_channel),
                    },
                },
                "content": "c3RhcnQsdmFsdWUKMjAxMy0wMS0wMSAwMDowMDowMCwxCg==",
            },
            headers={"traceparent": f"00-{trace_id}-{uuid4().hex[:16]}-01"},
        )
        assert answer.status_code == 200, answer.text
        eventually(
            lambda: any(
                "import" in span.name for span in collected.trace(trace_id) if span.service == "simba-worker"
            ),
            seconds=40,
        )


pytestmark = pytest.mark.slow
