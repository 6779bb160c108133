"""Calls of `simba.commands.v1`. Generated from the contract; do not edit."""

# ruff: noqa
from __future__ import annotations

import datetime
from collections.abc import Sequence

from simba_metering._pages import AsyncPages, Pages
from simba_metering._streams import AsyncStream, Stream
from simba_metering._transport import AsyncTransport, Metadata, Transport
from simba_metering._requests import new_request_id, present

from .. import methods
from ..simba.commands import v1 as commands_v1


class AdapterService:
    """The adapters' side of the command bus. For adapters, and for operators who look at them."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def register_adapter(
        self,
        adapter: commands_v1.Adapter,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> datetime.timedelta:
        """An adapter says that it is there and what it can do; repeated every few seconds as its
        heartbeat.

        Args:
            adapter: Itself.
        """
        return present(
            (
                self._transport.unary(
                    methods.ADAPTER_SERVICE_REGISTER_ADAPTER,
                    commands_v1.RegisterAdapterRequest(adapter=adapter),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).heartbeat_interval,
            "heartbeat_interval",
        )

    def report_progress(
        self,
        *,
        reports: Sequence[commands_v1.CommandProgress] = (),
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> commands_v1.ReportProgressResponse:
        """An adapter tells what became of commands. Repeats change nothing.

        Args:
            reports: In any order.
        """
        return self._transport.unary(
            methods.ADAPTER_SERVICE_REPORT_PROGRESS,
            commands_v1.ReportProgressRequest(reports=list(reports)),
            rpc_timeout,
            rpc_metadata,
        )

    def list_adapters(
        self,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> list[commands_v1.Adapter]:
        """The adapters that have been there, with their health."""
        return (
            self._transport.unary(
                methods.ADAPTER_SERVICE_LIST_ADAPTERS,
                commands_v1.ListAdaptersRequest(),
                rpc_timeout,
                rpc_metadata,
            )
        ).adapters


class AsyncAdapterService:
    """The adapters' side of the command bus. For adapters, and for operators who look at them."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def register_adapter(
        self,
        adapter: commands_v1.Adapter,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> datetime.timedelta:
        """An adapter says that it is there and what it can do; repeated every few seconds as its
        heartbeat.

        Args:
            adapter: Itself.
        """
        return present(
            (
                await self._transport.unary(
                    methods.ADAPTER_SERVICE_REGISTER_ADAPTER,
                    commands_v1.RegisterAdapterRequest(adapter=adapter),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).heartbeat_interval,
            "heartbeat_interval",
        )

    async def report_progress(
        self,
        *,
        reports: Sequence[commands_v1.CommandProgress] = (),
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> commands_v1.ReportProgressResponse:
        """An adapter tells what became of commands. Repeats change nothing.

        Args:
            reports: In any order.
        """
        return await self._transport.unary(
            methods.ADAPTER_SERVICE_REPORT_PROGRESS,
            commands_v1.ReportProgressRequest(reports=list(reports)),
            rpc_timeout,
            rpc_metadata,
        )

    async def list_adapters(
        self,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> list[commands_v1.Adapter]:
        """The adapters that have been there, with their health."""
        return (
            await self._transport.unary(
                methods.ADAPTER_SERVICE_LIST_ADAPTERS,
                commands_v1.ListAdaptersRequest(),
                rpc_timeout,
                rpc_metadata,
            )
        ).adapters


class CommandService:
    """Tells meters what to do, and says honestly what became of it.

    1. Submit: the command is checked and stored; from then on it ends in exactly one terminal
       state.

    2. Watch it, wait for it, or subscribe to `command.state_changed` events.

    3. A silent device is never an error of the call; it is a state of the command.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def submit_command(
        self,
        command: commands_v1.Command,
        *,
        conflict_policy: commands_v1.ConflictPolicy = commands_v1.ConflictPolicy(0),
        validate_only: bool = False,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> commands_v1.Command:
        """Accepts a command or refuses it at once.

        Args:
            command: The command.
            conflict_policy: If the same action is under way.
            validate_only: Whether only to check.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id and not validate_only:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.COMMAND_SERVICE_SUBMIT_COMMAND,
                    commands_v1.SubmitCommandRequest(
                        command=command,
                        conflict_policy=conflict_policy,
                        validate_only=validate_only,
                        request_id=request_id,
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).command,
            "command",
        )

    def get_command(
        self,
        command_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> commands_v1.Command:
        """One command.

        Args:
            command_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.COMMAND_SERVICE_GET_COMMAND,
                    commands_v1.GetCommandRequest(command_id=command_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).command,
            "command",
        )

    def list_commands(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        meter_id: str = "",
        state: commands_v1.CommandState = commands_v1.CommandState(0),
        issuer_tracking_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[commands_v1.Command]:
        """The tenant's commands, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            meter_id: Only those to this meter.
            state: Only those in this state.
            issuer_tracking_id: Only that with this tracking id.
        """
        return Pages(
            self._transport,
            methods.COMMAND_SERVICE_LIST_COMMANDS,
            commands_v1.ListCommandsRequest(
                page_size=page_size,
                page_token=page_token,
                meter_id=meter_id,
                state=state,
                issuer_tracking_id=issuer_tracking_id,
            ),
            lambda page: page.commands,
            rpc_timeout,
            rpc_metadata,
        )

    def cancel_command(
        self,
        command_id: str,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> commands_v1.CancelCommandResponse:
        """Takes a command back, if it has not been sent. What an adapter already has is taken back
        by the adapter: the command is then still under way, with a `cancel_request_time`. A
        command that is over is refused with COMMAND_NOT_CANCELLABLE, one that was cancelled
        before is answered as it is.

        Args:
            command_id: Which one.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return self._transport.unary(
            methods.COMMAND_SERVICE_CANCEL_COMMAND,
            commands_v1.CancelCommandRequest(command_id=command_id, request_id=request_id),
            rpc_timeout,
            rpc_metadata,
        )

    def watch_command(
        self,
        command_id: str,
        *,
        resume_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Stream[commands_v1.WatchCommandResponse]:
        """The command now, and again at each change until it is over. Heartbeats every 15 seconds
        at most.

        Args:
            command_id: Which one.
            resume_token: From a message before; empty: from the first state on.
        """
        return Stream(
            self._transport,
            methods.COMMAND_SERVICE_WATCH_COMMAND,
            commands_v1.WatchCommandRequest(command_id=command_id, resume_token=resume_token),
            lambda said: [said],
            rpc_timeout,
            rpc_metadata,
        )

    def wait_command(
        self,
        command_id: str,
        *,
        timeout: datetime.timedelta | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> commands_v1.WaitCommandResponse:
        """Waits until the command is over or the time is up, and tells how it stands then.

        Args:
            command_id: Which one.
            timeout: How long at most; absent means 10 seconds, more than 60 seconds is taken as
                60.
        """
        return self._transport.unary(
            methods.COMMAND_SERVICE_WAIT_COMMAND,
            commands_v1.WaitCommandRequest(command_id=command_id, timeout=timeout),
            rpc_timeout,
            rpc_metadata,
        )


class AsyncCommandService:
    """Tells meters what to do, and says honestly what became of it.

    1. Submit: the command is checked and stored; from then on it ends in exactly one terminal
       state.

    2. Watch it, wait for it, or subscribe to `command.state_changed` events.

    3. A silent device is never an error of the call; it is a state of the command.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def submit_command(
        self,
        command: commands_v1.Command,
        *,
        conflict_policy: commands_v1.ConflictPolicy = commands_v1.ConflictPolicy(0),
        validate_only: bool = False,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> commands_v1.Command:
        """Accepts a command or refuses it at once.

        Args:
            command: The command.
            conflict_policy: If the same action is under way.
            validate_only: Whether only to check.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id and not validate_only:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.COMMAND_SERVICE_SUBMIT_COMMAND,
                    commands_v1.SubmitCommandRequest(
                        command=command,
                        conflict_policy=conflict_policy,
                        validate_only=validate_only,
                        request_id=request_id,
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).command,
            "command",
        )

    async def get_command(
        self,
        command_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> commands_v1.Command:
        """One command.

        Args:
            command_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.COMMAND_SERVICE_GET_COMMAND,
                    commands_v1.GetCommandRequest(command_id=command_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).command,
            "command",
        )

    def list_commands(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        meter_id: str = "",
        state: commands_v1.CommandState = commands_v1.CommandState(0),
        issuer_tracking_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[commands_v1.Command]:
        """The tenant's commands, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            meter_id: Only those to this meter.
            state: Only those in this state.
            issuer_tracking_id: Only that with this tracking id.
        """
        return AsyncPages(
            self._transport,
            methods.COMMAND_SERVICE_LIST_COMMANDS,
            commands_v1.ListCommandsRequest(
                page_size=page_size,
                page_token=page_token,
                meter_id=meter_id,
                state=state,
                issuer_tracking_id=issuer_tracking_id,
            ),
            lambda page: page.commands,
            rpc_timeout,
            rpc_metadata,
        )

    async def cancel_command(
        self,
        command_id: str,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> commands_v1.CancelCommandResponse:
        """Takes a command back, if it has not been sent. What an adapter already has is taken back
        by the adapter: the command is then still under way, with a `cancel_request_time`. A
        command that is over is refused with COMMAND_NOT_CANCELLABLE, one that was cancelled
        before is answered as it is.

        Args:
            command_id: Which one.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return await self._transport.unary(
            methods.COMMAND_SERVICE_CANCEL_COMMAND,
            commands_v1.CancelCommandRequest(command_id=command_id, request_id=request_id),
            rpc_timeout,
            rpc_metadata,
        )

    def watch_command(
        self,
        command_id: str,
        *,
        resume_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncStream[commands_v1.WatchCommandResponse]:
        """The command now, and again at each change until it is over. Heartbeats every 15 seconds
        at most.

        Args:
            command_id: Which one.
            resume_token: From a message before; empty: from the first state on.
        """
        return AsyncStream(
            self._transport,
            methods.COMMAND_SERVICE_WATCH_COMMAND,
            commands_v1.WatchCommandRequest(command_id=command_id, resume_token=resume_token),
            lambda said: [said],
            rpc_timeout,
            rpc_metadata,
        )

    async def wait_command(
        self,
        command_id: str,
        *,
        timeout: datetime.timedelta | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> commands_v1.WaitCommandResponse:
        """Waits until the command is over or the time is up, and tells how it stands then.

        Args:
            command_id: Which one.
            timeout: How long at most; absent means 10 seconds, more than 60 seconds is taken as
                60.
        """
        return await self._transport.unary(
            methods.COMMAND_SERVICE_WAIT_COMMAND,
            commands_v1.WaitCommandRequest(command_id=command_id, timeout=timeout),
            rpc_timeout,
            rpc_metadata,
        )
