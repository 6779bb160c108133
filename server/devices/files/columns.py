"""Columns of files: cells as fields of messages, and fields as cells."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from google.protobuf import json_format
from google.protobuf.message import Message

_YES, _NO = ("true", "yes", "1"), ("false", "no", "0")


class CellInvalid(ValueError):
    """A cell does not say what its column is for."""


@dataclass(frozen=True, slots=True)
class Form:
    """How a cell is written: as proto3 JSON, and back."""

    read: Callable[[Any], Any]
    """From a text, or from what a JSON row holds. Raises CellInvalid."""
    write: Callable[[Any], Any]
    """From proto3 JSON to a text."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column whose cells are a field of the resource."""

    name: str
    path: str
    """Of the field in the resource's message."""
    form: Form
    exported: bool = True
    """Keys are taken and never given."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Columns that name another resource, whose id is a field of this one."""

    names: tuple[str, ...]
    path: str
    what: str
    """``place``, ``grid``, ``model``, ``concentrator``, ``meter`` or ``usage_point``."""


def _as_text(cell: Any) -> str:
    if isinstance(cell, dict | list):
        raise CellInvalid("is no text")
    return str(cell)


def _as_bool(cell: Any) -> bool:
    text = str(cell).lower()
    if text not in _YES + _NO:
        raise CellInvalid(f"is neither {'/'.join(_YES)} nor {'/'.join(_NO)}")
    return text in _YES


def _as_number(cell: Any) -> float:
    try:
        return float(cell)
    except (TypeError, ValueError):
        raise CellInvalid("is no number") from None


def _as_seconds(cell: Any) -> str:
    return f"{_as_text(cell).removesuffix('s')}s"


def _as_names(cell: Any) -> list[dict[str, str]]:
    if isinstance(cell, list):
        return cell
    pairs = [pair.partition("=") for pair in _parts(cell)]
    if not all(equals for _, equals, _ in pairs):
        raise CellInvalid("is not SYSTEM=ID; SYSTEM=ID")
    return [{"system": system.strip(), "value": value.strip()} for system, _, value in pairs]


def _as_tags(cell: Any) -> dict[str, str]:
    if isinstance(cell, dict):
        return cell
    pairs = [pair.partition("=") for pair in _parts(cell)]
    return {key.strip(): value.strip() for key, _, value in pairs}


def _parts(cell: Any) -> list[str]:
    return [part.strip() for part in _as_text(cell).split(";") if part.strip()]


def choice(enum: Any) -> Form:
    """One word of an enum, in any case, without its prefix."""
    prefix = str(enum.Name(0)).removesuffix("UNSPECIFIED")
    words = [name.removeprefix(prefix) for name in enum.keys()[1:]]

    def read(cell: Any) -> str:
        word = _as_text(cell).strip().upper().replace(" ", "_").replace("-", "_").removeprefix(prefix)
        if word not in words:
            raise CellInvalid(f"is none of {', '.join(words).lower()}")
        return prefix + word

    return Form(read, lambda value: str(value).removeprefix(prefix).lower())


def choices(enum: Any) -> Form:
    """Words of an enum, joined by ``;``, or a list."""
    one = choice(enum)
    return Form(
        lambda cell: [one.read(each) for each in (cell if isinstance(cell, list) else _parts(cell))],
        lambda value: ";".join(one.write(each) for each in value),
    )


TEXT: Final = Form(_as_text, str)
BOOL: Final = Form(_as_bool, lambda value: "true" if value else "")
NUMBER: Final = Form(_as_number, lambda value: repr(value) if isinstance(value, float) else str(value))
SECONDS: Final = Form(_as_seconds, lambda value: str(value).removesuffix("s"))
NAMES: Final = Form(_as_names, lambda value: "; ".join(f"{one['system']}={one['value']}" for one in value))
TAGS: Final = Form(_as_tags, lambda value: "; ".join(f"{key}={text}" for key, text in sorted(value.items())))


def put(document: dict[str, Any], path: str, value: Any) -> None:
    """Sets a field of a document by its path."""
    *above, last = path.split(".")
    for name in above:
        document = document.setdefault(name, {})
    document[last] = value


def cells_of(wire: Message, columns: Mapping[str, Column]) -> dict[str, Any]:
    """The cells of a resource's own columns; those that say nothing are left out."""
    document = json_format.MessageToDict(wire, preserving_proto_field_name=True)
    found = {}
    for name, column in columns.items():
        value = document.get(column.path) if column.exported else None
        if value not in (None, "", [], {}):
            found[name] = column.form.write(value)
    return found
