"""`import` and `export` of a group: the inventory as files."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from stack.cli.connection import API_KEY, DATA, DEFAULT_DATA, JSON, SERVER, Connection

if TYPE_CHECKING:
    from simba.devices.v1 import inventory_service_pb2 as pb

_CHUNK: Final = 1 << 20
_ROWS_REFUSED: Final = 3
_ERROR_COLUMNS: Final = ("sheet", "line", "column", "value", "description")
_FORMATS: Final = {".csv": "CSV", ".json": "JSON", ".jsonl": "JSON", ".ndjson": "JSON", ".xlsx": "XLSX"}


def add_file_commands(app: typer.Typer, name: str, kind: str) -> None:
    """Adds `import FILE` and `export FILE` to a group."""

    @app.command(
        "import",
        help=f"Import {name} from a CSV, JSON lines or XLSX file; safe to repeat.\n\n"
        "Rows that cannot be taken are written to FILE.errors.csv with line, column, value and rule; all"
        " others are stored. What is known by its external id, code or serial number is changed, not made"
        " again.\n\nExit code 0: all rows are in; 3: some were refused; 1: the file could not be read.",
    )
    def bring(
        file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The file.")],
        validate_only: Annotated[bool, typer.Option(help="Check the file and store nothing.")] = False,
        server: SERVER = "",
        api_key: API_KEY = "",
        data: DATA = DEFAULT_DATA,
        as_json: JSON = False,
    ) -> None:
        _import(file, kind, (server, api_key, data), validate_only=validate_only, as_json=as_json)

    @app.command("export", help=f"Export {name} to a CSV, JSON lines or XLSX file, by the end of its name.")
    def fetch(
        file: Annotated[Path, typer.Argument(dir_okay=False, help="The file to write.")],
        show_archived: Annotated[bool, typer.Option(help="Archived ones, too.")] = False,
        node_id: Annotated[str, typer.Option(help="Only what is at this node or below it.")] = "",
        as_of: Annotated[str, typer.Option(help="The trees as they were then, RFC 3339.")] = "",
        server: SERVER = "",
        api_key: API_KEY = "",
        data: DATA = DEFAULT_DATA,
        as_json: JSON = False,
    ) -> None:
        wanted = {"kind": f"INVENTORY_KIND_{kind}", "showArchived": show_archived, "nodeId": node_id}
        if as_of:
            wanted["asOf"] = as_of
        _export(file, wanted, (server, api_key, data), as_json=as_json)


def _import(
    file: Path, kind: str, where: tuple[str, str, Path], *, validate_only: bool, as_json: bool
) -> None:
    import grpc

    from simba.devices.v1 import inventory_service_pb2 as pb
    from stack.cli.connection import connect, say_and_exit

    connection = connect(*where)
    wanted = pb.InventoryImport(
        file_name=file.name,
        format=pb.InventoryFormat.Value(f"INVENTORY_FORMAT_{_format(file)}"),
        kind=pb.InventoryKind.Value(f"INVENTORY_KIND_{kind}"),
        validate_only=validate_only,
    )
    try:
        job = _send(connection, file, wanted, quiet=as_json)
        errors = _write_errors(connection, job, file)
    except grpc.RpcError as error:
        raise say_and_exit(error) from None
    _tell_import(job, errors, as_json=as_json)
    if job.error:
        raise typer.Exit(1)
    if job.rejected:
        raise typer.Exit(_ROWS_REFUSED)


def _format(file: Path) -> str:
    try:
        return _FORMATS[file.suffix.lower()]
    except KeyError:
        known = ", ".join(_FORMATS)
        raise typer.BadParameter(f"{file.name} must end with one of {known}", param_hint="FILE") from None


def _send(connection: Connection, file: Path, wanted: pb.InventoryImport, *, quiet: bool) -> Any:
    """Sends the file, then watches it to its end, with a bar for each on standard error."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from simba.devices.v1 import inventory_service_pb2 as pb
    from simba.devices.v1 import inventory_service_pb2_grpc as rpc

    stub = rpc.InventoryServiceStub(connection.channel)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=quiet) as progress:
        sending = progress.add_task("sending (bytes)", total=file.stat().st_size)

        def parts() -> Iterator[pb.UploadInventoryImportRequest]:
            yield pb.UploadInventoryImportRequest(inventory_import=wanted)
            with file.open("rb") as content:
                while chunk := content.read(_CHUNK):
                    yield pb.UploadInventoryImportRequest(chunk=chunk)
                    progress.advance(sending, len(chunk))

        job = stub.UploadInventoryImport(parts(), metadata=connection.metadata).inventory_import
        storing = progress.add_task("storing (rows)", total=None)
        request = pb.WatchInventoryImportRequest(inventory_import_id=job.inventory_import_id)
        for step in stub.WatchInventoryImport(request, metadata=connection.metadata):
            job = step.inventory_import
            progress.update(storing, completed=job.progress.done, total=job.progress.total or None)
    return job


def _write_errors(connection: Connection, job: pb.InventoryImport, file: Path) -> Path | None:
    """Writes the refused rows beside the file; None when there are none."""
    if not job.rejected:
        return None
    from simba.devices.v1 import inventory_service_pb2 as pb
    from simba.devices.v1 import inventory_service_pb2_grpc as rpc

    stub = rpc.InventoryServiceStub(connection.channel)
    target = file.with_name(f"{file.name}.errors.csv")
    request = pb.ListInventoryImportErrorsRequest(inventory_import_id=job.inventory_import_id, page_size=1000)
    with target.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(_ERROR_COLUMNS)
        while True:
            page = stub.ListInventoryImportErrors(request, metadata=connection.metadata)
            writer.writerows(
                [one.sheet, one.line, one.column, one.value, one.description] for one in page.errors
            )
            if not page.next_page_token:
                return target
            request.page_token = page.next_page_token


def _tell_import(job: pb.InventoryImport, errors: Path | None, *, as_json: bool) -> None:
    if as_json:
        told = {name: getattr(job, name) for name in ("created", "updated", "unchanged", "rejected")}
        state = "FAILED" if job.error else "SUCCEEDED"
        head = {"inventory_import_id": job.inventory_import_id, "state": state, "rows": job.progress.done}
        tail = {"errors_file": str(errors) if errors else None, "error": job.error or None}
        print(json.dumps({**head, **told, **tail}))
        return
    if job.error:
        typer.secho(f"The file could not be read: {job.error}", fg="red", err=True)
        return
    checked = " (checked only, nothing was stored)" if job.validate_only else ""
    print(
        f"{job.progress.done} rows: {job.created} new, {job.updated} changed, {job.unchanged} as they were,"
        f" {job.rejected} refused{checked}"
    )
    if errors:
        typer.secho(f"Refused rows are in {errors}", fg="yellow", err=True)


def _export(file: Path, wanted: dict[str, Any], where: tuple[str, str, Path], *, as_json: bool) -> None:
    import time

    import grpc
    from rich.console import Console

    from simba.devices.v1 import inventory_service_pb2 as pb
    from simba.devices.v1 import inventory_service_pb2_grpc as rpc
    from stack.cli.connection import connect, say_and_exit
    from stack.cli.resources.calls import call

    wanted["format"] = f"INVENTORY_FORMAT_{_format(file)}"
    service = "simba.devices.v1.InventoryService"
    job = call(where, f"{service}.CreateInventoryExport", {"inventoryExport": wanted})["inventoryExport"]
    with Console(stderr=True, quiet=as_json).status(f"writing {file.name}"):
        while job.get("state") in {"WORK_STATE_PENDING", "WORK_STATE_RUNNING"}:
            time.sleep(0.2)
            named = {"inventoryExportId": job["inventoryExportId"]}
            job = call(where, f"{service}.GetInventoryExport", named)["inventoryExport"]
        if job.get("error"):
            typer.secho(f"The file could not be written: {job['error']}", fg="red", err=True)
            raise typer.Exit(1)
        connection = connect(*where)
        stub = rpc.InventoryServiceStub(connection.channel)
        request = pb.DownloadInventoryExportRequest(inventory_export_id=job["inventoryExportId"])
        try:
            with file.open("wb") as out:
                for part in stub.DownloadInventoryExport(request, metadata=connection.metadata):
                    out.write(part.chunk)
        except grpc.RpcError as error:
            raise say_and_exit(error) from None
    rows = int(job.get("progress", {}).get("done", 0))
    if as_json:
        print(
            json.dumps(
                {"file": str(file), "rows": rows, "size": file.stat().st_size, "sha256": job["sha256"]}
            )
        )
    else:
        print(f"{rows} rows in {file}")
