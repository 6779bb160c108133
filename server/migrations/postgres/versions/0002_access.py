"""Tenants and API keys."""

from alembic import op

from server.platform.tables import enable_rls

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE tenant (
            tenant_id uuid PRIMARY KEY,
            code text NOT NULL UNIQUE CHECK (code ~ '^[a-z][a-z0-9-]{1,62}$'),
            display_name text NOT NULL,
            time_zone text NOT NULL,
            state text NOT NULL CHECK (state IN ('ACTIVE', 'SUSPENDED')),
            version bigint NOT NULL DEFAULT 1,
            create_time timestamptz NOT NULL
        )
    """)
    op.execute("""
        CREATE TABLE api_key (
            tenant_id uuid NOT NULL REFERENCES tenant,
            api_key_id uuid NOT NULL,
            display_name text NOT NULL,
            roles text[] NOT NULL CHECK (cardinality(roles) > 0),
            prefix text NOT NULL,
            secret_sha256 bytea NOT NULL UNIQUE CHECK (octet_length(secret_sha256) = 32),
            create_time timestamptz NOT NULL,
            expire_time timestamptz,
            last_used_time timestamptz,
            revoke_time timestamptz,
            PRIMARY KEY (tenant_id, api_key_id)
        )
    """)
    enable_rls(op, "tenant", app="SELECT")
    enable_rls(op, "api_key", app="SELECT, INSERT, UPDATE")
    # Nobody in a tenant needs to read hashes back.
    shown = (
        "tenant_id, api_key_id, display_name, roles, prefix,"
        " create_time, expire_time, last_used_time, revoke_time"
    )
    op.execute("REVOKE SELECT ON api_key FROM simba_app")
    op.execute(f"GRANT SELECT ({shown}) ON api_key TO simba_app")
