"""Exchanged meters, changed multipliers, modules: consumption goes on without a jump, to the last digit."""

from collections.abc import AsyncIterator, Awaitable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import grpc
import pytest
import pytest_asyncio

from simba.common.v1 import types_pb2
from simba.devices.v1 import device_state_pb2, meter_exchange_pb2
from simba.devices.v1 import meter_service_pb2 as meter_pb
from simba.devices.v1 import usage_point_service_pb2 as point_pb
from simba.devices.v1.pulse_module_service_pb2_grpc import PulseModuleServiceStub
from simba.readings.v1 import reading_pb2
from simba.readings.v1 import reading_service_pb2 as reading_pb
from simba.readings.v1.ingest_service_pb2 import IngestReadingsRequest
from simba.readings.v1.ingest_service_pb2_grpc import IngestServiceStub
from simba.readings.v1.reading_block_pb2 import ReadingBlock
from simba.readings.v1.reading_service_pb2_grpc import ReadingServiceStub
from tests.support.inventory import Inventory, register, stamp
from tests.support.platform import error_of, eventually

ZONE = ZoneInfo("America/New_York")
MARCH = datetime(2025, 3, 1, tzinfo=ZONE).astimezone(UTC)
APRIL = datetime(2025, 4, 1, tzinfo=ZONE).astimezone(UTC)
CHANGE = datetime(2025, 3, 9, 7, tzinfo=UTC)
"""The clocks go forward, in the middle of the month."""
HOUR = timedelta(hours=1)
DIALS = Decimal(10) ** 6
PROVISIONAL = meter_exchange_pb2.METER_EXCHANGE_STATE_PROVISIONAL
COMPLETE = meter_exchange_pb2.METER_EXCHANGE_STATE_COMPLETE


class Field:
    """One tenant's meters, and what they say."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self.devices = Inventory(channel)
        self.modules = PulseModuleServiceStub(channel)
        self.readings = ReadingServiceStub(channel)
        self._ingest = IngestServiceStub(channel)
        self._sequence = 0

    async def meter(self, *templates: Any) -> Any:
        """A meter of a model of its own; by default with one register of six dials."""
        model = await self.devices.model(channel_templates=templates or [register()])
        return await self.devices.meter(model.device_model_id)

    async def point(self) -> str:
        return (await self.devices.point(time_zone=str(ZONE))).usage_point_id

    async def says(self, device: Any, values: dict[datetime, Decimal], code: str = "energy_total") -> None:
        """Sends readings of a register."""
        self._sequence += 1
        block = ReadingBlock(
            source="field",
            sequence=self._sequence,
            channel=[channel_of(device, code)] * len(values),
            time_ms=[int(time.timestamp() * 1000) for time in values],
            value_micro=[int(value * 1_000_000) for value in values.values()],
        )
        call = self._ingest.IngestReadings(iter([IngestReadingsRequest(blocks=[block])]))
        acks = [ack async for response in call for ack in response.acks]
        assert not acks[0].rejected

    async def replace(self, old: Any, new: Any, at: datetime = CHANGE, **more: Any) -> Any:
        request = meter_pb.ReplaceMeterRequest(
            meter_id=old.meter_id, new_meter_id=new.meter_id, remove_time=stamp(at), **more
        )
        return (await self.devices.meters.ReplaceMeter(request)).meter_exchange

    async def multiply(self, point: str, multiplier: str, at: datetime, **more: Any) -> Any:
        request = point_pb.SetMultiplierRequest(
            usage_point_id=point, multiplier=multiplier, effective_from=stamp(at), **more
        )
        return (await self.devices.points.SetMultiplier(request)).installation

    async def month(self, point: str) -> Any:
        request = reading_pb.QueryIntervalsRequest(
            usage_point_id=point,
            resolution=reading_pb2.RESOLUTION_MONTH,
            start_time=stamp(MARCH),
            end_time=stamp(APRIL),
        )
        found = (await self.readings.QueryIntervals(request)).intervals
        return found[0] if found else None

    async def hours(self, point: str, start: datetime, end: datetime) -> list[Any]:
        request = reading_pb.QueryIntervalsRequest(
            usage_point_id=point, start_time=stamp(start), end_time=stamp(end), page_size=1000
        )
        return list((await self.readings.QueryIntervals(request)).intervals)

    async def is_right(self, point: str, expected: Decimal) -> None:
        """The month's consumption is that, to the last digit, with nothing missing."""

        async def right() -> bool:
            month = await self.month(point)
            return month is not None and Decimal(month.value) == expected

        try:
            await eventually(right, 15)
        except AssertionError:
            pytest.fail(f"expected {expected}, got {await self.month(point)}")


@pytest_asyncio.fixture(loop_scope="session")
async def field(channel: grpc.aio.Channel, worker: None) -> AsyncIterator[Field]:
    yield Field(channel)


def channel_of(device: Any, code: str) -> int:
    return next(one.channel for one in device.channels if one.code == code)


def hourly(start: datetime, end: datetime, first: str, step: str = "0.987654") -> dict[datetime, Decimal]:
    """A register that counts an odd amount each hour, both ends included, and rolls over."""
    count = int((end - start) / HOUR)
    each = Decimal(step)
    return {start + n * HOUR: (Decimal(first) + n * each) % DIALS for n in range(count + 1)}


def told(**values: str) -> list[meter_exchange_pb2.ExchangeReading]:
    return [meter_exchange_pb2.ExchangeReading(code=code, value=value) for code, value in values.items()]


async def reason(call: Awaitable[Any]) -> tuple[str, list[str]]:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    why, _, violations = error_of(caught.value)
    return why, [name for name, _ in violations]


async def test_a_month_with_everything_at_once(field: Field) -> None:
    """Exchanged at the change of the clocks, after a rollover, with another multiplier."""
    old, new = await field.meter(), await field.meter()
    point = await field.point()
    await field.devices.install(point, old.meter_id, MARCH - timedelta(days=2), "40")
    before = hourly(MARCH, CHANGE, "999900.5")
    assert (min(before.values()) < 100, max(before.values()) > 999_999) == (True, True), "it rolls over"
    del before[CHANGE]
    await field.says(old, before)
    last = (max(before), before[max(before)])
    final, initial = (last[1] + Decimal("0.123456")) % DIALS, Decimal("17.000001")
    after = hourly(CHANGE + HOUR, APRIL, "17.654321")
    await field.says(new, after)

    exchange = await field.replace(
        old, new, multiplier="60", final_readings=told(energy_total=str(final)), reason="old age"
    )
    assert (exchange.state, list(exchange.missing_initial)) == (PROVISIONAL, ["energy_total"])
    done = meter_pb.CompleteMeterExchangeRequest(
        meter_exchange_id=exchange.meter_exchange_id, initial_readings=told(energy_total=str(initial))
    )
    exchange = (await field.devices.meters.CompleteMeterExchange(done)).meter_exchange
    assert exchange.state == COMPLETE

    used_old = final - before[MARCH] + DIALS
    used_new = after[APRIL] - initial
    await field.is_right(point, used_old * 40 + used_new * 60)
    month = await field.month(point)
    assert month is not None
    hours = await field.hours(point, MARCH, APRIL)
    assert len(hours) == 31 * 24 - 1, "a day of 23 hours"
    assert sum(Decimal(one.value) for one in hours) == used_old * 40 + used_new * 60


async def test_a_reading_that_was_wrong_is_corrected(field: Field) -> None:
    old, new = await field.meter(), await field.meter()
    point = await field.point()
    await field.devices.install(point, old.meter_id, MARCH)
    before = hourly(MARCH, CHANGE, "10")
    after = hourly(CHANGE, APRIL, "5")
    await field.says(old, {time: value for time, value in before.items() if time != CHANGE})
    await field.says(new, {time: value for time, value in after.items() if time != CHANGE})
    exchange = await field.replace(
        old,
        new,
        final_readings=told(energy_total=str(before[CHANGE] + 3)),
        initial_readings=told(energy_total="5"),
    )
    right = after[APRIL] - 5 + before[CHANGE] - 10
    await field.is_right(point, right + 3)
    request = meter_pb.CompleteMeterExchangeRequest(
        meter_exchange_id=exchange.meter_exchange_id,
        final_readings=told(energy_total=str(before[CHANGE])),
        etag=exchange.etag,
    )
    await field.devices.meters.CompleteMeterExchange(request)
    await field.is_right(point, right)
    assert (await reason(field.devices.meters.CompleteMeterExchange(request)))[0] == "ETAG_MISMATCH"


async def test_a_gap_on_the_same_day_is_not_measured(field: Field) -> None:
    """Two hours without a meter: what was used then, nobody knows; it is not a jump of either register."""
    old, new = await field.meter(), await field.meter()
    point = await field.point()
    back = CHANGE + 2 * HOUR
    await field.devices.install(point, old.meter_id, MARCH)
    before, after = hourly(MARCH, CHANGE, "10"), hourly(back, APRIL, "500")
    await field.says(old, before)
    await field.says(new, after)
    await field.replace(
        old,
        new,
        install_time=stamp(back),
        final_readings=told(energy_total=str(before[CHANGE])),
        initial_readings=told(energy_total="500"),
    )

    async def around() -> bool:
        found = await field.hours(point, CHANGE - HOUR, back + HOUR)
        good = [one.state == reading_pb2.READING_STATE_VALIDATED for one in found]
        return len(good) == 4 and good[0] and good[3]

    await eventually(around)
    first, *gap, last = await field.hours(point, CHANGE - HOUR, back + HOUR)
    assert first.value == last.value == "0.987654"
    assert all(one.state != first.state for one in gap), "explicit, as missing or estimated"


async def test_another_multiplier_from_an_instant_on(field: Field) -> None:
    meter, point = await field.meter(), await field.point()
    await field.devices.install(point, meter.meter_id, MARCH, "40")
    values = hourly(MARCH, APRIL, "100")
    await field.says(meter, values)
    middle = datetime(2025, 3, 20, 12, 30, tzinfo=UTC)
    known = values[middle.replace(minute=0)] + Decimal("0.25")
    changed = await field.multiply(
        point, "60", middle, readings=told(energy_total=str(known)), current_ratio="300/5"
    )
    assert [one.multiplier for one in changed.multipliers] == ["40", "60"]
    assert changed.multipliers[1].current_ratio == "300/5"
    await field.is_right(point, (known - 100) * 40 + (values[APRIL] - known) * 60)
    # From an earlier instant on: what follows keeps its own.
    again = await field.multiply(point, "50", MARCH)
    assert [one.multiplier for one in again.multipliers] == ["50", "60"]
    await field.is_right(point, (known - 100) * 50 + (values[APRIL] - known) * 60)
    assert (await reason(field.multiply(point, "0", middle)))[1] == ["multiplier"]
    early = field.multiply(point, "2", MARCH - HOUR)
    assert (await reason(early))[0] == "NOT_INSTALLED"
    unknown = field.multiply(point, "2", middle, readings=told(water="1"))
    assert (await reason(unknown))[1] == ["readings[0].code"]


async def test_exchanges_that_do_not_fit(field: Field) -> None:
    old, new, point = await field.meter(), await field.meter(), await field.point()
    assert (await reason(field.replace(old, new)))[0] == "NOT_INSTALLED"
    await field.devices.install(point, old.meter_id, MARCH)
    taken = await field.meter()
    await field.devices.install(await field.point(), taken.meter_id, MARCH)
    assert (await reason(field.replace(old, taken)))[0] == "INSTALLATION_OVERLAP"
    assert (await reason(field.replace(old, old)))[1] == ["new_meter_id"]
    earlier = stamp(CHANGE - HOUR)
    assert (await reason(field.replace(old, new, install_time=earlier)))[1] == ["install_time"]
    later = datetime.now(UTC) + timedelta(days=1)
    assert (await reason(field.replace(old, new, later)))[1] == ["install_time"]
    strict = field.replace(old, new, require_readings=True, final_readings=told(energy_total="1"))
    assert (await reason(strict))[0] == "EXCHANGE_READING_MISSING"
    for given, field_name in (
        (told(voltage="1"), "final_readings[0].code"),
        (told(energy_total="1000000"), "final_readings[0].value"),
        (told(energy_total="-1"), "final_readings[0].value"),
    ):
        assert (await reason(field.replace(old, new, final_readings=given)))[1] == [field_name]
    assert (await reason(field.replace(old, new, multiplier="-2")))[1] == ["multiplier"]
    water = await field.devices.model(commodity=types_pb2.COMMODITY_COLD_WATER)
    other = await field.devices.meter(water.device_model_id)
    assert (await reason(field.replace(old, other)))[1] == ["new_meter_id"]
    # Nothing of all that has left a trace.
    listed = await field.devices.points.ListInstallations(
        point_pb.ListInstallationsRequest(usage_point_id=point)
    )
    assert [one.meter_id for one in listed.installations] == [old.meter_id]
    assert not listed.installations[0].period.HasField("end")


async def test_which_channel_goes_on_as_which(field: Field) -> None:
    old, point = await field.meter(), await field.point()
    await field.devices.install(point, old.meter_id, MARCH)
    renamed = await field.meter(register(code="total"))
    assert (await reason(field.replace(old, renamed)))[0] == "CHANNEL_MAP_INCOMPLETE"
    watts = await field.meter(register(code="total", unit="Wh"))

    def as_code(old_code: str, new_code: str) -> list[meter_exchange_pb2.ChannelMapping]:
        return [meter_exchange_pb2.ChannelMapping(old_code=old_code, new_code=new_code)]

    mismatch = field.replace(old, watts, channel_map=as_code("energy_total", "total"))
    assert (await reason(mismatch))[0] == "UNIT_MISMATCH"
    for pair, name in (
        (("nothing", "total"), "channel_map[0].old_code"),
        (("energy_total", "nothing"), "channel_map[0].new_code"),
    ):
        assert (await reason(field.replace(old, renamed, channel_map=as_code(*pair))))[1] == [name]
    tried = await field.replace(
        old, renamed, channel_map=as_code("energy_total", "total"), validate_only=True
    )
    assert {one.old_code: one.new_code for one in tried.channel_map} == {"energy_total": "total"}
    assert list(tried.missing_initial) == ["total"]
    made = await field.replace(old, renamed, channel_map=as_code("energy_total", "total"))
    found = await field.devices.meters.GetMeterExchange(
        meter_pb.GetMeterExchangeRequest(meter_exchange_id=made.meter_exchange_id)
    )
    assert found.meter_exchange == made
    shown = await field.devices.points.GetUsagePoint(point_pb.GetUsagePointRequest(usage_point_id=point))
    assert len(shown.usage_point.series) == 1, "the same series goes on"
    assert shown.usage_point.meter_id == renamed.meter_id
    installations = await field.devices.points.ListInstallations(
        point_pb.ListInstallationsRequest(usage_point_id=point)
    )
    assert [one.end_reason for one in installations.installations] == ["", "replaced"]


async def test_exchanges_are_listed(field: Field) -> None:
    meters = [await field.meter() for _ in range(3)]
    point = await field.point()
    await field.devices.install(point, meters[0].meter_id, MARCH)
    first = await field.replace(meters[0], meters[1], CHANGE)
    second = await field.replace(
        meters[1],
        meters[2],
        CHANGE + HOUR,
        final_readings=told(energy_total="2"),
        initial_readings=told(energy_total="1"),
    )

    async def found(**which: Any) -> list[str]:
        request = meter_pb.ListMeterExchangesRequest(**which)
        answer = await field.devices.meters.ListMeterExchanges(request)
        return [one.meter_exchange_id for one in answer.meter_exchanges]

    both = [second.meter_exchange_id, first.meter_exchange_id]
    assert await found() == await found(usage_point_id=point) == both
    assert await found(meter_id=meters[1].meter_id) == both
    assert await found(meter_id=meters[0].meter_id) == both[1:]
    assert await found(state=COMPLETE) == both[:1]
    assert await found(state=PROVISIONAL) == both[1:]


async def test_where_the_two_are_in_their_lives(field: Field) -> None:
    old, new, point = await field.meter(), await field.meter(), await field.point()
    await field.devices.install(point, old.meter_id, MARCH)
    await field.replace(old, new)

    async def state(meter: Any) -> Any:
        request = meter_pb.GetMeterRequest(meter_id=meter.meter_id)
        return (await field.devices.meters.GetMeter(request)).meter.state

    assert await state(old) == device_state_pb2.DEVICE_STATE_REPLACED
    assert await state(new) == device_state_pb2.DEVICE_STATE_ACTIVE
    await field.devices.install(await field.point(), old.meter_id, APRIL)
    assert await state(old) == device_state_pb2.DEVICE_STATE_ACTIVE
