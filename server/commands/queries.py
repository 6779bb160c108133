"""Looking at commands."""

from uuid import UUID

from server.commands import store
from server.commands.domain import Command
from server.commands.errors import CommandNotFound
from server.commands.store import CommandFilter
from server.platform.caller import current_caller
from server.platform.paging import Pages
from server.platform.scope import Narrowing
from server.platform.uow import UnitOfWork


class CommandQueries:
    """One command, or pages of them."""

    def __init__(self, uow: UnitOfWork, pages: Pages, seen: Narrowing) -> None:
        self._seen = seen
        self._uow = uow
        self._pages = pages

    async def get(self, command_id: UUID) -> Command:
        """The command with its attempts and transitions. Raises CommandNotFound."""
        async with self._uow() as tx:
            command = await store.get(tx, command_id, self._seen(tx))
        if command is None:
            raise CommandNotFound(command_id)
        return command

    async def page(self, which: CommandFilter, *, size: int, token: str) -> tuple[list[Command], str]:
        """A page, newest first, without attempts and transitions; and the token of the next page."""
        page = self._pages.page(size, token, bound_to=("commands", current_caller().tenant_id, which))
        async with self._uow() as tx:
            rows = await store.page(tx, which, before=page.after_value, limit=page.limit, seen=self._seen(tx))
        return page.cut(rows, lambda row: (row.command_id,))
