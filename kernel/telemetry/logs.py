"""Logs: one JSON object a line, with the ids of the trace that it belongs to."""

import json
import logging
import sys
import time
from datetime import UTC, datetime
from typing import Any

from opentelemetry import trace
from opentelemetry._logs import LoggerProvider, LogRecord, SeverityNumber
from opentelemetry.context import get_current

_SEVERITIES = (
    (logging.CRITICAL, SeverityNumber.FATAL),
    (logging.ERROR, SeverityNumber.ERROR),
    (logging.WARNING, SeverityNumber.WARN),
    (logging.INFO, SeverityNumber.INFO),
    (logging.DEBUG, SeverityNumber.DEBUG),
)
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonFormatter(logging.Formatter):
    """Writes a record as one JSON object; fields given by ``extra=`` stand beside the message."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line of JSON."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        span = trace.get_current_span().get_span_context()
        if span.is_valid:
            line["trace_id"] = trace.format_trace_id(span.trace_id)
            line["span_id"] = trace.format_span_id(span.span_id)
        line.update((key, value) for key, value in vars(record).items() if key not in _STANDARD)
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str, ensure_ascii=False)


class ExportHandler(logging.Handler):
    """Hands records to an OpenTelemetry logger provider, in the trace that they were made in."""

    def __init__(self, provider: LoggerProvider) -> None:
        super().__init__()
        self._provider = provider

    def emit(self, record: logging.LogRecord) -> None:
        """Hands one record on; what the exporter itself says is left out, or it would talk to itself."""
        if record.name.startswith("opentelemetry"):
            return
        attributes = {
            key: value if isinstance(value, (bool, int, float, str)) else str(value)
            for key, value in vars(record).items()
            if key not in _STANDARD
        }
        if record.exc_info:
            attributes["exception.stacktrace"] = self._formatter.formatException(record.exc_info)
        self._provider.get_logger(record.name).emit(
            LogRecord(
                timestamp=int(record.created * 1e9),
                observed_timestamp=time.time_ns(),
                context=get_current(),
                severity_text=record.levelname,
                severity_number=_severity(record.levelno),
                body=record.getMessage(),
                attributes=attributes,
            )
        )

    _formatter = logging.Formatter()


def _severity(level: int) -> SeverityNumber:
    for least, severity in _SEVERITIES:
        if level >= least:
            return severity
    return SeverityNumber.TRACE


def configure_logs(level: str, log_format: str) -> logging.Handler:
    """Sends all logs to stderr in the given format (``json`` or ``text``); returns the handler."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        JsonFormatter()
        if log_format == "json"
        else logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
    )
    root = logging.getLogger()
    for old in [each for each in root.handlers if getattr(each, "simba", False)]:
        root.removeHandler(old)
    handler.simba = True  # type: ignore[attr-defined]
    root.addHandler(handler)
    root.setLevel(level.upper())
    # These tell each statement and each retry at INFO; their errors reach us as exceptions anyway.
    for noisy in ("procrastinate", "alembic", "httpx", "httpcore", "clickhouse_connect"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, root.level))
    return handler
