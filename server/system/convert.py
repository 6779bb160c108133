"""Operations on the wire."""

from google.protobuf.duration_pb2 import Duration

from server.platform.wire import maybe_instant, stamp
from server.system.domain import Operation, OperationFilter
from server.system.operations import Operations
from simba.system.v1 import operation_log_service_pb2 as pb

_SAME = (
    "principal_id",
    "method",
    "resource_id",
    "status",
    "reason",
    "trace_id",
    "correlation_id",
    "peer",
)
_FILTERS = ("principal_id", "method", "resource_id", "status", "correlation_id", "trace_id")


def wire_operation(operation: Operation) -> pb.Operation:
    """An operation on the wire."""
    duration = Duration()
    duration.FromMicroseconds(operation.duration_us)
    return pb.Operation(
        **{name: getattr(operation, name) for name in _SAME},
        operation_id=str(operation.operation_id),
        time=stamp(operation.time),
        duration=duration,
    )


def filter_of(request: pb.ListOperationsRequest, operations: Operations) -> OperationFilter:
    """What a list request narrows to."""
    start, end = maybe_instant("start_time", request), maybe_instant("end_time", request)
    return OperationFilter(
        **{name: getattr(request, name) for name in _FILTERS},
        start=operations.since(start, end),
        end=end,
    )
