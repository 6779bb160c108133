"""Small pieces of SQL that several stores need."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

UUIDS = pg.ARRAY(pg.UUID(as_uuid=True))
"""Type of a list of ids as one parameter."""


class _Asked:
    tenant_id = sa.bindparam("tenant", type_=pg.UUID(as_uuid=True))
    now = sa.bindparam("now", type_=sa.DateTime(timezone=True))


ASKED: Any = _Asked()
"""Stands for the transaction in a statement that is built once: asked with ``tenant`` and ``now``."""


_DECODER: Final = json.JSONDecoder()


def read_json(data: str | bytes) -> Any:
    """A document as PostgreSQL writes it: UTF-8, with nothing around it. Half the work of ``json.loads``."""
    return _DECODER.raw_decode(data if isinstance(data, str) else str(data, "utf-8"))[0]


def among(column: sa.ColumnElement[Any], ids: Iterable[UUID]) -> sa.ColumnElement[bool]:
    """Whether the column is one of many ids; they travel as one parameter, so there may be thousands."""
    return column == sa.any_(sa.cast(list(ids), UUIDS))


def recordset(table: sa.Table, rows: Iterable[Mapping[str, Any]]) -> sa.Select[Any]:
    """Rows of the table's columns as one parameter: thousands cost one short statement, always the same one.

    All rows have the columns of the first. Values are what their columns hold; numbers stay exact.
    """
    given = list(rows)
    names = list(given[0]) if given else []
    value = sa.cast(sa.literal(json.dumps(given, default=_as_json), sa.Text), pg.JSONB)
    columns = (sa.column(name, table.c[name].type) for name in names)
    source = sa.func.jsonb_to_recordset(value).table_valued(*columns, name="given")
    return sa.select(*source.render_derived(with_types=True).c)


def _as_json(value: Any) -> Any:
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no value of a column")
