"""Small pieces of SQL that several stores need."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

UUIDS = pg.ARRAY(pg.UUID(as_uuid=True))
"""Type of a list of ids as one parameter."""


def among(column: sa.ColumnElement[Any], ids: Iterable[UUID]) -> sa.ColumnElement[bool]:
    """Whether the column is one of many ids; they travel as one parameter, so there may be thousands."""
    return column == sa.any_(sa.cast(list(ids), UUIDS))
