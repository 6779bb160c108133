"""All checks in order, on the settings of the environment or of a running `simba up`."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import ValidationError

from server.platform.settings import Settings
from stack.doctor import databases, services
from stack.doctor.check import Finding, Verdict, bad, good, warning
from stack.supervisor.ownership import read_state


def examine(data: Path) -> Iterator[Finding]:
    """Yields the findings as they come. The settings `SIMBA_…` win over what a stack in `data` uses."""
    state = read_state(data)
    for name, value in state.get("env", {}).items():
        os.environ.setdefault(name, value)
    yield good("python", f"{platform.python_version()} at {sys.executable}")
    if state:
        yield from _stack(data, state)
    try:
        settings = Settings()
    except ValidationError as error:
        for problem in error.errors():
            name = "SIMBA_" + "_".join(str(part) for part in problem["loc"]).upper()
            yield bad("settings", f"{name}: {problem['msg']}", "see `docs/operations.md` for what it may be")
        return
    yield from databases.postgres(settings)
    yield from databases.clickhouse(settings)
    yield from databases.valkey(settings)
    yield from services.broker(os.environ.get("SIMBA_MQTT_URL", "mqtt://127.0.0.1:1883"))
    yield from services.server(os.environ.get("SIMBA_SERVER_TARGET", "127.0.0.1:50051"))
    yield from services.edge(
        state.get("endpoints", {}).get("rest", os.environ.get("SIMBA_REST_URL", "http://127.0.0.1:8080"))
    )
    if data.exists():
        yield from services.room(data)


def failed(findings: list[Finding]) -> bool:
    """Whether anything does not work."""
    return any(finding.verdict is Verdict.BAD for finding in findings)


def _stack(data: Path, state: Mapping[str, object]) -> Iterator[Finding]:
    children = state.get("children", {})
    assert isinstance(children, dict)
    weak = {name: child for name, child in children.items() if child["state"] != "healthy"}
    if weak:
        what = ", ".join(f"{name} ({child['state']})" for name, child in weak.items())
        yield warning("stack", f"process {state.get('pid')}: {what}", f"see {data}/log")
    else:
        yield good("stack", f"process {state.get('pid')}, {len(children)} children healthy")
