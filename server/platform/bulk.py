"""Many rows at once into PostgreSQL."""

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.ext.asyncio import AsyncConnection


async def copy_rows(
    conn: AsyncConnection, table: sa.Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """COPYs rows into ``table`` and returns their number.

    PostgreSQL refuses COPY into tables with row-level security, so the rows go into a temporary table of
    the same shape and from there by one INSERT, which the policies check.
    """
    raw = (await conn.get_raw_connection()).driver_connection
    assert isinstance(raw, psycopg.AsyncConnection)
    target = sql.Identifier(table.name)
    staging = sql.Identifier(f"copy_{table.name}")
    names = sql.SQL(", ").join(sql.Identifier(column) for column in columns)
    async with raw.cursor() as cursor:
        await cursor.execute(
            sql.SQL("CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA").format(
                staging, names, target
            )
        )
        async with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(staging, names)) as copy:
            for row in rows:
                await copy.write_row(row)
        await cursor.execute(
            sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {}").format(target, names, names, staging)
        )
        count = cursor.rowcount
        await cursor.execute(sql.SQL("DROP TABLE {}").format(staging))
    return count
