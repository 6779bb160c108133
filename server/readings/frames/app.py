"""Use cases of kept frames."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from server.platform.history import Changed
from server.platform.paging import Pages
from server.platform.uow import Tx, UnitOfWork
from server.readings.frames.convert import replay_messages
from server.readings.frames.domain import Frame, FrameFilter, NewFrame, Outcome, ReplaySelector
from server.readings.frames.errors import FrameNotFound, ReplayOfEverything
from server.readings.frames.ports import ModelDevices
from server.readings.frames.store import FrameStore

MOST_REPLAYED: Final = 10_000
"""Frames that one call sends on their way; the caller repeats it for more."""


class Frames:
    """Keeps, shows and replays frames."""

    def __init__(self, uow: UnitOfWork, pages: Pages, store: FrameStore, models: ModelDevices) -> None:
        self._uow = uow
        self._pages = pages
        self._store = store
        self._models = models

    async def keep(self, frames: Sequence[NewFrame]) -> int:
        """Keeps frames; returns how many were not kept before."""
        # One statement cannot write a row twice; the last word on a key counts.
        distinct = {(one.adapter, one.frame_key): one for one in frames}
        async with self._uow() as tx:
            return await self._store.keep(tx, list(distinct.values()))

    async def get(self, frame_id: UUID) -> Frame:
        """One frame. Raises FrameNotFound."""
        async with self._uow() as tx:
            found = await self._store.get(tx, frame_id)
        if found is None:
            raise FrameNotFound(frame_id)
        return found

    async def page(
        self, wanted: FrameFilter, *, page_size: int, page_token: str, bound_to: object
    ) -> tuple[list[Frame], str]:
        """A page of frames, newest first, and the token of the next one."""
        page = self._pages.page(page_size, page_token, bound_to=bound_to)
        after = None if page.after is None else (page.after[0], page.after[1])
        async with self._uow() as tx:
            found = await self._store.page(tx, wanted, after=after, limit=page.limit)
        return page.cut(found, lambda one: (one.create_time, one.frame_id))

    async def replay(self, selector: ReplaySelector) -> int:
        """Sends frames through their adapters again; returns how many, at most MOST_REPLAYED.

        Raises ReplayOfEverything without a selector, FrameNotFound for an id that is none.
        """
        if selector.empty:
            raise ReplayOfEverything
        async with self._uow() as tx:
            dev_euis = await self._dev_euis(tx, selector)
            taken = await self._store.take_for_replay(
                tx, ids=selector.frame_ids, dev_euis=dev_euis, limit=MOST_REPLAYED
            )
            await self._check_all_there(tx, selector, taken)
            for adapter, message in replay_messages(tx.tenant_id, taken):
                await tx.send(f"adapter.{adapter}", message)
            await tx.changed_many(
                Changed(kind="frame", resource_id=one.frame_id, action="replayed") for one in taken
            )
        return len(taken)

    async def settle(self, outcomes: Sequence[Outcome]) -> None:
        """Notes what became of replayed frames."""
        async with self._uow() as tx:
            await self._store.settle(tx, outcomes)

    async def _dev_euis(self, tx: Tx, selector: ReplaySelector) -> list[str] | None:
        """The devices that the selector leaves; None: any."""
        if selector.device_model_id is None:
            return [selector.dev_eui] if selector.dev_eui else None
        of_model = await self._models.dev_euis_of_model(tx.tenant_id, selector.device_model_id)
        return [eui for eui in of_model if not selector.dev_eui or eui == selector.dev_eui]

    async def _check_all_there(self, tx: Tx, selector: ReplaySelector, taken: Sequence[Frame]) -> None:
        missing = set(selector.frame_ids) - {one.frame_id for one in taken}
        for frame_id in selector.frame_ids:
            if frame_id in missing and await self._store.get(tx, frame_id) is None:
                raise FrameNotFound(frame_id)
