"""Use cases of factor sets."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from server.platform.errors import FieldViolation, InvalidField, refuse
from server.platform.resource_store import Key
from server.platform.uow import UnitOfWork
from server.readings.derived import factor_store as store
from server.readings.derived.factors import LARGEST, PLACES, FactorSet, FactorValue, Segment
from server.readings.derived.units import is_known

Given = tuple[datetime, datetime | None, Decimal]


class FactorSets:
    """Create, read, change, archive; give values."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def create(self, draft: FactorSet) -> FactorSet:
        """Stores a new one. Raises Taken for its name, InvalidField for its unit."""
        if not is_known(draft.unit):
            said = f"{draft.unit!r} is no known unit, nor a rate of two"
            raise InvalidField("factor_set.unit", said, "unit.known")
        async with self._uow() as tx:
            return await store.factor_sets.insert(tx, draft)

    async def get(self, factor_set_id: UUID) -> FactorSet:
        """One. Raises FactorSetNotFound."""
        async with self._uow() as tx:
            return await store.factor_sets.get(tx, factor_set_id)

    async def page(self, *, archived: bool, after: Key | None, limit: int) -> Sequence[FactorSet]:
        """Many, oldest first."""
        async with self._uow() as tx:
            return await store.factor_sets.page(tx, where=[], after=after, limit=limit, archived=archived)

    async def update(
        self, factor_set_id: UUID, etag: str, change: Callable[[FactorSet], FactorSet]
    ) -> FactorSet:
        """Changes its name or description."""
        async with self._uow() as tx:
            before = await store.factor_sets.changing(tx, factor_set_id, etag)
            return await store.factor_sets.save(tx, change(before))

    async def archive(self, factor_set_id: UUID, etag: str) -> FactorSet:
        """Archives one: it takes no more values, what it has still counts."""
        async with self._uow() as tx:
            return await store.factor_sets.archive(tx, factor_set_id, etag)

    async def give(self, factor_set_id: UUID, values: Sequence[Given]) -> int:
        """Gives values, new ones and corrections; returns how many.

        Raises InvalidArgument with all bad ones.
        """
        found = [one for place, given in enumerate(values) for one in _violations(place, *given)]
        refuse(found)
        async with self._uow() as tx:
            before = await store.factor_sets.changing(tx, factor_set_id)
            await store.add_values(tx, factor_set_id, values)
            # The set counts its changes, and the history tells of them.
            await store.factor_sets.save(tx, replace(before), action="values_given")
            return len(values)

    async def held(
        self, factor_set_id: UUID, *, as_of: datetime | None, start: datetime | None, end: datetime | None
    ) -> list[Segment]:
        """What holds when, as known at a time. Raises FactorSetNotFound."""
        async with self._uow() as tx:
            await store.factor_sets.get(tx, factor_set_id)
            return (await store.segments(tx, [factor_set_id], as_of, start, end))[factor_set_id]

    async def given(
        self,
        factor_set_id: UUID,
        *,
        start: datetime | None,
        end: datetime | None,
        after: int | None,
        limit: int,
    ) -> list[FactorValue]:
        """All that was ever given, newest first. Raises FactorSetNotFound."""
        async with self._uow() as tx:
            await store.factor_sets.get(tx, factor_set_id)
            return await store.values_page(tx, factor_set_id, start=start, end=end, after=after, limit=limit)


def _violations(place: int, start: datetime, end: datetime | None, value: Decimal) -> list[FieldViolation]:
    where = f"values[{place}]"
    found = []
    if end is not None and end <= start:
        said = f"{end.isoformat()} is not after start_time, {start.isoformat()}"
        found.append(FieldViolation(f"{where}.end_time", said, "factor.order"))
    if not 0 < value < LARGEST:
        said = f"{value} is not between 0 and {LARGEST}"
        found.append(FieldViolation(f"{where}.value", said, "factor.range"))
    elif value != round(value, PLACES):
        found.append(
            FieldViolation(f"{where}.value", f"{value} has more than {PLACES} places", "factor.places")
        )
    return found
