"""One trace through transaction, job, outbox and bus."""

import asyncio
import os
import sys

from tests.support.otlp import collecting


async def test_jobs_and_messages_belong_to_the_trace_that_caused_them(settings):
    async with collecting() as collector:
        environment = {
            **os.environ,
            "SIMBA_POSTGRES_DSN": settings.postgres_dsn,
            "SIMBA_REDIS_URL": settings.redis_url,
            "SIMBA_OTLP_ENDPOINT": collector.endpoint,
        }
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.support.traced", env=environment, stdout=asyncio.subprocess.PIPE
        )
        out, _ = await asyncio.wait_for(child.communicate(), 60)
    assert child.returncode == 0
    spans = {span.name: span for span in collector.trace(out.decode().split()[0])}
    assert len(spans) == 4
    root, job = spans.pop("request"), spans.pop("job test.traced")
    published = next(span for name, span in spans.items() if name.endswith("publish"))
    processed = next(span for name, span in spans.items() if name.endswith("process"))
    assert job.parent_id == published.parent_id == root.span_id
    assert processed.parent_id == published.span_id
