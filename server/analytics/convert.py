"""Wire to domain and back."""

from collections.abc import Callable
from datetime import datetime

from server.analytics.domain import (
    DEFAULT_DAYS,
    DEFAULT_QUANTILES,
    LONGEST_DAYS,
    Forecast,
    ForecastRequest,
)
from server.platform.errors import InvalidField
from server.platform.ids import parse_id
from server.platform.wire import enum_name, enum_value, maybe_instant, stamp
from simba.analytics.v1 import forecast_pb2
from simba.common.v1 import types_pb2

_DAY_SECONDS = 86_400


def request_of(message: forecast_pb2.Forecast, clock: Callable[[], datetime]) -> ForecastRequest:
    """What a caller asks for. Raises InvalidField naming the field, the value and the rule."""
    subject = message.WhichOneof("subject")
    if subject is None:
        raise InvalidField("forecast.subject", "set usage_point_id or node_id", "required")
    subject_id = parse_id(f"forecast.{subject}", getattr(message, subject))
    seconds = message.horizon.seconds if message.HasField("horizon") else DEFAULT_DAYS * _DAY_SECONDS
    days, rest = divmod(seconds, _DAY_SECONDS)
    if rest or message.horizon.nanos or not 1 <= days <= LONGEST_DAYS:
        raise InvalidField(
            "forecast.horizon",
            f"{seconds} s is not a whole number of days from 1 to {LONGEST_DAYS}",
            "forecast.horizon.days",
        )
    return ForecastRequest(
        usage_point_id=subject_id if subject == "usage_point_id" else None,
        node_id=subject_id if subject == "node_id" else None,
        quantity=enum_name(types_pb2.Quantity, message.quantity),
        issue_time=maybe_instant("forecast.issue_time", message) or clock(),
        days=days,
        quantiles=tuple(sorted(set(message.quantiles))) or DEFAULT_QUANTILES,
    )


def forecast_to_wire(kept: Forecast) -> forecast_pb2.Forecast:
    """A forecast as it is told."""
    request = kept.request
    message = forecast_pb2.Forecast(
        forecast_id=str(kept.forecast_id),
        quantity=enum_value(types_pb2.Quantity, request.quantity),
        issue_time=stamp(request.issue_time),
        quantiles=request.quantiles,
        backtest=forecast_pb2.BacktestError(
            days=kept.backtest.days,
            mae=kept.backtest.mae,
            mase=kept.backtest.mase,
            wape=kept.backtest.wape,
            naive_mae=kept.backtest.naive_mae,
            interval_coverage=kept.backtest.interval_coverage,
            pinball_loss=kept.backtest.pinball_loss,
        ),
        model=kept.model,
        model_version=kept.model_version,
        unit=kept.unit,
        history=_interval(kept.history_start, kept.history_end),
        coverage=kept.coverage,
        create_time=stamp(kept.create_time),
        points=[
            forecast_pb2.ForecastPoint(
                period=_interval(point.start, point.end), mean=point.mean, quantiles=point.quantiles
            )
            for point in kept.points
        ],
    )
    if request.usage_point_id is not None:
        message.usage_point_id = str(request.usage_point_id)
    else:
        message.node_id = str(request.node_id)
    message.horizon.seconds = request.days * _DAY_SECONDS
    return message


def _interval(start: datetime, end: datetime) -> types_pb2.TimeInterval:
    return types_pb2.TimeInterval(start=stamp(start), end=stamp(end))
