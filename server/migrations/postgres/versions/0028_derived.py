"""Tables of derived series and of factors."""

from alembic import op

from server.platform.tables import enable_rls

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE derived_series (
            tenant_id uuid NOT NULL,
            derived_series_id uuid NOT NULL,
            display_name text NOT NULL,
            description text NOT NULL,
            unit text NOT NULL,
            interval_seconds integer NOT NULL,
            time_zone text NOT NULL,
            content jsonb NOT NULL,
            number integer NOT NULL,
            version_id bigint NOT NULL,
            effective_from timestamptz NOT NULL,
            created_by text NOT NULL,
            archived boolean NOT NULL,
            create_time timestamptz NOT NULL,
            update_time timestamptz NOT NULL,
            version bigint NOT NULL,
            PRIMARY KEY (tenant_id, derived_series_id)
        )
    """)
    op.execute("""
        CREATE UNIQUE INDEX derived_series_display_name ON derived_series (tenant_id, display_name)
        WHERE NOT archived
    """)
    op.execute("""
        CREATE TABLE derived_series_version (
            tenant_id uuid NOT NULL,
            version_id bigint GENERATED ALWAYS AS IDENTITY,
            derived_series_id uuid NOT NULL,
            number integer NOT NULL,
            effective_from timestamptz NOT NULL,
            content jsonb NOT NULL,
            created_by text NOT NULL,
            create_time timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, version_id),
            UNIQUE (tenant_id, derived_series_id, number),
            FOREIGN KEY (tenant_id, derived_series_id) REFERENCES derived_series DEFERRABLE INITIALLY DEFERRED
        )
    """)
    op.execute("""
        CREATE TABLE factor_set (
            tenant_id uuid NOT NULL,
            factor_set_id uuid NOT NULL,
            display_name text NOT NULL,
            description text NOT NULL,
            unit text NOT NULL,
            archived boolean NOT NULL,
            create_time timestamptz NOT NULL,
            update_time timestamptz NOT NULL,
            version bigint NOT NULL,
            PRIMARY KEY (tenant_id, factor_set_id)
        )
    """)
    op.execute(
        "CREATE UNIQUE INDEX factor_set_display_name ON factor_set (tenant_id, display_name)"
        " WHERE NOT archived"
    )
    op.execute("""
        CREATE TABLE factor_value (
            tenant_id uuid NOT NULL,
            version_id bigint GENERATED ALWAYS AS IDENTITY,
            factor_set_id uuid NOT NULL,
            start_time timestamptz NOT NULL,
            end_time timestamptz,
            value numeric(18, 9) NOT NULL CHECK (value > 0),
            created_by text NOT NULL,
            create_time timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, version_id),
            FOREIGN KEY (tenant_id, factor_set_id) REFERENCES factor_set,
            CHECK (end_time IS NULL OR end_time > start_time)
        )
    """)
    op.execute("CREATE INDEX factor_value_start ON factor_value (tenant_id, factor_set_id, start_time)")
    enable_rls(op, "derived_series")
    enable_rls(op, "factor_set")
    # What was to be seen at a time stays to be seen.
    enable_rls(op, "derived_series_version", app="SELECT, INSERT")
    enable_rls(op, "factor_value", app="SELECT, INSERT")
