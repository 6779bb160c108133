"""Subscriptions to readings on the wire."""

from server.platform.ids import parse_id
from server.platform.wire import enum_name, maybe_id, stamp
from server.readings.live.domain import RAW, Finals, Gap, Message, RawPart, Start
from server.readings.live.selection import Wish
from simba.common.v1.types_pb2 import Quantity
from simba.readings.v1 import live_reading_pb2 as pb


def wish_of(request: pb.SubscribeReadingsRequest) -> Wish:
    """What a request asks for."""
    return Wish(
        channels=tuple(request.channels),
        meter_ids=tuple(parse_id(f"meter_ids[{n}]", one) for n, one in enumerate(request.meter_ids)),
        usage_point_ids=tuple(
            parse_id(f"usage_point_ids[{n}]", one) for n, one in enumerate(request.usage_point_ids)
        ),
        series=tuple(request.series),
        node_id=maybe_id("node_id", request.node_id),
        quantities=frozenset(enum_name(Quantity, one) for one in request.quantities),
    )


def stage_of(request: pb.SubscribeReadingsRequest) -> str:
    """RAW, FINAL or BOTH."""
    return enum_name(pb.LiveStage, request.stage) or RAW


def asked_of(request: pb.SubscribeReadingsRequest) -> pb.SubscribeReadingsRequest:
    """The request without its token: what tokens are bound to."""
    asked = pb.SubscribeReadingsRequest()
    asked.CopyFrom(request)
    asked.ClearField("resume_token")
    return asked


def live_message(message: Message, token: str) -> pb.SubscribeReadingsResponse:
    """One message of the stream."""
    made = pb.SubscribeReadingsResponse(resume_token=token, caught_up=message.caught_up)
    content = message.content
    if isinstance(content, RawPart):
        rows = content.rows
        made.raw.channel.extend(rows.channel)
        made.raw.time_ms.extend(rows.time_ms)
        made.raw.value_micro.extend(rows.value_micro)
        made.raw.quality.extend(rows.quality)
        made.raw.stored_time.FromDatetime(content.stored)
    elif isinstance(content, Finals):
        _finals(content, made.final)
    elif isinstance(content, Start):
        made.start.server_time.FromDatetime(content.now)
        made.start.resumed = content.resumed
        made.start.oldest_time.FromDatetime(content.oldest)
    elif isinstance(content, Gap):
        made.gap.stored.start.CopyFrom(stamp(content.start))
        made.gap.stored.end.CopyFrom(stamp(content.end))
        made.gap.description = "what was stored then is not told any more; ask for it with QueryReadings"
    return made


def _finals(content: Finals, made: pb.LiveIntervals) -> None:
    made.series.extend(content.series)
    made.time_ms.extend(content.time_ms)
    made.length_ms.extend(content.length_ms)
    made.value_micro.extend(content.value_micro)
    made.state.extend(content.state)
    made.quality.extend(content.quality)
    made.revision.extend(content.revision)
