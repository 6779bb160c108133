"""Rows of one kind become resources: read, compared with what is there, made or changed."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from google.protobuf import json_format
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message

from server.devices.files import references
from server.devices.files.columns import CellInvalid, Reference, put
from server.devices.files.domain import Flaw, Row
from server.devices.files.kinds import Kind
from server.devices.files.references import REASONS, Name
from server.platform.changing import masked
from server.platform.errors import SimbaError
from server.platform.ids import new_id
from server.platform.masks import apply_mask
from server.platform.resource_store import Archived
from server.platform.rpc.validation import item_invalid
from server.platform.uow import Tx, UnitOfWork


class Outcome(StrEnum):
    """What became of a row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(slots=True)
class Taken:
    """One row on its way."""

    row: Row
    document: dict[str, Any] = field(default_factory=dict)
    """What it says, as proto3 JSON."""
    key: tuple[str, ...] = ()
    """Which resource it says that it is, by its natural name; empty parts: it does not say."""
    wire: Message | None = None
    known: UUID | None = None
    outcome: Outcome | None = None
    flaws: list[Flaw] = field(default_factory=list)

    def refuse(self, *flaws: Flaw) -> None:
        """It is refused for these."""
        self.flaws += flaws
        self.outcome = Outcome.REJECTED


class RowTaker:
    """Takes rows of one kind, part by part."""

    def __init__(self, uow: UnitOfWork, kind: Kind, *, personal: bool) -> None:
        """``personal``: whether personal data may be written."""
        self._uow = uow
        self._kind = kind
        self._personal = personal
        self._columns = {column.name: column for column in kind.columns}
        self._seen: dict[tuple[str, ...], int] = {}

    def look(self, rows: Sequence[Row]) -> None:
        """Rows that were taken before this job was interrupted: what they are about is not said twice."""
        for row in rows:
            self._check_twice(self._read(row))

    async def take(self, tx: Tx, rows: Sequence[Row]) -> list[Taken]:
        """What became of each; each stands for itself."""
        taken = [self._read(row) for row in rows]
        for one in taken:
            self._check_twice(one)
        await self._find(tx, taken)
        await self._refer(tx, taken)
        for one in _left(taken):
            self._build(one)
        await self._change(tx, [one for one in _left(taken) if one.known is not None])
        await self._create([one for one in _left(taken) if one.known is None])
        return taken

    def _read(self, row: Row) -> Taken:
        one = Taken(row)
        for name, cell in row.cells.items():
            column = self._columns.get(name)
            if column is None:
                if name not in self._kind.known_columns:
                    one.refuse(
                        Flaw(name, _shown(cell), f"{name!r} is no column of {self._kind.name.lower()}")
                    )
            elif name in self._kind.personal and not self._personal:
                said = "who gave the file may not write personal data"
                one.refuse(Flaw(name, "***", said, "PERMISSION_MISSING"))
            else:
                self._read_cell(one, name, cell)
        one.key = tuple(self._natural(one, name) for name in self._kind.natural)
        return one

    def _read_cell(self, one: Taken, name: str, cell: Any) -> None:
        column = self._columns[name]
        try:
            put(one.document, column.path, column.form.read(cell))
        except (CellInvalid, TypeError, AttributeError) as error:
            one.refuse(Flaw(name, _shown(cell), f"{_shown(cell)!r} {error}"))

    def _natural(self, one: Taken, name: str) -> str:
        """A part of the natural name, as the table has it."""
        column = self._columns.get(name)
        if column is None:
            return str(one.row.cells.get(name, ""))
        said = str(one.document.get(column.path, ""))
        return said.removeprefix("HIERARCHY_") if name == "hierarchy" else said

    def _check_twice(self, one: Taken) -> None:
        if not all(one.key):
            return
        before = self._seen.setdefault(one.key, one.row.line)
        if before != one.row.line:
            names = ", ".join(self._kind.natural)
            said = f"{names} {' '.join(one.key)!r} stands in line {before} already"
            one.refuse(Flaw(self._kind.natural[-1], one.key[-1], said, "ALREADY_EXISTS"))

    async def _find(self, tx: Tx, taken: Sequence[Taken]) -> None:
        """Which rows are about what is there: by the names of other systems first, then by their own."""
        names = {id(one): _external_names(one.document) for one in taken}
        by_name = await references.ids_by_name(
            tx, self._kind.store.kind, {name for found in names.values() for name in found}
        )
        by_key = await _ids_by_key(tx, self._kind, {one.key for one in taken if all(one.key)})
        for one in taken:
            found = next((by_name[name] for name in names[id(one)] if name in by_name), None)
            one.known = found or by_key.get(one.key)

    async def _refer(self, tx: Tx, taken: Sequence[Taken]) -> None:
        """Puts the ids of what rows name in the places of the names."""
        own = f"{self._kind.noun}_id"
        for one in taken:
            if one.known is None:
                one.document[own] = str(new_id())
        # A node may hang below one of the same part of the file.
        mine = {one.key: UUID(one.document[own]) for one in _left(taken) if one.known is None}
        for reference in self._kind.references:
            wanted: dict[str, list[tuple[Taken, Name]]] = defaultdict(list)
            for one in _left(taken):
                name = references.name_in(one.row.cells, reference.names)
                if name is not None:
                    what = one.key[0].lower() if reference.what == "parent" else reference.what
                    wanted[what].append((one, name))
            for what, named in wanted.items():
                ids = await _ids_of(tx, what, {name for _, name in named})
                if reference.what == "parent":
                    ids = {**{key[1:]: node for key, node in mine.items() if key[0].lower() == what}, **ids}
                _put_ids(reference, named, ids)

    def _build(self, one: Taken) -> None:
        """The row as the message that a call for it alone would bring, with all that is wrong with it."""
        try:
            one.wire = json_format.ParseDict(one.document, self._kind.message())
        except json_format.ParseError as error:
            one.refuse(Flaw("", "", str(error)))
            return
        invalid = item_invalid(one.wire, self._kind.noun)
        found = invalid.violations if invalid else ()
        # A row about what is known brings only what it brings.
        broken = [each for each in found if one.known is None or each.rule != "required"]
        if broken:
            one.refuse(*(self._flaw(one, each.field, each.description) for each in broken))

    async def _change(self, tx: Tx, taken: Sequence[Taken]) -> None:
        kind = self._kind
        stored = await kind.store.of(tx, {one.known for one in taken if one.known})
        known = {kind.store.id_of(each): each for each in await kind.dress(tx, stored, None)}
        for one in taken:
            assert one.known is not None
            before = known.get(one.known)
            if before is None:
                one.refuse(Flaw("", "", "it is out of sight", "RESOURCE_NOT_FOUND"))
            else:
                await self._change_one(one, before)

    async def _change_one(self, one: Taken, before: Any) -> None:
        kind = self._kind
        assert one.wire is not None
        assert one.known is not None
        archived = str(one.row.cells.get("archived", "")).lower() == "true"
        paths = {path for path in _paths(one.document) if path not in kind.given_once}
        fixed = {path for path in paths - kind.updatable if path != f"{kind.noun}_id"}
        now = kind.to_wire(before)
        for path in sorted(fixed):
            if path.split(".")[0] in kind.message.DESCRIPTOR.fields_by_name and not _alike(
                now, one.wire, path
            ):
                said = f"{path} of one that is there cannot change"
                one.refuse(self._flaw(one, f"{kind.noun}.{path}", said))
        if one.outcome is not None:
            return
        change = masked(
            one.wire,
            FieldMask(paths=sorted(paths & kind.updatable)),
            set(kind.updatable),
            to_wire=kind.to_wire,
            from_wire=kind.of_wire,
            keep=("stored", *kind.keep),
        )
        try:
            if not paths & kind.updatable or _is_so(kind, now, one.wire, paths & kind.updatable):
                one.outcome = Outcome.UNCHANGED
                return
            if before.stored.archived:
                if archived:
                    one.outcome = Outcome.UNCHANGED
                    return
                raise Archived(kind.store.kind, one.known)
            # Joined: what it did is undone alone when it raises.
            await kind.resources.update(one.known, "", change)
            one.outcome = Outcome.UPDATED
        except SimbaError as error:
            self._refused(one, error)

    async def _create(self, taken: Sequence[Taken]) -> None:
        wanted: list[tuple[Taken, Any]] = []
        for one in taken:
            if str(one.row.cells.get("archived", "")).lower() == "true":
                said = "what is archived elsewhere is not made here"
                one.refuse(Flaw("archived", "true", said))
                continue
            try:
                wanted.append((one, self._kind.of_wire(one.wire)))
            except SimbaError as error:
                self._refused(one, error)
        if not wanted:
            return
        try:
            async with self._uow() as joined:
                made = await self._kind.resources.create_many(joined, [each for _, each in wanted])
        except SimbaError as error:
            # What concerns all of them, such as a quota.
            for one, _ in wanted:
                self._refused(one, error)
            return
        for (one, _), result in zip(wanted, made, strict=True):
            if isinstance(result, SimbaError):
                self._refused(one, result)
            else:
                one.outcome = Outcome.CREATED

    def _refused(self, one: Taken, error: SimbaError) -> None:
        if not error.violations:
            one.refuse(Flaw("", "", error.message, error.reason))
        for each in error.violations:
            flaw = self._flaw(one, each.field, each.description)
            one.refuse(Flaw(flaw.column, flaw.value, flaw.description, error.reason))

    def _flaw(self, one: Taken, path: str, description: str) -> Flaw:
        """A violation of a field as one of the column that brought it."""
        own = path.removeprefix(f"{self._kind.noun}.")
        column = next(
            (each.name for each in self._kind.columns if own == each.path or own.startswith(f"{each.path}[")),
            next((each.names[-1] for each in self._kind.references if own == each.path), own),
        )
        return Flaw(column, _shown(one.row.cells.get(column, "")), description)


def _put_ids(reference: Reference, named: Sequence[tuple[Taken, Name]], ids: Mapping[Name, UUID]) -> None:
    for one, name in named:
        if name in ids:
            put(one.document, reference.path, str(ids[name]))
        else:
            said = f"there is no {reference.what.replace('_', ' ')} {' '.join(name)!r}"
            one.refuse(Flaw(reference.names[-1], name[-1], said, REASONS[reference.what]))


def _left(taken: Sequence[Taken]) -> list[Taken]:
    return [one for one in taken if one.outcome is None]


def _shown(cell: Any) -> str:
    return str(cell)[:200]


def _external_names(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    names = document.get("external_ids", [])
    return [
        (str(each.get("system", "")), str(each.get("value", ""))) for each in names if isinstance(each, dict)
    ]


async def _ids_by_key(tx: Tx, kind: Kind, keys: set[tuple[str, ...]]) -> dict[tuple[str, ...], UUID]:
    if not keys:
        return {}
    columns = [kind.table.c[name] for name in kind.natural]
    own = kind.table.c[kind.own_id]
    query = (
        sa.select(own, *columns)
        .where(kind.table.c.tenant_id == tx.tenant_id, sa.tuple_(*columns).in_(keys))
        .order_by(kind.table.c.archived.desc())
    )
    return {tuple(row[1:]): row[0] for row in await tx.conn.execute(query)}


async def _ids_of(tx: Tx, what: str, wanted: set[Name]) -> dict[Name, UUID]:
    return {} if not what else await references.ids_of(tx, what, wanted)


def _paths(document: Mapping[str, Any]) -> Iterator[str]:
    """The paths that a document sets; maps and lists are one."""
    for name, value in document.items():
        if isinstance(value, dict) and name == "keys":
            yield from (f"{name}.{inner}" for inner in value)
        else:
            yield name


def _alike(now: Message, wanted: Message, path: str) -> bool:
    name = path.split(".", maxsplit=1)[0]
    return bool(getattr(now, name) == getattr(wanted, name))


def _is_so(kind: Kind, now: Message, said: Message, paths: set[str]) -> bool:
    """Whether a resource is what a row says: compared as both would be stored, in one spelling."""
    then = type(now)()
    then.CopyFrom(now)
    apply_mask(then, said, FieldMask(paths=sorted(paths)), set(kind.updatable))
    return bool(kind.to_wire(kind.of_wire(then)) == kind.to_wire(kind.of_wire(now)))


def counted(taken: Sequence[Taken]) -> Counter[str]:
    """How many rows came to what."""
    return Counter(str(one.outcome) for one in taken)
