"""Tables of analytics."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.platform.tables import tenant_table

forecast = tenant_table(
    "forecast",
    sa.Column("forecast_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("usage_point_id", pg.UUID(as_uuid=True)),
    sa.Column("node_id", pg.UUID(as_uuid=True)),
    sa.Column("quantity", sa.Text, nullable=False),
    sa.Column("issue_time", sa.DateTime(timezone=True), nullable=False),
    sa.Column("days", sa.Integer, nullable=False),
    sa.Column("quantiles", pg.ARRAY(sa.Double), nullable=False),
    sa.Column("points", pg.JSONB, nullable=False),
    sa.Column("backtest", pg.JSONB, nullable=False),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("model_version", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("history_start", sa.DateTime(timezone=True), nullable=False),
    sa.Column("history_end", sa.DateTime(timezone=True), nullable=False),
    sa.Column("coverage", sa.Double, nullable=False),
    sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
)
"""Forecasts as issued. ``points`` holds ``[start ms, end ms, mean, quantile, …]`` for each interval."""
