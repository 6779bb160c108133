"""Write the OpenAPI 3.1 document of the REST surface from the contract.

    python tools/openapi.py            write api/openapi/simba.json
    python tools/openapi.py --check    say whether it is stale, exit 1 if so
    python tools/openapi.py --root D   read D/api/gen/simba.binpb, write D/api/openapi/simba.json

What it says is what the edge does: names in lowerCamelCase, enums by name, 64-bit integers and bytes as
text, errors as `google.rpc.Status`, streams as lines of JSON. The same contract gives the same bytes.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from pathlib import Path
from typing import Any

from tools import openapi_errors
from tools.contract import Contract
from tools.openapi_operations import Operations
from tools.openapi_schemas import Components

ROOT = Path(__file__).resolve().parent.parent

INTRODUCTION = ROOT / "tools" / "openapi_introduction.md"


def document(contract: Contract, version: str) -> dict[str, Any]:
    """The whole document as plain data."""
    components = Components(contract)
    operations = Operations(contract, components)
    paths = operations.paths()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "SiMBA",
            "version": version,
            "summary": "Intelligent metering, billing and analytics",
            "description": INTRODUCTION.read_text(encoding="utf-8"),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/", "description": "Where this document came from"}],
        "security": [{"apiKey": []}, {"bearer": []}],
        "tags": list(operations.tags()),
        "paths": paths,
        "components": {
            "schemas": dict(sorted({**components.schemas, **openapi_errors.schemas(contract)}.items())),
            "responses": openapi_errors.responses(),
            "securitySchemes": {
                "apiKey": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "x-api-key",
                    "description": "Shown once when it is made; revocable.",
                },
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "A token of the OpenID Connect provider that the installation trusts.",
                },
            },
        },
    }


def render(root: Path) -> str:
    """The document as text, from the descriptor set under `root`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    contract = Contract.load(root / "api" / "gen" / "simba.binpb")
    return json.dumps(document(contract, project["version"]), indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    """Write, or check."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if it is stale")
    parser.add_argument("--root", type=Path, default=ROOT, help="the project, or a copy laid out like it")
    arguments = parser.parse_args()
    file = arguments.root / "api" / "openapi" / "simba.json"
    text = render(arguments.root)
    if arguments.check:
        if file.exists() and file.read_text(encoding="utf-8") == text:
            return 0
        print(
            f"stale: {file.relative_to(arguments.root)}; run `make gen` and commit what it writes",
            file=sys.stderr,
        )
        return 1
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
