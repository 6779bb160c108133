"""Rule sets in PostgreSQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server.platform.resource_store import ExternalId, ResourceStore, Row, Stored, attributes_of, columns_of
from server.platform.uow import Tx
from server.readings.domain import Severity
from server.readings.rule_sets.domain import (
    Assignment,
    Content,
    MethodStep,
    RuleSet,
    RuleSetting,
    Target,
    TargetKind,
    Version,
)
from server.readings.rule_sets.errors import RuleSetNotFound
from server.readings.rule_sets.resolving import Effective
from server.readings.rule_sets.tables import rule_set, rule_set_assignment, rule_set_version

_OWN = (
    "rule_set_id",
    "display_name",
    "description",
    "number",
    "version_id",
    "effective_from",
    "created_by",
)


def document(content: Content) -> dict[str, Any]:
    """A content as it is stored."""
    return {
        "rules": [
            {
                "rule": one.rule,
                "enabled": one.enabled,
                "severity": int(one.severity),
                "parameters": dict(one.parameters),
            }
            for one in content.rules
        ],
        "methods": [{"method": one.method, "parameters": dict(one.parameters)} for one in content.methods],
        "limits": dict(content.limits),
    }


def content_of(stored: Mapping[str, Any]) -> Content:
    """A content from what is stored."""
    return Content(
        tuple(
            RuleSetting(one["rule"], one["enabled"], Severity(one["severity"]), one["parameters"])
            for one in stored["rules"]
        ),
        tuple(MethodStep(one["method"], one["parameters"]) for one in stored["methods"]),
        stored["limits"],
    )


def _read(row: Row, _: tuple[ExternalId, ...], stored: Stored) -> RuleSet:
    return RuleSet(**columns_of(row, *_OWN), content=content_of(row["content"]), stored=stored)


def _write(one: RuleSet) -> dict[str, Any]:
    return {**attributes_of(one, *_OWN), "content": document(one.content)}


rule_sets: ResourceStore[RuleSet] = ResourceStore(
    "rule_set",
    rule_set,
    read=_read,
    write=_write,
    missing=RuleSetNotFound,
    unique={"rule_set_display_name": "display_name"},
)


async def add_version(
    tx: Tx, rule_set_id: UUID, number: int, effective_from: datetime, content: Content, created_by: str
) -> int:
    """Stores a version; returns its id."""
    version_id: int = (
        await tx.conn.execute(
            sa.insert(rule_set_version)
            .values(
                tenant_id=tx.tenant_id,
                rule_set_id=rule_set_id,
                number=number,
                effective_from=effective_from,
                content=document(content),
                created_by=created_by,
                create_time=tx.now,
            )
            .returning(rule_set_version.c.version_id)
        )
    ).scalar_one()
    return version_id


async def versions_page(
    tx: Tx, rule_set_id: UUID, *, before: datetime | None, after: int | None, limit: int
) -> list[Version]:
    """Versions of a rule set, newest first, from behind the number ``after`` on."""
    table = rule_set_version
    query = sa.select(table).where(table.c.rule_set_id == rule_set_id)
    if before is not None:
        query = query.where(table.c.effective_from < before)
    if after is not None:
        query = query.where(table.c.number < after)
    rows = await tx.conn.execute(query.order_by(table.c.number.desc()).limit(limit))
    return [_version(row) for row in rows.mappings()]


async def versions_with(tx: Tx, version_ids: Sequence[int]) -> list[Version]:
    """The versions with these ids; unknown ones are left out."""
    table = rule_set_version
    rows = await tx.conn.execute(sa.select(table).where(table.c.version_id.in_(version_ids)))
    return [_version(row) for row in rows.mappings()]


async def effective(tx: Tx) -> list[Effective]:
    """From when on each version of what is assigned holds."""
    table, assigned = rule_set_version, sa.select(rule_set_assignment.c.rule_set_id)
    rows = await tx.conn.execute(
        sa.select(table.c.version_id, table.c.rule_set_id, table.c.number, table.c.effective_from).where(
            table.c.rule_set_id.in_(assigned)
        )
    )
    return [Effective(*row) for row in rows]


async def assign(tx: Tx, one: Assignment) -> None:
    """Stores an assignment."""
    await tx.conn.execute(sa.insert(rule_set_assignment).values(tenant_id=tx.tenant_id, **_columns(one)))


async def assignments(
    tx: Tx,
    *,
    where: Sequence[sa.ColumnElement[bool]] = (),
    after: UUID | None = None,
    limit: int | None = None,
    lock: bool = False,
) -> list[Assignment]:
    """Assignments, oldest first, from behind ``after`` on; no limit is all of them."""
    table = rule_set_assignment
    query = sa.select(table).where(*where).order_by(table.c.assignment_id).limit(limit)
    if after is not None:
        query = query.where(table.c.assignment_id > after)
    rows = await tx.conn.execute(query.with_for_update() if lock else query)
    return [_assignment(row) for row in rows.mappings()]


async def end_assignment(tx: Tx, assignment_id: UUID, effective_to: datetime | None) -> None:
    """Ends an assignment; None takes it away."""
    mine = rule_set_assignment.c.assignment_id == assignment_id
    if effective_to is None:
        await tx.conn.execute(sa.delete(rule_set_assignment).where(mine))
    else:
        await tx.conn.execute(sa.update(rule_set_assignment).where(mine).values(effective_to=effective_to))


def _columns(one: Assignment) -> dict[str, Any]:
    own = attributes_of(
        one,
        "assignment_id",
        "rule_set_id",
        "priority",
        "effective_from",
        "effective_to",
        "created_by",
        "create_time",
    )
    return {**own, "target_kind": int(one.target.kind), "target_key": one.target.key}


def _version(row: sa.RowMapping) -> Version:
    return Version(
        row["version_id"],
        row["rule_set_id"],
        row["number"],
        row["effective_from"],
        content_of(row["content"]),
        row["created_by"],
        row["create_time"],
    )


def _assignment(row: sa.RowMapping) -> Assignment:
    return Assignment(
        row["assignment_id"],
        row["rule_set_id"],
        Target(TargetKind(row["target_kind"]), row["target_key"]),
        row["priority"],
        row["effective_from"],
        row["effective_to"],
        row["created_by"],
        row["create_time"],
    )
