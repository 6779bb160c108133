"""How PostgreSQL finds what a list asks for: the plans of the statements that some work sent.

Tables of tests are so small that reading them from end to end is often the cheapest: the planner is told not
to. What it reads so nevertheless, no index serves.
"""

import json
from collections.abc import Awaitable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import psycopg
import sqlalchemy as sa

from server.platform.platform import Platform

_watched: ContextVar[bool] = ContextVar("_watched", default=False)
"""Whether a statement is the work's: others use the engine at the same time."""


@dataclass(frozen=True)
class Plan:
    """The plan of one SELECT, with what came of it."""

    sql: str
    root: dict[str, Any]

    @property
    def nodes(self) -> Iterator[dict[str, Any]]:
        """All of its nodes."""
        todo = [self.root]
        while todo:
            node = todo.pop()
            todo += node.get("Plans", [])
            yield node

    @property
    def scanned(self) -> set[str]:
        """Tables that are read from end to end."""
        return {node["Relation Name"] for node in self.nodes if node["Node Type"] == "Seq Scan"}

    @property
    def wasted(self) -> int:
        """Rows that were looked at and not wanted."""
        names = ("Rows Removed by Filter", "Rows Removed by Index Recheck", "Rows Removed by Join Filter")
        return sum(int(node.get(name, 0) * node["Actual Loops"]) for node in self.nodes for name in names)


async def plans_of(platform: Platform, work: Awaitable[object]) -> list[Plan]:
    """The plans of the SELECTs that the work sends, found as its tenant and under row-level security."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, sql: str, parameters: Any, *_others: Any) -> None:
        if _watched.get() and sql.lstrip().startswith("SELECT") and "FROM" in sql:
            sent.append((sql, parameters))

    engine = platform.engine.sync_engine
    sa.event.listen(engine, "before_cursor_execute", note)
    ours = _watched.set(True)
    try:
        await work
    finally:
        _watched.reset(ours)
        sa.event.remove(engine, "before_cursor_execute", note)
    found = []
    async with platform.uow() as tx:
        await tx.conn.execute(sa.text("SET LOCAL enable_seqscan = off"))
        for sql, parameters in sent:
            told = await tx.conn.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", parameters)
            answer = told.scalar_one()
            plan = json.loads(answer) if isinstance(answer, str) else answer
            found.append(Plan(sql, plan[0]["Plan"]))
    return found


def analyze(dsn: str, *tables: str) -> None:
    """Tells PostgreSQL what is in tables, as it finds out by itself sooner or later."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        for table in tables:
            connection.execute(f"VACUUM ANALYZE {table}")
