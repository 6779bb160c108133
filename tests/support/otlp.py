"""A real OTLP/gRPC collector in this process: keeps the spans, metrics and logs that it is sent."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from opentelemetry.proto.collector.logs.v1 import logs_service_pb2, logs_service_pb2_grpc
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2, metrics_service_pb2_grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc


@dataclass(frozen=True, slots=True)
class Span:
    """One span, in plain Python."""

    service: str
    """``service.name`` of the process that made it."""
    name: str
    trace_id: str
    span_id: str
    parent_id: str
    """Empty for the first span of a trace."""
    kind: int
    attributes: dict[str, Any]


@dataclass(slots=True)
class Collector:
    """What arrived so far. ``endpoint`` is for ``SIMBA_OTLP_ENDPOINT``."""

    endpoint: str = ""
    spans: list[Span] = field(default_factory=list)
    metrics: dict[str, set[str]] = field(default_factory=dict)
    """Names of metrics by service."""
    logs: list[tuple[str, str, str]] = field(default_factory=list)
    """Service, message, trace id."""
    resources: list[dict[str, Any]] = field(default_factory=list)

    def trace(self, trace_id: str) -> list[Span]:
        """The spans of one trace."""
        return [span for span in self.spans if span.trace_id == trace_id]

    def services(self, trace_id: str) -> set[str]:
        """Which processes took part in a trace."""
        return {span.service for span in self.trace(trace_id)}


@asynccontextmanager
async def collecting(address: str = "127.0.0.1:0") -> AsyncIterator[Collector]:
    """Runs a collector on a free port."""
    collector = Collector()
    server = grpc.aio.server(options=[("grpc.max_receive_message_length", 64 << 20)])
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(_Traces(collector), server)
    metrics_service_pb2_grpc.add_MetricsServiceServicer_to_server(_Metrics(collector), server)
    logs_service_pb2_grpc.add_LogsServiceServicer_to_server(_Logs(collector), server)
    port = server.add_insecure_port(address)
    collector.endpoint = f"http://127.0.0.1:{port}"
    await server.start()
    try:
        yield collector
    finally:
        await server.stop(0.5)


class _Traces(trace_service_pb2_grpc.TraceServiceServicer):
    def __init__(self, collector: Collector) -> None:
        self._collector = collector

    async def Export(self, request, _):
        for resource in request.resource_spans:
            about = _attributes(resource.resource.attributes)
            self._collector.resources.append(about)
            for scope in resource.scope_spans:
                self._collector.spans += [_span(about, span) for span in scope.spans]
        return trace_service_pb2.ExportTraceServiceResponse()


class _Metrics(metrics_service_pb2_grpc.MetricsServiceServicer):
    def __init__(self, collector: Collector) -> None:
        self._collector = collector

    async def Export(self, request, _):
        for resource in request.resource_metrics:
            service = _attributes(resource.resource.attributes).get("service.name", "")
            names = self._collector.metrics.setdefault(service, set())
            for scope in resource.scope_metrics:
                names.update(metric.name for metric in scope.metrics)
        return metrics_service_pb2.ExportMetricsServiceResponse()


class _Logs(logs_service_pb2_grpc.LogsServiceServicer):
    def __init__(self, collector: Collector) -> None:
        self._collector = collector

    async def Export(self, request, _):
        for resource in request.resource_logs:
            service = _attributes(resource.resource.attributes).get("service.name", "")
            for scope in resource.scope_logs:
                for record in scope.log_records:
                    self._collector.logs.append((service, record.body.string_value, record.trace_id.hex()))
        return logs_service_pb2.ExportLogsServiceResponse()


def _span(about: dict[str, Any], span: Any) -> Span:
    return Span(
        service=about.get("service.name", ""),
        name=span.name,
        trace_id=span.trace_id.hex(),
        span_id=span.span_id.hex(),
        parent_id=span.parent_span_id.hex(),
        kind=span.kind,
        attributes=_attributes(span.attributes),
    )


def _attributes(pairs: Any) -> dict[str, Any]:
    return {pair.key: getattr(pair.value, pair.value.WhichOneof("value") or "string_value") for pair in pairs}
