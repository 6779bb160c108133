"""The `simba` command.

To add a command: write a module with a function (or a `typer.Typer` for a group of commands) and name it in
`COMMANDS`. Modules are imported when their command is used, so that the others stay quick; for the same
reason they import what is heavy inside their functions.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperGroup

# uvloop starts programs by fork(), and what gRPC does at a fork crashes one child in ten before its exec.
# gRPC reads this when it is imported, which no module does before its command is asked for.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "false")

#: Groups that `stack.cli.resources.groups` makes from the contract.
_RESOURCES: Final = (
    "meters", "gateways", "concentrators", "pulse-modules", "models", "points", "tree", "config-profiles",
    "health", "reconciliations", "dead-letter", "vee", "rule-sets", "edits", "demand", "derived", "factors",
    "supply", "retention", "frames", "principals", "keys", "roles", "tenants", "changes",
    "operations",
)  # fmt: skip

#: Command → module and attribute, in the order of `simba --help`.
COMMANDS: Final[Mapping[str, tuple[str, str]]] = {
    "demo": ("stack.cli.demo", "demo"),
    "up": ("stack.cli.up", "up"),
    "doctor": ("stack.cli.doctor", "doctor"),
    "serve": ("stack.cli.processes", "serve"),
    "worker": ("stack.cli.processes", "worker"),
    "adapter": ("stack.cli.processes", "adapter"),
    "migrate": ("stack.cli.processes", "migrate"),
    "secrets": ("stack.cli.processes", "secrets"),
    "edge": ("stack.cli.edge", "edge"),
    "import": ("stack.cli.readings_import", "app"),
    "readings": ("stack.cli.readings", "app"),
    **{name: ("stack.cli.resources.groups", name) for name in _RESOURCES},
    "bench": ("stack.cli.bench", "bench"),
    "version": ("stack.cli.version", "version"),
}

_HELP: Final = """\
SiMBA: from a meter's reading to a bill.

**Try it**: `simba up` starts everything on this machine (PostgreSQL, ClickHouse, Valkey, an MQTT broker, the
server, the worker, the ChirpStack adapter and the REST edge) and prints where it is and an API key.

**Run it elsewhere**: `simba migrate`, `simba serve`, `simba worker` and `simba adapter chirpstack` are the
same processes one by one, against the databases that the settings `SIMBA_…` name. `simba doctor` says what is
missing.
"""


class _LazyCommands(TyperGroup):
    """Imports the module of a command when the command is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """All names, in the order of the table."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of a name, or None."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name]
        found = getattr(import_module(module), attribute)
        if isinstance(found, typer.Typer):
            command = typer.main.get_command(found)
        else:
            single = typer.Typer(add_completion=False, rich_markup_mode="markdown")
            single.command(name=cmd_name)(found)
            command = typer.main.get_command(single)
        command.name = cmd_name
        return command


app = typer.Typer(
    cls=_LazyCommands,
    help=_HELP,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)


@app.callback()
def _root() -> None:
    pass


def main() -> None:
    """The entry point of the `simba` command."""
    app(prog_name="simba")


if __name__ == "__main__":
    main()
