"""Tables of analytics."""

from alembic import op

from server.platform.tables import enable_rls

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Forecasts."""
    op.execute(
        """
        CREATE TABLE forecast (
            tenant_id uuid NOT NULL,
            forecast_id uuid NOT NULL,
            usage_point_id uuid,
            node_id uuid,
            quantity text NOT NULL,
            issue_time timestamptz NOT NULL,
            days integer NOT NULL CHECK (days BETWEEN 1 AND 14),
            quantiles double precision[] NOT NULL,
            points jsonb NOT NULL,
            backtest jsonb NOT NULL,
            model text NOT NULL,
            model_version text NOT NULL,
            unit text NOT NULL,
            history_start timestamptz NOT NULL,
            history_end timestamptz NOT NULL,
            coverage double precision NOT NULL,
            create_time timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, forecast_id),
            CHECK (num_nonnulls(usage_point_id, node_id) = 1)
        )
        """
    )
    op.execute("CREATE INDEX forecast_usage_point ON forecast (tenant_id, usage_point_id, forecast_id DESC)")
    op.execute("CREATE INDEX forecast_node ON forecast (tenant_id, node_id, forecast_id DESC)")
    enable_rls(op, "forecast", app="SELECT, INSERT")
