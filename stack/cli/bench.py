"""`simba bench`."""

from __future__ import annotations

import json
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.status import Status

    from bench.report import Report


def bench(
    name: Annotated[str, typer.Argument(help="One of ingest, vee, query, devices, live; or all of them.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object: name and results, each with its ceiling.")
    ] = False,
    seconds: Annotated[float, typer.Option(min=0.5, help="About how long each measurement takes.")] = 10.0,
    scale: Annotated[float, typer.Option(min=0.01, help="Size of the data; 1 is the usual one.")] = 1.0,
    servers: Annotated[int, typer.Option(min=1, max=16, help="Server processes.")] = 1,
) -> None:
    """Measure, beside what the engine below can do at most in the same run.

    Starts engines and a server of its own on free ports and a temporary folder, and removes them
    afterwards. A ratio of 1 is as fast as the engine itself.
    """
    from rich.console import Console

    from bench import BENCHES
    from bench.report import Options

    if name not in {*BENCHES, "all"}:
        known = ", ".join([*BENCHES, "all"])
        typer.secho(f"There is no benchmark {name!r}; there are {known}.", fg="red", err=True)
        raise typer.Exit(2)
    console = Console(stderr=True, quiet=as_json)
    for one in BENCHES if name == "all" else [name]:
        with console.status("Starting") as status:
            options = Options(seconds, scale, servers, say=partial(_say, status, one))
            report = import_module(BENCHES[one]).run(options)
        if as_json:
            # All of them: an object a line.
            print(json.dumps(report.as_dict()), flush=True)
        else:
            _show(report)


def _say(status: Status, name: str, what: str) -> None:
    status.update(f"{name}: {what}")


def _show(report: Report) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"simba bench {report.name}")
    for heading, side in (
        ("metric", "left"),
        ("value", "right"),
        ("unit", "left"),
        ("ceiling", "right"),
        ("ratio", "right"),
    ):
        table.add_column(heading, justify=side)  # type: ignore[arg-type]
    for result in report.results:
        table.add_row(
            result.metric,
            f"{result.value:,}",
            result.unit,
            "" if result.ceiling is None else f"{result.ceiling:,}",
            "" if result.ratio is None else f"{result.ratio:.2f}",
        )
    Console().print(table)
