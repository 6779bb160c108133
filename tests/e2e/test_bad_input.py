"""Bad input through the edge: a clear error that names field, value and rule, and the good rest is kept."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import grpc
import httpx
import pytest

from simba.common.v1 import error_reason_pb2
from simba.readings.v1.ingest_service_pb2 import IngestReadingsRequest
from simba.readings.v1.ingest_service_pb2_grpc import IngestServiceStub
from simba.readings.v1.reading_block_pb2 import ReadingBlock
from simba_metering import SimbaClient
from simba_metering.devices import Codec, Meter
from simulator.relay_meter import PORT, RelayMeter
from stack.demo.field import Field, Payload
from stack.demo.utility import library_model
from tests.support.stack import RunningStack, eventually

ENDLESS = "function decodeUplink(input) { while (true) {} }"
GREEDY = "function decodeUplink(input) { const all = []; while (true) all.push(new Array(1e6).fill(1)); }"
NOON = datetime(2014, 3, 30, 12, tzinfo=UTC)
NOBODY = "01900000-0000-7000-8000-000000000000"


@dataclass(frozen=True)
class World:
    """A meter of the library's reference model, and others of its kind with codecs that misbehave."""

    client: SimbaClient
    http: httpx.Client
    meter: Meter
    endless: Meter
    greedy: Meter

    @property
    def register(self) -> int:
        """The meter's register of imported energy, in kWh."""
        return next(one.channel for one in self.meter.channels if one.code == "energy_import")

    def values(self, meter: Meter | None = None) -> list[str]:
        """What is stored of a meter, oldest first."""
        asked = (meter or self.meter).meter_id
        rows = self.client.readings.query_readings(
            meter_id=asked, start_time=NOON - timedelta(days=9000), end_time=datetime.now(UTC)
        )
        return [row.value for row in rows]


@pytest.fixture
def world(client: SimbaClient, http: httpx.Client) -> World:
    """New for each test, so that what is stored can be counted."""

    def meter(script: str | None) -> Meter:
        model = library_model("simba/relay-meter")
        model.model = f"Bad input {uuid4().hex}"
        if script is not None:
            model.codec = Codec(script=script)
            model.command_templates = []
        made = client.device_models.create_device_model(model)
        eui = uuid4().hex[:16]
        return client.meters.create_meter(
            Meter(device_model_id=made.device_model_id, serial_number=eui, dev_eui=eui)
        )

    return World(client, http, meter(None), meter(ENDLESS), meter(GREEDY))


def refused(answer: httpx.Response, status: int, reason: str) -> dict[str, Any]:
    """The body of a refusal, of one shape whoever refuses."""
    assert answer.status_code == status, answer.text
    body: dict[str, Any] = answer.json()
    [info] = [one for one in body["details"] if one["@type"].endswith("ErrorInfo")]
    assert (info["reason"], info["domain"]) == (reason, "simba"), body
    assert body["message"]
    return body


def violations(body: dict[str, Any]) -> dict[str, str]:
    """Descriptions by field."""
    found = [one for one in body["details"] if one["@type"].endswith("BadRequest")]
    return {each["field"]: each["description"] for one in found for each in one["fieldViolations"]}


def test_a_meter_that_does_not_exist(world: World) -> None:
    body = refused(world.http.get(f"/v1/meters/{NOBODY}"), 404, "METER_NOT_FOUND")
    assert NOBODY in body["message"]


def test_bad_rows_do_not_cost_the_good_ones(world: World) -> None:
    """Unknown meter, wrong unit, a time to come, text for a number: one request, two of six rows good."""
    by_name = {"meterId": NOBODY, "code": "energy_import"}
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    good = {"channel": str(world.register), "time": NOON.isoformat(), "unit": "kWh"}
    rows = [
        {**good, "value": "1000.25"},
        {"channelName": by_name, "time": NOON.isoformat(), "value": "1"},
        {**good, "value": "1001", "unit": "m³"},
        {**good, "value": "1002", "time": tomorrow},
        {**good, "value": "a lot"},
        {**good, "value": "1003.5", "time": (NOON + timedelta(hours=1)).isoformat()},
    ]
    answer = world.http.post("/v1/readings", json={"readings": rows})
    assert answer.status_code == 200, answer.text
    assert answer.json()["stored"] == 2
    told = {row["row"]: row for row in answer.json()["rejected"]}
    assert {number: row["reason"].removeprefix("ERROR_REASON_") for number, row in told.items()} == {
        1: "UNKNOWN_CHANNEL",
        2: "UNIT_MISMATCH",
        3: "TIME_OUT_OF_RANGE",
        4: "NOT_A_NUMBER",
    }
    for number, field, value in ((2, "unit", "m³"), (4, "value", "a lot")):
        assert (told[number]["field"], told[number]["value"]) == (field, value)
    assert all(row["description"] for row in told.values())
    assert world.values() == ["1000.25", "1003.5"]


def test_a_block_with_columns_of_unequal_length(world: World, stack: RunningStack) -> None:
    at = int(NOON.timestamp() * 1000)
    good = ReadingBlock(
        source="bad", sequence=1, channel=[world.register], time_ms=[at], value_micro=[1_000_000]
    )
    lame = ReadingBlock(
        source="bad", sequence=2, channel=[world.register] * 2, time_ms=[at], value_micro=[5, 6]
    )
    edge = stack.endpoints["rest"].removeprefix("http://")
    with grpc.insecure_channel(edge) as channel:
        answers = IngestServiceStub(channel).IngestReadings(
            iter([IngestReadingsRequest(blocks=[lame, good])]),
            metadata=[("x-api-key", stack.endpoints["api_key"])],
            timeout=60,
        )
        acks = {ack.sequence: ack for answer in answers for ack in answer.acks}
    assert (acks[1].stored, acks[2].stored) == (1, 0)
    [row] = acks[2].rejected
    assert row.reason == error_reason_pb2.ERROR_REASON_COLUMN_LENGTH_MISMATCH
    assert (row.field, row.value) == ("time_ms", "1")
    assert "2" in row.description
    assert world.values() == ["1"]


def test_a_file_with_a_broken_row_in_the_middle(world: World) -> None:
    lines = ["start,value", *(f"2014-03-30 {hour:02}:00:00,{100 + hour}" for hour in range(24))]
    lines[13] = "2014-03-30 12:00:00,twelve"
    started = world.http.post(
        "/v1/imports",
        json={
            "importJob": {
                "fileName": "broken.csv",
                "csv": {"timeColumn": "start", "valueColumn": "value", "channel": str(world.register)},
            },
            "content": _base64("\n".join(lines)),
        },
    )
    assert started.status_code == 200, started.text
    path = f"/v1/imports/{started.json()['importJob']['importId']}"
    job = eventually(lambda: _ended(world.http.get(path).json()["importJob"]))
    assert (job["state"], job["stored"], job["rejected"]) == ("WORK_STATE_SUCCEEDED", "23", "1")
    [error] = world.http.get(f"{path}/errors").json()["errors"]
    assert (error["line"], error["column"], error["value"]) == ("14", "value", "twelve")
    assert error["reason"] == "ERROR_REASON_NOT_A_NUMBER"
    assert len(world.values()) == 23


@pytest.fixture
def field(stack: RunningStack) -> Iterator[Field]:
    """The field side of the shared stack."""
    with Field(stack.endpoints["mqtt"]) as opened:
        yield opened


def test_frames_that_cannot_be_read_hold_nobody_up(world: World, field: Field) -> None:
    """Unknown DevEUI, a truncated frame, an endless codec, a greedy codec; then good frames."""
    stranger = uuid4().hex[:16]
    whole = RelayMeter(import_wh=4_711_000).registers()
    good = Payload(world.meter.dev_eui, "good", PORT, whole)
    field.publish(
        [
            good,
            Payload(stranger, "stranger", PORT, whole),
            Payload(world.meter.dev_eui, "good", PORT, whole[:-7]),
            Payload(world.endless.dev_eui, "endless", PORT, whole),
            Payload(world.greedy.dev_eui, "greedy", PORT, whole),
            Payload(world.meter.dev_eui, "good", PORT, RelayMeter.history(NOON, 30, 1000, [100, 200])),
        ]
    )
    expected = {
        stranger: ("UNKNOWN_DEVICE", stranger),
        world.meter.dev_eui: ("CODEC_FAILED", "a register frame has 20 bytes, this one has 13"),
        world.endless.dev_eui: ("CODEC_TIMEOUT", "ms"),
        world.greedy.dev_eui: ("CODEC_OUT_OF_MEMORY", "MiB"),
    }
    for dev_eui, (reason, words) in expected.items():
        [frame] = eventually(lambda dev_eui=dev_eui: _frames(world.http, dev_eui))
        assert frame["reason"] == f"ERROR_REASON_{reason}"
        assert words in frame["description"]
        assert frame["state"] == "FRAME_STATE_UNREADABLE"
        assert frame["event"]
    assert {"4711", "0.1", "0.2"} <= set(eventually(lambda: _all(world.values(), "4711", "0.2")))


def test_a_key_that_is_missing_wrong_or_revoked(world: World, stack: RunningStack) -> None:
    made = world.http.post("/v1/api-keys", json={"apiKey": {"displayName": "soon gone", "roles": ["admin"]}})
    key, secret = made.json()["apiKey"], made.json()["secret"]
    with stack.http(key="") as nobody, stack.http(key=f"{secret}x") as wrong, stack.http(key=secret) as his:
        refused(nobody.get("/v1/meters"), 401, "CREDENTIAL_MISSING")
        refused(wrong.get("/v1/meters"), 401, "CREDENTIAL_INVALID")
        assert his.get("/v1/meters").status_code == 200
        revoked = world.http.post(f"/v1/api-keys/{key['apiKeyId']}:revoke", json={})
        assert revoked.status_code == 200, revoked.text
        refused(his.get("/v1/meters"), 401, "CREDENTIAL_REVOKED")


def test_a_permission_that_is_missing_is_named(world: World, stack: RunningStack) -> None:
    made = world.http.post("/v1/api-keys", json={"apiKey": {"displayName": "reader", "roles": ["analyst"]}})
    with stack.http(key=made.json()["secret"]) as reader:
        assert reader.get(f"/v1/meters/{world.meter.meter_id}").status_code == 200
        body = refused(reader.post("/v1/meters", json=_meter(world)), 403, "PERMISSION_MISSING")
    assert "devices.meters.write" in json.dumps(body)


def test_another_tenants_id_is_unknown(world: World, stack: RunningStack) -> None:
    made = world.http.post("/v1/tenants", json={"tenant": {"code": f"t-{uuid4().hex[:12]}"}})
    assert made.status_code == 200, made.text
    with stack.http(key=made.json()["secret"]) as stranger:
        path = f"/v1/meters/{world.meter.meter_id}"
        body = refused(stranger.get(path), 404, "METER_NOT_FOUND")
        # Word for word what is told of an id that nobody has: it does not leak that it exists.
        assert (
            body["message"].replace(world.meter.meter_id, NOBODY)
            == (refused(stranger.get(f"/v1/meters/{NOBODY}"), 404, "METER_NOT_FOUND")["message"])
        )
        refused(stranger.patch(path, json={"meter": {"displayName": "mine"}}), 404, "METER_NOT_FOUND")
        row = {"channel": str(world.register), "time": NOON.isoformat(), "value": "7"}
        told = stranger.post("/v1/readings", json={"readings": [row]}).json()
        assert (told["stored"], told["rejected"][0]["reason"]) == (0, "ERROR_REASON_UNKNOWN_CHANNEL")
    assert world.values() == []


def test_a_stale_etag_changes_nothing(world: World) -> None:
    path = f"/v1/meters/{world.meter.meter_id}"
    first = {"meter": {"displayName": "first", "etag": world.meter.etag}}
    assert world.http.patch(path, json=first).status_code == 200
    second = {"meter": {"displayName": "second", "etag": world.meter.etag}}
    refused(world.http.patch(path, json=second), 409, "ETAG_MISMATCH")
    assert world.http.get(path).json()["meter"]["displayName"] == "first"


def test_a_request_id_of_another_payload_does_nothing(world: World) -> None:
    body = {**_meter(world), "requestId": str(uuid4())}
    made = world.http.post("/v1/meters", json=body).json()["meter"]
    assert world.http.post("/v1/meters", json=body).json()["meter"] == made
    other = {**_meter(world), "requestId": body["requestId"]}
    refused(world.http.post("/v1/meters", json=other), 400, "REQUEST_ID_REUSED")
    with_serial = world.client.meters.list_meters(serial_number=other["meter"]["serialNumber"])
    assert list(with_serial) == []


def test_a_mask_with_an_unknown_path_changes_nothing(world: World) -> None:
    path = f"/v1/meters/{world.meter.meter_id}"
    body = {"meter": {"displayName": "x"}, "updateMask": "displayName,colour"}
    told = violations(refused(world.http.patch(path, json=body), 400, "INVALID_FIELD_MASK"))
    assert "colour" in json.dumps(told)
    assert world.http.get(path).json()["meter"]["displayName"] == ""


def test_a_field_that_breaks_a_rule_is_named_with_its_value(world: World) -> None:
    body = _meter(world)
    body["meter"]["devEui"] = "0018B2"
    told = violations(refused(world.http.post("/v1/meters", json=body), 400, "INVALID_FIELD"))
    assert list(told) == ["meter.dev_eui"]
    assert "0018B2" in told["meter.dev_eui"]


def _meter(world: World) -> dict[str, Any]:
    return {"meter": {"deviceModelId": world.meter.device_model_id, "serialNumber": uuid4().hex}}


def _base64(text: str) -> str:
    return b64encode(text.encode()).decode()


def _ended(job: dict[str, Any]) -> dict[str, Any] | None:
    return job if job["state"] in {"WORK_STATE_SUCCEEDED", "WORK_STATE_FAILED"} else None


def _frames(http: httpx.Client, dev_eui: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = http.get("/v1/frames", params={"devEui": dev_eui}).json()["frames"]
    return found


def _all(values: list[str], *wanted: str) -> list[str] | None:
    return values if set(wanted) <= set(values) else None
