"""Step 8: a call with a ``request_id`` happens once.

One transaction is put around the whole handler; every unit of work inside joins it. Its first statement
claims (tenant, method, request_id): a concurrent repeat waits there until the first call is over. Its last
statement stores the answer. So the effect and the memory of it are committed together, or not at all, and a
repeat gets the same bytes. Fields marked ``debug_redact`` (secrets) are not stored, hence not repeated.
"""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from google.protobuf.message import Message
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncConnection

from server.platform.caller import current_caller
from server.platform.errors import RequestIdReused
from server.platform.rpc.call import Call
from server.platform.tables import request_log
from server.platform.uow import UnitOfWork


class Idempotency:
    """Remembers answers in the table ``request_log``."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def around(
        self, call: Call, request: Message, work: Callable[[], Awaitable[Message]]
    ) -> Message | bytes:
        """The answer of ``work``, or the bytes of the answer that an earlier call got.

        Raises RequestIdReused when the earlier call had another payload.
        """
        request_id = _request_id(call, request)
        if not request_id:
            return await work()
        tenant_id = current_caller().tenant_id
        digest = hashlib.sha256(request.SerializeToString(deterministic=True)).digest()
        async with self._uow.transaction(tenant_id) as opened:
            key = _Key(tenant_id, call.method.path, request_id)
            if not await key.claim(opened.conn, digest, opened.now):
                call.notes["repeat_of"] = request_id
                return await key.answer(opened.conn, digest)
            response = await work()
            await key.store(opened.conn, _storable(response))
        return response


class _Key:
    def __init__(self, tenant_id: UUID, method: str, request_id: str) -> None:
        self._values = {"tenant_id": tenant_id, "method": method, "request_id": request_id}
        self._request_id = request_id
        columns = request_log.c
        self._where = sa.and_(
            columns.tenant_id == tenant_id, columns.method == method, columns.request_id == request_id
        )

    async def claim(self, conn: AsyncConnection, digest: bytes, now: datetime) -> bool:
        """Whether this call is the first; waits for one that is under way."""
        insert = pg.insert(request_log).values(**self._values, payload_sha256=digest, create_time=now)
        claimed = await conn.execute(insert.on_conflict_do_nothing().returning(request_log.c.tenant_id))
        return claimed.first() is not None

    async def answer(self, conn: AsyncConnection, digest: bytes) -> bytes:
        """The answer of the first call."""
        columns = request_log.c
        query = sa.select(columns.payload_sha256, columns.response).where(self._where)
        stored = (await conn.execute(query)).one()
        if bytes(stored.payload_sha256) != digest:
            raise RequestIdReused(self._request_id)
        return bytes(stored.response or b"")

    async def store(self, conn: AsyncConnection, response: bytes) -> None:
        """Keeps the answer for repeats."""
        await conn.execute(sa.update(request_log).where(self._where).values(response=response))


def _request_id(call: Call, request: Message) -> str:
    """The request_id to remember; a dry run is not remembered, it changes nothing."""
    if not call.method.repeatable:
        return ""
    message: Any = request
    if call.method.has_validate_only and message.validate_only:
        return ""
    return str(message.request_id)


def _storable(response: Message) -> bytes:
    names = [field.name for field in response.DESCRIPTOR.fields if field.GetOptions().debug_redact]
    if not names:
        return response.SerializeToString(deterministic=True)
    copy = type(response)()
    copy.CopyFrom(response)
    for name in names:
        copy.ClearField(name)
    return copy.SerializeToString(deterministic=True)
