"""Kept frames between wire and domain, and on their way back to the adapter."""

from datetime import UTC, datetime
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from adapters.runtime.frames import reason_name, reason_number
from server.readings.frames import convert
from server.readings.frames.domain import Frame, FrameState
from simba.common.v1.error_reason_pb2 import ErrorReason

TIMES = st.integers(1, 7 * 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
REASONS = [one.name.removeprefix("ERROR_REASON_") for one in ErrorReason.DESCRIPTOR.values if one.number]
FRAMES = st.builds(
    Frame,
    frame_id=st.uuids(),
    adapter=st.sampled_from(["chirpstack", "wum"]),
    dev_eui=st.sampled_from(["", "0018b20000000001"]),
    frame_key=st.text(min_size=1, max_size=40),
    event=st.binary(max_size=400),
    topic=st.text(max_size=40),
    receive_time=st.none() | TIMES,
    reason=st.sampled_from(["", *REASONS]),
    description=st.text(max_size=40),
    state=st.sampled_from(FrameState),
    attempts=st.integers(0, 2**31),
    create_time=TIMES,
    update_time=TIMES,
)


@given(FRAMES)
def test_what_an_adapter_hands_in_is_what_it_gets_back(frame):
    told = convert.new_frame_from_wire(convert.frame_to_wire(frame))
    for name in (
        "adapter",
        "dev_eui",
        "frame_key",
        "event",
        "topic",
        "receive_time",
        "reason",
        "description",
    ):
        assert getattr(told, name) == getattr(frame, name)
    assert convert.state_from_wire(convert.frame_to_wire(frame).state) is frame.state


@given(st.lists(FRAMES, max_size=30), st.integers(0, 3))
def test_replays_carry_every_frame_once_in_messages_of_a_decent_size(frames, large):
    template = Frame(
        uuid4(),
        "chirpstack",
        "",
        "k",
        b"x" * 300_000,
        "",
        None,
        "",
        "",
        FrameState.REPLAYING,
        1,
        *[datetime.now(UTC)] * 2,
    )
    all_ = [*frames, *[template] * large]
    sent = list(convert.replay_messages(uuid4(), all_))
    for adapter, message in sent:
        assert {one.adapter for one in message.frames} == {adapter}
        assert len(message.frames) <= 100
        assert len(message.frames) == 1 or sum(len(one.event) for one in message.frames) <= 512 * 1024
    back = sorted(one.frame_id for _, message in sent for one in message.frames)
    assert back == sorted(str(one.frame_id) for one in all_)


def test_reasons_have_the_same_names_on_both_sides():
    for name in REASONS:
        assert reason_name(reason_number(name)) == name
    assert reason_number("SOMETHING_ELSE") == ErrorReason.ERROR_REASON_CODEC_FAILED
    assert reason_name(9999) == "CODEC_FAILED"
