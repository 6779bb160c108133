"""The OpenAPI document: valid, complete, the same every time, and true to the contract."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import protovalidate
import pytest
from google.protobuf import json_format
from openapi_spec_validator import OpenAPIV31SpecValidator

from tools import openapi
from tools.contract import Contract
from tools.openapi_examples import SAMPLES

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def contract() -> Contract:
    return Contract.load(ROOT / "api" / "gen" / "simba.binpb")


@pytest.fixture(scope="module")
def document(contract: Contract) -> dict:
    return openapi.document(contract, "1.2.3")


def operations(document: dict):
    for path, item in document["paths"].items():
        for verb, operation in item.items():
            yield path, verb, operation


def test_it_is_valid_openapi_3_1(document: dict) -> None:
    assert document["openapi"] == "3.1.0"
    assert not list(OpenAPIV31SpecValidator(document).iter_errors())


def test_every_rest_call_is_there_with_its_permission(contract: Contract, document: dict) -> None:
    expected = {
        f"{service.full_name}/{method.name}": contract.permission(method)
        for service in contract.services
        for method in service.methods
        if contract.http(method)
    }
    assert expected
    assert {
        operation["x-grpc"]: operation["x-permission"] for _, _, operation in operations(document)
    } == expected


def test_every_operation_can_be_told_from_others_and_has_words(document: dict) -> None:
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(ids) == len(set(ids))
    tags = {tag["name"] for tag in document["tags"]}
    for path, _, operation in operations(document):
        assert operation["summary"], path
        assert set(operation["tags"]) <= tags
        for parameter in operation.get("parameters", []):
            assert parameter["description"], (path, parameter["name"])


def test_it_is_the_same_every_time(contract: Contract, document: dict) -> None:
    again = openapi.document(Contract.load(ROOT / "api" / "gen" / "simba.binpb"), "1.2.3")
    assert json.dumps(again) == json.dumps(document)


def test_the_committed_one_is_fresh_and_a_stale_one_is_seen(tmp_path: Path) -> None:
    command = [sys.executable, ROOT / "tools" / "openapi.py"]
    assert subprocess.run([*command, "--check"], check=False).returncode == 0
    (tmp_path / "api" / "gen").mkdir(parents=True)
    (tmp_path / "api" / "gen" / "simba.binpb").write_bytes(
        (ROOT / "api" / "gen" / "simba.binpb").read_bytes()
    )
    stale = subprocess.run(
        [*command, "--check", "--root", tmp_path], check=False, capture_output=True, text=True
    )
    assert stale.returncode == 1
    assert "make gen" in stale.stderr
    subprocess.run([*command, "--root", tmp_path], check=True)
    assert subprocess.run([*command, "--check", "--root", tmp_path], check=False).returncode == 0


def test_a_meter_reads_as_the_contract_says(document: dict) -> None:
    meter = document["components"]["schemas"]["devices.v1.Meter"]
    assert meter["required"] == ["deviceModelId", "serialNumber"]
    fields = meter["properties"]
    assert fields["devEui"]["pattern"] == "^$|^[0-9a-f]{16}$"
    assert fields["state"]["readOnly"] is True
    assert fields["state"]["$ref"] == "#/components/schemas/devices.v1.MeterState"
    assert fields["serialNumber"]["maxLength"] == 200
    assert fields["tags"]["maxProperties"] == 64
    assert fields["tags"]["propertyNames"] == {"minLength": 1, "maxLength": 64}
    assert fields["lastSeenTime"]["format"] == "date-time"
    assert "UUIDv7" in fields["meterId"]["description"]
    channel = document["components"]["schemas"]["devices.v1.Channel"]["properties"]["channel"]
    assert (channel["type"], channel["format"]) == ("string", "uint64")
    # An update names only what changes.
    assert "required" not in document["components"]["schemas"]["devices.v1.MeterPatch"]


def test_paths_queries_and_bodies_are_those_of_the_transcoder(document: dict) -> None:
    update = document["paths"]["/v1/meters/{meterId}"]["patch"]
    assert [(p["name"], p["in"], p["required"]) for p in update["parameters"]] == [("meterId", "path", True)]
    listing = document["paths"]["/v1/meters"]["get"]
    names = [parameter["name"] for parameter in listing["parameters"]]
    assert {"pageSize", "pageToken", "lastSeenBefore", "externalId.system", "externalId.value"} <= set(names)
    archive = document["paths"]["/v1/meters/{meterId}:archive"]["post"]
    assert "meterId" not in archive["requestBody"]["content"]["application/json"]["schema"]["properties"]
    pdf = document["paths"]["/v1/invoices/{invoiceId}/pdf"]["get"]
    assert list(pdf["responses"]["200"]["content"]) == ["application/pdf"]
    watch = document["paths"]["/v1/commands/{commandId}:watch"]["get"]
    assert watch["x-streaming"] == "newline-delimited"


def test_errors_carry_every_reason_and_what_it_means(document: dict) -> None:
    reasons = document["components"]["schemas"]["ErrorReason"]
    assert {"METER_NOT_FOUND", "ETAG_MISMATCH", "ROUTE_NOT_FOUND"} <= set(reasons["enum"])
    assert "UNSPECIFIED" not in reasons["enum"]
    assert "- `ETAG_MISMATCH`: The etag is not that" in reasons["description"]
    for response in document["components"]["responses"].values():
        content = response["content"]["application/json"]
        if "example" in content:
            validate(document, content["schema"], content["example"])


def validate(document: dict, schema: dict, value: object) -> None:
    validator = jsonschema.Draft202012Validator(
        {**schema, "components": document["components"]},
        format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
    )
    validator.validate(value)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_the_examples_are_good_requests(name: str, contract: Contract, document: dict) -> None:
    [(service, method)] = [(s, m) for s in contract.services for m in s.methods if m.name == name]
    [content] = [
        operation["requestBody"]["content"]["application/json"]
        for _, _, operation in operations(document)
        if operation["x-grpc"] == f"{service.full_name}/{name}"
    ]
    assert content["example"] == SAMPLES[name]
    validate(document, content["schema"], content["example"])
    module = importlib.import_module(
        method.input_type.file.name.removesuffix(".proto").replace("/", ".") + "_pb2"
    )
    request = getattr(module, method.input_type.name)()
    json_format.ParseDict(SAMPLES[name], request)
    for rule in contract.http(method):
        for variable in rule.variables:
            *outer, last = variable.split(".")
            target = request
            for field in outer:
                target = getattr(target, field)
            setattr(target, last, "0190f3a8-7b1c-7c3a-9d52-3f6b8a1e4c70")
    protovalidate.validate(request)
