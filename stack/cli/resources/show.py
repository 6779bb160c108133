"""Answers on a screen: a table for rows, names and values for one thing; or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

from rich.console import Console
from rich.table import Table

_SAMPLE: Final = 1000


def show_rows(rows: Iterable[dict[str, Any]], columns: Sequence[str], *, as_json: bool) -> None:
    """A table of rows; with JSON one array, written as it comes."""
    if as_json:
        _print_array(rows)
        return
    console = Console()
    rows = iter(rows)
    shown = 0
    while part := list(islice(rows, _SAMPLE)):
        # Columns that no row fills only take room; another service's rows bring columns of their own.
        known = [one for one in columns if any(_at(row, one) for row in part)]
        used = known if len(known) > 1 else list(part[0])
        table = Table(*(_heading(one) for one in used), box=None, header_style="bold", pad_edge=False)
        for row in part:
            table.add_row(*(_text(_at(row, one)) for one in used))
        console.print(table)
        shown += len(part)
    console.print(f"[dim]{shown} row{'' if shown == 1 else 's'}[/]")


def show(answer: dict[str, Any], *, as_json: bool) -> None:
    """One answer: its only part where it has one, names and values beside one another."""
    if as_json:
        print(json.dumps(answer, ensure_ascii=False))
        return
    only = next(iter(answer.values())) if len(answer) == 1 else answer
    table = Table("", "", box=None, show_header=False, pad_edge=False)
    for path, value in _flat(only if isinstance(only, dict) else answer):
        table.add_row(f"[bold]{path}[/]", _text(value))
    Console().print(table if table.rows else "[dim]done[/]")


def _print_array(rows: Iterable[dict[str, Any]]) -> None:
    between = "["
    for row in rows:
        print(between + json.dumps(row, ensure_ascii=False))
        between = ","
    print("]" if between == "," else "[]")


def _flat(message: dict[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in message.items():
        if isinstance(value, dict) and value:
            yield from _flat(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


def _at(row: dict[str, Any], path: str) -> Any:
    found: Any = row
    for step in path.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return found


def _heading(path: str) -> str:
    name = path.rpartition(".")[2]
    return "".join(f" {each.lower()}" if each.isupper() else each for each in name)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        plain = all(isinstance(one, str | int | float) for one in value)
        return ", ".join(map(str, value)) if plain else json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
