"""How the changes of one kind of resource are told."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from google.protobuf.message import Message

from server.platform.history import (
    ARCHIVED,
    CREATED,
    UNDELETED,
    UPDATED,
    Changed,
    Form,
    Hidden,
    Personal,
    as_wire,
)
from server.platform.uow import Tx


@dataclass(frozen=True, slots=True)
class ResourceHistory:
    """States the changes of resources of one kind; for :class:`server.platform.resource_store.ResourceStore`.

    A resource is told as what is stored of it, its external names, and whether it is archived.
    """

    kind: str
    columns: Callable[[Any], dict[str, Any]]
    """The columns of its own."""
    message: type[Message] | None = None
    """The resource on the wire, whose names changes are told by."""
    secret: frozenset[str] = frozenset()
    """Columns of which it is only told that they changed."""
    personal: frozenset[str] = frozenset()
    """Columns that hold data of a person; their subject is the resource."""
    key: str = ""
    """Attribute that holds the id, if it is not named for the kind."""

    async def made(self, tx: Tx, resources: Iterable[Any], beside: Form | None = None) -> None:
        """States that resources are new; ``beside`` is what is stored of them elsewhere, by path."""
        told = []
        for one in resources:
            form = {**self._form(one), **(beside or {})}
            del form["archived"]
            told.append(self._changed(CREATED, one, None, form))
        await tx.changed_many(told)

    async def saved(
        self, tx: Tx, before: Any, after: Any, action: str = "", beside: tuple[Form, Form] | None = None
    ) -> None:
        """States what became of a resource; without an ``action`` it says itself what was done."""
        old, new = beside or ({}, {})
        verb = action or _verb(before.stored.archived, after.stored.archived)
        told = self._changed(verb, after, {**self._form(before), **old}, {**self._form(after), **new})
        await tx.changed_many([told])

    def _changed(self, action: str, resource: Any, before: Form | None, after: Form) -> Changed:
        resource_id: UUID = getattr(resource, self.key or f"{self.kind}_id")
        return Changed(
            kind=self.kind,
            resource_id=resource_id,
            action=action,
            before=before,
            after=after,
            personal=Personal(self.kind, resource_id, self.personal) if self.personal else None,
        )

    def _form(self, resource: Any) -> dict[str, Any]:
        form = dict(as_wire(self.columns(resource), self.message))
        form.pop(self.key or f"{self.kind}_id", None)
        for name in self.secret & form.keys():
            form[name] = Hidden(form[name]) if form[name] else None
        if names := getattr(resource, "external_ids", ()):
            form["external_ids"] = [{"system": one.system, "value": one.value} for one in names]
        form["archived"] = resource.stored.archived
        return form


def _verb(was_archived: bool, is_archived: bool) -> str:  # noqa: FBT001 - before and after
    if was_archived == is_archived:
        return UPDATED
    return ARCHIVED if is_archived else UNDELETED
