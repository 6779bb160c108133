"""`simba import`: files of readings in."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stack.cli.connection import API_KEY, DATA, DEFAULT_DATA, JSON, SERVER, Connection

if TYPE_CHECKING:
    from simba.readings.v1 import import_job_pb2

app = typer.Typer(no_args_is_help=True, help="Bring files in.", rich_markup_mode="markdown")

_CHUNK = 1 << 20
_FORMATS = ("csv", "txt", "json", "ndjson", "xlsx", "nem12", "espi", "cim-xml")
_OWN_NAMES = {"NEM12", "ESPI", "CIM_XML"}
_ENDINGS = {
    ".txt": "TXT",
    ".tsv": "TXT",
    ".json": "JSON",
    ".ndjson": "NDJSON",
    ".jsonl": "NDJSON",
    ".xlsx": "XLSX",
}
_ROWS_REFUSED = 3


@app.callback()
def _group() -> None:
    """Bring files in."""


@app.command("readings")
def readings(
    file: Annotated[Path, typer.Argument(help="The file; plain, gzip or zip.", exists=True, dir_okay=False)],
    format_: Annotated[
        str, typer.Option("--format", help=f"One of {', '.join(_FORMATS)}. Default: by the file's name.")
    ] = "",
    channel: Annotated[int, typer.Option(help="Channel of all rows.")] = 0,
    meter: Annotated[str, typer.Option(help="Id of the meter; with --code instead of --channel.")] = "",
    code: Annotated[str, typer.Option(help="Code of the meter's channel.")] = "",
    time_column: Annotated[str, typer.Option(help="Column with the time.")] = "start",
    value_column: Annotated[str, typer.Option(help="Column with the value.")] = "value",
    channel_column: Annotated[str, typer.Option(help="Column that names the channel.")] = "",
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", help="What a name in the file means: NAME=CHANNEL. Repeatable."),
    ] = None,
    tz: Annotated[str, typer.Option(help="Zone of times without offset, an IANA name.")] = "UTC",
    time_format: Annotated[str, typer.Option(help="strptime pattern of the time. Default: ISO 8601.")] = "",
    interval_end: Annotated[bool, typer.Option(help="The time is the end of the interval.")] = False,
    shift_missing_hour: Annotated[
        bool, typer.Option(help="Take times in the hour that summer time skips for the hour after.")
    ] = False,
    unit: Annotated[str, typer.Option(help="Unit of the values, if not the channel's.")] = "",
    delimiter: Annotated[str, typer.Option(help="Column separator. Default: a comma, for TXT a tab.")] = "",
    decimal_comma: Annotated[bool, typer.Option(help="A comma stands for the decimal point.")] = False,
    validate_only: Annotated[bool, typer.Option(help="Check the file and store nothing.")] = False,
    server: SERVER = "",
    api_key: API_KEY = "",
    data: DATA = DEFAULT_DATA,
    as_json: JSON = False,
) -> None:
    """Import interval or register readings from a file.

    The first row of CSV, TXT and XLSX names the columns; JSON and NDJSON have members of these names. NEM12,
    ESPI and CIM name what they hold themselves: `--map 6001234567/E1=42` (NMI and suffix), `--map LINK=42`
    (the meter reading of ESPI), `--map POINT/READINGTYPE=42` (CIM).

    Rows that cannot be taken are written to FILE.errors.csv with line, column, value and rule; all others
    are stored. It is safe to repeat: what is stored stays once.

    Exit code 0: all rows are in; 3: some rows were refused; 1: the file as a whole could not be read.

    **Example**: `simba readings import load.csv --meter 0190… --code energy --tz Europe/London`
    """
    import grpc

    from simba.readings.v1 import import_job_pb2, reading_export_pb2
    from stack.cli.connection import connect, say_and_exit

    connection = connect(server, api_key, data)
    try:
        if meter:
            channel = _channel_of(connection, meter, code)
        style = _style(format_, file)
        wanted = import_job_pb2.ImportJob(
            file_name=file.name,
            validate_only=validate_only,
            format=reading_export_pb2.ReadingFormat.Value(f"READING_FORMAT_{style}"),
            channel_map=_mapped(mapping or []) if style in _OWN_NAMES else {},
            csv=None
            if style in _OWN_NAMES
            else import_job_pb2.CsvFormat(
                time_column=time_column,
                value_column=value_column,
                channel_column=channel_column,
                channel=channel,
                channel_map=_mapped(mapping or []),
                time_zone=tz,
                time_format=time_format,
                time_convention=import_job_pb2.TIME_CONVENTION_INTERVAL_END
                if interval_end
                else import_job_pb2.TIME_CONVENTION_INTERVAL_START,
                missing_hour=import_job_pb2.MISSING_HOUR_RULE_SHIFT
                if shift_missing_hour
                else import_job_pb2.MISSING_HOUR_RULE_REJECT,
                unit=unit,
                delimiter=delimiter,
                decimal_comma=decimal_comma,
            ),
        )
        job = _run(connection, file, wanted, quiet=as_json)
        errors = _write_errors(connection, job, file)
    except grpc.RpcError as error:
        raise say_and_exit(error) from None
    _tell(job, errors, as_json=as_json)
    if job.error:
        raise typer.Exit(1)
    if job.rejected:
        raise typer.Exit(_ROWS_REFUSED)


def _style(text: str, file: Path) -> str:
    """The format that is said, else the one that the name tells."""
    if not text:
        name = file.with_suffix("") if file.suffix in {".gz", ".zip"} else file
        return _ENDINGS.get(name.suffix.lower(), "CSV")
    if text not in _FORMATS:
        raise typer.BadParameter(f"{text!r} is none of {', '.join(_FORMATS)}", param_hint="--format")
    return text.upper().replace("-", "_")


def _channel_of(connection: Connection, meter: str, code: str) -> int:
    """The number of a meter's channel; without a code the only interval channel."""
    from simba.common.v1 import types_pb2
    from simba.devices.v1 import meter_service_pb2, meter_service_pb2_grpc

    stub = meter_service_pb2_grpc.MeterServiceStub(connection.channel)
    request = meter_service_pb2.GetMeterRequest(meter_id=meter)
    channels = stub.GetMeter(request, metadata=connection.metadata).meter.channels
    found = [
        one
        for one in channels
        if (one.code == code if code else one.kind == types_pb2.MEASUREMENT_KIND_INTERVAL)
    ]
    if len(found) != 1:
        codes = ", ".join(one.code for one in channels)
        raise typer.BadParameter(f"say which with --code: the meter has {codes}", param_hint="--code")
    return int(found[0].channel)


def _mapped(pairs: list[str]) -> dict[str, int]:
    mapping = {}
    for pair in pairs:
        text, _, number = pair.rpartition("=")
        if not text or not number.isdigit():
            raise typer.BadParameter(f"{pair!r} is not NAME=CHANNEL", param_hint="--map")
        mapping[text] = int(number)
    return mapping


def _run(
    connection: Connection, file: Path, wanted: import_job_pb2.ImportJob, *, quiet: bool
) -> import_job_pb2.ImportJob:
    """Sends the file, then watches it to its end, with a bar for each on standard error."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from simba.readings.v1 import exchange_service_pb2 as pb
    from simba.readings.v1 import exchange_service_pb2_grpc as rpc

    stub = rpc.ExchangeServiceStub(connection.channel)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=quiet) as progress:
        sending = progress.add_task("sending (bytes)", total=file.stat().st_size)

        def parts() -> Iterator[pb.UploadImportRequest]:
            yield pb.UploadImportRequest(import_job=wanted)
            with file.open("rb") as content:
                while chunk := content.read(_CHUNK):
                    yield pb.UploadImportRequest(chunk=chunk)
                    progress.advance(sending, len(chunk))

        job = stub.UploadImport(parts(), metadata=connection.metadata).import_job
        storing = progress.add_task("storing (rows)", total=None)
        request = pb.WatchImportRequest(import_id=job.import_id)
        for step in stub.WatchImport(request, metadata=connection.metadata):
            job = step.import_job
            done = job.progress
            progress.update(storing, completed=done.done, total=done.total or None)
    return job


def _write_errors(connection: Connection, job: import_job_pb2.ImportJob, file: Path) -> Path | None:
    """Writes the refused rows beside the file; None when there are none."""
    if not job.rejected:
        return None
    from simba.readings.v1 import exchange_service_pb2 as pb
    from simba.readings.v1 import exchange_service_pb2_grpc as rpc

    stub = rpc.ExchangeServiceStub(connection.channel)
    target = file.with_name(f"{file.name}.errors.csv")
    request = pb.ListImportErrorsRequest(import_id=job.import_id, page_size=1000)
    with target.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["line", "column", "value", "description"])
        while True:
            page = stub.ListImportErrors(request, metadata=connection.metadata)
            writer.writerows([one.line, one.column, one.value, one.description] for one in page.errors)
            if not page.next_page_token:
                return target
            request.page_token = page.next_page_token


def _tell(job: import_job_pb2.ImportJob, errors: Path | None, *, as_json: bool) -> None:
    if as_json:
        told: dict[str, Any] = {
            "import_id": job.import_id,
            "state": "FAILED" if job.error else "SUCCEEDED",
            "rows": job.progress.done,
            "stored": job.stored,
            "duplicates": job.duplicates,
            "rejected": job.rejected,
            "errors_file": str(errors) if errors else None,
            "error": job.error or None,
        }
        print(json.dumps(told))
        return
    if job.error:
        typer.secho(f"The file could not be read: {job.error}", fg="red", err=True)
        return
    checked = " (checked only, nothing was stored)" if job.validate_only else ""
    counts = f"{job.stored} stored, {job.duplicates} known before, {job.rejected} refused"
    print(f"{job.progress.done} rows: {counts}{checked}")
    if errors:
        typer.secho(f"Refused rows are in {errors}", fg="yellow", err=True)
