"""Tells the server what became of commands."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import grpc.aio

from adapters.runtime.batching import Batcher
from adapters.runtime.server import ServerLink
from simba.commands.v1.adapter_service_pb2 import (
    CommandProgress,
    ReportProgressRequest,
    ReportProgressResponse,
)
from simba.commands.v1.adapter_service_pb2_grpc import AdapterServiceStub

_log = logging.getLogger(__name__)


class ProgressReporter:
    """Reports, many at once under load; a repeat changes nothing at the server."""

    def __init__(self, link: ServerLink) -> None:
        self._link = link
        self._stub: Any = AdapterServiceStub(link.channel)
        self._reports: Batcher[CommandProgress, str] = Batcher(self._send, limit=1000)

    async def report(self, progress: CommandProgress) -> str:
        """Returns once the server has it: empty when it changed something, otherwise why it did not.

        A report that the server refuses is logged and given up: repeating would not mend it.
        """
        try:
            return await self._reports.submit(progress)
        except grpc.aio.AioRpcError as error:
            _log.error("a report on command %s is refused: %s", progress.command_id, error.details())
            return "REFUSED"

    async def _send(self, reports: Sequence[CommandProgress]) -> Sequence[str]:
        request = ReportProgressRequest(reports=reports)
        answer = await self._link.call(self._stub.ReportProgress, request, ReportProgressResponse)
        ignored = list(answer.ignored)
        return ignored + [""] * (len(reports) - len(ignored))
