"""The link to the server: one channel, the API key and the trace on every call, patience when it is away."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import grpc
import grpc.aio
from google.protobuf.message import Message

from kernel.telemetry import inject
from simba.access.v1.principal_service_pb2 import WhoAmIRequest, WhoAmIResponse
from simba.access.v1.principal_service_pb2_grpc import PrincipalServiceStub

_log = logging.getLogger(__name__)

M = TypeVar("M", bound=Message)

_FIRST_WAIT: Final = 0.1
_LONGEST_WAIT: Final = 10.0
_MOST_DEFECTS: Final = 15
_PATIENT: Final = frozenset(
    {
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.CANCELLED,
        grpc.StatusCode.DEADLINE_EXCEEDED,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
        grpc.StatusCode.ABORTED,
        grpc.StatusCode.INTERNAL,
        grpc.StatusCode.UNKNOWN,
        # A key that is revoked, expired or lacks a permission is mended by people; nothing is lost meanwhile.
        grpc.StatusCode.UNAUTHENTICATED,
        grpc.StatusCode.PERMISSION_DENIED,
    }
)
_DEFECTS: Final = frozenset({grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN})
_OPTIONS: Final[tuple[tuple[str, Any], ...]] = (
    ("grpc.max_receive_message_length", 64 * 1024 * 1024),
    ("grpc.max_send_message_length", 64 * 1024 * 1024),
    ("grpc.keepalive_time_ms", 20_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.min_reconnect_backoff_ms", 200),
    ("grpc.max_reconnect_backoff_ms", 5_000),
)


def is_patient(code: grpc.StatusCode) -> bool:
    """Whether the same call may succeed later: the server is away, busy, broken, or does not know us yet."""
    return code in _PATIENT


class ServerLink:
    """An open channel to the server. Every call that an adapter makes is safe to repeat."""

    def __init__(self, target: str, api_key: str, *, tls: bool = False, ca_file: Path | None = None) -> None:
        self._key = api_key
        self.detail = ""
        """What is wrong with the link, in words; empty: nothing."""
        if tls or ca_file is not None:
            roots = ca_file.read_bytes() if ca_file is not None else None
            credentials = grpc.ssl_channel_credentials(root_certificates=roots)
            self.channel = grpc.aio.secure_channel(target, credentials, options=_OPTIONS)
        else:
            self.channel = grpc.aio.insecure_channel(target, options=_OPTIONS)

    async def close(self) -> None:
        """Ends the channel; calls under way are cancelled."""
        await self.channel.close()

    def metadata(self, trace: Mapping[str, str] | None = None) -> tuple[tuple[str, str], ...]:
        """What goes with each call: who we are, and the W3C trace that it belongs to."""
        carried = inject() if trace is None else trace
        return (("authorization", f"Bearer {self._key}"), *carried.items())

    async def tenant_id(self) -> str:
        """The tenant that our key belongs to; waits for the server."""
        stub: Any = PrincipalServiceStub(self.channel)
        answer = await self.call(stub.WhoAmI, WhoAmIRequest(), WhoAmIResponse)
        return str(answer.tenant_id)

    async def call(
        self,
        method: Callable[..., Any],
        request: Message,
        answer: type[M],
        *,
        timeout: float = 20.0,  # noqa: ASYNC109
    ) -> M:
        """Calls until the server answers.

        Waits longer and longer while the server is away, busy or refuses our key. Raises grpc.aio.AioRpcError
        for what repeating cannot mend: NOT_FOUND, INVALID_ARGUMENT, FAILED_PRECONDITION and the like, and a
        defect that does not go away within about two minutes.
        """
        wait, defects = _FIRST_WAIT, 0
        while True:
            try:
                result = await method(request, metadata=self.metadata(), timeout=timeout)
            except grpc.aio.AioRpcError as error:
                # An engine that is coming back may look like a defect for a while; a real one stays.
                defects += error.code() in _DEFECTS
                if not is_patient(error.code()) or defects >= _MOST_DEFECTS:
                    raise
                self.trouble(error)
            else:
                self.detail = ""
                assert isinstance(result, answer)
                return result
            await asyncio.sleep(wait * random.uniform(0.5, 1.0))  # noqa: S311 - jitter
            wait = min(wait * 2, _LONGEST_WAIT)

    def trouble(self, error: grpc.aio.AioRpcError) -> None:
        """Remembers, and logs once, what is wrong."""
        detail = f"{error.code().name}: {error.details() or 'no details'}"
        if detail != self.detail:
            _log.warning("the server does not take our calls: %s", detail)
        self.detail = detail
