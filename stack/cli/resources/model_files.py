"""`simba models import` and `export`: a library of device models as files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from stack.cli.connection import API_KEY, DATA, DEFAULT_DATA, JSON, SERVER

_SERVICE: Final = "simba.devices.v1.DeviceModelService"
_LIBRARY: Final = Path(__file__).resolve().parents[3] / "models"
_MOST_MODELS: Final = 200
# The server takes messages of 4 MiB; a model alone is at most a script of 1 MiB and its templates.
_MOST_BYTES: Final = 2 << 20
_REFUSED: Final = 3


def add_model_files(app: typer.Typer) -> None:
    """Adds `import [PATH]…` and `export FOLDER` to a group."""

    @app.command("import", short_help="Make or change models from files; a repeat changes nothing.")
    def bring(
        paths: Annotated[
            list[Path] | None,
            typer.Argument(
                exists=True, help="Folders of models, or JSON files. Default: the library of SiMBA."
            ),
        ] = None,
        validate_only: Annotated[
            bool, typer.Option(help="Only say what would become of each; nothing is stored.")
        ] = False,
        server: SERVER = "",
        api_key: API_KEY = "",
        data: DATA = DEFAULT_DATA,
        as_json: JSON = False,
    ) -> None:
        """Make or change device models from files; a repeat changes nothing.

        A folder holds `model.json` and, where frames are decoded, `codec.js`, or folders of models. A JSON
        file holds one model, a list of them, or `{"deviceModels": […]}`. A model that is known by its
        manufacturer and name is changed, not made again; one that cannot be taken costs only itself.

        Exit code 0: all models are in; 3: some were refused; 1: nothing could be read or sent.

        **Example**: `simba models import models/netvox`
        """
        from stack.cli.resources.calls import call

        documents = [one for path in paths or [_LIBRARY] for one in _documents(path)]
        items: list[dict[str, Any]] = []
        for part in _parts(documents):
            request = {"deviceModels": part, "validateOnly": validate_only}
            answer = call((server, api_key, data), f"{_SERVICE}.ImportDeviceModels", request)
            items += [_told(given, item) for given, item in zip(part, answer["items"], strict=True)]
        _show(items, validate_only=validate_only, as_json=as_json)
        if any(item["action"] == "REFUSED" for item in items):
            raise typer.Exit(_REFUSED)

    @app.command("export", short_help="Write models as files that `import` takes.")
    def fetch(
        folder: Annotated[Path, typer.Argument(file_okay=False, help="Where to write; made if missing.")],
        manufacturer: Annotated[str, typer.Option(help="Only those of this maker.")] = "",
        show_archived: Annotated[bool, typer.Option(help="Archived ones, too.")] = False,
        server: SERVER = "",
        api_key: API_KEY = "",
        data: DATA = DEFAULT_DATA,
        as_json: JSON = False,
    ) -> None:
        """Write device models as files that `import` takes: FOLDER/maker/model/model.json and codec.js.

        **Example**: `simba models export library --manufacturer Netvox`
        """
        from google.protobuf import json_format

        from kernel.codec.library import write_model
        from simba.devices.v1 import device_model_pb2
        from stack.cli.resources.calls import call_pages

        request = {"manufacturer": manufacturer, "showArchived": show_archived}
        where = (server, api_key, data)
        written: dict[str, str] = {}
        for row in call_pages(where, f"{_SERVICE}.ListDeviceModels", request, limit=0):
            wire = json_format.ParseDict(row, device_model_pb2.DeviceModel())
            document = json_format.MessageToDict(wire, preserving_proto_field_name=True)
            target = write_model(_free(folder, document, written), document)
            written[str(target)] = f"{wire.manufacturer} {wire.model}"
        if as_json:
            print(json.dumps({"folder": str(folder), "models": list(written)}))
        else:
            print(f"{len(written)} models in {folder}")


def _documents(path: Path) -> Iterator[dict[str, Any]]:
    """The models of a path. Ends the program where there are none."""
    from kernel.codec.library import read_model

    if path.is_file():
        yield from _of_file(path)
        return
    found = sorted(path.rglob("model.json"))
    if not found:
        raise typer.BadParameter(f"there is no model.json in {path}", param_hint="PATH")
    for each in found:
        try:
            yield read_model(each.parent).document
        except ValueError as error:
            raise typer.BadParameter(f"{each}: {error}", param_hint="PATH") from None


def _of_file(path: Path) -> Iterator[dict[str, Any]]:
    from kernel.codec.library import read_model

    if path.name == "model.json":
        yield read_model(path.parent).document
        return
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise typer.BadParameter(f"{path} is not JSON: {error}", param_hint="PATH") from None
    if isinstance(document, dict):
        document = document.get("deviceModels", document.get("device_models", [document]))
    if not isinstance(document, list) or not all(isinstance(one, dict) for one in document):
        raise typer.BadParameter(f"{path} holds no device models", param_hint="PATH")
    yield from document


def _parts(documents: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """As many at a time as a call takes."""
    part: list[dict[str, Any]] = []
    size = 0
    for document in documents:
        own = len(json.dumps(document))
        if part and (len(part) == _MOST_MODELS or size + own > _MOST_BYTES):
            yield part
            part, size = [], 0
        part.append(document)
        size += own
    if part:
        yield part


def _told(given: dict[str, Any], item: dict[str, Any]) -> dict[str, Any]:
    error = item.get("error", {})
    return {
        "action": item["action"].removeprefix("IMPORT_ACTION_"),
        "manufacturer": given.get("manufacturer", ""),
        "model": given.get("model", ""),
        "deviceModelId": item.get("deviceModel", {}).get("deviceModelId", ""),
        "reason": error.get("reason", "").removeprefix("ERROR_REASON_"),
        "error": error.get("description", ""),
        "violations": error.get("violations", []),
    }


def _show(items: list[dict[str, Any]], *, validate_only: bool, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"validateOnly": validate_only, "models": items}, ensure_ascii=False))
        return
    from collections import Counter

    for item in items:
        line = f"{item['action'].lower():<10} {item['manufacturer']} {item['model']}"
        typer.secho(line, fg="red" if item["error"] else None)
        told = [f"{one['field']}: {one['description']}" for one in item["violations"]] or [item["error"]]
        for one in told if item["error"] else []:
            typer.secho(f"           {one}", fg="red", err=True)
    counts = Counter(item["action"].lower() for item in items)
    checked = " (checked only, nothing was stored)" if validate_only else ""
    said = ", ".join(f"{count} {action}" for action, count in sorted(counts.items()))
    print(f"{len(items)} models: {said}{checked}")


def _free(folder: Path, document: dict[str, Any], written: dict[str, str]) -> Path:
    """Where a model goes: names that differ only in what a folder's name leaves out get a number."""
    from kernel.codec.library import model_folder

    for number in range(1, len(written) + 2):
        root = folder if number == 1 else folder / str(number)
        if str(root / model_folder(document)) not in written:
            return root
    raise AssertionError("one of them is free")
