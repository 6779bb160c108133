"""Requests made up from the OpenAPI document, through Envoy: no answer is a 500, or against the document.

Schemathesis makes them, good ones by the rules of the document and bad ones against them; what it makes is
the same in every run. ``make test`` tries a few for each operation, ``make fuzz`` many:
``SIMBA_FUZZ_EXAMPLES`` says how many, ``SIMBA_FUZZ_SEED`` begins elsewhere.
"""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
import schemathesis
from google.protobuf import json_format
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from tests.support.documents import ROOT
from tests.support.rpcs import all_rows
from tests.support.rpcs.contract import Method, methods
from tests.support.rpcs.rows import ROWS
from tests.support.rpcs.wire import GrpcWire
from tests.support.rpcs.world import World, right_role
from tests.support.stack import RunningStack

all_rows()
DOCUMENT = json.loads((ROOT / "api" / "openapi" / "simba.json").read_text(encoding="utf-8"))
EXAMPLES = int(os.environ.get("SIMBA_FUZZ_EXAMPLES", "4"))
SEED = int(os.environ.get("SIMBA_FUZZ_SEED", "20130331"))
_VERBS = ("get", "post", "put", "patch", "delete")
_STREAMS = (":watch", ":subscribe")
"""Endings of paths that answer for as long as the caller listens; tests of their own follow them."""
_PATIENT = (":wait",)
"""Endings of paths whose answers take as long as the caller says: a few requests are enough of these."""
_FEW = 4
_SECONDS = 60
_RULES = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)

OPERATIONS = [
    (verb, path)
    for path, item in sorted(DOCUMENT["paths"].items())
    if not path.endswith(_STREAMS)
    for verb in _VERBS
    if verb in item
]


@dataclass(frozen=True)
class Target:
    """The document as the edge gives it out, and callers in a tenant of their own."""

    schema: Any
    session: requests.Session
    url: str
    world: World

    def known(self, verb: str, path: str) -> dict[str, Any]:
        """A request of the table over every RPC, as JSON: the ids of things that are there."""
        return self.world.kept(f"known {verb} {path}", lambda: self._known(verb, path))

    def _known(self, verb: str, path: str) -> dict[str, Any]:
        asked = _method(verb, path)
        found = json_format.MessageToDict(asked.request(**ROWS[asked.name](self.world)))
        # A path names the id of a resource that stands in the body: {meterId} of meter.meterId.
        inner = {
            name: value for part in found.values() if isinstance(part, dict) for name, value in part.items()
        }
        return {**inner, **found}

    def key(self, verb: str, path: str) -> str:
        """The key of a role that may."""
        return self.world.key(right_role(_method(verb, path)))


@pytest.fixture(scope="module")
def target(stack: RunningStack) -> Iterator[Target]:
    url = stack.endpoints["rest"]
    load_all_checks()
    wire = GrpcWire(stack.endpoints["grpc"])
    with requests.Session() as session:
        session.trust_env = False
        document = session.get(f"{url}/openapi.json", timeout=_SECONDS).json()
        assert document == DOCUMENT
        schema = schemathesis.openapi.from_dict(document)
        schema.config.output.sanitization.update(enabled=False)
        yield Target(schema, session, url, World(wire, stack.endpoints["api_key"]))
    wire.close()


@pytest.mark.parametrize(
    "mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda one: one.value
)
@pytest.mark.parametrize(("verb", "path"), OPERATIONS)
def test_no_request_breaks_an_operation(target: Target, verb: str, path: str, mode: GenerationMode) -> None:
    operation = target.schema[path][verb.upper()]
    if mode is GenerationMode.NEGATIVE and not _can_be_wrong(verb, path):
        return
    rules = CHECKS.get_by_names(list(_RULES))
    known = target.known(verb, path)
    real = {name: known[name] for name in re.findall(r"{(\w+)}", path)}

    @seed(SEED)
    @settings(
        max_examples=min(EXAMPLES, _FEW) if path.endswith(_PATIENT) else EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode, path_parameters=real or None))
    def ask(case: Any) -> None:
        if mode is GenerationMode.POSITIVE:
            _name(case.body, known)
        headers = {"x-api-key": target.key(verb, path)}
        answer = case.call(base_url=target.url, session=target.session, headers=headers, timeout=_SECONDS)
        case.validate_response(answer, checks=rules)

    ask()


def _name(body: Any, known: dict[str, Any]) -> None:
    """Puts ids of what is there in the place of made-up ones: what lies behind a NOT_FOUND is tried too."""
    if not isinstance(body, dict):
        return
    for name, value in body.items():
        if name.endswith("Id") and name in known:
            body[name] = known[name]
        _name(value, known)


def _method(verb: str, path: str) -> Method:
    """The RPC of an operation."""
    full = DOCUMENT["paths"][path][verb]["x-grpc"]
    return next(one for one in methods() if one.path == f"/{full}")


def _can_be_wrong(verb: str, path: str) -> bool:
    """Whether the operation takes anything that could be against its rules."""
    operation = DOCUMENT["paths"][path][verb]
    return bool(operation.get("parameters") or operation.get("requestBody"))
