"""W3C trace context (traceparent, tracestate) as a plain mapping, for whatever carries messages."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import context as otel_context
from opentelemetry.context import Context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_PROPAGATOR = TraceContextTextMapPropagator()


def inject() -> dict[str, str]:
    """The current trace context; empty outside a trace."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return carrier


def extract(carrier: Mapping[str, str]) -> Context:
    """The trace context that a carrier brought; an empty context when it brought none or a damaged one."""
    return _PROPAGATOR.extract(carrier, context=Context())


@contextmanager
def attached(carrier: Mapping[str, str]) -> Iterator[None]:
    """Makes the carried trace context the current one inside the block."""
    token = otel_context.attach(extract(carrier))
    try:
        yield
    finally:
        otel_context.detach(token)
