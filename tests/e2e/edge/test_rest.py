"""REST through Envoy: the shape of requests, answers and errors."""

from __future__ import annotations

import base64
import gzip
import json
import re

import grpc
import httpx
import pytest

from tests.e2e.edge import upstream
from tests.e2e.edge.conftest import Edge

ONE_METER = f"/v1/meters/{upstream.METER_ID}"


def info(body: dict) -> dict:
    return next(detail for detail in body["details"] if detail["@type"].endswith("ErrorInfo"))


async def test_a_meter_is_made_with_camel_case_json_and_comes_back_whole(
    rest: httpx.AsyncClient, seen: upstream.Seen
) -> None:
    response = await rest.post("/v1/meters", json={"meter": {"serialNumber": "7", "tags": {"a": "b"}}})
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.json() == {
        "meter": {
            "meterId": upstream.METER_ID,
            "deviceModelId": "",
            "serialNumber": "7",
            "devEui": "",
            "displayName": "",
            "state": "METER_STATE_UNSPECIFIED",
            "channels": [
                {
                    "channel": "9007199254740993",
                    "code": "energy",
                    "quantity": "QUANTITY_UNSPECIFIED",
                    "kind": "MEASUREMENT_KIND_UNSPECIFIED",
                    "unit": "kWh",
                    "readingType": "",
                }
            ],
            "usagePointId": "",
            "externalIds": [],
            "tags": {"a": "b"},
            "etag": "",
            "keyNames": [],
            "joinEui": "",
            "concentratorId": "",
            "batch": "",
        }
    }
    assert seen.metadata[-1]["x-api-key"] == "key"


async def test_names_of_the_contract_are_read_as_well(rest: httpx.AsyncClient) -> None:
    response = await rest.post("/v1/meters", json={"meter": {"serial_number": "7"}})
    assert response.json()["meter"]["serialNumber"] == "7"


async def test_a_bearer_token_is_handed_on(rest: httpx.AsyncClient, seen: upstream.Seen) -> None:
    await rest.get(f"/v1/meters/{upstream.METER_ID}", headers={"authorization": "Bearer abc"})
    assert seen.metadata[-1]["authorization"] == "Bearer abc"


async def test_query_parameters_reach_nested_fields(rest: httpx.AsyncClient) -> None:
    response = await rest.get(
        "/v1/meters", params={"pageSize": 1, "externalId.value": "x", "external_id.system": "cis"}
    )
    assert response.status_code == 200, response.text
    assert response.json()["meters"][0]["displayName"] == "x"


async def test_a_mask_is_text_and_envoy_makes_none(rest: httpx.AsyncClient) -> None:
    body = {"meter": {"displayName": "x"}, "updateMask": "displayName,tags"}
    response = await rest.patch(f"/v1/meters/{upstream.METER_ID}", json=body)
    assert response.json()["meter"]["displayName"] == "display_name,tags"
    response = await rest.patch(f"/v1/meters/{upstream.METER_ID}", json={"meter": {"displayName": "x"}})
    assert response.json()["meter"]["displayName"] == "x"


async def test_an_error_has_its_details(rest: httpx.AsyncClient) -> None:
    response = await rest.get(f"/v1/meters/{upstream.UNKNOWN_ID}")
    assert response.status_code == 404
    assert response.json() == {
        "code": 5,
        "message": f"meter {upstream.UNKNOWN_ID} does not exist",
        "details": [
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "METER_NOT_FOUND",
                "domain": "simba",
                "metadata": {"meter_id": upstream.UNKNOWN_ID},
            }
        ],
    }


async def test_a_bad_field_is_named(rest: httpx.AsyncClient) -> None:
    response = await rest.post("/v1/meters", json={"meter": {"serialNumber": "bad"}})
    assert response.status_code == 400
    [violations] = [detail for detail in response.json()["details"] if detail["@type"].endswith("BadRequest")]
    assert violations["fieldViolations"][0]["field"] == "meter.serial_number"
    assert violations["fieldViolations"][0]["description"] == "must not be bad"


async def test_a_refused_credential_is_401(rest: httpx.AsyncClient) -> None:
    response = await rest.post("/v1/meters", json={"meter": {"serialNumber": "keyless"}})
    assert response.status_code == 401
    assert info(response.json())["reason"] == "CREDENTIAL_MISSING"


@pytest.mark.parametrize(
    ("method", "path", "options", "status", "code", "reason", "words"),
    [
        ("GET", "/v1/metres", {}, 404, 5, "ROUTE_NOT_FOUND", "/docs"),
        ("DELETE", "/v1/meters", {}, 404, 5, "ROUTE_NOT_FOUND", "/docs"),
        ("POST", "/simba.devices.v1.MeterService/CreateMeter", {"json": {}}, 404, 5,
         "ROUTE_NOT_FOUND", "/docs"),
        ("GET", "/v1/meters?colour=red", {}, 400, 3, "REQUEST_MALFORMED", "colour"),
        ("GET", "/v1/meters?pageSize=many", {}, 400, 3, "REQUEST_MALFORMED", "many"),
        ("GET", "/v1/meters?state=SLEEPING", {}, 400, 3, "REQUEST_MALFORMED", "SLEEPING"),
        ("POST", "/v1/meters", {"content": b'{"meter": {'}, 400, 3, "REQUEST_MALFORMED", ""),
        ("POST", "/v1/meters", {"json": {"metre": {}}}, 400, 3, "REQUEST_MALFORMED", "no field metre in"),
        ("POST", "/v1/meters?x=1", {"json": {"meter": {"tags": {"a": "b"}, "serialNumbr": "1"}}}, 400, 3,
         "REQUEST_MALFORMED", "no field meter.serialNumbr in"),
        ("PATCH", ONE_METER, {"json": {"meter": {"externalIds": [{"sytem": ""}]}}}, 400, 3,
         "REQUEST_MALFORMED", "no field meter.externalIds.sytem in"),
        ("POST", "/v1/meters", {"json": {"meter": {"tags": 7}}}, 400, 3, "REQUEST_MALFORMED", "tags"),
        ("POST", "/v1/meters", {"json": {"meter": {"channels": [{"channel": "x"}]}}}, 400, 3,
         "REQUEST_MALFORMED", "x"),
        ("POST", "/v1/meters", {"content": b"<meter/>", "headers": {"content-type": "text/xml"}}, 415, 3,
         "MEDIA_TYPE_UNSUPPORTED", "application/json"),
        ("POST", "/v1/imports", {"content": b'{"content": "' + b"A" * (25 << 20) + b'"}'}, 413, 3,
         "REQUEST_TOO_LARGE", "UploadImport"),
    ],
)  # fmt: skip
async def test_what_the_edge_refuses_is_told_like_every_other_error(
    rest: httpx.AsyncClient, seen: upstream.Seen, method, path, options, status, code, reason, words
) -> None:
    response = await rest.request(method, path, **options)
    body = response.json()
    assert (response.status_code, body["code"], info(body)["reason"], info(body)["domain"]) == (
        status,
        code,
        reason,
        "simba",
    )
    assert response.headers["content-type"] == "application/json"
    assert words in body["message"]
    assert not seen.calls


GOOD = [
    "{}",
    r' { "meter" : { "serialNumber" : "a \" } \\" , "tags" : { "any" : "x", "\u00e9": "" } } } ',
    r'{"meter": {"serialNumber": "é💡 \ud83d\ude00", "externalIds": [], "batteryLevel": -1.5e2}}',
    '{"meter": {"serial_number": "1", "externalIds": [{"system": "a"}, {}]},\n "requestId": null}',
    '{"meter": {"channels": [{"channel": "1", "interval": "900s"}], "createTime": "2026-01-01T00:00:00Z"}}',
]


@pytest.mark.parametrize("body", GOOD)
async def test_whatever_is_good_json_of_the_contract_passes(rest: httpx.AsyncClient, body: str) -> None:
    response = await rest.post("/v1/meters", content=body.encode())
    assert response.status_code == 200, response.text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"7",
        b'{"meter"',
        b'{"meter": {"tags": {"a"}}}',
        b"[" * 5000,
        b'{"meter": {"externalIds": ' + b"[" * 5000,
    ],
)
async def test_what_is_no_json_object_is_left_to_the_transcoder(rest: httpx.AsyncClient, body: bytes) -> None:
    response = await rest.post("/v1/meters", content=body)
    assert response.status_code in {200, 400}
    if response.status_code == 400:
        assert info(response.json())["reason"] == "REQUEST_MALFORMED"
        assert "no field" not in response.text


async def test_the_examples_of_the_docs_are_taken(rest: httpx.AsyncClient) -> None:
    document = (await rest.get("/openapi.json")).json()
    tried = 0
    for path, item in document["paths"].items():
        for verb, operation in item.items():
            if "requestBody" in operation:
                example = operation["requestBody"]["content"]["application/json"]["example"]
                url = re.sub(r"\{[^}]*\}", upstream.METER_ID, path)
                response = await rest.request(verb.upper(), url, json=example)
                # The little server behind knows few calls; what matters is that the edge took the request.
                assert response.status_code in {200, 501}, (url, response.text)
                tried += 1
    assert tried > 30


async def test_curl_may_forget_the_content_type(rest: httpx.AsyncClient) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    response = await rest.post("/v1/meters", content=b'{"meter": {"serialNumber": "7"}}', headers=headers)
    assert response.json()["meter"]["serialNumber"] == "7"


async def test_a_large_body_goes_through(rest: httpx.AsyncClient) -> None:
    content = b"x" * (16 << 20)
    response = await rest.post("/v1/imports", json={"content": base64.b64encode(content).decode()})
    assert response.status_code == 200, response.text
    assert response.json()["importJob"]["stored"] == str(len(content))


async def test_a_large_answer_comes_through(rest: httpx.AsyncClient) -> None:
    response = await rest.get("/v1/meters", params={"pageSize": 10_000})
    assert len(response.json()["meters"]) == 10_000


async def test_a_pdf_is_the_body_itself(rest: httpx.AsyncClient) -> None:
    response = await rest.get(f"/v1/invoices/{upstream.METER_ID}/pdf")
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/pdf"
    assert response.content == upstream.PDF


async def test_json_is_compressed_on_request(rest: httpx.AsyncClient) -> None:
    for encoding, magic in (("gzip", b"\x1f\x8b"), ("br", b"")):
        async with rest.stream("GET", "/v1/meters", headers={"accept-encoding": encoding}) as response:
            raw = b"".join([part async for part in response.aiter_raw()])
        assert response.headers["content-encoding"] == encoding
        assert raw.startswith(magic)
        assert len(raw) < 2000
        if encoding == "gzip":
            assert len(json.loads(gzip.decompress(raw))["meters"]) == 50


async def test_why_and_what_belongs_together_reach_the_server(
    rest: httpx.AsyncClient, seen: upstream.Seen
) -> None:
    headers = {"x-simba-reason": "Z%C3%A4hler ersetzt", "x-correlation-id": "order-1"}
    assert (await rest.get(f"/v1/meters/{upstream.METER_ID}", headers=headers)).status_code == 200
    assert headers.items() <= seen.metadata[-1].items()


async def test_a_request_id_is_made_kept_and_logged_with_the_call(
    edge: Edge, rest: httpx.AsyncClient
) -> None:
    response = await rest.get("/v1/meters?pageSize=1")
    made = response.headers["x-request-id"]
    assert len(made) == 36
    response = await rest.get(
        "/v1/meters", params={"pageToken": "secret"}, headers={"x-request-id": "mine-7"}
    )
    assert response.headers["x-request-id"] == "mine-7"
    line = await edge.logged("mine-7")
    assert line["method"] == "GET"
    assert line["path"] == "/v1/meters"
    assert line["rpc"] == "/simba.devices.v1.MeterService/ListMeters"
    assert line["status"] == 200
    assert line["grpc_status"] == "OK"
    assert "secret" not in json.dumps(line)


async def test_forwarded_headers_tell_the_server_who_calls(
    rest: httpx.AsyncClient, seen: upstream.Seen
) -> None:
    await rest.get("/v1/meters", headers={"x-forwarded-for": "203.0.113.9"})
    metadata = seen.metadata[-1]
    before, added = str(metadata["x-forwarded-for"]).split(",")
    assert before == "203.0.113.9"
    assert added
    assert metadata["x-forwarded-proto"] == "http"


async def test_another_server_is_tried_for_reads_only(rest: httpx.AsyncClient, seen: upstream.Seen) -> None:
    seen.unavailable = 1
    assert (await rest.get(f"/v1/meters/{upstream.METER_ID}")).status_code == 200
    assert len(seen.calls) == 2
    seen.unavailable = 1
    response = await rest.post("/v1/meters", json={"meter": {"serialNumber": "7"}})
    assert response.status_code == 503
    assert info(response.json())["reason"] == "ENGINE_UNAVAILABLE"
    assert len(seen.calls) == 3


async def test_a_call_ends_with_the_edges_deadline_and_the_server_is_told(
    rest: httpx.AsyncClient, seen: upstream.Seen
) -> None:
    started = upstream.now_ms()
    response = await rest.get(f"/v1/commands/{upstream.METER_ID}:wait", params={"timeout": "30s"})
    assert response.status_code == 504
    # Edge and server end it at the same instant: whoever is first answers, and gRPC alone gives no details.
    body = response.json()
    assert body["code"] == grpc.StatusCode.DEADLINE_EXCEEDED.value[0]
    assert not body["details"] or info(body)["reason"] == "DEADLINE_EXCEEDED"
    assert 1500 < upstream.now_ms() - started < 6000
    await seen.cancelled.wait()


async def test_a_callers_own_deadline_is_handed_on(rest: httpx.AsyncClient) -> None:
    response = await rest.get(
        f"/v1/commands/{upstream.METER_ID}:wait", params={"timeout": "0.1s"}, headers={"grpc-timeout": "9S"}
    )
    assert 5 < float(response.json()["command"]["error"]) <= 9


@pytest.mark.parametrize(
    "header", [("x!y|z^", "x"), ("x-thing", "caf\xe9"), ("x-thing-bin", "%%"), ("X_y", "x")]
)
async def test_a_header_that_is_strange_to_grpc_does_no_harm(
    edge: Edge, rest: httpx.AsyncClient, header: tuple[str, str]
) -> None:
    name, value = header
    answer = await rest.get(ONE_METER, headers={name.encode(): value.encode("latin-1")})
    assert answer.status_code == 200, answer.text
