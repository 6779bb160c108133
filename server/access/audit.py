"""Use cases of the audit: look changes up, and verify that none was tampered with."""

import json
from dataclasses import dataclass
from uuid import UUID

from server.platform.errors import InvalidField, NotFound
from server.platform.history import FieldDiff
from server.platform.history_seal import is_sealed
from server.platform.history_store import After, ChangeFilter, StoredChange, change_by_id, changes, opened
from server.platform.history_verify import Verdict, verify
from server.platform.personal import HIDDEN, sees_personal_data
from server.platform.uow import Tx, UnitOfWork

_HIDDEN_JSON = json.dumps(HIDDEN)


class ChangeNotFound(NotFound):
    """There is no such change in the tenant."""

    reason = "CHANGE_NOT_FOUND"

    def __init__(self, change_id: UUID) -> None:
        super().__init__(f"change {change_id} does not exist", change_id=change_id)


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A change, and its fields as the caller may see them."""

    stored: StoredChange
    fields: tuple[FieldDiff, ...]


class Audit:
    """Reads the tenant's history."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def page(self, which: ChangeFilter, *, after: After | None, limit: int) -> list[ShownChange]:
        """Changes, newest first."""
        async with self._uow() as tx:
            return await _shown(tx, await changes(tx, which, after=after, limit=limit))

    async def get(self, change_id: UUID) -> ShownChange:
        """One change. Raises ChangeNotFound."""
        async with self._uow() as tx:
            found = await change_by_id(tx, change_id)
            if found is None:
                raise ChangeNotFound(change_id)
            return (await _shown(tx, [found]))[0]

    async def verify(self, start: int, end: int) -> Verdict:
        """Computes the chain again, from a link to a link; 0: the first, and the newest.

        Raises InvalidField when the last is before the first.
        """
        if end and start > end:
            raise InvalidField("end_sequence", f"{end} is before start_sequence {start}", "chain.order")
        async with self._uow() as tx:
            return await verify(tx, start, end)


async def _shown(tx: Tx, found: list[StoredChange]) -> list[ShownChange]:
    if sees_personal_data():
        told = await opened(tx, found)
    else:
        told = [tuple(_hidden(field) for field in one.fields) for one in found]
    return [ShownChange(one, fields) for one, fields in zip(found, told, strict=True)]


def _hidden(field: FieldDiff) -> FieldDiff:
    if not is_sealed(field):
        return field
    return FieldDiff(field.path, _HIDDEN_JSON if field.before else "", _HIDDEN_JSON if field.after else "")
