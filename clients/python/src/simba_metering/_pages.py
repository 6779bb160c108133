"""Lists, flat: pages are fetched as they are needed."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Any, Generic, TypeVar

from simba_metering._method import Method
from simba_metering._transport import AsyncTransport, Metadata, Transport

Row = TypeVar("Row")


class _Listing(Generic[Row]):
    """What both forms share: which page comes next."""

    def __init__(
        self,
        method: Method[Any, Any],
        request: Any,
        rows: Callable[[Any], Sequence[Row]],
        timeout: float | None,
        metadata: Metadata,
    ) -> None:
        self._method = method
        self._request = request
        self._rows = rows
        self._timeout = timeout
        self._metadata = metadata

    def _after(self, token: str) -> Any:
        request = copy.copy(self._request)
        request.page_token = token
        return request


class Pages(_Listing[Row]):
    """All rows of a list, one after the other; or page by page.

    `for row in pages` and `for rows in pages.by_page()` begin anew every time.
    """

    def __init__(self, transport: Transport, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._transport = transport

    def __iter__(self) -> Iterator[Row]:
        for rows in self.by_page():
            yield from rows

    def by_page(self) -> Iterator[Sequence[Row]]:
        """The rows of each page."""
        request = self._request
        while True:
            answer = self._transport.unary(self._method, request, self._timeout, self._metadata)
            yield self._rows(answer)
            if not answer.next_page_token:
                return
            request = self._after(answer.next_page_token)


class AsyncPages(_Listing[Row]):
    """All rows of a list, one after the other; or page by page.

    `async for row in pages` and `async for rows in pages.by_page()` begin anew every time.
    """

    def __init__(self, transport: AsyncTransport, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._transport = transport

    async def __aiter__(self) -> AsyncIterator[Row]:
        async for rows in self.by_page():
            for row in rows:
                yield row

    async def by_page(self) -> AsyncIterator[Sequence[Row]]:
        """The rows of each page."""
        request = self._request
        while True:
            answer = await self._transport.unary(self._method, request, self._timeout, self._metadata)
            yield self._rows(answer)
            if not answer.next_page_token:
                return
            request = self._after(answer.next_page_token)
