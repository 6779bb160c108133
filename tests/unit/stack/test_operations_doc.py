"""docs/operations.md keeps up with the settings and the commands."""

from pathlib import Path

import pytest

from adapters.chirpstack.settings import ChirpStackSettings
from server.platform.settings import Settings
from stack.cli.main import COMMANDS
from stack.up.endpoints import FIXED

DOC = (Path(__file__).parents[3] / "docs" / "operations.md").read_text()
FIELDS = {**Settings.model_fields, **ChirpStackSettings.model_fields}


@pytest.mark.parametrize("name", FIELDS)
def test_every_setting_is_described(name: str) -> None:
    assert f"`SIMBA_{name.upper()}`" in DOC, f"add a row: {FIELDS[name].description}"


def test_every_command_and_port_of_the_stack_is_mentioned() -> None:
    for command in COMMANDS.keys() & {"up", "serve", "worker", "adapter", "migrate", "doctor"}:
        assert f"simba {command}" in DOC
    for port in FIXED.values():
        assert str(port) in DOC
