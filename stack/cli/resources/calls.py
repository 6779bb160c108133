"""Calls a method by its name with a request in JSON, and gives the answer in JSON."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import grpc
import typer
from google.protobuf import descriptor_pool, json_format, message_factory
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2

from stack.cli.connection import connect

_SECONDS: Final = 120
_PAGE: Final = 1000
_DETAILS: Final = "grpc-status-details-bin"

type_where = tuple[str, str, Path]
"""Server, key and folder of the local stack, as the options give them."""


def call(where: type_where, method: str, request: dict[str, Any], *, reason: str = "") -> dict[str, Any]:
    """One call. Ends the program with what the server said when it refuses."""
    service, _, name = method.rpartition(".")
    wire, answer_type = _types(service, name)
    try:
        message = json_format.ParseDict(request, wire())
    except json_format.ParseError as error:
        raise typer.BadParameter(str(error)) from None
    connection = connect(*where)
    metadata = (*connection.metadata, *([("x-simba-reason", reason)] if reason else []))
    function = connection.channel.unary_unary(
        f"/{service}/{name}",
        request_serializer=wire.SerializeToString,
        response_deserializer=answer_type.FromString,
    )
    try:
        answer = function(message, metadata=metadata, timeout=_SECONDS)
    except grpc.RpcError as error:
        _tell(error)
        raise typer.Exit(1) from None
    told: dict[str, Any] = json_format.MessageToDict(answer)
    return told


def call_pages(
    where: type_where, method: str, request: dict[str, Any], *, limit: int
) -> Iterator[dict[str, Any]]:
    """The rows of all pages, at most ``limit`` of them; 0 is all."""
    given, token = 0, ""
    while True:
        size = min(limit - given, _PAGE) if limit else _PAGE
        answer = call(where, method, {**request, "pageSize": size, "pageToken": token})
        rows: list[dict[str, Any]] = next(
            (value for key, value in answer.items() if key != "nextPageToken"), []
        )
        yield from rows
        given += len(rows)
        token = answer.get("nextPageToken", "")
        if not token or (limit and given >= limit):
            return


def _types(service: str, name: str) -> tuple[type[Message], type[Message]]:
    package, _, short = service.rpartition(".")
    module = "".join(f"_{each.lower()}" if each.isupper() else each for each in short)[1:]
    importlib.import_module(f"{package}.{module}_pb2")
    method = descriptor_pool.Default().FindServiceByName(service).methods_by_name[name]
    get = message_factory.GetMessageClass
    return get(method.input_type), get(method.output_type)


def _tell(error: grpc.RpcError) -> None:
    """Prints the refusal: what is wrong, field by field, and what to do if the server says so."""
    typer.secho(f"{error.code().name}: {error.details()}", fg="red", err=True)
    trailing: Any = error.trailing_metadata() or ()
    raw = next((value for key, value in trailing if key == _DETAILS), None)
    if not isinstance(raw, bytes):
        return
    bad, retry = error_details_pb2.BadRequest(), error_details_pb2.RetryInfo()
    for detail in status_pb2.Status.FromString(raw).details:
        if detail.Unpack(bad):
            for one in bad.field_violations:
                typer.secho(f"  {one.field}: {one.description}", fg="red", err=True)
        elif detail.Unpack(retry):
            seconds = retry.retry_delay.ToMilliseconds() / 1000
            typer.secho(f"  try again in {seconds:g} s", err=True)
