"""How resources are stored: an id, a version, archived or not, names in other systems.

Capabilities give a table with the columns ``<kind>_id, archived, create_time, update_time, version`` beside
the resource's own, and a table of external names made by :func:`external_id_table`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Generic, TypeVar
from uuid import UUID

import sqlalchemy as sa
from google.protobuf.message import Message
from sqlalchemy.exc import IntegrityError

from server.platform.errors import AlreadyExists, NotFound, SimbaError
from server.platform.etags import check_etag
from server.platform.external_names import (
    ExternalId,
    ExternalNames,
    external_id_ddl,
    external_id_table,
    external_names,
    names_of,
)
from server.platform.history import Form
from server.platform.resource_batch import Shape, insert_many, update_many
from server.platform.resource_history import ResourceHistory
from server.platform.scope import Visible, narrowed, narrowing
from server.platform.sql import ASKED, UUIDS, among
from server.platform.stored import (
    BESIDE,
    Archived,
    Beside,
    Key,
    NotArchived,
    Resource,
    Row,
    Stored,
    Taken,
    attributes_of,
    columns_of,
    constraint_of,
    resource_columns,
    stored_columns,
    stored_of,
)
from server.platform.uow import Tx
from server.platform.walk import Route, Walk

__all__ = [
    "Archived",
    "Beside",
    "ExternalId",
    "Key",
    "NotArchived",
    "Resource",
    "ResourceStore",
    "Row",
    "Stored",
    "Taken",
    "attributes_of",
    "columns_of",
    "constraint_of",
    "external_id_ddl",
    "external_id_table",
    "resource_columns",
]

R = TypeVar("R", bound=Resource)


class ResourceStore(Generic[R]):
    """One kind of resource in its table; every change of one is stated to the history.

    ``names`` is the table of external names, for kinds that have them; others have none, ever.
    ``read`` makes a resource from a row, its external names and what all have; ``write`` gives the
    columns of its own. ``unique`` maps the name of a constraint to the field that it keeps unique, or to
    several columns of which the last is the field that errors name; ``taken`` makes the error of a value that
    is another's from its field, itself and that other, if known.

    For the history: ``message`` is the resource on the wire, whose names changes are told by. Of columns in
    ``secret`` it is only told that they changed; those in ``personal`` hold data of a person, whose subject
    is the resource.

    Where a table holds several kinds, ``only`` are the conditions that this one keeps, and ``key`` is the
    column and attribute that holds its id.

    ``visible`` gives the ids within the caller's scope, or None for all: what is outside does not exist for
    the caller, neither to be read nor to be changed.
    """

    def __init__(
        self,
        kind: str,
        table: sa.Table,
        names: sa.Table | None = None,
        *,
        read: Callable[[Row, tuple[ExternalId, ...], Stored], R],
        write: Callable[[R], dict[str, Any]],
        missing: Callable[[UUID], NotFound],
        unique: Mapping[str, str | tuple[str, ...]] | None = None,
        taken: Callable[[str, object, UUID | None], AlreadyExists] = Taken,
        message: type[Message] | None = None,
        secret: Iterable[str] = (),
        personal: Iterable[str] = (),
        visible: Visible | None = None,
        key: str = "",
        only: Sequence[sa.ColumnElement[bool]] = (),
    ) -> None:
        self.kind = kind
        self.key = key or f"{kind}_id"
        self._history = ResourceHistory(
            kind, write, message, frozenset(secret), frozenset(personal), self.key
        )
        self._table = table
        self._id = table.c[self.key]
        self._only = only
        self._visible: Visible = visible or (lambda _: None)
        self._by_ids, self._listed = cache(self._build_by_ids), cache(self._build_listed)
        self.within = narrowing(self._id, visible, only)
        """Conditions on the table that leave what the caller may see: for queries made elsewhere."""
        self._read = read
        self._write = write
        self._missing = missing
        self._taken = taken
        self._unique = {f"{table.name}_pkey": self.key, **(unique or {})}
        self._names = ExternalNames(kind, names, taken)

    @property
    def id_column(self) -> sa.Column[UUID]:
        """The column that holds the id."""
        return self._id

    def id_of(self, resource: R) -> UUID:
        """The resource's id."""
        found: UUID = getattr(resource, self.key)
        return found

    async def insert(self, tx: Tx, resource: R, *, beside: Form | None = None) -> R:
        """Stores a new one. Raises Taken for an id or another unique value that is another's.

        ``beside`` is what the history tells of it that is stored elsewhere, by path.
        """
        stored = Stored(create_time=tx.now, update_time=tx.now, version=1)
        values = {**self._write(resource), "tenant_id": tx.tenant_id, **stored_columns(stored)}
        await self._write_row(tx, sa.insert(self._table).values(values), resource)
        await self._name(tx, resource)
        made = replace(resource, stored=stored)  # type: ignore[type-var]
        await self.made(tx, [made], beside=beside)
        return made

    async def insert_many(self, tx: Tx, resources: Sequence[R]) -> list[R | SimbaError]:
        """Stores many new ones. In the place of one that cannot be stands the error that it alone would get.

        Unlike :meth:`insert` it states nothing to the history: call :meth:`made` with those that stay.
        """
        stored = Stored(create_time=tx.now, update_time=tx.now, version=1)
        made: list[Any] = [replace(one, stored=stored) for one in resources]  # type: ignore[type-var]
        return await insert_many(tx, self._shape(), made, lambda one: stored_columns(one.stored))

    async def made(self, tx: Tx, resources: Iterable[R], *, beside: Form | None = None) -> None:
        """States that resources are new, when their rows were written otherwise: by COPY."""
        await self._history.made(tx, resources, beside)

    async def get(
        self, tx: Tx, resource_id: UUID, *, lock: bool = False, beside: Beside[R] | None = None
    ) -> R:
        """One of them; ``lock`` keeps others from changing it. Raises the error for a missing one."""
        found = await self.of(tx, [resource_id], lock=lock, beside=beside)
        if not found:
            raise self._missing(resource_id)
        return found[0]

    async def of(
        self, tx: Tx, ids: Iterable[UUID], *, lock: bool = False, beside: Beside[R] | None = None
    ) -> list[R]:
        """Those that exist, in order of their ids."""
        column = None if beside is None else beside.column
        query = self._by_ids(lock, column)
        within = narrowed(self._id, self._visible(tx))
        if within:
            query = query.where(*within)
        rows = await self._rows(tx, query, ids=list(ids))
        return [self._resource(row, beside) for row in rows]

    async def changing(self, tx: Tx, resource_id: UUID, etag: str = "") -> R:
        """One of them to be changed: locked, not archived, and with the etag (if given) that it has."""
        resource = await self.get(tx, resource_id, lock=True)
        if resource.stored.archived:
            raise Archived(self.kind, resource_id)
        check_etag(etag, resource.stored.version)
        tx.remember(self.kind, resource_id, resource)
        return resource

    async def changing_many(self, tx: Tx, ids: Iterable[UUID]) -> list[R]:
        """Many of them to be changed, in the order of the ids given: locked, and none of them archived."""
        wanted = list(ids)
        found = {self.id_of(one): one for one in await self.of(tx, wanted, lock=True)}
        for resource_id in wanted:
            if resource_id not in found:
                raise self._missing(resource_id)
            if found[resource_id].stored.archived:
                raise Archived(self.kind, resource_id)
            tx.remember(self.kind, resource_id, found[resource_id])
        return [found[resource_id] for resource_id in wanted]

    async def save_many(self, tx: Tx, resources: Iterable[R], *, action: str = "") -> list[R]:
        """As :meth:`save` of what became of some that :meth:`changing_many` gave, all in one statement.

        For changes of nothing that must be unique: names in other systems are not written.
        """
        after: list[R] = []
        for one in resources:
            stored = replace(one.stored, update_time=tx.now, version=one.stored.version + 1)
            after.append(replace(one, stored=stored))  # type: ignore[type-var]
        await update_many(tx, self._shape(), after, lambda one: stored_columns(one.stored))
        for changed in after:
            await self._history.saved(tx, await self._before(tx, changed), changed, action)
            tx.remember(self.kind, self.id_of(changed), changed)
        return after

    async def save(
        self, tx: Tx, resource: R, *, action: str = "", beside: tuple[Form, Form] | None = None
    ) -> R:
        """Stores what became of one that :meth:`changing` gave; its version grows.

        ``action`` is the verb in the history, if it is another than ``updated``, ``archived`` and
        ``undeleted``; ``beside`` is what it tells that is stored elsewhere, before and after, by path.
        """
        before: R = await self._before(tx, resource)
        stored = replace(resource.stored, update_time=tx.now, version=resource.stored.version + 1)
        values = {**self._write(resource), **stored_columns(stored)}
        mine = sa.and_(self._table.c.tenant_id == tx.tenant_id, self._id == self.id_of(resource))
        await self._write_row(tx, sa.update(self._table).where(mine).values(values), resource)
        if external_names(before) != external_names(resource):
            await self._names.drop(tx, [self.id_of(resource)])
            await self._name(tx, resource)
        after = replace(resource, stored=stored)  # type: ignore[type-var]
        await self._history.saved(tx, before, after, action, beside)
        tx.remember(self.kind, self.id_of(after), after)
        return after

    async def archive(self, tx: Tx, resource_id: UUID, etag: str = "") -> R:
        """Makes one history: it keeps its id and takes no more changes. Raises Archived if it was."""
        resource = await self.changing(tx, resource_id, etag)
        archived = replace(resource.stored, archived=True)
        return await self.save(tx, replace(resource, stored=archived))  # type: ignore[type-var]

    async def undelete(self, tx: Tx, resource_id: UUID, etag: str = "") -> R:
        """Brings an archived one back.

        Raises NotArchived if it is none, Taken for a unique value that became another's meanwhile.
        """
        resource = await self.get(tx, resource_id, lock=True)
        if not resource.stored.archived:
            raise NotArchived(self.kind, resource_id)
        check_etag(etag, resource.stored.version)
        tx.remember(self.kind, resource_id, resource)
        back = replace(resource.stored, archived=False)
        return await self.save(tx, replace(resource, stored=back))  # type: ignore[type-var]

    async def unchanged(self, tx: Tx, versions: Mapping[UUID, int]) -> bool:
        """Whether all of them still have these versions; keeps them so until the end of the transaction."""
        query = (
            sa.select(self._id, self._table.c.version)
            .where(self._table.c.tenant_id == tx.tenant_id, among(self._id, versions))
            .order_by(self._id)
            .with_for_update(read=True)
        )
        rows = (await tx.conn.execute(query)).all()
        return {row[0]: row[1] for row in rows} == dict(versions)

    async def page(
        self,
        tx: Tx,
        *,
        where: Sequence[sa.ColumnElement[bool]],
        after: Key | None,
        limit: int | None,
        external_id: ExternalId | None = None,
        archived: bool = False,
        beside: Beside[R] | None = None,
    ) -> list[R]:
        """Oldest first, after the key (an id); no limit is all of them."""
        wanted = [*where, *self._narrow(tx, external_id)]
        if after is not None:
            wanted.append(self._id > after[0])
        query = self._listed(None, archived, None if beside is None else beside.column)
        rows = await self._rows(tx, query.where(*wanted) if wanted else query, limit=limit)
        return [self._resource(row, beside) for row in rows]

    async def walked(
        self,
        tx: Tx,
        along: Walk | None,
        *,
        where: Sequence[sa.ColumnElement[bool]],
        after: Key | None,
        limit: int,
        external_id: ExternalId | None = None,
        archived: bool = False,
        beside: Beside[R] | None = None,
    ) -> list[tuple[Key, R]]:
        """As :meth:`page`, each with its key; in the order of a walk, which knows what it is after."""
        if along is None:
            found = await self.page(
                tx,
                where=where,
                after=after,
                limit=limit,
                external_id=external_id,
                archived=archived,
                beside=beside,
            )
            return [((self.id_of(one),), one) for one in found]
        wanted = [*where, *self._narrow(tx, external_id)]
        query = self._listed(along.route, archived, None if beside is None else beside.column)
        rows = await self._rows(tx, query.where(*wanted) if wanted else query, limit=limit, **along.values)
        return [(along.route.key_of(row), self._resource(row, beside)) for row in rows]

    def _shape(self) -> Shape:
        unique = {
            name: (columns,) if isinstance(columns, str) else columns
            for name, columns in self._unique.items()
        }
        return Shape(self.kind, self.key, self._table, self._names, self._write, unique, self._taken)

    async def _before(self, tx: Tx, resource: R) -> R:
        """The resource as it is stored: what :meth:`changing` gave, else it is read."""
        known: Any = tx.remembered(self.kind, self.id_of(resource))
        return known if known is not None else await self.get(tx, self.id_of(resource))

    def _narrow(self, tx: Tx, external_id: ExternalId | None) -> list[sa.ColumnElement[bool]]:
        """Conditions of a list that follow from who asks, and from a name in another system."""
        within = narrowed(self._id, self._visible(tx))
        if external_id is not None:
            within.append(self._id.in_(self._names.holder(tx, external_id)))
        return within

    def _build_listed(
        self,
        route: Route | None,
        archived: bool,  # noqa: FBT001 - the key of a cache
        beside: sa.ColumnElement[Any] | None,
    ) -> sa.Select[Any]:
        """A list along a route, or in the order of ids: built once, as :meth:`_build_by_ids`."""
        tenant = self._table.c.tenant_id == ASKED.tenant_id
        query = sa.select(*self._columns(beside))
        if route is None:
            query = query.where(tenant).order_by(self._id)
        else:
            mine = sa.and_(tenant, self._id == route.resource_id)
            query = query.add_columns(*route.labelled).select_from(route.source.join(self._table, mine))
            query = query.order_by(*route.key)
        if not archived:
            query = query.where(sa.not_(self._table.c.archived))
        return query.where(*self._only).limit(sa.bindparam("limit", type_=sa.Integer))

    def _build_by_ids(self, lock: bool, beside: sa.ColumnElement[Any] | None) -> sa.Select[Any]:  # noqa: FBT001 - the key of a cache
        """Built once: that takes longer than PostgreSQL needs for the answer."""
        query = (
            sa.select(*self._columns(beside))
            .where(
                self._table.c.tenant_id == ASKED.tenant_id,
                self._id == sa.any_(sa.bindparam("ids", type_=UUIDS)),
                *self._only,
            )
            .order_by(self._id)
        )
        return query.with_for_update() if lock else query

    def _columns(self, beside: sa.ColumnElement[Any] | None) -> list[Any]:
        """What is selected of each."""
        more = [] if beside is None else [beside.label(BESIDE)]
        return [self._table, *self._names.beside(ASKED, self._id), *more]

    async def _rows(self, tx: Tx, query: sa.Select[Any], **values: Any) -> Sequence[Row]:
        asked = {"tenant": tx.tenant_id, "now": tx.now, **values}
        found: Sequence[Any] = (await tx.conn.execute(query, asked)).mappings().all()
        return found

    def _resource(self, row: Row, beside: Beside[R] | None) -> R:
        found = self._read(row, names_of(row), stored_of(row))
        return found if beside is None else beside.put(found, row[BESIDE])

    async def _name(self, tx: Tx, resource: R) -> None:
        """Stores the external names. Raises Taken for one that is another's, or that is given twice."""
        refused = await self._names.put(tx, {self.id_of(resource): external_names(resource)})
        for error in refused.values():
            raise error

    async def _write_row(self, tx: Tx, statement: sa.Executable, resource: R) -> None:
        """Writes the row; what breaks the transaction's statement must not break the transaction."""
        try:
            async with tx.conn.begin_nested():
                await tx.conn.execute(statement)
        except IntegrityError as error:
            unique = self._unique.get(constraint_of(error) or "")
            if unique is None:
                raise
            columns = (unique,) if isinstance(unique, str) else unique
            other = await self._holder(tx, resource, columns)
            field = columns[-1]
            raise self._taken(f"{self.kind}.{field}", getattr(resource, field), other) from error

    async def _holder(self, tx: Tx, resource: R, columns: Sequence[str]) -> UUID | None:
        """Which one of the tenant has these values of a resource; None: another tenant's has."""
        values = self._write(resource)
        query = sa.select(self._id).where(
            self._table.c.tenant_id == tx.tenant_id,
            *(self._table.c[name] == values[name] for name in columns),
        )
        found: UUID | None = await tx.conn.scalar(query.order_by(self._table.c.archived, self._id).limit(1))
        return found
