"""Events: both codings say the same; what is damaged is told by name."""

import json
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from chirpstack_api.integration import integration_pb2 as wire
from hypothesis import given
from hypothesis import strategies as st

from adapters.chirpstack.events import (
    Ack,
    EventError,
    Join,
    Location,
    Log,
    Status,
    TxAck,
    UnknownEventError,
    Uplink,
    parse_event,
)
from simulator import chirpstack_events as make

TIME = datetime(2026, 3, 29, 1, 0, 0, 123456, tzinfo=UTC)
INFO = make.device_info(
    dev_eui="0018b20000000001",
    application_id="17c82e96-be03-4f38-aef3-f83d48582d97",
    device_name="meter 1",
    profile_name="water",
    device_class="C",
    tags={"street": "Högvägen"},
)
CODINGS = pytest.mark.parametrize("coding", ["json", "protobuf"])


def an_uplink(**changes):
    fields = {"deduplication_id": "d-1", "time": TIME, "dev_addr": "01ab", "f_cnt": 0, "f_port": 3}
    return make.uplink(INFO, **{**fields, "data": b"\x00\xff", **changes})


@CODINGS
def test_an_uplink_is_read(coding):
    payload = make.encode(an_uplink(decoded={"a": 1, "b": {"c": 2.5}, "d": [None, True, "x"]}), coding)
    event = parse_event("up", payload)
    assert isinstance(event, Uplink)
    assert (event.device.dev_eui, event.device.device_class) == ("0018b20000000001", "CLASS_C")
    assert event.device.tags == {"street": "Högvägen"}
    assert (event.time, event.dev_addr, event.f_cnt, event.f_port) == (TIME, "01ab", 0, 3)
    assert event.data == b"\x00\xff"
    assert event.decoded == {"a": 1, "b": {"c": 2.5}, "d": [None, True, "x"]}
    assert (event.gateway_id, event.rssi_dbm, event.snr_db) == ("0016c001f153a14c", -57, 9.5)
    assert not event.encrypted


@CODINGS
def test_without_chirpstacks_codec_there_is_no_object(coding):
    event = parse_event("up", make.encode(an_uplink(), coding))
    assert isinstance(event, Uplink)
    assert event.decoded is None


@given(
    data=st.binary(max_size=242),
    f_cnt=st.integers(0, 2**32 - 1),
    f_port=st.integers(1, 255),
    decoded=st.dictionaries(
        st.text(min_size=1), st.one_of(st.booleans(), st.text(), st.integers(-(2**53), 2**53), st.none())
    ),
)
def test_both_codings_say_the_same(data, f_cnt, f_port, decoded):
    event = an_uplink(data=data, f_cnt=f_cnt, f_port=f_port, decoded=decoded)
    as_json = parse_event("up", make.encode(event, "json"))
    as_protobuf = parse_event("up", make.encode(event, "protobuf"))
    assert as_json == as_protobuf
    assert isinstance(as_json, Uplink)
    assert as_json.data == data
    assert as_json.decoded == decoded


@CODINGS
def test_the_other_events_are_read(coding):
    def read(kind, event):
        return parse_event(kind, make.encode(event, coding))

    join = read("join", make.join(INFO, deduplication_id="j", time=TIME, dev_addr="0a"))
    assert isinstance(join, Join)
    assert join.dev_addr == "0a"
    sent = read("txack", make.tx_ack(INFO, time=TIME, queue_item_id="q", f_cnt_down=7, downlink_id=9))
    assert isinstance(sent, TxAck)
    assert (sent.queue_item_id, sent.f_cnt_down) == ("q", 7)
    ack = read(
        "ack",
        make.ack(INFO, deduplication_id="", time=TIME, queue_item_id="q", acknowledged=False, f_cnt_down=7),
    )
    assert isinstance(ack, Ack)
    assert not ack.acknowledged
    log = read(
        "log",
        make.log(
            INFO, time=TIME, level="ERROR", code="EXPIRED", description="x", context={"queue_item_id": "q"}
        ),
    )
    assert isinstance(log, Log)
    assert (log.level, log.code, log.context["queue_item_id"]) == ("ERROR", "EXPIRED", "q")
    status = read("status", make.status(INFO, deduplication_id="s", time=TIME, margin=-3, battery_level=93.7))
    assert isinstance(status, Status)
    assert (status.margin_db, status.battery_percent) == (-3, 93.7)
    mains = make.status(
        INFO, deduplication_id="s", time=TIME, margin=9, battery_level=None, external_power=True
    )
    powered = read("status", mains)
    assert isinstance(powered, Status)
    assert powered.battery_percent is None
    assert powered.external_power


@CODINGS
def test_a_location_is_read(coding):
    event = wire.LocationEvent(deduplication_id="l", device_info=INFO)
    event.time.FromDatetime(TIME)
    event.location.latitude, event.location.longitude = 59.3, 18.07
    location = parse_event("location", make.encode(event, coding))
    assert isinstance(location, Location)
    assert (location.latitude, location.longitude, location.altitude) == (59.3, 18.07, 0.0)


def test_chirpstacks_own_json_is_read():
    """As published by ChirpStack 4.20 (shortened), with nanoseconds, an offset, and fields of its future."""
    document = {
        "deduplicationId": "3ac7e3c4-4401-4b8d-9386-a5c902f9202d",
        "time": "2022-07-18T09:34:15.775023242+00:00",
        "deviceInfo": {
            "tenantId": "52f14cd4-c6f1-4fbd-8f87-4025e1d49242",
            "tenantName": "ChirpStack",
            "applicationId": "17c82e96-be03-4f38-aef3-f83d48582d97",
            "applicationName": "Test application",
            "deviceProfileId": "14855bf7-d10d-4aee-b618-ebfcb64dc7ad",
            "deviceProfileName": "Test device-profile",
            "deviceName": "Test device",
            "devEui": "0101010101010101",
            "deviceClassEnabled": "CLASS_A",
            "tags": {"key": "value"},
        },
        "devAddr": "00189440",
        "adr": True,
        "dr": 1,
        "fCnt": 4,
        "fPort": 1,
        "confirmed": False,
        "data": "qg==",
        "object": {"temp": 22.0},
        "rxInfo": [{"gatewayId": "0016c001f153a14c", "uplinkId": 4217106255, "rssi": -36, "snr": 10.5}],
        "txInfo": {"frequency": 867100000},
        "regionConfigId": "eu868",
        "somethingNew": {"x": 1},
    }
    event = parse_event("up", json.dumps(document).encode())
    assert isinstance(event, Uplink)
    assert event.time == datetime(2022, 7, 18, 9, 34, 15, 775023, tzinfo=UTC)
    assert event.data == b"\xaa"
    assert event.decoded == {"temp": 22}


def broken(**changes):
    document = json.loads(make.encode(an_uplink(), "json"))
    document.update(changes)
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        (b"", "empty"),
        (b"{", "not whole JSON"),
        (b'{"a": [' + b"[" * 100_000, "not whole JSON"),
        (make.encode(an_uplink(), "json")[:-20], "not whole JSON"),
        (make.encode(an_uplink(), "protobuf")[:-3], "neither JSON nor a whole protobuf event"),
        (b"\xff\xff\xff", "neither JSON nor a whole protobuf event"),
        (broken(fCnt="many"), "fCnt"),
        (broken(fCnt=-1), "fCnt"),
        (broken(data="%%%"), "data"),
        (broken(time="yesterday"), "time"),
        (broken(time=None), "time is missing"),
        (broken(object=[1]), "object must be a JSON object, not list"),
        (broken(deviceInfo={"devEui": "12"}), "deviceInfo.devEui '12' must be 16 hex digits"),
        (broken(deviceInfo="me"), "deviceInfo"),
    ],
)
def test_a_damaged_uplink_is_told_by_name(payload, says):
    with pytest.raises(EventError, match=r"^up event: ") as caught:
        parse_event("up", payload)
    assert says in caught.value.what


@given(st.sampled_from(["up", "join", "txack", "ack", "log", "status", "location"]), st.binary(max_size=300))
def test_garbage_never_does_worse_than_an_event_error(kind, payload):
    with suppress(EventError):
        parse_event(kind, payload)


@given(st.integers(0, 400), st.sampled_from(["json", "protobuf"]))
def test_a_truncated_event_is_never_taken_for_a_whole_one(length, coding):
    whole = make.encode(an_uplink(data=bytes(range(40)), decoded={"a": 1}), coding)
    try:
        event = parse_event("up", whole[: min(length, len(whole) - 1)])
    except EventError:
        return
    # A protobuf message cut between two fields is a shorter message: its payload is whole or absent.
    assert isinstance(event, Uplink)
    assert coding == "protobuf"
    assert event.data in (b"", bytes(range(40)))


def test_an_event_of_the_future_is_named():
    with pytest.raises(UnknownEventError, match="integration"):
        parse_event("integration", b"{}")
