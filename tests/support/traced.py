"""``python -m tests.support.traced``: a trace goes through transaction, job, outbox and bus.

Settings come from the environment. Ends when both ways have been gone.
"""

import asyncio
import sys
from uuid import uuid4

from google.protobuf.struct_pb2 import Struct
from opentelemetry import trace

from kernel.bus import BusMessage
from kernel.telemetry import configure
from server.platform.caller import acting_as, system_caller
from server.platform.job_runner import JobRunner
from server.platform.jobs import Job
from server.platform.platform import open_platform
from server.platform.relay import message_relay
from server.platform.settings import Settings


async def go(settings: Settings) -> None:
    stop, worked, heard = asyncio.Event(), asyncio.Event(), asyncio.Event()
    stream = f"traced.{uuid4().hex}"

    async def job() -> None:
        worked.set()

    async def handle(_: BusMessage) -> None:
        heard.set()

    async with open_platform(settings) as platform:
        with (
            trace.get_tracer("test").start_as_current_span("request") as span,
            acting_as(system_caller(uuid4())),
        ):
            async with platform.uow() as tx:
                await tx.defer("test.traced", queue=stream)
                await tx.send(stream, Struct())
            sys.stdout.write(f"{trace.format_trace_id(span.get_span_context().trace_id)}\n")
            sys.stdout.flush()
        runner = JobRunner(
            settings.model_copy(update={"worker_queues": (stream,)}), [Job("test.traced", job, stream)]
        )
        running = asyncio.create_task(runner.run(stop))
        await message_relay(platform.uow, platform.bus, settings).round()
        consuming = asyncio.create_task(platform.bus.consume(stream, "g", "c", handle, stop=stop))
        await asyncio.wait_for(asyncio.gather(worked.wait(), heard.wait()), 20)
        stop.set()
        await asyncio.gather(running, consuming)


if __name__ == "__main__":
    chosen = Settings()
    telemetry = configure("traced", otlp_endpoint=chosen.otlp_endpoint, log_format="text")
    try:
        asyncio.run(go(chosen))
    finally:
        telemetry.close()
