"""The gRPC server of one process."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import grpc
from grpc_channelz.v1 import channelz
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from server.platform.capability import Service
from server.platform.platform import utc_now
from server.platform.rates import Rates
from server.platform.rpc.access_log import logged
from server.platform.rpc.admission import admitted
from server.platform.rpc.authentication import Authenticator, authenticated
from server.platform.rpc.call import Step
from server.platform.rpc.certificates import server_credentials
from server.platform.rpc.chain import Chain
from server.platform.rpc.context import in_call_context
from server.platform.rpc.deadlines import within_deadline
from server.platform.rpc.error_status import errors_told
from server.platform.rpc.idempotency import Idempotency
from server.platform.rpc.open_streams import kept_to_rights
from server.platform.rpc.permission import permitted
from server.platform.rpc.rates import rated
from server.platform.rpc.tracing import traced
from server.platform.settings import Settings
from server.platform.uow import UnitOfWork

_HEALTH_SECONDS = 1.0
_NOTICE_SECONDS = 0.1
ENGINES = "simba.engines"
"""Name in the health service for the present state of the engines."""
_CHANNELZ = "grpc.channelz.v1.Channelz"

_log = logging.getLogger(__name__)


class GrpcServer:
    """Services behind the steps of every call, with health, reflection and channelz."""

    def __init__(
        self,
        settings: Settings,
        uow: UnitOfWork,
        authenticator: Authenticator,
        services: Iterable[Service],
        *,
        engines_answer: Callable[[], Awaitable[bool]],
        rates: Rates,
        around: Iterable[Step] = (),
    ) -> None:
        self._settings = settings
        self._engines_answer = engines_answer
        self._health = health.aio.HealthServicer()
        # Outermost first; validation and idempotency follow inside the chain.
        steps = [
            traced,
            *around,
            logged,
            errors_told,
            in_call_context,
            admitted(settings.max_calls, settings.max_streams),
            authenticated(authenticator),
            permitted,
            rated(rates),
            kept_to_rights(authenticator, settings.stream_check_seconds, utc_now),
            within_deadline(settings.default_deadline_seconds),
        ]
        self._chain = Chain(steps, Idempotency(uow))
        self._server = grpc.aio.server(interceptors=[self._chain], options=_options(settings))
        self._names = self._add(list(services))
        self.port = self._server.add_insecure_port(settings.grpc_listen)
        """The port that is listened on."""
        self.tls_port = self._add_tls_port(settings)
        """The port that is listened on with TLS; 0: none."""
        self._watch: asyncio.Task[None] | None = None

    def _add_tls_port(self, settings: Settings) -> int:
        if not settings.grpc_tls_listen:
            return 0
        return self._server.add_secure_port(settings.grpc_tls_listen, server_credentials(settings))

    def _add(self, services: list[Service]) -> list[str]:
        for service in services:
            service.add(service.servicer, self._server)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        channelz.add_channelz_servicer(self._server)
        names = [service.name for service in services]
        shown = [*names, health.SERVICE_NAME, _CHANNELZ, reflection.SERVICE_NAME]
        reflection.enable_server_reflection(shown, self._server)
        return names

    async def start(self) -> None:
        """Listens; health turns SERVING when the engines answer."""
        await self._say(health_pb2.HealthCheckResponse.NOT_SERVING)
        await self._server.start()
        self._watch = asyncio.create_task(self._watch_engines(), name="health")
        _log.info("listening on port %s", self.port)

    async def stop(self, grace_seconds: float) -> None:
        """Tells health checkers, ends streams, waits for running calls, and then cuts them off."""
        if self._watch is not None:
            self._watch.cancel()
        await self._health.enter_graceful_shutdown()
        await asyncio.sleep(_NOTICE_SECONDS)
        self._chain.end_streams()
        await self._server.stop(grace_seconds)

    async def _watch_engines(self) -> None:
        """SERVING from the first time that all engines answer.

        An engine that goes away later does not change that: every replica would be taken out at once, and
        callers would lose the clear errors (and all that works without the engine). What is going on now
        can be asked under the name ``simba.engines``.
        """
        states = health_pb2.HealthCheckResponse
        before: bool | None = None
        served = False
        while True:
            answer = await self._engines_answer()
            if answer and not served:
                served = True
                await self._say(states.SERVING)
                _log.info("serving")
            if answer != before:
                before = answer
                await self._health.set(ENGINES, states.SERVING if answer else states.NOT_SERVING)
                if not answer:
                    _log.warning("an engine does not answer")
            await asyncio.sleep(_HEALTH_SECONDS)

    async def _say(self, state: Any) -> None:
        for name in ("", *self._names):
            await self._health.set(name, state)


def _options(settings: Settings) -> list[tuple[str, int]]:
    return [
        ("grpc.max_receive_message_length", settings.grpc_max_receive_bytes),
        ("grpc.max_send_message_length", settings.grpc_max_send_bytes),
        ("grpc.so_reuseport", int(settings.grpc_reuse_port)),
        # Status details with violations are headers.
        ("grpc.max_metadata_size", 64 * 1024),
        ("grpc.keepalive_time_ms", 60_000),
        ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.http2.min_recv_ping_interval_without_data_ms", 10_000),
        ("grpc.enable_channelz", 1),
    ]
