"""Which resource a call is about."""

import pytest
from google.protobuf.message import Message

from server.platform.rpc.methods import methods_of, simba_services
from server.platform.rpc.named import made_by, named_in
from simba.devices.v1 import meter_pb2, meter_service_pb2

METHODS = {method.path: method for method in methods_of(simba_services())}


@pytest.mark.parametrize(
    ("name", "request_", "wanted"),
    [
        ("GetMeter", meter_service_pb2.GetMeterRequest(meter_id="a"), "a"),
        ("UpdateMeter", meter_service_pb2.UpdateMeterRequest(meter=meter_pb2.Meter(meter_id="b")), "b"),
        ("CreateMeter", meter_service_pb2.CreateMeterRequest(meter=meter_pb2.Meter(meter_id="c")), "c"),
        ("CreateMeter", meter_service_pb2.CreateMeterRequest(), ""),
        ("SuspendMeter", meter_service_pb2.SuspendMeterRequest(meter_id="d" * 500), "d" * 128),
        ("ListMeters", meter_service_pb2.ListMetersRequest(), ""),
    ],
)
def test_the_request_names_it(name: str, request_: Message, wanted: str) -> None:
    method = METHODS[f"/simba.devices.v1.MeterService/{name}"]
    assert named_in(method, request_) == wanted


def test_the_answer_says_what_was_made() -> None:
    method = METHODS["/simba.devices.v1.MeterService/CreateMeter"]
    made = meter_service_pb2.CreateMeterResponse(meter=meter_pb2.Meter(meter_id="e"))
    assert made_by(method, made) == "e"
    assert made_by(method, made.SerializeToString()) == ""


def test_every_method_can_be_asked() -> None:
    for method in METHODS.values():
        assert method.request_type is not None
        assert named_in(method, method.request_type()) == ""
