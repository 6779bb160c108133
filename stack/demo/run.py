"""Runs the chapters in order, with a progress bar each."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from simba_metering import SimbaClient
from stack.demo import show
from stack.demo.field import Field
from stack.demo.report import Report
from stack.demo.running_stack import running_stack
from stack.demo.story import Chapters

Chapter = tuple[str, Callable[[], None], Callable[[Console, Report], None] | None]


def run_demo(console: Console, *, data: Path | None, invoice: Path) -> Report:
    """Starts a stack (on a temporary folder, unless one is given), plays all chapters, stops it.

    Raises StackDidNotStart, SimbaError, and TimeoutError naming what did not come.
    """
    report = Report()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="simba-demo-", ignore_cleanup_errors=True) as scratch:
        console.print(
            "[bold]SiMBA[/]: from a meter's payload to a bill, on engines that just came out of the box\n"
        )
        with console.status("Starting PostgreSQL, ClickHouse, Valkey, MQTT, server, worker, adapter, edge"):
            stack = running_stack(data or Path(scratch) / "stack")
            endpoints = stack.__enter__()
        try:
            report.endpoints = {name: endpoints[name] for name in ("grpc", "rest", "rest_tls")}
            console.print(
                f"[green]✓[/] The stack is up in {time.monotonic() - began:.0f} s: {endpoints['rest']}"
            )
            with (
                SimbaClient(endpoints["grpc"], api_key=endpoints["api_key"]) as client,
                Field(endpoints["mqtt"]) as field,
            ):
                _play(console, client, field, endpoints, report, invoice)
        finally:
            with console.status("Stopping"):
                stack.__exit__(None, None, None)
    report.seconds = time.monotonic() - began
    show.show_end(console, report)
    return report


def _play(
    console: Console,
    client: SimbaClient,
    field: Field,
    endpoints: dict[str, str],
    report: Report,
    invoice: Path,
) -> None:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=None)

        def tell(what: str, done: float, total: float) -> None:
            progress.update(task, completed=done, total=total or None)
            if what:
                progress.update(task, description=f"{title}: {what}")

        chapters = Chapters(client, endpoints, report, tell)
        plot: tuple[Chapter, ...] = (
            ("A small utility, through the SDK", chapters.make_utility, None),
            (
                "Real LoRaWAN payloads through ChirpStack's broker",
                lambda: chapters.publish_uplinks(field),
                show.show_uplinks,
            ),
            ("A real half-hourly series as a file", chapters.import_series, show.show_import),
            ("Validation and estimation", chapters.validate, show.show_day),
            ("A bill for March 2013", chapters.bill, None),
            ("A disconnect through the command bus", lambda: chapters.disconnect(field), show.show_command),
            ("A forecast of tomorrow", chapters.forecast, show.show_forecast),
            ("The invoice over REST", lambda: chapters.fetch_invoice(invoice), show.show_invoice),
        )
        for title, work, then in plot:
            progress.reset(task, description=title, total=None)
            started = time.monotonic()
            work()
            progress.console.print(f"[green]✓[/] {title} [dim]{time.monotonic() - started:.1f} s[/]")
            if then is not None:
                then(progress.console, report)
