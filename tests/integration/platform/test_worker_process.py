"""A worker process with everything in it."""

import asyncio
import json
import signal

from tests.support.processes import process


async def test_a_worker_starts_works_quietly_and_ends(settings):
    async with process("work", settings) as (child, _):
        await asyncio.sleep(2)
        child.send_signal(signal.SIGTERM)
        _, errors = await asyncio.wait_for(child.communicate(), 20)
        assert child.returncode == 0
    lines = [json.loads(line) for line in errors.decode().splitlines()]
    assert [line for line in lines if line["level"] in {"WARNING", "ERROR", "CRITICAL"}] == []
