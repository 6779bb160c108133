"""Traces, metrics and logs for every process: W3C context always, export by OTLP when asked for."""

from kernel.telemetry.context import attached, extract, inject
from kernel.telemetry.setup import Telemetry, configure

__all__ = ["Telemetry", "attached", "configure", "extract", "inject"]
