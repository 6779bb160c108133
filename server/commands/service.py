"""``simba.commands.v1.CommandService``."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import timedelta
from typing import Any

from server.commands.cancel import CancelCommand
from server.commands.convert import (
    new_command_of,
    policy_of,
    state_of,
    wire_command,
    wire_transition,
)
from server.commands.queries import CommandQueries
from server.commands.store import CommandFilter
from server.commands.submit import SubmitCommand
from server.commands.watch import WatchCommand
from server.platform.ids import parse_id
from server.platform.wire import maybe_id
from simba.commands.v1 import command_service_pb2 as pb
from simba.commands.v1 import command_service_pb2_grpc as rpc

DEFAULT_WAIT = timedelta(seconds=10)


class CommandService(rpc.CommandServiceServicer):
    """Converts, calls, converts."""

    def __init__(
        self, submit: SubmitCommand, queries: CommandQueries, cancel: CancelCommand, watch: WatchCommand
    ) -> None:
        self._submit = submit
        self._queries = queries
        self._cancel = cancel
        self._watch = watch

    async def SubmitCommand(self, request: pb.SubmitCommandRequest, context: Any) -> pb.SubmitCommandResponse:
        """Accepts a command or refuses it."""
        command = await self._submit.submit(
            new_command_of(request),
            policy=policy_of(request.conflict_policy),
            validate_only=request.validate_only,
        )
        return pb.SubmitCommandResponse(command=wire_command(command))

    async def GetCommand(self, request: pb.GetCommandRequest, context: Any) -> pb.GetCommandResponse:
        """One command with its history."""
        command = await self._queries.get(parse_id("command_id", request.command_id))
        return pb.GetCommandResponse(command=wire_command(command))

    async def ListCommands(self, request: pb.ListCommandsRequest, context: Any) -> pb.ListCommandsResponse:
        """A page of commands."""
        which = CommandFilter(
            meter_id=maybe_id("meter_id", request.meter_id),
            state=state_of(request.state),
            issuer_tracking_id=request.issuer_tracking_id,
        )
        rows, following = await self._queries.page(which, size=request.page_size, token=request.page_token)
        commands = [wire_command(command, history=False) for command in rows]
        return pb.ListCommandsResponse(commands=commands, next_page_token=following)

    async def CancelCommand(self, request: pb.CancelCommandRequest, context: Any) -> pb.CancelCommandResponse:
        """Takes a command back, or says that it was sent."""
        done = await self._cancel.cancel(parse_id("command_id", request.command_id))
        return pb.CancelCommandResponse(command=wire_command(done.command), already_sent=done.already_sent)

    async def WatchCommand(
        self, request: pb.WatchCommandRequest, context: Any
    ) -> AsyncIterator[pb.WatchCommandResponse]:
        """Every step, then the end; heartbeats between."""
        command_id = parse_id("command_id", request.command_id)
        async with aclosing(self._watch.watch(command_id, request.resume_token)) as sights:
            async for sight in sights:
                yield pb.WatchCommandResponse(
                    command=wire_command(sight.command) if sight.command else None,
                    transition=wire_transition(sight.step) if sight.step else None,
                    resume_token=sight.resume_token,
                    heartbeat=sight.step is None,
                )

    async def WaitCommand(self, request: pb.WaitCommandRequest, context: Any) -> pb.WaitCommandResponse:
        """The command at its end, or as it stands when the time is up."""
        longest = request.timeout.ToTimedelta() if request.HasField("timeout") else DEFAULT_WAIT
        command = await self._watch.wait(parse_id("command_id", request.command_id), longest)
        return pb.WaitCommandResponse(command=wire_command(command), done=command.terminal)
