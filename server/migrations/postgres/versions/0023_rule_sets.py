"""Tables of rule sets: the sets, their versions, and for whom they hold."""

from alembic import op

from server.platform.tables import enable_rls

revision = "0023"
down_revision = "0021"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE rule_set (
            tenant_id uuid NOT NULL,
            rule_set_id uuid NOT NULL,
            display_name text NOT NULL,
            description text NOT NULL,
            content jsonb NOT NULL,
            number integer NOT NULL,
            version_id bigint NOT NULL,
            effective_from timestamptz NOT NULL,
            created_by text NOT NULL,
            archived boolean NOT NULL,
            create_time timestamptz NOT NULL,
            update_time timestamptz NOT NULL,
            version bigint NOT NULL,
            PRIMARY KEY (tenant_id, rule_set_id)
        )
    """)
    op.execute(
        "CREATE UNIQUE INDEX rule_set_display_name ON rule_set (tenant_id, display_name) WHERE NOT archived"
    )
    op.execute("""
        CREATE TABLE rule_set_version (
            tenant_id uuid NOT NULL,
            version_id bigint GENERATED ALWAYS AS IDENTITY,
            rule_set_id uuid NOT NULL,
            number integer NOT NULL,
            effective_from timestamptz NOT NULL,
            content jsonb NOT NULL,
            created_by text NOT NULL,
            create_time timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, version_id),
            UNIQUE (tenant_id, rule_set_id, number),
            FOREIGN KEY (tenant_id, rule_set_id) REFERENCES rule_set DEFERRABLE INITIALLY DEFERRED
        )
    """)
    op.execute("""
        CREATE TABLE rule_set_assignment (
            tenant_id uuid NOT NULL,
            assignment_id uuid NOT NULL,
            rule_set_id uuid NOT NULL,
            target_kind smallint NOT NULL,
            target_key text NOT NULL,
            priority integer NOT NULL,
            effective_from timestamptz NOT NULL,
            effective_to timestamptz,
            created_by text NOT NULL,
            create_time timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, assignment_id),
            FOREIGN KEY (tenant_id, rule_set_id) REFERENCES rule_set
        )
    """)
    op.execute("CREATE INDEX rule_set_assignment_set ON rule_set_assignment (tenant_id, rule_set_id)")
    enable_rls(op, "rule_set")
    # What values were checked with stays as it was.
    enable_rls(op, "rule_set_version", app="SELECT, INSERT")
    enable_rls(op, "rule_set_assignment")
