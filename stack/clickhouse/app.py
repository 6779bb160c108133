"""The ASGI application: ClickHouse's HTTP interface over one engine."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Generator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Final

from stack.clickhouse.auth import Users, credentials
from stack.clickhouse.body import Body, HungUpError, Receive
from stack.clickhouse.compression import Encoder, accepted_coding, encoder
from stack.clickhouse.engine import Engine
from stack.clickhouse.errors import ClickHouseError
from stack.clickhouse.execution import Answer, Execution
from stack.clickhouse.form import read_form
from stack.clickhouse.request import Request, read_request, with_params
from stack.clickhouse.statement import first_keyword

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Header = tuple[bytes, bytes]

_log: Final = logging.getLogger("clickhouse")
#: Results smaller than this are not worth compressing.
_COMPRESS_FROM: Final = 4096
_DONE: Final = object()


class HttpInterface:
    """Routes, threads and responses.

    `concurrency` statements run at once; others wait up to `patience` seconds.
    """

    def __init__(
        self, engine: Engine, users: Users, *, concurrency: int = 64, patience: float = 10.0
    ) -> None:
        self._engine = engine
        self._users = users
        self._execution = Execution(engine)
        self._threads = ThreadPoolExecutor(concurrency + 4, thread_name_prefix="query")
        self._places = asyncio.Semaphore(concurrency)
        self._patience = patience

    def close(self) -> None:
        """Ends the sessions and the threads; a statement that still runs is killed."""
        self._execution.running.kill_all()
        self._threads.shutdown()
        self._execution.sessions.close()

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """One ASGI request."""
        path, method = scope["path"], scope["method"]
        if path in {"/ping", "/replicas_status"} or (
            path == "/" and method in {"GET", "HEAD"} and not scope["query_string"]
        ):
            await _respond(send, 200, [(b"content-type", b"text/plain; charset=UTF-8")], b"Ok.\n")
            return
        if path != "/" or method not in {"GET", "HEAD", "POST"}:
            await _respond(send, 404, [], f"There is no handle {path} for {method}\n".encode())
            return
        response = _Response(send, self._engine)
        try:
            await self._statement(method, scope, receive, response)
        except ClickHouseError as refused:
            await response.error(refused)
        except HungUpError:
            _log.info("caller hung up", extra={"query_id": response.query_id})

    async def _statement(
        self, method: str, scope: MutableMapping[str, Any], receive: Receive, response: _Response
    ) -> None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        request = read_request(method, scope["query_string"], headers)
        response.query_id = request.query_id
        user = self._users.check(*credentials(headers, request.params))
        body = Body(receive, headers.get("content-encoding", ""))
        response.accept(accepted_coding(request.accepts()))
        try:
            await asyncio.wait_for(self._places.acquire(), self._patience)
        except TimeoutError:
            raise ClickHouseError(
                202,
                "TOO_MANY_SIMULTANEOUS_QUERIES",
                f"Too many simultaneous queries, waited {self._patience} s.",
            ) from None
        try:
            first = body.decode(await body.piece()) or b""
            if first_keyword(request.query + b"\n" + first) == "INSERT":
                await self._insert(user, request, first, body, response)
            else:
                await self._query(user, request, first, body, receive, response)
        finally:
            self._places.release()

    async def _insert(
        self, user: str, request: Request, first: bytes, body: Body, response: _Response
    ) -> None:
        insertion = self._execution.insert(user, request, response.answer)

        def advance(piece: bytes | None, *, decoded: bool = False) -> bool:
            """One step in a thread; True when the INSERT has ended."""
            try:
                insertion.send(piece if decoded else body.decode(piece))
            except StopIteration:
                return True
            return False

        try:
            await self._in_thread(next, insertion, None)
            step = self._in_thread(lambda: advance(first, decoded=True))
            ended = False
            while not ended:
                # The next piece comes in while the engine works at this one.
                try:
                    piece = await body.piece()
                finally:
                    ended = await step
                if not ended:
                    step = self._in_thread(lambda piece=piece: advance(piece))
        finally:
            await self._in_thread(_close, insertion)
        await response.whole(b"")

    async def _query(
        self, user: str, request: Request, first: bytes, body: Body, receive: Receive, response: _Response
    ) -> None:
        pieces = [first]
        while not body.ended and (piece := body.decode(await body.piece())) is not None:
            pieces.append(piece)
        body.decode(None)
        content = b"".join(pieces)
        files: dict[str, bytes] = {}
        content_type = request.headers.get("content-type", "")
        if content_type.startswith("multipart/form-data"):
            form = read_form(content_type, content)
            files, content = form.files, b""
            request = with_params(request.method, request.headers, {**request.params, **form.fields}, files)
        sql = request.query + b"\n" + content if request.query and content else request.query or content
        if not sql.strip():
            raise ClickHouseError(62, "SYNTAX_ERROR", "Syntax error: failed at position 1: Empty query.")
        result = self._execution.query(user, request, sql, files, response.answer)
        watch = (
            asyncio.create_task(self._kill_when_hung_up(receive, request))
            if request.cancel_on_close
            else None
        )
        try:
            await self._send_pieces(result, response)
        finally:
            if watch:
                watch.cancel()
            await self._in_thread(_close, result)

    async def _send_pieces(self, result: Generator[bytes, None, None], response: _Response) -> None:
        # Two steps at once: most results have one piece, and so need one change of threads.
        piece, following = await self._in_thread(lambda: (next(result), next(result, _DONE)))
        while True:
            if following is _DONE:
                await response.whole(piece)
                return
            await response.part(piece)
            piece, following = following, await self._in_thread(next, result, _DONE)

    async def _kill_when_hung_up(self, receive: Receive, request: Request) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        await self._in_thread(self._execution.running.kill, request.query_id)

    def _in_thread(self, function: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:
        return asyncio.get_running_loop().run_in_executor(self._threads, function, *args)


def _close(steps: Generator[Any, Any, None]) -> None:
    # A statement that is still at work when the server stops ends by being killed (`HttpInterface.close`).
    with suppress(ValueError):
        steps.close()


class _Response:
    """One response: plain with its length while it fits, else chunked, with errors marked inside the body."""

    def __init__(self, send: Send, engine: Engine) -> None:
        self._send = send
        self._engine = engine
        self._coding: str | None = None
        self._encoder: Encoder | None = None
        self._began = False
        self._start = time.perf_counter_ns()
        self._tag = ""
        self.query_id = ""
        self.answer = Answer()

    def accept(self, coding: str | None) -> None:
        self._coding = coding

    async def whole(self, data: bytes) -> None:
        """The rest of the body, which is all of it when nothing was sent before."""
        if self._began:
            await self._chunk(self._encode(data, last=True), more=False)
            return
        headers = self._headers()
        if self._coding and len(data) >= _COMPRESS_FROM:
            headers.append((b"content-encoding", self._coding.encode()))
            coder = encoder(self._coding)
            data = await asyncio.to_thread(lambda: coder.compress(data) + coder.flush())
        await _respond(self._send, 200, headers, data)

    async def part(self, data: bytes) -> None:
        """One piece of a body that goes on."""
        if not self._began:
            headers = self._headers()
            self._tag = secrets.token_hex(8)
            headers.append((b"x-clickhouse-exception-tag", self._tag.encode()))
            if self._coding:
                headers.append((b"content-encoding", self._coding.encode()))
                self._encoder = encoder(self._coding)
            await self._send({"type": "http.response.start", "status": 200, "headers": headers})
            self._began = True
        await self._chunk(await asyncio.to_thread(self._encode, data) if self._encoder else data, more=True)

    async def error(self, refused: ClickHouseError) -> None:
        text = refused.body(self._engine.version)
        _log.info(
            "statement failed", extra={"query_id": self.query_id, "code": refused.code, "error": text[:2000]}
        )
        if self._began:
            message = f"{text}\n".encode()
            block = b"\r\n__exception__\r\n%b\r\n%b%d %b\r\n__exception__\r\n" % (
                self._tag.encode(), message, len(message), self._tag.encode()
            )  # fmt: skip
            await self._chunk(self._encode(block, last=True), more=False)
            return
        headers = [
            *self._headers(),
            (b"x-clickhouse-exception-code", str(refused.code).encode()),
            (b"content-type", b"text/plain; charset=UTF-8"),
        ]
        if refused.code == 194:  # noqa: PLR2004 - REQUIRED_PASSWORD
            headers.append((b"www-authenticate", b'Basic realm="ClickHouse server HTTP API"'))
        await _respond(self._send, refused.status, headers, f"{text}\n".encode())

    def _encode(self, data: bytes, *, last: bool = False) -> bytes:
        if self._encoder is None:
            return data
        return self._encoder.compress(data) + (self._encoder.flush() if last else b"")

    async def _chunk(self, data: bytes, *, more: bool) -> None:
        if data or not more:
            await self._send({"type": "http.response.body", "body": data, "more_body": more})

    def _headers(self) -> list[Header]:
        counts = self.answer.counts
        summary = {
            "read_rows": counts.read_rows,
            "read_bytes": counts.read_bytes,
            "written_rows": counts.written_rows,
            "written_bytes": counts.written_bytes,
            "total_rows_to_read": 0,
            "result_rows": counts.result_rows,
            "result_bytes": counts.result_bytes,
            "elapsed_ns": time.perf_counter_ns() - self._start,
        }
        return [
            (b"x-clickhouse-summary", json.dumps({k: str(v) for k, v in summary.items()}).encode()),
            (b"x-clickhouse-query-id", self.query_id.encode("latin-1", "replace")),
            (b"x-clickhouse-format", self.answer.format.encode()),
            (b"x-clickhouse-timezone", self._engine.timezone.encode()),
            (b"x-clickhouse-server-display-name", b"simba"),
        ]


async def _respond(send: Send, status: int, headers: list[Header], body: bytes) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})
