"""Forecasts in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server.analytics.domain import BacktestError, Forecast, ForecastPoint, ForecastRequest
from server.analytics.tables import forecast
from server.platform.uow import Tx


async def insert(tx: Tx, kept: Forecast) -> None:
    """Stores a forecast."""
    await tx.conn.execute(
        forecast.insert().values(
            tenant_id=tx.tenant_id,
            forecast_id=kept.forecast_id,
            **asdict(kept.request),
            points=[
                [_ms(point.start), _ms(point.end), point.mean, *point.quantiles] for point in kept.points
            ],
            backtest=asdict(kept.backtest),
            model=kept.model,
            model_version=kept.model_version,
            unit=kept.unit,
            history_start=kept.history_start,
            history_end=kept.history_end,
            coverage=kept.coverage,
            create_time=kept.create_time,
        )
    )


async def get(tx: Tx, forecast_id: UUID) -> Forecast | None:
    """One forecast with its points."""
    rows = await tx.conn.execute(forecast.select().where(forecast.c.forecast_id == forecast_id))
    row = rows.mappings().one_or_none()
    return _read(row, row["points"]) if row else None


async def page(
    tx: Tx, *, usage_point_id: UUID | None, node_id: UUID | None, after: UUID | None, size: int
) -> Sequence[Forecast]:
    """Forecasts without points, newest first, after a forecast id; at most ``size``."""
    columns = [column for column in forecast.c if column.name != "points"]
    query = sa.select(*columns).order_by(forecast.c.forecast_id.desc()).limit(size)
    if usage_point_id:
        query = query.where(forecast.c.usage_point_id == usage_point_id)
    if node_id:
        query = query.where(forecast.c.node_id == node_id)
    if after:
        query = query.where(forecast.c.forecast_id < after)
    return [_read(row, []) for row in (await tx.conn.execute(query)).mappings()]


def _read(row: sa.RowMapping, points: list[list[Any]]) -> Forecast:
    return Forecast(
        forecast_id=row["forecast_id"],
        request=ForecastRequest(
            usage_point_id=row["usage_point_id"],
            node_id=row["node_id"],
            quantity=row["quantity"],
            issue_time=row["issue_time"],
            days=row["days"],
            quantiles=tuple(row["quantiles"]),
        ),
        points=tuple(
            ForecastPoint(_time(start), _time(end), mean, tuple(quantiles))
            for start, end, mean, *quantiles in points
        ),
        backtest=BacktestError(**row["backtest"]),
        model=row["model"],
        model_version=row["model_version"],
        unit=row["unit"],
        history_start=row["history_start"],
        history_end=row["history_end"],
        coverage=row["coverage"],
        create_time=row["create_time"],
    )


def _ms(time: datetime) -> int:
    return round(time.timestamp() * 1000)


def _time(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)
