"""Derived series and factors on the wire and in the domain."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from server.platform.errors import InvalidField
from server.platform.ids import parse_id
from server.platform.wire import (
    duration,
    enum_name,
    enum_value,
    instant,
    maybe_instant,
    own_id,
    seconds,
    stamp,
    times,
)
from server.readings.calendar import to_ms
from server.readings.derived.domain import Content, DerivedSeries, Input, Missing, Source, Version
from server.readings.derived.errors import InputRefused
from server.readings.derived.evaluating import Wanted
from server.readings.derived.factors import FactorSet, FactorValue, Segment
from server.readings.queries.spans import NATIVE
from server.readings.wire.readings import time_zone
from simba.common.v1.types_pb2 import Quantity
from simba.readings.v1 import derived_series_pb2 as pb
from simba.readings.v1 import factor_set_pb2 as factor_pb
from simba.readings.v1 import reading_pb2

LONGEST_DAYS = 800
_DAY_MS = 86_400_000


def derived_series_of(wire: pb.DerivedSeries) -> DerivedSeries:
    """A derived series as a caller gives it, not yet checked nor filled in."""
    length = 0
    if wire.HasField("interval"):
        length = seconds("derived_series.interval", wire.interval)
        if length <= 0:
            raise InvalidField("derived_series.interval", f"{length} s is not positive", "derived.interval")
    return DerivedSeries(
        derived_series_id=own_id("derived_series.derived_series_id", wire.derived_series_id),
        display_name=wire.display_name,
        description=wire.description,
        unit=wire.unit,
        interval_seconds=length,
        time_zone=time_zone("derived_series.time_zone", wire.time_zone),
        content=Content(wire.formula, tuple(_input(place, one) for place, one in enumerate(wire.inputs))),
    )


def _input(place: int, wire: pb.DerivedInput) -> Input:
    kind = wire.WhichOneof("source")
    path = f"derived_series.inputs[{place}]"
    given: dict[str, Any] = {}
    if kind == "series":
        given = {"source": Source.SERIES, "series": tuple(wire.series.series)}
    elif kind == "node":
        given = {
            "source": Source.NODE,
            "node_id": parse_id(f"{path}.node.node_id", wire.node.node_id),
            "quantity": enum_name(Quantity, wire.node.quantity),
        }
    elif kind == "derived_series_id":
        other = parse_id(f"{path}.derived_series_id", wire.derived_series_id)
        given = {"source": Source.DERIVED, "derived_series_id": other}
    elif kind == "factor_set_id":
        other = parse_id(f"{path}.factor_set_id", wire.factor_set_id)
        given = {"source": Source.FACTORS, "factor_set_id": other}
    else:
        given = {
            "source": Source.CONSTANT,
            "value": Decimal(wire.constant.value),
            "unit": wire.constant.unit,
        }
    missing = Missing(wire.missing or Missing.PROPAGATE)
    if missing is Missing.ZERO and kind in {"factor_set_id", "constant"}:
        raise InputRefused(place, "missing", "only what is measured can count as 0", "missing")
    return Input(name=wire.name, missing=missing, **given)


def wire_derived_series(one: DerivedSeries) -> pb.DerivedSeries:
    """A derived series on the wire."""
    return pb.DerivedSeries(
        derived_series_id=str(one.derived_series_id),
        display_name=one.display_name,
        description=one.description,
        unit=one.unit,
        interval=duration(one.interval_seconds),
        time_zone=one.time_zone,
        formula=one.content.formula,
        inputs=map(_wire_input, one.content.inputs),
        version=one.number,
        effective_from=stamp(one.effective_from),
        created_by=one.created_by,
        archived=one.stored.archived,
        **times(one.stored),
    )


def wire_version(one: Version) -> pb.DerivedSeriesVersion:
    """A version on the wire."""
    return pb.DerivedSeriesVersion(
        derived_series_id=str(one.derived_series_id),
        version=one.number,
        effective_from=stamp(one.effective_from),
        formula=one.content.formula,
        inputs=map(_wire_input, one.content.inputs),
        created_by=one.created_by,
        create_time=stamp(one.create_time),
    )


def _wire_input(one: Input) -> pb.DerivedInput:
    wire = pb.DerivedInput(name=one.name)
    if one.missing is Missing.ZERO:
        wire.missing = pb.MISSING_INPUT_ZERO
    if one.source is Source.SERIES:
        wire.series.series.extend(one.series)
    elif one.source is Source.NODE:
        wire.node.node_id = str(one.node_id)
        wire.node.quantity = enum_value(Quantity, one.quantity)
    elif one.source is Source.DERIVED:
        wire.derived_series_id = str(one.derived_series_id)
    elif one.source is Source.FACTORS:
        wire.factor_set_id = str(one.factor_set_id)
    else:
        assert one.value is not None
        wire.constant.CopyFrom(pb.FactorConstant(value=format(one.value, "f"), unit=one.unit))
    return wire


def wanted_of(request: Any, watermark: int, now: datetime) -> Wanted:
    """What a request asks for. InvalidField names the end when it is none."""
    start = to_ms(instant("start_time", request.start_time))
    end = to_ms(instant("end_time", request.end_time))
    if end <= start:
        raise InvalidField("end_time", "the time does not end after start_time", "time_interval.order")
    if end - start > LONGEST_DAYS * _DAY_MS:
        raise InvalidField("end_time", f"the time is longer than {LONGEST_DAYS} days", "derived.time")
    return Wanted(
        resolution=enum_name(reading_pb2.Resolution, request.resolution) or NATIVE,
        start_ms=start,
        end_ms=end,
        watermark=watermark,
        now_ms=to_ms(now),
    )


def factor_set_of(wire: factor_pb.FactorSet) -> FactorSet:
    """A factor set as a caller gives it."""
    return FactorSet(
        factor_set_id=own_id("factor_set.factor_set_id", wire.factor_set_id),
        display_name=wire.display_name,
        description=wire.description,
        unit=wire.unit,
    )


def wire_factor_set(one: FactorSet) -> factor_pb.FactorSet:
    """A factor set on the wire."""
    return factor_pb.FactorSet(
        factor_set_id=str(one.factor_set_id),
        display_name=one.display_name,
        description=one.description,
        unit=one.unit,
        archived=one.stored.archived,
        **times(one.stored),
    )


def given_of(place: int, wire: factor_pb.NewFactorValue) -> tuple[datetime, datetime | None, Decimal]:
    """A value as a caller gives it."""
    path = f"values[{place}]"
    start = instant(f"{path}.start_time", wire.start_time)
    return start, maybe_instant(f"{path}.end_time", wire), Decimal(wire.value)


def wire_segment(one: Segment) -> factor_pb.FactorValue:
    """What holds for a time, on the wire."""
    return factor_pb.FactorValue(
        start_time=stamp(one.start),
        end_time=stamp(one.end),
        value=_plain(one.value),
        version=one.version_id,
    )


def wire_value(one: FactorValue) -> factor_pb.FactorValue:
    """A value as it was given, on the wire."""
    return factor_pb.FactorValue(
        start_time=stamp(one.start),
        end_time=stamp(one.end),
        value=_plain(one.value),
        version=one.version_id,
        created_by=one.created_by,
        create_time=stamp(one.create_time),
    )


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
