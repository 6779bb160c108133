"""The system, built."""

from datetime import timedelta

from server.platform.capability import Capability, Service
from server.platform.jobs import Loop
from server.platform.platform import Platform
from server.system.operations import Operations
from server.system.recorder import Recorder
from server.system.service import OperationLogServicer
from server.system.step import recorded
from server.system.store import OperationStore
from simba.system.v1.operation_log_service_pb2_grpc import add_OperationLogServiceServicer_to_server


def build(platform: Platform) -> Capability:
    """Wires the log of operations."""
    settings = platform.settings
    store = OperationStore(platform.store, timedelta(days=settings.operation_log_days))
    recorder = Recorder(store, settings.operation_log_buffer)
    return Capability(
        name="system",
        services=[
            Service(
                "simba.system.v1.OperationLogService",
                add_OperationLogServiceServicer_to_server,
                OperationLogServicer(Operations(store, platform.clock), platform.pages),
            )
        ],
        server_loops=[Loop("operation-log", recorder.run)],
        around_calls=[recorded(recorder, platform.clock)],
    )
