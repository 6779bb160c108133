"""What events mean to a command, whatever order they come in."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.chirpstack import open_commands as rules
from adapters.chirpstack.binding import CommandRoute
from adapters.chirpstack.events import Ack, Device, Log, TxAck, Uplink
from adapters.chirpstack.open_commands import OpenCommand, Stage
from kernel.codec import Encoded

START = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
DEVICE = Device("0018b20000000001", "app")
DISCONNECT = CommandRoute({"command": "disconnect"}, True, "relay.state", '"OFF"')


def a_command(action="disconnect", route=DISCONNECT, **changed):
    base = OpenCommand(str(uuid4()), 1, DEVICE.dev_eui, action, "", 0, stage_ms=int(START.timestamp() * 1000))
    if route is not None:
        base = rules.with_downlink(base, route, Encoded(b"\x81", 10))
    return rules.replace(base, **changed)


def an_uplink(after=1.0):
    time = START + timedelta(seconds=after)
    return Uplink(DEVICE, "d", time, "addr", 1, 10, b"")


def sent(**changed):
    return a_command(stage=Stage.SENT, **changed)


def test_the_queue_item_has_the_same_id_for_the_same_attempt_only():
    command_id = str(uuid4())
    assert rules.link_id(command_id, 1) == rules.link_id(command_id, 1)
    assert len({rules.link_id(command_id, n) for n in range(1, 6)}) == 5
    UUID(rules.link_id(command_id, 1))


def test_a_switch_is_verified_by_the_state_it_shows():
    report = rules.on_uplink(sent(), an_uplink(), {"relay": {"state": "OFF"}}, has_readings=False)
    assert report is not None
    assert (report.state, report.switch_state) == ("VERIFIED", "disconnected")


@pytest.mark.parametrize(
    ("command", "uplink", "data"),
    [
        (sent(), an_uplink(), {"relay": {"state": "ON"}}),
        (sent(), an_uplink(), {"relay": {}}),
        (sent(), an_uplink(), None),
        (sent(), an_uplink(after=-1), {"relay": {"state": "OFF"}}),
        (a_command(stage=Stage.QUEUED), an_uplink(), {"relay": {"state": "OFF"}}),
        (a_command(stage=Stage.PREPARED), an_uplink(), {"relay": {"state": "OFF"}}),
        (sent(route=CommandRoute({"c": 1}, True, "", "")), an_uplink(), {"relay": {"state": "OFF"}}),
        (sent(route=CommandRoute({"c": 1}, True, "a[", "")), an_uplink(), {"a": 1}),
    ],
)
def test_nothing_else_verifies_a_switch(command, uplink, data):
    assert rules.on_uplink(command, uplink, data, has_readings=True) is None


def test_true_is_no_one():
    route = CommandRoute({"c": 1}, False, "on", "1")
    assert rules.on_uplink(sent(route=route), an_uplink(), {"on": True}, has_readings=False) is None
    assert rules.on_uplink(sent(route=route), an_uplink(), {"on": 1}, has_readings=False) is not None


def test_a_read_without_a_downlink_is_answered_by_the_next_readings():
    passive = a_command("on_demand_read", None, stage=Stage.QUEUED)
    assert rules.on_uplink(passive, an_uplink(), {"x": 1}, has_readings=False) is None
    report = rules.on_uplink(passive, an_uplink(), {"x": 1}, has_readings=True)
    assert report is not None
    assert (report.state, report.readings) == ("EXECUTED", True)


def test_a_ping_is_answered_by_any_word():
    ping = a_command("ping", None, stage=Stage.QUEUED)
    report = rules.on_uplink(ping, an_uplink(), None, has_readings=False)
    assert report is not None
    assert report.state == "EXECUTED"


def test_the_link_layers_word_ends_what_has_no_state_to_show():
    route = CommandRoute({"c": 1}, True, "", "")
    ack = Ack(DEVICE, "", START, "q", True, 1)
    stage, reports = rules.on_ack(a_command("sync_time", route), ack)
    assert (stage, [one.state for one in reports]) == (Stage.DONE, ["DELIVERED", "EXECUTED"])
    stage, reports = rules.on_ack(a_command("disconnect", route), ack)
    assert (stage, [one.state for one in reports]) == (Stage.DELIVERED, ["DELIVERED"])


def test_silence_of_the_link_layer_proves_nothing_about_a_switch():
    silence = Ack(DEVICE, "", START, "q", False, 1)
    stage, (report,) = rules.on_ack(a_command(), silence)
    assert (stage, report.state) == (Stage.SENT, "SENT")
    stage, (report,) = rules.on_ack(a_command("ping"), silence)
    assert (stage, report.state, report.retriable) == (Stage.DONE, "FAILED", True)


def test_chirpstack_gives_an_item_up():
    expired = rules.on_log(Log(DEVICE, START, "ERROR", "EXPIRED", "x", {}))
    assert expired is not None
    assert [one.state for one in expired[1]] == ["EXPIRED"]
    large = rules.on_log(Log(DEVICE, START, "ERROR", "DOWNLINK_PAYLOAD_SIZE", "too large", {}))
    assert large is not None
    assert [(one.state, one.description) for one in large[1]] == [
        ("FAILED", "DOWNLINK_PAYLOAD_SIZE: too large")
    ]
    assert rules.on_log(Log(DEVICE, START, "INFO", "UPLINK_F_CNT_RETRANSMISSION", "", {})) is None


EVENTS = st.lists(
    st.one_of(
        st.just("txack"),
        st.booleans().map(lambda yes: ("ack", yes)),
        st.sampled_from(["EXPIRED", "DOWNLINK_GATEWAY"]),
        st.sampled_from(["OFF", "ON"]).map(lambda state: ("up", state)),
    ),
    max_size=20,
)


@given(EVENTS)
def test_whatever_happens_a_command_only_goes_forward_and_ends_once(events):
    """As `Downlinks` applies the rules: a stage is taken only when it is further on."""
    command, ends, heard_sent = a_command(stage=Stage.QUEUED), [], False
    for number, event in enumerate(events, 1):
        now = START + timedelta(seconds=number)
        reports, stage = [], command.stage
        match event:
            case "txack":
                stage, reports = rules.on_tx_ack(TxAck(DEVICE, now, "q", number, "g"))
            case ("ack", acknowledged):
                stage, reports = rules.on_ack(command, Ack(DEVICE, "", now, "q", acknowledged, number))
            case ("up", state):
                data = {"relay": {"state": state}}
                report = rules.on_uplink(command, an_uplink(number), data, has_readings=False)
                if report is not None:
                    assert heard_sent
                    stage, reports = Stage.DONE, [report]
            case code:
                ended = rules.on_log(Log(DEVICE, now, "ERROR", code, "", {}))
                assert ended is not None
                stage, reports = ended
        if command.stage < Stage.DONE:
            ends += [one.state for one in reports if one.state in {"VERIFIED", "FAILED", "EXPIRED"}]
            if stage > command.stage:
                command = rules.replace(command, stage=stage, stage_ms=int(now.timestamp() * 1000))
        heard_sent = heard_sent or command.stage >= Stage.SENT
    assert len(ends) <= 1
