"""Explanations of intervals on the wire."""

from collections.abc import Mapping

from server.readings.domain import decimal_text
from server.readings.ports import ChannelInfo
from server.readings.queries.intervals import Interval
from server.readings.vee.explain import Explanation
from server.readings.vee.pure import Arrival
from server.readings.wire.readings import interval_message
from simba.common.v1.types_pb2 import Quantity
from simba.readings.v1 import reading_pb2
from simba.readings.v1 import vee_service_pb2 as pb


def explanation_message(
    interval: Interval, explanation: Explanation, infos: Mapping[int, ChannelInfo]
) -> pb.ExplainReadingResponse:
    """The message of an explanation."""
    return pb.ExplainReadingResponse(
        interval=interval_message(interval),
        inputs=[
            _input(infos[channel], arrival) for channel, arrival in explanation.inputs if channel in infos
        ],
        outcomes=[
            pb.RuleOutcome(
                rule=outcome.rule,
                name=outcome.name,
                passed=outcome.passed,
                applicable=outcome.applicable,
                inputs=dict(outcome.inputs),
                threshold=outcome.threshold,
                description=outcome.description,
            )
            for outcome in explanation.outcomes
        ],
    )


def _input(info: ChannelInfo, arrival: Arrival) -> reading_pb2.Reading:
    message = reading_pb2.Reading(
        channel=info.channel,
        meter_id=str(info.meter_id),
        value=decimal_text(arrival.micro),
        unit=info.unit,
        quality=arrival.quality,
        quantity=Quantity.Value(f"QUANTITY_{info.quantity}"),
    )
    message.time.FromMilliseconds(arrival.ms)
    message.stored_time.FromMilliseconds(arrival.received)
    return message
