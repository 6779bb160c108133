"""`simba up`."""

from __future__ import annotations

import enum
import json
import time
from pathlib import Path
from typing import Annotated, Any

import typer


class PortChoice(enum.StrEnum):
    """Which ports to use."""

    FIXED = "fixed"
    AUTO = "auto"


def up(
    data: Annotated[
        Path, typer.Option(help="Where everything is kept; made where it is missing.", envvar="SIMBA_DATA")
    ] = Path(".simba"),
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object with the endpoints as the first line.")
    ] = False,
    ports: Annotated[
        PortChoice,
        typer.Option(help="fixed: gRPC 50051, REST 8080 and 8443, MQTT 1883; auto: free ones."),
    ] = PortChoice.FIXED,
    host: Annotated[str, typer.Option(help="Address that gRPC and REST listen on.")] = "127.0.0.1",
    servers: Annotated[int, typer.Option(min=1, max=64, help="Server processes behind the edge.")] = 1,
) -> None:
    """Start all of SiMBA on this machine and keep it running.

    Starts PostgreSQL, Valkey, ClickHouse and an MQTT broker from Python packages, migrates the databases,
    starts the server, the worker, the ChirpStack adapter and the REST edge, and prints where they are
    together with an administrator's API key. Whatever dies is started again. Ctrl-C or SIGTERM stops it all;
    the data stay in DATA.

    Logs are in DATA/log, the key in DATA/api_key, the development CA in DATA/tls/ca.pem.
    """
    from stack.supervisor.ownership import StackRunningError
    from stack.supervisor.supervisor import StartError
    from stack.up.endpoints import PortTakenError
    from stack.up.run import UpOptions, run_stack

    options = UpOptions(data, ports is PortChoice.AUTO, host, servers)
    listener = _JsonListener() if as_json else _PeopleListener()
    try:
        run_stack(options, listener)
    except (StackRunningError, StartError, PortTakenError, LookupError) as refused:
        typer.secho(f"simba up: {refused}", fg="red", err=True)
        raise typer.Exit(1) from None


class _JsonListener:
    """For programs: the endpoints on standard output, everything else as JSON lines on standard error."""

    def __init__(self) -> None:
        from kernel.telemetry.logs import configure_logs

        configure_logs("INFO", "json")

    def step(self, what: str) -> None:
        import logging

        logging.getLogger("up").info(what)

    def up(self, endpoints: dict[str, Any]) -> None:
        print(json.dumps(endpoints), flush=True)


class _PeopleListener:
    """For people: what is being started, then where it all is."""

    def __init__(self) -> None:
        from rich.console import Console

        from kernel.telemetry.logs import configure_logs

        configure_logs("WARNING", "text").setLevel("WARNING")
        self._console = Console()
        self._began = time.monotonic()

    def step(self, what: str) -> None:
        self._console.print(f"[dim]{time.monotonic() - self._began:5.1f} s[/]  {what} …")

    def up(self, endpoints: dict[str, Any]) -> None:
        from rich.panel import Panel
        from rich.table import Table

        table = Table.grid(padding=(0, 2))
        table.add_column(style="bold")
        table.add_column(overflow="fold")
        for title, name in (
            ("REST", "rest"),
            ("REST, TLS", "rest_tls"),
            ("gRPC", "grpc"),
            ("MQTT", "mqtt"),
            ("API key", "api_key"),
            ("CA", "ca"),
            ("Data", "data"),
            ("Logs", "log"),
        ):
            table.add_row(title, str(endpoints[name]))
        table.add_row("API docs", f"{endpoints['rest']}/docs")
        took = time.monotonic() - self._began
        self._console.print(Panel(table, title=f"SiMBA is up ({took:.1f} s)", subtitle="Ctrl-C stops it"))
        key = endpoints["api_key"]
        self._console.print(
            f"Try:  curl -H 'Authorization: Bearer {key}' {endpoints['rest']}/v1/whoami", soft_wrap=True
        )
