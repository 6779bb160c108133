"""Tables of access: principals, roles, quotas of tenants, rotation and scopes of API keys."""

from alembic import op

from server.platform.tables import APP_ROLE, enable_rls

revision = "0011"
down_revision = "0010"

_RESOURCE = """
    archived boolean NOT NULL,
    create_time timestamptz NOT NULL,
    update_time timestamptz NOT NULL,
    version bigint NOT NULL
"""
_SCOPE = "scope_nodes uuid[], scope_usage_points uuid[]"
_SHOWN = (
    "tenant_id, api_key_id, display_name, roles, prefix, create_time, expire_time, last_used_time,"
    " revoke_time, principal_id, scope_nodes, scope_usage_points, previous_expire_time, rotate_time,"
    " update_time, version"
)


def upgrade() -> None:
    _tenants()
    _principals()
    _roles()
    _keys()
    _erasure()


def _tenants() -> None:
    op.execute("""
        ALTER TABLE tenant
            ADD COLUMN quota jsonb NOT NULL DEFAULT '{}',
            ADD COLUMN suspend_reason text NOT NULL DEFAULT '',
            ADD COLUMN update_time timestamptz
    """)
    op.execute("UPDATE tenant SET update_time = create_time")
    # The release before makes tenants without it.
    op.execute("ALTER TABLE tenant ALTER COLUMN update_time SET DEFAULT now()")
    op.execute("ALTER TABLE tenant ALTER COLUMN update_time SET NOT NULL")


def _principals() -> None:
    op.execute(f"""
        CREATE TABLE principal (
            tenant_id uuid NOT NULL REFERENCES tenant,
            principal_id uuid NOT NULL,
            kind text NOT NULL CHECK (kind IN ('USER', 'SERVICE')),
            display_name text NOT NULL,
            subject text,
            certificate_identity text,
            roles text[] NOT NULL,
            {_SCOPE},
            suspended boolean NOT NULL,
            {_RESOURCE},
            PRIMARY KEY (tenant_id, principal_id)
        )
    """)
    # Who is archived keeps its names, so that its credentials are refused; another one may take them over.
    op.execute("CREATE UNIQUE INDEX principal_subject ON principal (tenant_id, subject) WHERE NOT archived")
    op.execute("""
        CREATE UNIQUE INDEX principal_certificate ON principal (certificate_identity) WHERE NOT archived
    """)
    op.execute("CREATE INDEX principal_by_subject ON principal (tenant_id, subject)")
    op.execute("CREATE INDEX principal_by_certificate ON principal (certificate_identity)")
    op.execute("CREATE INDEX principal_by_role ON principal USING gin (roles)")
    enable_rls(op, "principal", app="SELECT, INSERT, UPDATE")


def _roles() -> None:
    op.execute(f"""
        CREATE TABLE role (
            tenant_id uuid NOT NULL REFERENCES tenant,
            role_id uuid NOT NULL,
            code text NOT NULL,
            display_name text NOT NULL,
            permissions text[] NOT NULL,
            {_RESOURCE},
            PRIMARY KEY (tenant_id, role_id)
        )
    """)
    op.execute("CREATE UNIQUE INDEX role_code ON role (tenant_id, code) WHERE NOT archived")
    enable_rls(op, "role", app="SELECT, INSERT, UPDATE")


def _keys() -> None:
    op.execute(f"""
        ALTER TABLE api_key
            ADD COLUMN principal_id uuid,
            ADD COLUMN {_SCOPE.replace(", ", ", ADD COLUMN ")},
            ADD COLUMN previous_sha256 bytea UNIQUE CHECK (octet_length(previous_sha256) = 32),
            ADD COLUMN previous_expire_time timestamptz,
            ADD COLUMN rotate_time timestamptz,
            ADD COLUMN update_time timestamptz,
            ADD COLUMN version bigint NOT NULL DEFAULT 1,
            ADD FOREIGN KEY (tenant_id, principal_id) REFERENCES principal,
            DROP CONSTRAINT api_key_roles_check,
            ADD CHECK ((cardinality(roles) > 0) <> (principal_id IS NOT NULL))
    """)
    op.execute("UPDATE api_key SET update_time = coalesce(revoke_time, create_time)")
    op.execute("ALTER TABLE api_key ALTER COLUMN update_time SET DEFAULT now()")
    op.execute("ALTER TABLE api_key ALTER COLUMN update_time SET NOT NULL")
    op.execute("CREATE INDEX api_key_of_principal ON api_key (tenant_id, principal_id)")
    op.execute(f"GRANT SELECT ({_SHOWN}) ON api_key TO {APP_ROLE}")
    # The application may not read what it would have to copy.
    op.execute("""
        CREATE FUNCTION api_key_rotated() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.previous_sha256 := CASE WHEN NEW.previous_expire_time IS NOT NULL THEN OLD.secret_sha256 END;
            RETURN NEW;
        END $$
    """)
    op.execute("""
        CREATE TRIGGER api_key_rotated BEFORE UPDATE OF secret_sha256 ON api_key
        FOR EACH ROW EXECUTE FUNCTION api_key_rotated()
    """)


def _erasure() -> None:
    """Invoices never change, but for who was billed: that may be taken out, and nothing else put in."""
    op.execute("""
        CREATE FUNCTION invoice_erased() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.customer_name NOT IN (OLD.customer_name, '(erased)')
                OR NEW.postal_address NOT IN (OLD.postal_address, '(erased)')
                OR NEW.service_address NOT IN (OLD.service_address, '(erased)')
            THEN
                RAISE EXCEPTION 'invoice % does not change', OLD.invoice_id USING ERRCODE = '55000';
            END IF;
            RETURN NEW;
        END $$
    """)
    op.execute("""
        CREATE TRIGGER invoice_erased BEFORE UPDATE ON invoice
        FOR EACH ROW EXECUTE FUNCTION invoice_erased()
    """)
    op.execute(f"GRANT UPDATE (customer_name, postal_address, service_address) ON invoice TO {APP_ROLE}")
