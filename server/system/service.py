"""gRPC services of the system."""

from typing import Any

from server.platform.caller import current_caller
from server.platform.paging import Pages
from server.system.convert import filter_of, wire_operation
from server.system.operations import Operations
from simba.system.v1 import operation_log_service_pb2 as pb
from simba.system.v1.operation_log_service_pb2_grpc import OperationLogServiceServicer

Context = Any


class OperationLogServicer(OperationLogServiceServicer):
    """``simba.system.v1.OperationLogService``."""

    def __init__(self, operations: Operations, pages: Pages) -> None:
        self._operations = operations
        self._pages = pages

    async def ListOperations(
        self, request: pb.ListOperationsRequest, context: Context
    ) -> pb.ListOperationsResponse:
        """A page of operations."""
        bound = (request, current_caller().tenant_id)
        page = self._pages.page(request.page_size, request.page_token, bound_to=bound)
        after: Any = page.after
        which = filter_of(request, self._operations)
        found = await self._operations.page(which, after=after, limit=page.limit)
        rows, token = page.cut(found, lambda one: one.key)
        return pb.ListOperationsResponse(
            operations=[wire_operation(one) for one in rows], next_page_token=token
        )
