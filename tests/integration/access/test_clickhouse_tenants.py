"""ClickHouse has no row-level security: every query of the server says whose rows it wants."""

import ast
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

import server
from server.platform.platform import Platform
from server.platform.tenant_filter import TENANT_TABLES, TenantMissing, check_tenant

SOURCES = Path(server.__file__).parent
DRIVERS = {"platform/telemetry_store.py", "migrations/run.py"}
"""Who may open ClickHouse: the store, which looks at each statement, and the migrations."""
_OPENS = ("import clickhouse_connect", "from clickhouse_connect")
MENTIONS = tuple(f"{word} {table}" for word in ("FROM", "JOIN", "INTO") for table in TENANT_TABLES)


def texts(tree: ast.AST) -> Iterator[str]:
    """Every text of a module; what is put into one is shown as the name of a run's table."""
    inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant) else "vee_x" for part in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner:
            yield node.value


def statements() -> Iterator[tuple[str, str]]:
    """Every text of the server that mentions a table of all tenants, with its file."""
    for path in sorted(SOURCES.rglob("*.py")):
        for text in texts(ast.parse(path.read_text())):
            if any(mention in " ".join(text.split()) for mention in MENTIONS):
                yield path.relative_to(SOURCES).as_posix(), text


def test_every_query_of_the_server_carries_the_tenant():
    found = list(statements())
    assert len(found) >= 25
    assert {path for path, _ in found} >= {
        "events/history.py",
        "readings/final.py",
        "readings/ingest/raw_store.py",
        "readings/queries/raw.py",
        "readings/supply_quality/sql.py",
        "readings/vee/corrections.py",
        "readings/vee/exceptions.py",
        "readings/vee/explain.py",
        "readings/vee/neighbours.py",
        "readings/vee/pending.py",
        "readings/vee/sql_lanes.py",
        "readings/vee/sql_results.py",
        "system/store.py",
    }
    for path, text in found:
        try:
            check_tenant(text)
        except TenantMissing as error:
            pytest.fail(f"{path}: {error}")


def test_nobody_goes_to_clickhouse_but_through_the_store():
    drivers = {
        path.relative_to(SOURCES).as_posix()
        for path in SOURCES.rglob("*.py")
        if any(line.startswith(_OPENS) for line in path.read_text().splitlines())
    }
    assert drivers == DRIVERS


async def test_the_tables_of_all_tenants_are_known(platform: Platform):
    rows = await platform.store.rows(
        "SELECT table FROM system.columns WHERE database = currentDatabase() AND name = 'tenant_id'"
    )
    kept = {name for (name,) in rows if not name.startswith("vee_0")}
    assert {name.removesuffix("_local").removesuffix("_feed") for name in kept} == TENANT_TABLES


@pytest.mark.parametrize("table", sorted(TENANT_TABLES))
async def test_a_query_that_forgot_the_tenant_never_leaves(platform: Platform, table: str):
    other = {"tenant": str(uuid4())}
    for statement in (
        f"SELECT count() FROM {table}",
        f"SELECT count() FROM {table} WHERE 1 OR tenant_id = {{tenant:UUID}}",
        f"SELECT 1 FROM (SELECT * FROM {table}) WHERE tenant_id = {{tenant:UUID}}",
        f"SELECT 1 FROM {table} WHERE tenant_id = {{tenant:UUID}} UNION ALL SELECT 1 FROM {table}",
        f"DELETE FROM {table} WHERE tenant_id = {{tenant:UUID}}",
        f"ALTER TABLE {table} DELETE WHERE 1",
        f"INSERT INTO {table} SELECT * FROM vee_x",
    ):
        for ask in (platform.store.query, platform.store.rows, platform.store.command):
            with pytest.raises(TenantMissing):
                await ask(statement, other)
    rows = await platform.store.rows(f"SELECT count() FROM {table} WHERE tenant_id = {{tenant:UUID}}", other)
    assert rows == [(0,)]
