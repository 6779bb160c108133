"""The SDK through Envoy: another protobuf implementation at each end."""

from __future__ import annotations

import numpy as np
import pytest

from simba_metering import AsyncSimbaClient, Block
from simba_metering.devices import Meter
from simba_metering.errors import InvalidArgument, NotFound, Unavailable
from tests.e2e.edge import upstream
from tests.e2e.edge.conftest import Edge


@pytest.mark.parametrize("tls", [False, True])
async def test_calls_errors_and_credentials(edge: Edge, seen: upstream.Seen, *, tls: bool) -> None:
    target = edge.tls_url if tls else edge.target
    async with AsyncSimbaClient(target, api_key="key", ca=edge.ca if tls else None) as client:
        made = await client.meters.create_meter(Meter(serial_number="7", tags={"a": "b"}))
        assert (made.serial_number, made.tags, made.channels[0].channel) == ("7", {"a": "b"}, 2**53 + 1)
        assert seen.metadata[-1]["x-api-key"] == "key"
        with pytest.raises(NotFound) as missing:
            await client.meters.get_meter(upstream.UNKNOWN_ID)
        assert missing.value.reason == "METER_NOT_FOUND"
        assert missing.value.metadata == {"meter_id": upstream.UNKNOWN_ID}
        with pytest.raises(InvalidArgument) as bad:
            await client.meters.create_meter(Meter(serial_number="bad"))
        assert bad.value.field_violations[0].field == "meter.serial_number"
        assert bad.value.field_violations[0].rule == "string.not"
        document = await client.invoices.get_invoice_pdf(upstream.METER_ID)
        assert document.document is not None
        assert document.document.data == upstream.PDF


async def test_a_mask_goes_over_the_wire(edge: Edge) -> None:
    async with AsyncSimbaClient(edge.target, api_key="key") as client:
        changed = await client.meters.update_meter(
            Meter(meter_id=upstream.METER_ID), update_mask=["display_name"]
        )
        assert changed.display_name == "display_name"


async def test_without_a_server_the_edge_says_unavailable(edge: Edge, seen: upstream.Seen) -> None:
    async with AsyncSimbaClient(edge.target, api_key="key") as client:
        seen.unavailable = 50
        with pytest.raises(Unavailable) as refused:
            await client.meters.get_meter(upstream.METER_ID)
        assert refused.value.reason == "ENGINE_UNAVAILABLE"
        seen.unavailable = 2
        assert (await client.meters.create_meter(Meter(serial_number="7"))).serial_number == "7"


async def test_columns_pass(edge: Edge) -> None:
    rows = 100_000
    channel = np.arange(rows, dtype=np.uint64)
    time = np.datetime64("2026-01-01T00:00", "ms") + np.arange(rows) * np.timedelta64(30, "m")
    value = np.full(rows, 1_250_000, dtype=np.int64)
    blocks = (Block("sdk", number, channel=channel, time=time, value_micro=value) for number in range(20))
    async with AsyncSimbaClient(edge.target, api_key="key") as client:
        summary = await client.readings.ingest(blocks)
    assert (summary.blocks, summary.stored) == (20, 20 * rows)


async def test_a_watched_command_goes_on_after_a_break(edge: Edge) -> None:
    async with AsyncSimbaClient(edge.target, api_key="key") as client:
        stream = client.commands.watch_command(upstream.METER_ID)
        assert [change.resume_token async for change in stream] == ["0", "1"]
