"""`simba serve`, `worker`, `adapter` and `migrate`: SiMBA's own processes, configured by SIMBA_… alone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer


def _say_ready(_port: int = 0) -> None:
    """Writes this pid into the file that `SIMBA_READY_FILE` names, for whoever started the process."""
    if file := os.environ.get("SIMBA_READY_FILE"):
        fresh = Path(f"{file}.new")
        fresh.write_text(str(os.getpid()))
        fresh.replace(file)


def serve() -> None:
    """Run a gRPC server.

    Listens on SIMBA_GRPC_LISTEN and uses the databases of SIMBA_POSTGRES_DSN, SIMBA_CLICKHOUSE_URL and
    SIMBA_REDIS_URL. Any number of servers may run on the same databases. SIGTERM lets running calls end.
    """
    from server.main import run_serve

    run_serve(ready=_say_ready)


def worker() -> None:
    """Run a worker: jobs, timers, and the relays of events and commands.

    Uses the same settings as `simba serve`. Any number of workers may run; each job is done by one of them.
    """
    from server.main import run_worker

    run_worker(ready=_say_ready)


def migrate() -> None:
    """Bring both databases up to date.

    PostgreSQL (SIMBA_POSTGRES_DSN) by Alembic, ClickHouse (SIMBA_CLICKHOUSE_URL, SIMBA_CLICKHOUSE_CLUSTER) by
    numbered SQL. Safe to repeat and to run at several places at once. Run it before the new release's
    processes.
    """
    from kernel.telemetry.logs import configure_logs
    from server.migrations.run import migrate as run
    from server.platform.settings import Settings

    settings = Settings()
    configure_logs(settings.log_level, settings.log_format)
    run(settings)


secrets = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Keys that seal what is secret in the database."
)


@secrets.callback()
def _secrets() -> None:
    pass


@secrets.command("new")
def new_secrets_key() -> None:
    """Print a new key for SIMBA_SECRETS_KEY. Keep it where the database is not."""
    import base64

    typer.echo(base64.b64encode(os.urandom(32)).decode())


@secrets.command("rotate")
def rotate_secrets() -> None:
    """Wrap the data keys of all tenants with the first key of SIMBA_SECRETS_KEY.

    Put the new key before the old one (`new,old`) and restart the servers and workers with both, run this,
    then take the old one away.
    """
    import asyncio

    from server.platform.platform import open_platform
    from server.platform.settings import Settings

    async def rewrap() -> int:
        async with open_platform(Settings()) as platform, platform.uow.system() as tx:
            return await platform.secrets.rewrap(tx)

    typer.echo(f"data keys wrapped anew: {asyncio.run(rewrap())}")


adapter = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Run an adapter: what connects SiMBA with a field network.",
)


@adapter.callback()
def _adapter() -> None:
    pass


@adapter.command()
def chirpstack(
    server: Annotated[
        str, typer.Option(envvar="SIMBA_SERVER_TARGET", help="gRPC address of the server.")
    ] = "127.0.0.1:50051",
) -> None:
    """Run the adapter for LoRaWAN meters behind ChirpStack v4.

    Takes uplinks from the broker of SIMBA_MQTT_URL and sends readings to the server with the key of
    SIMBA_API_KEY or SIMBA_API_KEY_FILE; takes commands from SIMBA_REDIS_URL and sends downlinks.
    """
    from adapters.chirpstack.main import run

    os.environ["SIMBA_SERVER_TARGET"] = server
    run(ready=_say_ready)
