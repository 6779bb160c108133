"""The readable parts in `envoy/`, with values put in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent.parent.parent / "envoy"
"""Where the parts are; a wheel carries the folder beside the packages."""

Json = Any
"""Plain data, as it stands in the bootstrap."""

_VALUE = re.compile(r"\$\{(\w+)\}")


def part(name: str, values: Mapping[str, Json] | None = None) -> Json:
    """The part `name`, with each `${value}` replaced; a whole `${value}` keeps its type."""
    return _fill(yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8")), values or {})


def _fill(node: Json, values: Mapping[str, Json]) -> Json:
    if isinstance(node, dict):
        return {key: _fill(value, values) for key, value in node.items()}
    if isinstance(node, list):
        return [_fill(value, values) for value in node]
    if isinstance(node, str):
        whole = _VALUE.fullmatch(node)
        if whole:
            return values[whole[1]]
        return _VALUE.sub(lambda found: str(values[found[1]]), node)
    return node
