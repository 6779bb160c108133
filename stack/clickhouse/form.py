"""External data: a multipart form whose files become temporary tables of one query."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from stack.clickhouse.engine import Connection, identifier
from stack.clickhouse.errors import bad_arguments
from stack.clickhouse.request import Request

_BOUNDARY: Final = re.compile(r'boundary="?([^";]+)"?', re.IGNORECASE)
_NAME: Final = re.compile(rb'[;\s]name="((?:[^"\\]|\\.)*)"', re.IGNORECASE)
_IS_FILE: Final = re.compile(rb"[;\s]filename\*?=", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Form:
    """The parts of a multipart body: plain fields by name, files by name."""

    fields: dict[str, str]
    files: dict[str, bytes]


def read_form(content_type: str, body: bytes) -> Form:
    """Takes a `multipart/form-data` body apart (RFC 7578). Raises 36 where it is not one."""
    found = _BOUNDARY.search(content_type)
    if found is None:
        raise bad_arguments("the multipart body has no boundary")
    delimiter = b"\r\n--" + found[1].encode("latin-1")
    parts = (b"\r\n" + body).split(delimiter)
    if len(parts) < 2 or not parts[-1].startswith(b"--"):  # noqa: PLR2004 - what is before the first delimiter, and the end
        raise bad_arguments("the multipart body is cut off")
    form = Form({}, {})
    for part in parts[1:-1]:
        head, separator, content = part.partition(b"\r\n\r\n")
        name = _NAME.search(head)
        if not separator or name is None:
            raise bad_arguments("a part of the multipart body has no name")
        key = name[1].decode()
        if _IS_FILE.search(head):
            form.files[key] = content
        else:
            form.fields[key] = content.decode()
    return form


def create_tables(connection: Connection, request: Request, files: dict[str, bytes]) -> None:
    """Makes a temporary table of each file, as ClickHouse does for external data.

    The columns are `name_structure` ("a UInt8, b String") or `name_types` ("UInt8,String", the columns then
    being _1, _2 …), the format is `name_format` or TabSeparated. Raises 36 for a file without either, or what
    the engine says of its content.
    """
    for name, content in files.items():
        about = request.external.get(name, {})
        structure = about.get("structure", "")
        if not structure and about.get("types"):
            structure = ", ".join(f"_{i} {kind}" for i, kind in enumerate(_split_types(about["types"]), 1))
        if not structure:
            raise bad_arguments(f"external table '{name}' has neither {name}_structure nor {name}_types")
        connection.run(f"CREATE TEMPORARY TABLE {identifier(name)} ({structure})")
        insertion = connection.insert(f"INSERT INTO {identifier(name)}", about.get("format", "TabSeparated"))
        insertion.append(content)
        insertion.finish()


def _split_types(types: str) -> list[str]:
    """Splits at the commas that are not inside brackets: ``UInt8,Decimal(18,6)`` are two types."""
    out = [""]
    depth = 0
    for sign in types:
        depth += (sign == "(") - (sign == ")")
        if sign == "," and not depth:
            out.append("")
        else:
            out[-1] += sign
    return [kind.strip() for kind in out]
