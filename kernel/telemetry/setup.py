"""OpenTelemetry for one process."""

import logging
import os
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

from opentelemetry import metrics, trace
from opentelemetry.sdk.resources import Resource

from kernel.telemetry.logs import ExportHandler, configure_logs

_TIMEOUT_SECONDS = 3.0  # a process that ends does not wait long for a collector that is away


@dataclass(slots=True)
class Telemetry:
    """What has to be flushed when the process ends."""

    _closers: list[Callable[[], object]] = field(default_factory=list)

    def close(self) -> None:
        """Sends what is buffered, and stops the exporters."""
        for closer in reversed(self._closers):
            closer()
        self._closers.clear()


def instance_name(configured: str = "") -> str:
    """A name for this process: the configured one, or host and process id."""
    return configured or f"{socket.gethostname()}-{os.getpid()}"


def configure(
    service: str,
    *,
    otlp_endpoint: str = "",
    instance_id: str = "",
    log_level: str = "INFO",
    log_format: str = "json",
    version: str = "",
) -> Telemetry:
    """Sets up logs, and with an OTLP endpoint traces, metrics and log export.

    Without an endpoint no SDK is installed: the API's own do-nothing tracer still hands trace context on,
    at next to no cost.
    """
    configure_logs(log_level, log_format)
    telemetry = Telemetry()
    if otlp_endpoint:
        resource = Resource.create(
            {
                "service.name": service,
                "service.namespace": "simba",
                "service.version": version,
                "service.instance.id": instance_name(instance_id),
                "host.name": socket.gethostname(),
                "process.pid": os.getpid(),
                "process.runtime.version": sys.version.split()[0],
            }
        )
        _export_traces(telemetry, resource, otlp_endpoint)
        _export_metrics(telemetry, resource, otlp_endpoint)
        _export_logs(telemetry, resource, otlp_endpoint)
    return telemetry


def _export_traces(telemetry: Telemetry, resource: Resource, endpoint: str) -> None:
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=resource)
    exporter = OTLPSpanExporter(endpoint=endpoint, insecure=_insecure(endpoint), timeout=_TIMEOUT_SECONDS)
    provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=500))
    trace.set_tracer_provider(provider)
    telemetry._closers.append(provider.shutdown)  # noqa: SLF001 - this module is its maker


def _export_metrics(telemetry: Telemetry, resource: Resource, endpoint: str) -> None:
    from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader

    exporter = OTLPMetricExporter(endpoint=endpoint, insecure=_insecure(endpoint), timeout=_TIMEOUT_SECONDS)
    reader = PeriodicExportingMetricReader(exporter, export_interval_millis=10_000)
    provider = MeterProvider(resource=resource, metric_readers=[reader])
    metrics.set_meter_provider(provider)
    telemetry._closers.append(provider.shutdown)  # noqa: SLF001 - this module is its maker


def _export_logs(telemetry: Telemetry, resource: Resource, endpoint: str) -> None:
    from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter
    from opentelemetry.sdk._logs import LoggerProvider
    from opentelemetry.sdk._logs.export import BatchLogRecordProcessor

    provider = LoggerProvider(resource=resource)
    exporter = OTLPLogExporter(endpoint=endpoint, insecure=_insecure(endpoint), timeout=_TIMEOUT_SECONDS)
    provider.add_log_record_processor(BatchLogRecordProcessor(exporter))
    handler = ExportHandler(provider)
    logging.getLogger().addHandler(handler)
    telemetry._closers.append(provider.shutdown)  # noqa: SLF001 - this module is its maker
    telemetry._closers.append(lambda: logging.getLogger().removeHandler(handler))  # noqa: SLF001 - as above


def _insecure(endpoint: str) -> bool:
    return not endpoint.startswith("https://")
