"""The library of device models: folders with ``model.json`` and ``codec.js``."""

import json
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
        document["codec"] = {"script": codec.read_text(encoding="utf-8")}
    return LibraryModel(f"{folder.parent.name}/{folder.name}", document)


def read_library(root: Path) -> Iterator[LibraryModel]:
    """All models below a folder, by name."""
    for found in sorted(root.glob("*/*/model.json")):
        yield read_model(found.parent)
