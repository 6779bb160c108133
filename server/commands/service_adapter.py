"""``simba.commands.v1.AdapterService``."""

import hashlib
from typing import Any

from google.protobuf.duration_pb2 import Duration

from server.commands.adapters import Adapter, Adapters
from server.commands.convert import action_of, result_of, state_of, wire_action
from server.commands.progress import Report, ReportProgress
from server.commands.states import State
from server.platform.ids import parse_id
from server.platform.wire import instant, stamp
from simba.commands.v1 import adapter_service_pb2 as pb
from simba.commands.v1 import adapter_service_pb2_grpc as rpc


class AdapterService(rpc.AdapterServiceServicer):
    """Converts, calls, converts."""

    def __init__(self, adapters: Adapters, progress: ReportProgress) -> None:
        self._adapters = adapters
        self._progress = progress

    async def RegisterAdapter(
        self, request: pb.RegisterAdapterRequest, context: Any
    ) -> pb.RegisterAdapterResponse:
        """Takes note of an adapter."""
        soon = await self._adapters.register(_adapter_of(request.adapter))
        interval = Duration()
        interval.FromTimedelta(soon)
        return pb.RegisterAdapterResponse(heartbeat_interval=interval)

    async def ReportProgress(
        self, request: pb.ReportProgressRequest, context: Any
    ) -> pb.ReportProgressResponse:
        """Applies reports."""
        reports = [_report_of(f"reports[{index}]", wire) for index, wire in enumerate(request.reports)]
        ignored = await self._progress.report(reports)
        return pb.ReportProgressResponse(applied=[not why for why in ignored], ignored=ignored)

    async def ListAdapters(self, request: pb.ListAdaptersRequest, context: Any) -> pb.ListAdaptersResponse:
        """All adapters."""
        return pb.ListAdaptersResponse(adapters=[_wire_adapter(one) for one in await self._adapters.all()])


def _adapter_of(wire: pb.Adapter) -> Adapter:
    return Adapter(
        kind=wire.kind,
        instance=wire.instance,
        version=wire.version,
        actions=tuple(action_of(f"adapter.actions[{i}]", one) for i, one in enumerate(wire.actions)),
        healthy=wire.healthy,
        detail=wire.detail,
    )


def _wire_adapter(one: Adapter) -> pb.Adapter:
    return pb.Adapter(
        kind=one.kind,
        instance=one.instance,
        version=one.version,
        actions=[wire_action(action) for action in one.actions],
        healthy=one.healthy,
        detail=one.detail,
        last_seen_time=stamp(one.last_seen_time),
    )


def _report_of(field: str, wire: pb.CommandProgress) -> Report:
    return Report(
        command_id=parse_id(f"{field}.command_id", wire.command_id),
        report_id=wire.report_id or _content_id(wire),
        state=state_of(wire.state) or State.ACCEPTED,
        time=instant(f"{field}.time", wire.time),
        attempt=wire.attempt,
        description=wire.description,
        link_id=wire.link_id,
        result=result_of(f"{field}.result", wire.result) if wire.HasField("result") else None,
        retriable=wire.retriable,
    )


def _content_id(wire: pb.CommandProgress) -> str:
    """Two reports without a name are the same when they say the same."""
    return "sha256:" + hashlib.sha256(wire.SerializeToString(deterministic=True)).hexdigest()
