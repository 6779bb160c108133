"""The library of device models: folders with ``model.json`` and ``codec.js``."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class LibraryModel:
    """One model of the library."""

    name: str
    """``<vendor>/<model>``, the folder."""
    document: dict[str, Any]
    """A ``simba.devices.v1.DeviceModel`` in proto3 JSON, its codec's script included."""

    @property
    def script(self) -> str:
        """The codec; empty where the model has none."""
        return str(self.document.get("codec", {}).get("script", ""))


def read_model(folder: Path) -> LibraryModel:
    """One model. Raises OSError for a missing file, ValueError where ``model.json`` is no JSON object."""
    document = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    if not isinstance(document, dict):
        raise ValueError(f"{folder / 'model.json'} holds no object")  # noqa: TRY004  # of the file, not of a call
    codec = folder / "codec.js"
    if codec.exists():
        document["codec"] = {"script": codec.read_bytes().decode()}
    return LibraryModel(f"{folder.parent.name}/{folder.name}", document)


def read_library(root: Path) -> Iterator[LibraryModel]:
    """All models below a folder, by name."""
    for found in sorted(root.glob("*/*/model.json")):
        yield read_model(found.parent)


def model_folder(document: dict[str, Any]) -> Path:
    """Where a model stands in a library: ``<maker>/<model>``."""
    return Path(*(_slug(str(document.get(name, ""))) for name in ("manufacturer", "model")))


def write_model(root: Path, document: dict[str, Any]) -> Path:
    """Writes a model as :func:`read_model` reads it, below a folder, and gives its own.

    Its name there is the maker and the model in lower case, with dashes for what is no letter or digit. What
    the server adds (ids, times, etags, numbers of codecs) is left out. The document has the contract's names.
    """
    folder = root / model_folder(document)
    folder.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in document.items() if name not in _OF_THE_SERVER}
    (folder / "model.json").write_text(
        json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    script, codec = document.get("codec", {}).get("script", ""), folder / "codec.js"
    if script:
        # Not write_text: an end of line is part of the script, whose hash tells it from others.
        codec.write_bytes(script.encode())
    else:
        codec.unlink(missing_ok=True)
    return folder


_OF_THE_SERVER = frozenset(["device_model_id", "codec", "archived", "create_time", "update_time", "etag"])


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "-"
