"""Server and worker as processes of their own, as production runs them."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from server.platform.settings import Settings

_SCRIPT = """
import sys
from server.main import run_serve, run_worker
run = run_serve if sys.argv[1] == "serve" else run_worker
run(ready=lambda port: print(port, flush=True))
"""


@asynccontextmanager
async def process(
    role: str, settings: Settings, **changed: str
) -> AsyncIterator[tuple[asyncio.subprocess.Process, int]]:
    """Runs ``serve`` or ``work``; gives the process and, for a server, its port. Kills it in the end."""
    variables = {
        "SIMBA_POSTGRES_DSN": settings.postgres_dsn,
        "SIMBA_CLICKHOUSE_URL": settings.clickhouse_url,
        "SIMBA_REDIS_URL": settings.redis_url,
        "SIMBA_GRPC_LISTEN": settings.grpc_listen,
        "SIMBA_DRAIN_SECONDS": "5",
        "SIMBA_SECRETS_KEY": settings.secrets_key.get_secret_value(),
        "SIMBA_PROVISIONING_LEASE_SECONDS": str(settings.provisioning_lease_seconds),
        **{f"SIMBA_{name.upper()}": value for name, value in changed.items()},
    }
    started = await asyncio.create_subprocess_exec(
        sys.executable,
        "-W",
        "error",
        "-c",
        _SCRIPT,
        role,
        env={**os.environ, **variables},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=1 << 24,
    )
    assert started.stdout is not None
    try:
        line = await asyncio.wait_for(started.stdout.readline(), 30)
        if not line:
            _, errors = await started.communicate()
            raise RuntimeError(f"{role} did not start:\n{errors.decode()}")
        yield started, int(line)
    finally:
        if started.returncode is None:
            started.kill()
        await started.communicate()
