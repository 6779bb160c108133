"""Traces of the edge: made, continued, handed on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import grpc
import httpx
import pytest_asyncio
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc
from opentelemetry.proto.trace.v1 import trace_pb2

from tests.e2e.edge import upstream
from tests.e2e.edge.conftest import Edge, type_start_edge
from tests.e2e.edge.test_limits import until

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT_ID = "00f067aa0ba902b7"


class Collector(trace_service_pb2_grpc.TraceServiceServicer):
    """What an OTLP collector was sent."""

    def __init__(self) -> None:
        self.spans: list[trace_pb2.Span] = []

    async def Export(self, request, context):  # noqa: ARG002
        for resource in request.resource_spans:
            for scope in resource.scope_spans:
                self.spans.extend(scope.spans)
        return trace_service_pb2.ExportTraceServiceResponse()

    async def of(self, trace_id: str, count: int) -> list[trace_pb2.Span]:
        for _ in range(150):
            found = [span for span in self.spans if span.trace_id.hex() == trace_id]
            if len(found) >= count:
                return found
            await asyncio.sleep(0.1)
        raise AssertionError(f"{self.spans} spans, of {trace_id} fewer than {count}")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def collector() -> AsyncIterator[tuple[Collector, int]]:
    server = grpc.aio.server()
    collector = Collector()
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(collector, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    yield collector, port
    await server.stop(None)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def traced(start_edge: type_start_edge, collector: tuple[Collector, int]) -> Edge:
    edge = await start_edge(otlp=f"http://127.0.0.1:{collector[1]}")
    async with httpx.AsyncClient(base_url=edge.url) as client:
        await until(client, 200)
    return edge


async def test_a_callers_trace_goes_on_to_the_server(
    traced: Edge, collector: tuple[Collector, int], seen: upstream.Seen
) -> None:
    async with httpx.AsyncClient(base_url=traced.url) as client:
        headers = {"traceparent": f"00-{TRACE_ID}-{PARENT_ID}-01", "x-request-id": "traced-1"}
        assert (await client.get(f"/v1/meters/{upstream.METER_ID}", headers=headers)).status_code == 200
    inner, outer = sorted(
        await collector[0].of(TRACE_ID, 2), key=lambda span: span.parent_span_id.hex() == PARENT_ID
    )
    assert outer.parent_span_id.hex() == PARENT_ID
    assert inner.parent_span_id == outer.span_id
    assert seen.metadata[-1]["traceparent"] == f"00-{TRACE_ID}-{inner.span_id.hex()}-01"
    assert (await traced.logged("traced-1"))["trace_id"] == TRACE_ID


async def test_a_trace_is_made_where_there_is_none(
    traced: Edge, collector: tuple[Collector, int], seen: upstream.Seen
) -> None:
    async with httpx.AsyncClient(base_url=traced.url) as client:
        await client.get(f"/v1/meters/{upstream.METER_ID}")
    trace_id = str(seen.metadata[-1]["traceparent"]).split("-")[1]
    assert len(await collector[0].of(trace_id, 2)) == 2
