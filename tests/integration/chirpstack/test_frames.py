"""What cannot be read is kept with the reason, and read again once its codec is mended."""

from typing import Any
from uuid import uuid4

import grpc
import pytest

from adapters.chirpstack.topics import event_topic
from simba.common.v1 import error_reason_pb2
from simba.readings.v1 import frame_pb2, frame_service_pb2
from simba.readings.v1.frame_service_pb2_grpc import FrameServiceStub
from simulator.chirpstack import SimulatedDevice
from simulator.relay_meter import PORT
from tests.integration.chirpstack.conftest import Field
from tests.support.platform import error_of, eventually, make_tenant

ENDLESS = "function decodeUplink(input) { while (true) {} }"
GREEDY = "function decodeUplink(input) { const all = []; while (true) all.push(new Array(1e6).fill(1)); }"


def _reading(script: str) -> dict[str, Any]:
    """What a model has whose codec reads and cannot write."""
    return {"codec": {"script": script}, "command_templates": []}


def reason(frame: frame_pb2.Frame) -> str:
    return error_reason_pb2.ErrorReason.Name(frame.reason).removeprefix("ERROR_REASON_")


@pytest.mark.parametrize("coding", ["json", "protobuf"])
async def test_an_unknown_device_is_kept_and_told(field_: Field, coding):
    stranger = SimulatedDevice(uuid4().hex[:16])
    async with field_.adapter(), field_.chirpstack(coding=coding) as chirpstack:
        chirpstack.add(stranger)
        await chirpstack.uplink(stranger, 1, b"\x01\x02", deduplication_id="frame-1")
        (frame,) = await field_.kept()
    assert reason(frame) == "UNKNOWN_DEVICE"
    assert stranger.dev_eui in frame.description
    assert (frame.dev_eui, frame.frame_key, frame.adapter) == (stranger.dev_eui, "frame-1", "chirpstack")
    assert frame.state == frame_pb2.FRAME_STATE_UNREADABLE
    assert frame.topic.endswith(f"/device/{stranger.dev_eui}/event/up")


async def test_a_frame_that_is_cut_off_is_kept_once(field_: Field):
    _, device, relay = await field_.relay_meter()
    async with field_.adapter(), field_.chirpstack() as chirpstack:
        chirpstack.add(device)
        for _ in range(3):
            await chirpstack.uplink(device, PORT, relay.registers()[:-7], deduplication_id="cut")
        await chirpstack.uplink(device, PORT, b"\x09", deduplication_id="other")
        frames = {one.frame_key: one for one in await field_.kept(2)}
    assert set(frames) == {"cut", "other"}
    assert reason(frames["cut"]) == "CODEC_FAILED"
    assert frames["cut"].description == "a register frame has 20 bytes, this one has 13"
    assert frames["other"].description == "unknown frame type 9"


async def test_damaged_events_are_kept_as_they_came(field_: Field):
    device = SimulatedDevice(uuid4().hex[:16])
    async with field_.adapter(), field_.chirpstack() as chirpstack:
        chirpstack.add(device)
        garbage = [b"{", b"\xff\xfe", b'{"deviceInfo": {"devEui": "1"}}', b""]
        for payload in garbage:
            await chirpstack.publish(device, "up", payload)
        await chirpstack.publish(device, "status", b"{]")
        # An event type of a later ChirpStack is nothing to keep.
        await chirpstack.publish(device, "tomorrow", b"{}")
        frames = await field_.kept(5)
    assert {one.event for one in frames} == {*garbage, b"{]"}
    assert {reason(one) for one in frames} == {"INVALID_FIELD"}
    assert all(one.dev_eui == device.dev_eui and one.description for one in frames)


async def test_an_event_under_anothers_topic_is_kept(field_: Field):
    from simulator import chirpstack_events as make

    device, other = SimulatedDevice(uuid4().hex[:16]), SimulatedDevice(uuid4().hex[:16])
    async with field_.adapter(), field_.chirpstack() as chirpstack:
        status = make.status(other.info, deduplication_id="x", time=_now(), margin=1, battery_level=5.0)
        await chirpstack.publish(device, "status", status)
        (frame,) = await field_.kept()
    assert "is not that of the topic" in frame.description


async def test_an_endless_and_a_greedy_codec_hold_nobody_up(field_: Field):
    endless = await field_.model("simba/relay-meter", model="Endless", **_reading(ENDLESS))
    greedy = await field_.model("simba/relay-meter", model="Greedy", **_reading(GREEDY))
    bad = [SimulatedDevice((await field_.meter(one)).dev_eui) for one in (endless, greedy)]
    _, good, relay = await field_.relay_meter(device_class="C")
    async with field_.adapter(), field_.chirpstack() as chirpstack:
        for device in (*bad, good):
            chirpstack.add(device)
        for n in range(3):
            for device in bad:
                await chirpstack.uplink(device, 1, bytes([n]))
        await chirpstack.uplink(good, PORT, relay.registers()[:3], deduplication_id="good")
        frames = await field_.kept(7)
    told = {one.dev_eui: reason(one) for one in frames}
    assert told[bad[0].dev_eui] == "CODEC_TIMEOUT"
    assert told[bad[1].dev_eui] == "CODEC_OUT_OF_MEMORY"
    assert told[good.dev_eui] == "CODEC_FAILED"


async def test_a_frame_without_a_codec_waits_for_one_and_is_then_read(field_: Field):
    broken = "function decodeUplink(input) { return {errors: ['not written yet']}; }"
    model = await field_.model("simba/relay-meter", model="Unfinished", **_reading(broken))
    meter = await field_.meter(model)
    device = SimulatedDevice(meter.dev_eui)
    async with field_.adapter(), field_.chirpstack() as chirpstack:
        chirpstack.add(device)
        await chirpstack.uplink(device, PORT, b"\x09", deduplication_id="wait")
        (frame,) = await field_.kept()
        assert frame.description == "not written yet"
        assert await field_.replay(frame_ids=[frame.frame_id]) == 1
        again = await settled(field_, frame, attempts=2)
        assert again.state == frame_pb2.FRAME_STATE_UNREADABLE
        await field_.mend(model, "function decodeUplink(input) { return {data: {}}; }")
        assert await field_.replay(device_model_id=model.device_model_id) == 1
        read = await settled(field_, frame, attempts=3)
    assert read.state == frame_pb2.FRAME_STATE_DECODED
    # What was read at last is not unreadable any more: nothing is left to replay.
    assert await field_.replay(dev_eui=meter.dev_eui) == 0


async def test_replays_say_what_they_mean(field_: Field):
    frames = FrameServiceStub(field_.channel)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await frames.ReplayFrames(frame_service_pb2.ReplayFramesRequest())
    reason_, _, violations = error_of(caught.value)
    assert reason_ == "INVALID_FIELD"
    assert [name for name, _ in violations] == ["frame_ids", "dev_eui", "device_model_id"]
    unknown = str(uuid4())
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await frames.ReplayFrames(frame_service_pb2.ReplayFramesRequest(frame_ids=[unknown]))
    reason_, metadata, _ = error_of(caught.value)
    assert (reason_, metadata["frame_id"]) == ("FRAME_NOT_FOUND", unknown)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await frames.GetFrame(frame_service_pb2.GetFrameRequest(frame_id=unknown))
    assert error_of(caught.value)[0] == "FRAME_NOT_FOUND"


async def test_frames_are_listed_in_pages_and_by_filter(field_: Field, platform, server):
    adapters = FrameServiceStub(field_.channel)
    frames = [
        frame_pb2.Frame(
            adapter="chirpstack",
            dev_eui=f"{n % 2:016x}",
            frame_key=f"k{n}",
            event=b"x" * n,
            reason=error_reason_pb2.ERROR_REASON_CODEC_FAILED,
            description=f"no. {n}",
        )
        for n in range(7)
    ]
    stored = await adapters.StoreFrames(frame_service_pb2.StoreFramesRequest(frames=[*frames, frames[0]]))
    assert stored.created == 7
    frames[3].description = "later words"
    again = await adapters.StoreFrames(frame_service_pb2.StoreFramesRequest(frames=frames))
    assert again.created == 0
    seen, token = [], ""
    while True:
        request = frame_service_pb2.ListFramesRequest(page_size=3, page_token=token)
        page = await adapters.ListFrames(request)
        seen += page.frames
        token = page.next_page_token
        if not token:
            break
    assert sorted(one.frame_key for one in seen) == [f"k{n}" for n in range(7)]
    assert next(one for one in seen if one.frame_key == "k3").description == "later words"
    assert len(await field_.frames(dev_eui=f"{1:016x}")) == 3
    assert not await field_.frames(state=frame_pb2.FRAME_STATE_DECODED)
    stranger = await make_tenant(platform)
    theirs = FrameServiceStub(server.channel(stranger.secret))
    assert not (await theirs.ListFrames(frame_service_pb2.ListFramesRequest())).frames
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await theirs.GetFrame(frame_service_pb2.GetFrameRequest(frame_id=seen[0].frame_id))
    assert error_of(caught.value)[0] == "FRAME_NOT_FOUND"


async def test_another_topic_than_an_events_is_kept_too(field_: Field):
    async with field_.adapter(), field_.chirpstack() as chirpstack:
        prefix = field_.settings.mqtt_topic_prefix
        topic = event_topic("a", "not-an-eui", "up", prefix=prefix)
        await chirpstack._link.publish(topic, b"{}")
        (frame,) = await field_.kept()
    assert (frame.dev_eui, frame.topic) == ("", topic)


async def settled(field_: Field, frame: frame_pb2.Frame, *, attempts: int) -> frame_pb2.Frame:
    async def there():
        request = frame_service_pb2.GetFrameRequest(frame_id=frame.frame_id)
        now = (await FrameServiceStub(field_.channel).GetFrame(request)).frame
        return now if now.attempts >= attempts else None

    return await eventually(there)


def _now():
    from datetime import UTC, datetime

    return datetime.now(UTC)
