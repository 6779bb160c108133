"""What became of each of many: the thing itself, or the error that it alone would have got."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar

from server.platform.errors import SimbaError
from server.platform.uow import Tx, UnitOfWork

T = TypeVar("T")


def good(outcome: Sequence[T | SimbaError]) -> list[T]:
    """Those that were not refused, in order."""
    return [one for one in outcome if not isinstance(one, SimbaError)]


def put(outcome: list[T | SimbaError], results: Sequence[T | SimbaError | None]) -> None:
    """Puts what became of the good ones in their places; None: they stay as they are."""
    places = [place for place, one in enumerate(outcome) if not isinstance(one, SimbaError)]
    for place, result in zip(places, results, strict=True):
        if result is not None:
            outcome[place] = result


def the_one(outcome: Sequence[T | SimbaError]) -> T:
    """The only one. Raises its error."""
    (one,) = outcome
    if isinstance(one, SimbaError):
        raise one
    return one


class _OnlyTried(Exception):
    """Undoes what was tried."""


@asynccontextmanager
async def trying(uow: UnitOfWork, *, validate_only: bool) -> AsyncIterator[Tx]:
    """A unit of work that leaves nothing behind when it is only to be seen what would become of it."""
    try:
        async with uow() as tx:
            yield tx
            if validate_only:
                raise _OnlyTried
    except _OnlyTried:
        pass
