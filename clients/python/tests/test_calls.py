"""Calls, lists and errors, synchronous and asynchronous."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from simba_metering import AsyncSimbaClient, SimbaClient
from simba_metering.commands import Command, WaitCommandResponse
from simba_metering.common import ExternalId
from simba_metering.devices import Meter, MeterState
from simba_metering.errors import (
    Aborted,
    AlreadyExists,
    DeadlineExceeded,
    FailedPrecondition,
    FieldViolation,
    InvalidArgument,
    NotFound,
    ResourceExhausted,
    SimbaError,
    Unauthenticated,
    Unavailable,
    Unimplemented,
)
from simba_metering.testing import FakeServer

MODEL = str(uuid.uuid4())


def test_a_meter_is_made_read_changed_and_archived(client: SimbaClient) -> None:
    made = client.meters.create_meter(Meter(serial_number="1", device_model_id=MODEL))
    assert made.meter_id
    assert made.etag == '"1"'
    assert client.meters.get_meter(made.meter_id).serial_number == "1"
    made.display_name = "Cellar"
    changed = client.meters.update_meter(made, update_mask=["display_name"])
    assert (changed.display_name, changed.etag) == ("Cellar", '"2"')
    with pytest.raises(Aborted) as stale:
        client.meters.archive_meter(made.meter_id, etag='"1"')
    assert stale.value.reason == "ETAG_MISMATCH"
    assert client.meters.archive_meter(made.meter_id, etag='"2"').state is MeterState.ARCHIVED


async def test_the_asynchronous_client_does_the_same(async_client: AsyncSimbaClient) -> None:
    made = await async_client.meters.create_meter(Meter(serial_number="1", device_model_id=MODEL))
    assert (await async_client.meters.get_meter(made.meter_id)).serial_number == "1"
    with pytest.raises(NotFound) as missing:
        await async_client.meters.get_meter(str(uuid.uuid4()))
    assert missing.value.reason == "METER_NOT_FOUND"
    assert [meter.serial_number async for meter in async_client.meters.list_meters()] == ["1"]


def test_the_key_goes_with_every_call_and_a_wrong_one_is_refused() -> None:
    with FakeServer(api_key="right") as fake:
        with fake.client() as client:
            client.meters.create_meter(Meter(serial_number="1"))
        assert fake.calls[-1].metadata["x-api-key"] == "right"
        with SimbaClient(fake.target, api_key="wrong") as stranger, pytest.raises(Unauthenticated) as refused:
            stranger.meters.get_meter("x")
        assert refused.value.reason == "CREDENTIAL_INVALID"
        tokens = iter(["one", "two"])
        with SimbaClient(fake.target, token=lambda: next(tokens)) as bearer:
            for _ in range(2):
                with pytest.raises(Unauthenticated):
                    bearer.meters.get_meter("x")
        assert [call.metadata["authorization"] for call in fake.calls[-2:]] == ["Bearer one", "Bearer two"]


def test_a_request_id_is_filled_in_and_a_given_one_kept(fake: FakeServer, client: SimbaClient) -> None:
    for request_id in ("", "", str(uuid.uuid4())):
        client.meters.create_meter(Meter(serial_number="1"), request_id=request_id)
    first, second, third = (call.request.request_id for call in fake.calls)
    assert uuid.UUID(first) != uuid.UUID(second)
    assert third == request_id


def test_the_same_request_id_makes_one_meter_and_never_another(client: SimbaClient) -> None:
    request_id = str(uuid.uuid4())
    once, again = (
        client.meters.create_meter(Meter(serial_number="1"), request_id=request_id) for _ in range(2)
    )
    assert once.meter_id == again.meter_id
    with pytest.raises(InvalidArgument) as reused:
        client.meters.create_meter(Meter(serial_number="2"), request_id=request_id)
    assert reused.value.reason == "REQUEST_ID_REUSED"


def test_lists_are_flat_and_fetched_as_needed(fake: FakeServer, client: SimbaClient) -> None:
    for number in range(7):
        fake.put(Meter(serial_number=str(number), dev_eui="0018b20000000001" if number == 3 else ""))
    meters = client.meters.list_meters(page_size=3)
    assert not fake.calls
    assert next(iter(meters)).serial_number == "0"
    assert len(fake.calls) == 1
    assert [meter.serial_number for meter in meters] == list("0123456")
    assert [len(page) for page in meters.by_page()] == [3, 3, 1]
    [found] = client.meters.list_meters(dev_eui="0018b20000000001")
    assert found.serial_number == "3"


async def test_lists_page_by_page_asynchronously(fake: FakeServer, async_client: AsyncSimbaClient) -> None:
    for number in range(5):
        fake.put(Meter(serial_number=str(number), external_ids=[ExternalId(system="cis", value=str(number))]))
    pages = async_client.meters.list_meters(page_size=2).by_page()
    assert [len(page) async for page in pages] == [2, 2, 1]
    only = async_client.meters.list_meters(external_id=ExternalId(system="cis", value="4"))
    assert [meter.serial_number async for meter in only] == ["4"]


def test_times_and_durations_are_pythons_own(fake: FakeServer, client: SimbaClient) -> None:
    now = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    fake.reply(
        "CommandService/WaitCommand", lambda request: WaitCommandResponse(done=request.timeout > timedelta(1))
    )
    assert client.commands.wait_command("c", timeout=timedelta(seconds=1)).done is False
    meter = fake.put(Meter(last_seen_time=now))
    assert client.meters.get_meter(meter.meter_id).last_seen_time == now


def test_an_error_says_everything_the_server_said(fake: FakeServer, client: SimbaClient) -> None:
    said = InvalidArgument(
        "serial_number: too long",
        reason="INVALID_FIELD",
        field_violations=[FieldViolation("meter.serial_number", "too long", "string.max_len")],
        metadata={"limit": "200"},
        retry_delay=timedelta(seconds=3),
    )
    fake.fail("MeterService/CreateMeter", said)
    with pytest.raises(InvalidArgument) as refused:
        client.meters.create_meter(Meter())
    error = refused.value
    assert error.reason == "INVALID_FIELD"
    assert error.field_violations == (FieldViolation("meter.serial_number", "too long", "string.max_len"),)
    assert error.metadata == {"limit": "200"}
    assert error.retry_delay == timedelta(seconds=3)
    assert str(error) == "serial_number: too long [INVALID_FIELD]\n  meter.serial_number: too long"


@pytest.mark.parametrize("kind", [AlreadyExists, FailedPrecondition, ResourceExhausted, NotFound, Aborted])
def test_every_kind_of_refusal_has_its_class(
    fake: FakeServer, client: SimbaClient, kind: type[SimbaError]
) -> None:
    fake.fail("CommandService/SubmitCommand", kind("no", reason="WHY"))
    with pytest.raises(kind) as refused:
        client.commands.submit_command(Command(meter_id="m"))
    assert type(refused.value) is kind
    assert refused.value.reason == "WHY"


def test_what_may_be_repeated_is_repeated_and_keeps_its_request_id(
    fake: FakeServer, client: SimbaClient
) -> None:
    fake.fail("MeterService/CreateMeter", Unavailable("starting"), times=2)
    assert client.meters.create_meter(Meter(serial_number="1")).serial_number == "1"
    ids = {call.request.request_id for call in fake.calls}
    assert (len(fake.calls), len(ids)) == (3, 1)


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    async with AsyncSimbaClient("127.0.0.1:1", timeout=5) as client:
        with pytest.raises(Unavailable):
            await client.meters.get_meter("x")


def test_a_call_has_a_time_limit(fake: FakeServer, client: SimbaClient) -> None:
    def slow(_request: object) -> WaitCommandResponse:
        import time

        time.sleep(1)
        return WaitCommandResponse()

    fake.reply("CommandService/WaitCommand", slow)
    with pytest.raises(DeadlineExceeded):
        client.commands.wait_command("c", rpc_timeout=0.2)


def test_more_headers_can_go_with_a_call(fake: FakeServer, client: SimbaClient) -> None:
    fake.put(Meter(meter_id="m"))
    client.meters.get_meter("m", rpc_metadata=[("traceparent", "00-1-2-01")])
    assert fake.calls[-1].metadata["traceparent"] == "00-1-2-01"


def test_the_fake_says_what_it_cannot_answer(client: SimbaClient, fake: FakeServer) -> None:
    with pytest.raises(Unimplemented, match=r"give one with reply\(\)"):
        client.commands.submit_command(Command())
    with pytest.raises(ValueError, match="MeterService/GetMeter"):
        fake.reply("GetMeter", WaitCommandResponse())


def test_a_context_goes_with_every_call_of_its_client_only(fake: FakeServer, client: SimbaClient) -> None:
    why = client.with_context(reason="Zähler ersetzt: 100 %", correlation_id="order-1")
    made = why.meters.create_meter(Meter(serial_number="1", device_model_id=MODEL))
    headers = fake.calls[-1].metadata
    assert headers["x-simba-reason"] == "Z%C3%A4hler ersetzt: 100 %25"
    assert headers["x-correlation-id"] == "order-1"
    assert list(why.with_context(reason="and so on").meters.list_meters())
    assert fake.calls[-1].metadata["x-correlation-id"] == "order-1"
    client.meters.get_meter(made.meter_id)
    assert "x-simba-reason" not in fake.calls[-1].metadata
    client.with_context().meters.get_meter(made.meter_id)
    assert "x-correlation-id" not in fake.calls[-1].metadata


async def test_the_asynchronous_client_shares_its_connection_with_its_contexts(
    fake: FakeServer, async_client: AsyncSimbaClient
) -> None:
    why = async_client.with_context(reason="new")
    await why.meters.create_meter(Meter(serial_number="1", device_model_id=MODEL))
    assert fake.calls[-1].metadata["x-simba-reason"] == "new"
    assert [one.serial_number async for one in async_client.meters.list_meters()] == ["1"]
    assert "x-simba-reason" not in fake.calls[-1].metadata
