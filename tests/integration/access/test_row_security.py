"""Row-level security keeps tenants apart by itself, whatever the application asks for.

No statement here names a tenant but to break the rule: the application's own filters play no part. Every
table is filled with a row of each of two tenants (without the checks and triggers that would want sense in
them), in a transaction that is rolled back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import errors, sql

from server.migrations.run import migrate
from server.platform.tables import APP_ROLE, TENANT_SETTING
from tests.support.engines import Engines
from tests.support.platform import fresh_settings

_TABLES = """
    SELECT c.oid::regclass::text, c.relrowsecurity,
           EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id'
                   AND NOT a.attisdropped)
      FROM pg_class c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
     ORDER BY 1
"""
_COLUMNS = """
    SELECT a.attname, format_type(a.atttypid, NULL)
      FROM pg_attribute a
     WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     ORDER BY a.attnum
"""
_LOOSE = """
    SELECT conrelid::regclass::text, conname FROM pg_constraint
     WHERE contype IN ('c', 'x') AND connamespace = 'public'::regnamespace AND conparentid = 0
"""
_VALUES = {
    "uuid": "gen_random_uuid()",
    "text": "gen_random_uuid()::text",
    "character varying": "gen_random_uuid()::text",
    "bytea": "decode(md5(gen_random_uuid()::text), 'hex')",
    "jsonb": "'{}'::jsonb",
    "boolean": "false",
    "date": "current_date",
    "timestamp with time zone": "now()",
    "interval": "'1 day'::interval",
    "tstzrange": "tstzrange(now(), NULL)",
    "daterange": "daterange(current_date, NULL)",
}
"""What stands in a column of a type; of all others 1, and empty arrays."""
_NUMBERS = {"smallint", "integer", "bigint", "numeric", "double precision", "real"}


@dataclass(frozen=True, slots=True)
class Database:
    """A connection of the superuser, two tenants with a row in every table, and those tables."""

    conn: psycopg.Connection
    mine: UUID
    theirs: UUID
    tables: tuple[str, ...]

    def as_application(self) -> None:
        """Goes on as the application does in a transaction of the first tenant."""
        self.conn.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(APP_ROLE)))
        self.conn.execute("SELECT set_config(%s, %s, true)", [TENANT_SETTING, str(self.mine)])

    def tried(self, statement: str, *values: object) -> tuple[str, int]:
        """How a statement ends, whose effects are undone: an error's name or "", and the rows it changed."""
        try:
            with self.conn.transaction(force_rollback=True):
                return "", self.conn.execute(statement, values).rowcount
        except psycopg.Error as error:
            return type(error).__name__, 0


@pytest.fixture(scope="module")
def database(engines: Engines) -> Iterator[Database]:
    settings = fresh_settings(engines)
    migrate(settings)
    with psycopg.connect(settings.postgres_dsn) as conn:
        tables = tuple(name for name, _, of_tenant in conn.execute(_TABLES) if of_tenant)
        conn.execute("SET LOCAL session_replication_role = replica")
        for table, name in conn.execute(_LOOSE).fetchall():
            conn.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}" CASCADE')
        mine, theirs = uuid4(), uuid4()
        for table in tables:
            for tenant_id in (mine, theirs):
                fill(conn, table, tenant_id)
        made = Database(conn, mine, theirs, tables)
        made.as_application()
        yield made
        conn.rollback()


def fill(conn: psycopg.Connection, table: str, tenant_id: UUID) -> None:
    """Puts a row of the tenant into a table."""
    columns = conn.execute(_COLUMNS, [table]).fetchall()
    values = ", ".join(f"'{tenant_id}'" if name == "tenant_id" else value_of(kind) for name, kind in columns)
    names = ", ".join(f'"{name}"' for name, _ in columns)
    conn.execute(f"INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE VALUES ({values})")


def value_of(kind: str) -> str:
    if kind.endswith("[]"):
        return f"'{{}}'::{kind}"
    if kind in _NUMBERS:
        return f"(random() * 30000)::{kind}"
    return _VALUES[kind]


def test_every_table_of_a_tenant_has_row_level_security(database: Database):
    rows = database.conn.execute(_TABLES).fetchall()
    assert len(database.tables) > 50
    assert [name for name, secured, of_tenant in rows if of_tenant and not secured] == []
    owned = "SELECT pg_has_role(%s, c.relowner, 'MEMBER') FROM pg_class c WHERE c.oid = %s::regclass"
    for table in database.tables:
        assert database.conn.execute(owned, [APP_ROLE, table]).fetchone() == (False,), table


def test_what_has_no_tenant_is_out_of_reach(database: Database):
    rows = database.conn.execute(_TABLES).fetchall()
    reach = "SELECT has_table_privilege(%s, %s, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')"
    within = {
        name
        for name, _, of_tenant in rows
        if not of_tenant and database.conn.execute(reach, [APP_ROLE, name]).fetchone() == (True,)
    }
    assert within == set()


def test_the_application_reads_no_other_tenants_rows(database: Database):
    read = 0
    for table in database.tables:
        try:
            with database.conn.transaction():
                seen = database.conn.execute(f"SELECT tenant_id FROM {table}").fetchall()
        except errors.InsufficientPrivilege:
            continue
        assert seen == [(database.mine,)], table
        read += 1
    assert read > 40


def test_the_application_writes_no_other_tenants_rows(database: Database):
    theirs = str(database.theirs)
    for table in database.tables:
        for statement in (
            f"UPDATE {table} SET tenant_id = tenant_id WHERE tenant_id = '{theirs}'",
            f"DELETE FROM {table} WHERE tenant_id = '{theirs}'",
        ):
            error, changed = database.tried(statement)
            assert (error in {"", "InsufficientPrivilege"}, changed) == (True, 0), statement
        error, _ = database.tried(f"UPDATE {table} SET tenant_id = '{theirs}'")
        assert error == "InsufficientPrivilege", f"a row of {table} was given away"


def test_the_application_inserts_no_other_tenants_rows(database: Database):
    for table in database.tables:
        with pytest.raises(errors.InsufficientPrivilege), database.conn.transaction():
            fill(database.conn, table, database.theirs)


def test_without_a_tenant_nothing_is_seen(database: Database):
    with database.conn.transaction(force_rollback=True):
        database.conn.execute("SELECT set_config(%s, '', true)", [TENANT_SETTING])
        for table in database.tables:
            error, seen = database.tried(f"SELECT tenant_id FROM {table}")
            assert (error in {"", "InsufficientPrivilege"}, seen) == (True, 0), table
