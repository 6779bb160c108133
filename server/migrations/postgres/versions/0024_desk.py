"""Tables of the work queue of validation, and of edits of readings."""

from alembic import op

from server.platform.tables import enable_rls

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE vee_exception_item (
            tenant_id uuid NOT NULL,
            series bigint NOT NULL,
            day date NOT NULL,
            rule text NOT NULL,
            state smallint NOT NULL,
            finding_version bigint NOT NULL,
            assignee text NOT NULL,
            reason_code text NOT NULL,
            note text NOT NULL,
            update_time timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, series, day, rule)
        )
    """)
    op.execute("CREATE INDEX vee_exception_item_state ON vee_exception_item (tenant_id, state, assignee)")
    op.execute("""
        CREATE TABLE vee_exception_change (
            tenant_id uuid NOT NULL,
            change_id uuid NOT NULL,
            series bigint NOT NULL,
            day date NOT NULL,
            rule text NOT NULL,
            change_time timestamptz NOT NULL,
            actor text NOT NULL,
            old_state smallint NOT NULL,
            new_state smallint NOT NULL,
            assignee text NOT NULL,
            reason_code text NOT NULL,
            note text NOT NULL,
            edit_id uuid,
            PRIMARY KEY (tenant_id, change_id)
        )
    """)
    op.execute(
        "CREATE INDEX vee_exception_change_item ON vee_exception_change (tenant_id, series, day, change_id)"
    )
    op.execute("""
        CREATE TABLE reading_edit (
            tenant_id uuid NOT NULL,
            edit_id uuid NOT NULL,
            kind smallint NOT NULL,
            state smallint NOT NULL,
            reason_code text NOT NULL,
            note text NOT NULL,
            description text NOT NULL,
            author text NOT NULL,
            create_time timestamptz NOT NULL,
            approver text NOT NULL,
            decide_time timestamptz,
            decision_note text NOT NULL,
            apply_time timestamptz,
            other_edit_id uuid,
            request_id uuid,
            value_count integer NOT NULL,
            accepted jsonb NOT NULL,
            billed jsonb NOT NULL,
            PRIMARY KEY (tenant_id, edit_id),
            UNIQUE (tenant_id, request_id)
        )
    """)
    op.execute("CREATE INDEX reading_edit_open ON reading_edit (tenant_id, state) WHERE state IN (1, 2)")
    op.execute("""
        CREATE TABLE reading_edit_series (
            tenant_id uuid NOT NULL,
            edit_id uuid NOT NULL,
            series bigint NOT NULL,
            usage_point_id uuid NOT NULL,
            unit text NOT NULL,
            tz text NOT NULL,
            first_time timestamptz NOT NULL,
            until_time timestamptz NOT NULL,
            before bytea NOT NULL,
            after bytea NOT NULL,
            PRIMARY KEY (tenant_id, edit_id, series),
            FOREIGN KEY (tenant_id, edit_id) REFERENCES reading_edit
        )
    """)
    op.execute("CREATE INDEX reading_edit_series_of ON reading_edit_series (tenant_id, series, edit_id)")
    op.execute(
        "CREATE INDEX reading_edit_series_at ON reading_edit_series (tenant_id, usage_point_id, edit_id)"
    )
    op.execute("""
        CREATE TABLE reading_edit_setting (
            tenant_id uuid NOT NULL,
            four_eyes boolean NOT NULL,
            update_time timestamptz NOT NULL,
            PRIMARY KEY (tenant_id)
        )
    """)
    enable_rls(op, "vee_exception_item")
    # What was done stays told; who asked for an edit and what it was are never changed, only where it stands.
    enable_rls(op, "vee_exception_change", app="SELECT, INSERT")
    enable_rls(op, "reading_edit", app="SELECT, INSERT, UPDATE")
    enable_rls(op, "reading_edit_series", app="SELECT, INSERT")
    enable_rls(op, "reading_edit_setting")
