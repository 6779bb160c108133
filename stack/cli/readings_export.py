"""`simba readings export`: final readings as a file."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final
from uuid import uuid4

import typer

from stack.cli.connection import API_KEY, DATA, DEFAULT_DATA, JSON, SERVER, Connection

if TYPE_CHECKING:
    from simba.readings.v1 import reading_export_pb2

_FORMATS: Final = (
    "csv", "txt", "json", "ndjson", "xml", "xlsx", "nem12", "espi", "cim-xml", "cim-json",
)  # fmt: skip


def export(
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="Where the file goes. It is not replaced.")
    ],
    period: Annotated[str, typer.Option(metavar="START/END", help="Intervals that begin in it, RFC 3339.")],
    format_: Annotated[str, typer.Option("--format", help=f"One of {', '.join(_FORMATS)}.")] = "csv",
    usage_point_id: Annotated[
        list[str] | None, typer.Option("--usage-point-id", metavar="UUID", help="Of this one. Repeatable.")
    ] = None,
    series: Annotated[list[int] | None, typer.Option("--series", help="Of this one. Repeatable.")] = None,
    node_id: Annotated[
        str, typer.Option("--node-id", metavar="UUID", help="Of all at or below this node of a tree.")
    ] = "",
    everything: Annotated[bool, typer.Option("--all", help="Of all usage points.")] = False,
    quantity: Annotated[
        list[str] | None,
        typer.Option("--quantity", help="Only this, for example `active-energy-import`. Repeatable."),
    ] = None,
    time_zone: Annotated[
        str, typer.Option("--time-zone", metavar="ZONE", help="Zone in which times are written.")
    ] = "UTC",
    gzip: Annotated[bool, typer.Option("--gzip", help="Compress the file.")] = False,
    from_participant: Annotated[str, typer.Option(help="NEM12: who sends it.")] = "",
    to_participant: Annotated[str, typer.Option(help="NEM12: who gets it.")] = "",
    server: SERVER = "",
    api_key: API_KEY = "",
    data: DATA = DEFAULT_DATA,
    as_json: JSON = False,
) -> None:
    """Write values after validation and estimation, with their quality, to a file.

    The whole file shows one version of the data: the newest when it was asked for.

    Exit code 0: the file is there; 1: it could not be written, and why is told.

    **Example**: `simba readings export --all --period 2025-03-01T00:00:00Z/2025-04-01T00:00:00Z -o march.csv`
    """
    import grpc
    from google.protobuf.json_format import MessageToDict, ParseDict, ParseError

    from simba.readings.v1 import reading_export_service_pb2 as pb
    from stack.cli.connection import connect, say_and_exit

    start, sign, end = period.partition("/")
    if not sign:
        raise typer.BadParameter(f"{period!r} is not START/END", param_hint="--period")
    if format_ not in _FORMATS:
        raise typer.BadParameter(f"{format_!r} is none of {', '.join(_FORMATS)}", param_hint="--format")
    if not (usage_point_id or series or node_id or everything):
        said = "say whose: --usage-point-id, --series, --node-id or --all"
        raise typer.BadParameter(said, param_hint="--all")
    if output.exists():
        raise typer.BadParameter(f"{output} is there already", param_hint="--output")
    wish = {
        "format": f"READING_FORMAT_{format_.upper().replace('-', '_')}",
        "period": {"start": start, "end": end},
        "usagePointIds": usage_point_id or [],
        "series": series or [],
        "nodeId": node_id,
        "quantities": [f"QUANTITY_{one.upper().replace('-', '_')}" for one in quantity or ()],
        "timeZone": time_zone,
        "gzip": gzip,
        "fromParticipant": from_participant,
        "toParticipant": to_participant,
    }
    connection = connect(server, api_key, data)
    try:
        asked = {"readingExport": wish, "requestId": str(uuid4())}
        request = ParseDict(asked, pb.CreateReadingExportRequest())
        over = _run(connection, request, output, quiet=as_json)
    except ParseError as error:
        raise typer.BadParameter(str(error)) from None
    except grpc.RpcError as error:
        raise say_and_exit(error) from None
    if over.error:
        typer.secho(over.error, fg="red", err=True)
        raise typer.Exit(1)
    if as_json:
        print(json.dumps({"file": str(output), **MessageToDict(over)}, ensure_ascii=False))
    else:
        typer.echo(f"{output}: {over.rows} intervals of {over.progress.done} series, {over.size} bytes")


def _run(
    connection: Connection, request: Any, output: Path, *, quiet: bool
) -> reading_export_pb2.ReadingExport:
    """Asks for the file, watches it to its end and fetches it, with a bar for each on standard error."""
    from rich.console import Console
    from rich.progress import Progress

    from simba.readings.v1 import reading_export_service_pb2 as pb
    from simba.readings.v1.reading_export_service_pb2_grpc import ReadingExportServiceStub

    stub = ReadingExportServiceStub(connection.channel)
    metadata = connection.metadata
    made = stub.CreateReadingExport(request, metadata=metadata).reading_export
    named = made.reading_export_id
    with Progress(console=Console(stderr=True), disable=quiet, transient=True) as bars:
        writing = bars.add_task("writing (series)", total=max(made.progress.total, 1))
        over = made
        for step in stub.WatchReadingExport(
            pb.WatchReadingExportRequest(reading_export_id=named), metadata=metadata
        ):
            over = step.reading_export
            bars.update(writing, completed=over.progress.done)
        if over.error:
            return over
        fetching = bars.add_task("fetching (bytes)", total=max(over.size, 1))
        digest = hashlib.sha256()
        # Under another name until it is whole.
        partial = output.with_name(f"{output.name}.part")
        with partial.open("wb") as file:
            wanted = pb.DownloadReadingExportRequest(reading_export_id=named)
            pieces = stub.DownloadReadingExport(wanted, metadata=metadata)
            for piece in pieces:
                file.write(piece.chunk)
                digest.update(piece.chunk)
                bars.update(fetching, advance=len(piece.chunk))
        if digest.hexdigest() != over.sha256:
            over.error = f"{partial} is not what the server wrote: fetch it again"
            return over
        partial.rename(output)
    return over
