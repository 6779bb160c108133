"""How commands that talk to a running SiMBA find it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import grpc
import typer

SERVER = Annotated[
    str,
    typer.Option(
        help="Address of the gRPC server, host:port. Default: the stack that `simba up` keeps in DATA.",
        envvar="SIMBA_SERVER",
    ),
]
API_KEY = Annotated[
    str,
    typer.Option(help="API key. Default: the one that `simba up` keeps in DATA.", envvar="SIMBA_API_KEY"),
]
DATA = Annotated[Path, typer.Option(help="Folder of the local stack.", envvar="SIMBA_DATA")]
JSON = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]

DEFAULT_DATA = Path(".simba")


@dataclass(frozen=True, slots=True)
class Connection:
    """A channel, and the metadata that each call carries."""

    channel: grpc.Channel
    metadata: tuple[tuple[str, str], ...]


def connect(server: str, api_key: str, data: Path) -> Connection:
    """Connects to the server that is named, else to the local stack.

    Ends the program with what to do when there is neither. Calls wait until the server answers.
    """
    target, key = server or _local(data, "grpc"), api_key or _key(data)
    if not target or not key:
        typer.secho(
            f"No running stack in {data}. Start one with `simba up`, or say where SiMBA is:"
            " --server HOST:PORT --api-key KEY (or SIMBA_SERVER and SIMBA_API_KEY).",
            fg="red",
            err=True,
        )
        raise typer.Exit(2)
    options = [("grpc.max_receive_message_length", 64 << 20)]
    return Connection(grpc.insecure_channel(target, options), (("authorization", f"Bearer {key}"),))


def say_and_exit(error: grpc.RpcError) -> typer.Exit:
    """Prints what the server said, for people; the caller raises what comes back."""
    typer.secho(f"{error.code().name}: {error.details()}", fg="red", err=True)
    return typer.Exit(1)


def _local(data: Path, name: str) -> str:
    try:
        state = json.loads((data / "stack.json").read_text())
    except (OSError, ValueError):
        return ""
    return str(state.get(name) or state.get("endpoints", {}).get(name) or "")


def _key(data: Path) -> str:
    try:
        return (data / "api_key").read_text().strip()
    except OSError:
        return os.environ.get("SIMBA_API_KEY", "")
