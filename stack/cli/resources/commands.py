"""A method of the contract as a command."""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, Final
from uuid import uuid4

import typer
from google.protobuf.descriptor import Descriptor, MethodDescriptor

from stack.cli.connection import API_KEY, DATA, DEFAULT_DATA, JSON, SERVER
from stack.cli.resources.fields import Option, metavar_of, options_of, request_json, type_of
from tools.contract import Contract, lower_camel

_CAMEL: Final = re.compile(r"[A-Z][a-z0-9]*")
_FROM: Final = Annotated[
    str,
    typer.Option(
        "--from",
        metavar="FILE",
        help="Take the request from a JSON file, `-` for standard input; options win.",
    ),
]
_LIMIT: Final = Annotated[int, typer.Option("--limit", help="At most so many rows; 0: all.", min=0)]
_WHY: Final = Annotated[str, typer.Option("--why", help="Why, for the history of changes.")]
_REPEAT: Final = Annotated[
    str,
    typer.Option(
        "--request-id", metavar="UUID", help="Makes a repeat of this command safe. Default: a new one."
    ),
]


def command_of(
    contract: Contract, method: MethodDescriptor, noun: str, columns: Sequence[str]
) -> tuple[str, Callable[..., None]]:
    """The name of the command, and the function that Typer makes it from."""
    request = method.input_type
    options = list(options_of(contract, request, _resource(contract, method, noun)))
    pages = "page_token" in request.fields_by_name
    repeatable = "request_id" in request.fields_by_name
    updates = "update_mask" in request.fields_by_name

    def run(**given: Any) -> None:
        from stack.cli.resources.calls import call, call_pages
        from stack.cli.resources.show import show, show_rows

        chosen = {option: given[option.name] for option in options if given.get(option.name) is not None}
        body, paths = request_json({option: value for option, value in chosen.items() if value != []})
        if given.get("own_source"):
            body = _merged(_read(given["own_source"]), body)
        if updates and not given["own_source"]:
            fixed = {f"{_snake(noun)}_id", "etag"}
            body["updateMask"] = ",".join(lower_camel(path) for path in paths if path not in fixed)
        if repeatable:
            body.setdefault("requestId", given["own_request_id"] or str(uuid4()))
        where = (given["server"], given["api_key"], given["data"])
        if pages:
            rows = call_pages(where, method.full_name, body, limit=given["own_limit"])
            show_rows(rows, columns, as_json=given["as_json"])
        else:
            answer = call(where, method.full_name, body, reason=given.get("own_why", ""))
            show(answer, as_json=given["as_json"])

    _dress(run, contract, method, options, pages=pages, repeatable=repeatable)
    return _verb(method.name, noun), run


def _dress(
    function: Callable[..., None],
    contract: Contract,
    method: MethodDescriptor,
    options: Sequence[Option],
    *,
    pages: bool,
    repeatable: bool,
) -> None:
    """Gives the function the parameters and the help that Typer reads."""
    parameters = [_parameter(option) for option in sorted(options, key=lambda one: not one.argument)]
    if pages:
        parameters.append(_fixed("own_limit", _LIMIT, 50))
    if repeatable:
        parameters += [_fixed("own_source", _FROM, ""), _fixed("own_why", _WHY, "")]
        parameters.append(_fixed("own_request_id", _REPEAT, ""))
    parameters += [
        _fixed("server", SERVER, ""),
        _fixed("api_key", API_KEY, ""),
        _fixed("data", DATA, DEFAULT_DATA),
        _fixed("as_json", JSON, default=False),
    ]
    function.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    function.__annotations__ = {one.name: one.annotation for one in parameters}
    function.__doc__ = contract.comment(method)


def _parameter(option: Option) -> inspect.Parameter:
    said = option.help
    if option.argument:
        annotation: Any = Annotated[str, typer.Argument(help=said, metavar=metavar_of(option))]
        return inspect.Parameter(option.name, inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=annotation)
    metavar = None if option.is_flag else metavar_of(option)
    told = typer.Option(option.flag, help=said, metavar=metavar, show_default=False)
    return _fixed(option.name, Annotated[type_of(option), told], None)


def _fixed(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    kind = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(name, kind, annotation=annotation, default=default)


def _resource(contract: Contract, method: MethodDescriptor, noun: str) -> Descriptor | None:
    """The message whose fields are options: the resource that a create or an update brings."""
    made = re.match("(?:Create|Update)(.+)", method.name)
    if made is None:
        return None
    # Settings of a service stand beside its resource: UpdateEditSettings brings EditSettings.
    name = made[1] if made[1].endswith("Settings") else noun
    return contract.message(f"{method.input_type.file.package}.{name}")


def _verb(method: str, noun: str) -> str:
    """`list` of ListMeters, `suspend` of SuspendMeter, `get-config-drift` of GetMeterConfigDrift."""
    words = _CAMEL.findall(method)
    own = _CAMEL.findall(noun)
    for plural in ("", "s"):
        wanted = [*own[:-1], own[-1] + plural]
        for at in range(len(words) - len(own) + 1):
            if words[at : at + len(own)] == wanted:
                words = words[:at] + words[at + len(own) :]
                break
    return "-".join(words).lower()


def _snake(camel: str) -> str:
    return "_".join(_CAMEL.findall(camel)).lower()


def _read(source: str) -> dict[str, Any]:
    text = sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")
    try:
        found = json.loads(text)
    except ValueError as error:
        raise typer.BadParameter(f"{source} is not JSON: {error}", param_hint="--from") from None
    if not isinstance(found, dict):
        raise typer.BadParameter(f"{source} is not a JSON object", param_hint="--from")
    return found


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        known = merged.get(key)
        both = isinstance(value, dict) and isinstance(known, dict)
        merged[key] = _merged(known, value) if both else value  # type: ignore[arg-type]
    return merged
