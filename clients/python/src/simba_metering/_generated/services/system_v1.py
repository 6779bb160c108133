"""Calls of `simba.system.v1`. Generated from the contract; do not edit."""

# ruff: noqa
from __future__ import annotations

import datetime

from simba_metering._pages import AsyncPages, Pages
from simba_metering._transport import AsyncTransport, Metadata, Transport

from .. import methods
from ..simba.system import v1 as system_v1


class OperationLogService:
    """The log of operations: every call, who made it, on what, how it ended and how long it took."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list_operations(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        principal_id: str = "",
        method: str = "",
        resource_id: str = "",
        status: str = "",
        correlation_id: str = "",
        trace_id: str = "",
        start_time: datetime.datetime | None = None,
        end_time: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[system_v1.Operation]:
        """Operations, newest first. Kept for 400 days unless the installation says otherwise.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            principal_id: Only those by this principal.
            method: Only calls of this method, or of all methods that begin so.
            resource_id: Only those on this resource.
            status: Only those that ended so.
            correlation_id: Only those that belong together.
            trace_id: Only those of this trace.
            start_time: Only from then on; absent: of the last day.
            end_time: Only before then.
        """
        return Pages(
            self._transport,
            methods.OPERATION_LOG_SERVICE_LIST_OPERATIONS,
            system_v1.ListOperationsRequest(
                page_size=page_size,
                page_token=page_token,
                principal_id=principal_id,
                method=method,
                resource_id=resource_id,
                status=status,
                correlation_id=correlation_id,
                trace_id=trace_id,
                start_time=start_time,
                end_time=end_time,
            ),
            lambda page: page.operations,
            rpc_timeout,
            rpc_metadata,
        )


class AsyncOperationLogService:
    """The log of operations: every call, who made it, on what, how it ended and how long it took."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list_operations(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        principal_id: str = "",
        method: str = "",
        resource_id: str = "",
        status: str = "",
        correlation_id: str = "",
        trace_id: str = "",
        start_time: datetime.datetime | None = None,
        end_time: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[system_v1.Operation]:
        """Operations, newest first. Kept for 400 days unless the installation says otherwise.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            principal_id: Only those by this principal.
            method: Only calls of this method, or of all methods that begin so.
            resource_id: Only those on this resource.
            status: Only those that ended so.
            correlation_id: Only those that belong together.
            trace_id: Only those of this trace.
            start_time: Only from then on; absent: of the last day.
            end_time: Only before then.
        """
        return AsyncPages(
            self._transport,
            methods.OPERATION_LOG_SERVICE_LIST_OPERATIONS,
            system_v1.ListOperationsRequest(
                page_size=page_size,
                page_token=page_token,
                principal_id=principal_id,
                method=method,
                resource_id=resource_id,
                status=status,
                correlation_id=correlation_id,
                trace_id=trace_id,
                start_time=start_time,
                end_time=end_time,
            ),
            lambda page: page.operations,
            rpc_timeout,
            rpc_metadata,
        )
