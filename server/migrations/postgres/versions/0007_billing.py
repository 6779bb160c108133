"""Tables of billing: customers, accounts, agreements, tariffs, runs and invoices."""

from alembic import op

from server.platform.tables import enable_rls

revision = "0007"
down_revision = "0006"

_RESOURCE = """
    tenant_id uuid NOT NULL,
    archived boolean NOT NULL,
    create_time timestamptz NOT NULL,
    update_time timestamptz NOT NULL,
    version bigint NOT NULL
"""


def upgrade() -> None:
    # Exclusion constraints that also compare ids; a trusted extension of PostgreSQL's own.
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    _parties()
    _tariffs()
    _agreements()
    _issuers()
    _runs()
    _invoices()


def _parties() -> None:
    op.execute(f"""
        CREATE TABLE customer (
            {_RESOURCE},
            customer_id uuid NOT NULL,
            display_name text NOT NULL,
            email text NOT NULL,
            postal_address text NOT NULL,
            language text NOT NULL,
            PRIMARY KEY (tenant_id, customer_id)
        )
    """)
    op.execute(f"""
        CREATE TABLE account (
            {_RESOURCE},
            account_id uuid NOT NULL,
            customer_id uuid NOT NULL,
            account_number text NOT NULL,
            currency text NOT NULL,
            PRIMARY KEY (tenant_id, account_id),
            CONSTRAINT account_number_unique UNIQUE (tenant_id, account_number),
            FOREIGN KEY (tenant_id, customer_id) REFERENCES customer
        )
    """)
    op.execute("CREATE INDEX account_of_customer ON account (tenant_id, customer_id, account_id)")
    op.execute("""
        CREATE TABLE billing_external_id (
            tenant_id uuid NOT NULL,
            kind text NOT NULL,
            system text NOT NULL,
            value text NOT NULL,
            resource_id uuid NOT NULL,
            position integer NOT NULL,
            CONSTRAINT billing_external_id_unique PRIMARY KEY (tenant_id, kind, system, value)
        )
    """)
    op.execute(
        "CREATE INDEX billing_external_id_of ON billing_external_id (tenant_id, kind, resource_id, position)"
    )
    op.execute("""
        CREATE TABLE billing_counter (
            tenant_id uuid NOT NULL,
            name text NOT NULL,
            next_value bigint NOT NULL,
            PRIMARY KEY (tenant_id, name)
        )
    """)
    for table in ("customer", "account"):
        enable_rls(op, table, app="SELECT, INSERT, UPDATE")
    enable_rls(op, "billing_external_id")
    enable_rls(op, "billing_counter", app="SELECT, INSERT, UPDATE")


def _tariffs() -> None:
    op.execute(f"""
        CREATE TABLE tariff (
            {_RESOURCE},
            tariff_id uuid NOT NULL,
            code text NOT NULL,
            display_name text NOT NULL,
            commodity text NOT NULL,
            currency text NOT NULL,
            time_zone text NOT NULL,
            PRIMARY KEY (tenant_id, tariff_id),
            CONSTRAINT tariff_code_unique UNIQUE (tenant_id, code)
        )
    """)
    op.execute("""
        CREATE TABLE tariff_version (
            tenant_id uuid NOT NULL,
            tariff_id uuid NOT NULL,
            version_id uuid NOT NULL,
            effective_from date,
            content jsonb NOT NULL,
            content_sha256 text NOT NULL,
            used_until date,
            PRIMARY KEY (tenant_id, tariff_id, version_id),
            UNIQUE NULLS NOT DISTINCT (tenant_id, tariff_id, effective_from),
            FOREIGN KEY (tenant_id, tariff_id) REFERENCES tariff
        )
    """)
    # The second lock on what bills were made with; the first one is in the use case, with a better message.
    op.execute("""
        CREATE FUNCTION tariff_version_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF OLD.used_until IS NULL THEN
                RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
            END IF;
            IF TG_OP = 'UPDATE' AND NEW.content = OLD.content AND NEW.content_sha256 = OLD.content_sha256
                AND NEW.effective_from IS NOT DISTINCT FROM OLD.effective_from
                AND NEW.used_until >= OLD.used_until THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION 'tariff version % was used for a bill', OLD.version_id
                USING ERRCODE = 'restrict_violation';
        END $$
    """)
    op.execute("""
        CREATE TRIGGER tariff_version_frozen BEFORE UPDATE OR DELETE ON tariff_version
        FOR EACH ROW EXECUTE FUNCTION tariff_version_frozen()
    """)
    enable_rls(op, "tariff", app="SELECT, INSERT, UPDATE")
    enable_rls(op, "tariff_version")


def _agreements() -> None:
    op.execute(f"""
        CREATE TABLE agreement (
            {_RESOURCE},
            agreement_id uuid NOT NULL,
            account_id uuid NOT NULL,
            usage_point_id uuid NOT NULL,
            tariff_id uuid NOT NULL,
            start_date date NOT NULL,
            end_date date,
            PRIMARY KEY (tenant_id, agreement_id),
            FOREIGN KEY (tenant_id, account_id) REFERENCES account,
            FOREIGN KEY (tenant_id, tariff_id) REFERENCES tariff,
            CHECK (end_date > start_date),
            CONSTRAINT agreement_overlap EXCLUDE USING gist (
                tenant_id WITH =, usage_point_id WITH =, daterange(start_date, end_date) WITH &&
            ) WHERE (NOT archived)
        )
    """)
    op.execute("CREATE INDEX agreement_of_account ON agreement (tenant_id, account_id, agreement_id)")
    op.execute("CREATE INDEX agreement_on_tariff ON agreement (tenant_id, tariff_id)")
    enable_rls(op, "agreement", app="SELECT, INSERT, UPDATE")


def _issuers() -> None:
    op.execute("""
        CREATE TABLE issuer (
            tenant_id uuid NOT NULL,
            version bigint NOT NULL,
            display_name text NOT NULL,
            postal_address text NOT NULL,
            tax_number text NOT NULL,
            contact text NOT NULL,
            payment_details text NOT NULL,
            payment_days integer NOT NULL,
            number_prefix text NOT NULL,
            create_time timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, version)
        )
    """)
    enable_rls(op, "issuer", app="SELECT, INSERT")


def _runs() -> None:
    op.execute("""
        CREATE TABLE billing_run (
            tenant_id uuid NOT NULL,
            billing_run_id uuid NOT NULL,
            period_start date NOT NULL,
            period_end date NOT NULL,
            account_ids uuid[] NOT NULL,
            dry_run boolean NOT NULL,
            as_of timestamptz,
            snapshot bigint,
            state text NOT NULL,
            shard_count integer NOT NULL,
            error text NOT NULL,
            created_by text NOT NULL,
            create_time timestamptz NOT NULL,
            start_time timestamptz,
            end_time timestamptz,
            PRIMARY KEY (tenant_id, billing_run_id),
            CHECK (period_end > period_start)
        )
    """)
    op.execute("""
        CREATE TABLE billing_shard (
            tenant_id uuid NOT NULL,
            billing_run_id uuid NOT NULL,
            shard integer NOT NULL,
            first_account uuid NOT NULL,
            last_account uuid NOT NULL,
            finished boolean NOT NULL,
            agreements integer NOT NULL,
            invoices integer NOT NULL,
            exceptions integer NOT NULL,
            totals jsonb NOT NULL,
            end_time timestamptz,
            PRIMARY KEY (tenant_id, billing_run_id, shard),
            FOREIGN KEY (tenant_id, billing_run_id) REFERENCES billing_run
        )
    """)
    op.execute("""
        CREATE TABLE billing_exception (
            tenant_id uuid NOT NULL,
            billing_run_id uuid NOT NULL,
            agreement_id uuid NOT NULL,
            account_id uuid NOT NULL,
            usage_point_id uuid NOT NULL,
            reason text NOT NULL,
            description text NOT NULL,
            PRIMARY KEY (tenant_id, billing_run_id, agreement_id),
            FOREIGN KEY (tenant_id, billing_run_id) REFERENCES billing_run
        )
    """)
    enable_rls(op, "billing_run", app="SELECT, INSERT, UPDATE")
    enable_rls(op, "billing_shard", app="SELECT, INSERT, UPDATE")
    enable_rls(op, "billing_exception", app="SELECT, INSERT")


def _invoices() -> None:
    op.execute("""
        CREATE TABLE invoice (
            tenant_id uuid NOT NULL,
            invoice_id uuid NOT NULL,
            number_series text,
            number_value bigint,
            invoice_number text,
            state text NOT NULL,
            run_kind text NOT NULL,
            billing_run_id uuid NOT NULL,
            customer_id uuid NOT NULL,
            account_id uuid NOT NULL,
            agreement_id uuid NOT NULL,
            usage_point_id uuid NOT NULL,
            tariff_id uuid NOT NULL,
            period_start date NOT NULL,
            period_end date NOT NULL,
            time_zone text NOT NULL,
            currency text NOT NULL,
            net_amount numeric NOT NULL,
            tax_amount numeric NOT NULL,
            total_amount numeric NOT NULL,
            usage_quantity numeric NOT NULL,
            usage_unit text NOT NULL,
            interval_count bigint NOT NULL,
            estimated_count bigint NOT NULL,
            missing_count bigint NOT NULL,
            snapshot bigint NOT NULL,
            inputs jsonb NOT NULL,
            inputs_sha256 text NOT NULL,
            account_number text NOT NULL,
            customer_name text NOT NULL,
            postal_address text NOT NULL,
            language text NOT NULL,
            usage_point_code text NOT NULL,
            service_address text NOT NULL,
            tariff_code text NOT NULL,
            issuer_version bigint NOT NULL,
            issue_time timestamptz NOT NULL,
            due_date date,
            PRIMARY KEY (tenant_id, invoice_id),
            FOREIGN KEY (tenant_id, billing_run_id) REFERENCES billing_run,
            FOREIGN KEY (tenant_id, agreement_id) REFERENCES agreement,
            CHECK ((state = 'PREVIEW') = (invoice_number IS NULL)),
            CONSTRAINT invoice_number_unique UNIQUE (tenant_id, invoice_number),
            CONSTRAINT invoice_number_once UNIQUE (tenant_id, number_series, number_value),
            CONSTRAINT invoice_once_a_run UNIQUE (tenant_id, billing_run_id, agreement_id),
            CONSTRAINT invoice_twice EXCLUDE USING gist (
                tenant_id WITH =, agreement_id WITH =, run_kind WITH =,
                daterange(period_start, period_end) WITH &&
            ) WHERE (state = 'FROZEN')
        )
    """)
    op.execute("CREATE INDEX invoice_of_run ON invoice (tenant_id, billing_run_id, invoice_id)")
    op.execute("CREATE INDEX invoice_of_account ON invoice (tenant_id, account_id, invoice_id)")
    op.execute("CREATE INDEX invoice_of_usage_point ON invoice (tenant_id, usage_point_id, period_start)")
    op.execute("""
        CREATE TABLE invoice_line (
            tenant_id uuid NOT NULL,
            invoice_id uuid NOT NULL,
            position integer NOT NULL,
            component_code text NOT NULL,
            label text NOT NULL,
            period text NOT NULL,
            tier integer NOT NULL,
            day_start date NOT NULL,
            day_end date NOT NULL,
            quantity numeric NOT NULL,
            unit text NOT NULL,
            rate numeric NOT NULL,
            unrounded_amount numeric NOT NULL,
            amount numeric NOT NULL,
            PRIMARY KEY (tenant_id, invoice_id, position),
            FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoice
        )
    """)
    op.execute("""
        CREATE TABLE invoice_tax (
            tenant_id uuid NOT NULL,
            invoice_id uuid NOT NULL,
            position integer NOT NULL,
            component_code text NOT NULL,
            label text NOT NULL,
            percent numeric NOT NULL,
            base_amount numeric NOT NULL,
            amount numeric NOT NULL,
            PRIMARY KEY (tenant_id, invoice_id, position),
            FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoice
        )
    """)
    # Invoices never change: the application may not even try.
    for table in ("invoice", "invoice_line", "invoice_tax"):
        enable_rls(op, table, app="SELECT, INSERT")
