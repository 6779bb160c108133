"""Quality of supply through gRPC, on real engines, against its definitions in plain Python."""

import math
from datetime import UTC, date, datetime
from types import SimpleNamespace

import grpc
import numpy as np
import pytest
from google.protobuf.duration_pb2 import Duration

from server.readings.calendar import local_day
from simba.common.v1 import types_pb2 as common
from simba.devices.v1 import device_model_pb2
from simba.devices.v1 import usage_point_service_pb2 as point_pb
from simba.readings.v1 import supply_quality_pb2 as pb
from simba.readings.v1 import supply_quality_service_pb2 as service_pb
from simba.readings.v1.reading_block_pb2 import ReadingBlock
from simba.readings.v1.supply_quality_service_pb2_grpc import SupplyQualityServiceStub
from tests.support.platform import error_of, make_tenant
from tests.support.readings_api import INSTALLED, Caller, stamp

TEN = 600_000
DAY = 86_400_000
LONDON = "Europe/London"
SPRING = local_day(LONDON, date(2025, 3, 30))
WEEK = local_day(LONDON, date(2025, 3, 27)).start_ms, local_day(LONDON, date(2025, 4, 2)).end_ms
V, HZ, THD, A = (
    common.QUANTITY_VOLTAGE,
    common.QUANTITY_FREQUENCY,
    common.QUANTITY_VOLTAGE_THD,
    common.QUANTITY_CURRENT,
)


def template(code, quantity, unit, obis="", seconds=600):
    return device_model_pb2.ChannelTemplate(
        code=code,
        quantity=quantity,
        kind=common.MEASUREMENT_KIND_INSTANTANEOUS,
        unit=unit,
        obis=obis,
        interval=Duration(seconds=seconds) if seconds else None,
        negative_allowed=True,
    )


ENERGY = device_model_pb2.ChannelTemplate(
    code="energy",
    quantity=common.QUANTITY_ACTIVE_ENERGY_IMPORT,
    kind=common.MEASUREMENT_KIND_REGISTER,
    unit="kWh",
)


class Supplies(Caller):
    """Stubs, and meters of one's own."""

    def __init__(self, channel) -> None:
        super().__init__(channel)
        self.supply = SupplyQualityServiceStub(channel)

    async def home(self, *templates, commodity=common.COMMODITY_ELECTRICITY, at=INSTALLED):
        model = await self.devices.model(channel_templates=[*templates], commodity=commodity)
        meter = await self.devices.meter(model.device_model_id)
        point = await self.devices.point(commodity=commodity)
        await self.devices.install(point.usage_point_id, meter.meter_id, at)
        return SimpleNamespace(
            point=point.usage_point_id,
            meter=meter.meter_id,
            **{one.code: one.channel for one in meter.channels},
        )

    async def store(self, channel, times, values, sequence=1, quality=()):
        (ack,) = await self.send(
            ReadingBlock(
                source=f"supply{channel}",
                sequence=sequence,
                channel=[channel] * len(times),
                time_ms=[int(one) for one in times],
                value_micro=[int(one) for one in values],
                quality=quality,
            )
        )
        assert (ack.stored, ack.rejected_count) == (len(times), 0), ack

    async def of(self, point, start=WEEK[0], end=WEEK[1], **others):
        period = common.TimeInterval(start=stamp(start), end=stamp(end))
        return await self.supply.GetSupplyQuality(
            service_pb.GetSupplyQualityRequest(usage_point_id=point, period=period, **others)
        )

    async def points(self, **wanted):
        found, token = [], ""
        while True:
            request = service_pb.QuerySupplyQualityRequest(page_token=token, **wanted)
            page = await self.supply.QuerySupplyQuality(request)
            found += page.points
            token = page.next_page_token
            if not token:
                return found


@pytest.fixture
async def api(lone_platform, lone_server) -> Supplies:
    return Supplies(lone_server.channel((await make_tenant(lone_platform)).secret))


def micro(text: str) -> int:
    return round(float(text) * 1_000_000)


def percentile(values, level: float) -> int:
    """The value of which so many are below."""
    ordered = sorted(values)
    return ordered[min(int(level * len(ordered)), len(ordered) - 1)]


async def test_statistics_over_the_change_to_summer_time(api):
    home = await api.home(template("u1", V, "V", "1-0:32.7.0", seconds=60))
    random = np.random.default_rng(1)
    times = np.arange(SPRING.start_ms, SPRING.end_ms, 60_000)
    values = random.integers(205_000_000, 256_000_000, len(times))
    late = np.arange(SPRING.end_ms, SPRING.end_ms + 600_000, 60_000)
    await api.store(home.u1, times, values)
    await api.store(home.u1, late, [300_000_000] * 10, sequence=2)
    answer = await api.of(home.point)
    (found,) = answer.channels
    assert (found.phase, found.unit, found.interval.seconds, found.interval_estimated) == (
        pb.SUPPLY_PHASE_A,
        "V",
        60,
        False,
    )
    assert [one.date for one in found.days] == [f"2025-03-{n}" for n in range(27, 32)] + [
        "2025-04-01",
        "2025-04-02",
    ]
    day = next(one for one in found.days if one.date == "2025-03-30")
    assert day.period.end.ToMilliseconds() - day.period.start.ToMilliseconds() == 23 * 3_600_000
    assert (day.values.count, day.values.expected_count, day.means.expected_count) == (1380, 1380, 138)
    told = day.values
    assert (micro(told.minimum), micro(told.maximum)) == (values.min(), values.max())
    assert abs(micro(told.mean) - values.mean()) <= 1
    for level, text in (
        (0.01, told.percentile_1),
        (0.05, told.percentile_5),
        (0.5, told.percentile_50),
        (0.95, told.percentile_95),
        (0.99, told.percentile_99),
    ):
        assert micro(text) == percentile(values.tolist(), level)
    means = [round(math.sqrt(np.mean(values[n : n + 10].astype(float) ** 2))) for n in range(0, 1380, 10)]
    assert day.means.count == 138
    assert abs(micro(day.means.minimum) - min(means)) <= 1
    assert abs(micro(day.means.percentile_95) - percentile(means, 0.95)) <= 1
    # The ten values of the day after are one ten-minute mean, outside of every bound.
    inside = sum(207_000_000 <= one <= 253_000_000 for one in means)
    assert inside == 138
    assert found.values.count == 1390
    weekly, always = found.checks
    assert (weekly.count, weekly.outside_count, weekly.span_days) == (139, 1, 7)
    assert weekly.share == pytest.approx(138 / 139)
    assert weekly.verdict == pb.SUPPLY_VERDICT_COMPLIANT
    assert list(weekly.doubts) == [pb.SUPPLY_DOUBT_COVERAGE_LOW]
    assert always.verdict == answer.verdict == pb.SUPPLY_VERDICT_NOT_COMPLIANT
    assert (weekly.lower, weekly.upper) == ("207", "253")


async def test_a_whole_week_is_proof_and_a_year_of_frequency_is_not_there(api):
    home = await api.home(
        template("u", V, "V"),
        template("f", HZ, "Hz", "1-0:14.7.0"),
        template("thd", THD, "%", "1-0:32.7.124"),
    )
    times = np.arange(*WEEK, TEN)
    assert len(times) == 7 * 144 - 6
    await api.store(home.u, times, [230_000_000] * 952 + [200_000_000] * 50)
    await api.store(home.f, times, [50_010_000] * 1002)
    await api.store(home.thd, times, [9_000_000] * 51 + [2_000_000] * 951)
    answer = await api.of(home.point)
    voltage, frequency, distortion = answer.channels
    weekly, always = voltage.checks
    assert (weekly.verdict, list(weekly.doubts)) == (pb.SUPPLY_VERDICT_COMPLIANT, [])
    assert weekly.share == pytest.approx(952 / 1002)
    assert (always.verdict, always.outside_count) == (pb.SUPPLY_VERDICT_COMPLIANT, 0)
    near, far = frequency.checks
    both = [pb.SUPPLY_DOUBT_INTERVAL_TOO_COARSE, pb.SUPPLY_DOUBT_PERIOD_TOO_SHORT]
    assert [near.verdict, far.verdict] == [pb.SUPPLY_VERDICT_COMPLIANT] * 2
    assert [list(near.doubts), list(far.doubts)] == [both, both]
    assert not frequency.HasField("mean_interval")
    assert frequency.means.count == frequency.values.count == 1002
    (thd,) = distortion.checks
    # 51 of 1002 are above 8 %: more than a twentieth.
    assert (thd.verdict, thd.outside_count, distortion.phase) == (
        pb.SUPPLY_VERDICT_NOT_COMPLIANT,
        51,
        pb.SUPPLY_PHASE_A,
    )
    at_240 = await api.of(home.point, quantities=[V], limits=pb.SupplyLimits(nominal_voltage="220"))
    assert [one.upper for one in at_240.channels[0].checks] == ["242", "242"]
    assert [one.code for one in at_240.channels] == ["u"]
    assert at_240.channels[0].checks[0].outside_count == 0


async def test_dips_swells_and_interruptions_begin_once(api):
    home = await api.home(template("u", V, "V"))
    values = [230, 200, 199, 230, 260, 261, 0, 0, 230, 190, 0, 230]
    times = [WEEK[0] + n * TEN for n in range(len(values))]
    await api.store(home.u, times, [one * 1_000_000 for one in values])
    # After a pause of more than two intervals an event is another one.
    later = WEEK[0] + 30 * TEN
    await api.store(home.u, [later, later + 5 * TEN], [200_000_000] * 2, sequence=2)
    (found,) = (await api.of(home.point)).channels
    assert (found.events.dips, found.events.swells, found.events.interruptions) == (4, 1, 2)
    assert (found.days[0].events.dips, found.days[1].events.dips) == (4, 0)
    # Interruptions are no variation of the voltage: they stay out of the means.
    assert (found.values.count, found.values.minimum) == (14, "0")
    assert (found.means.count, found.means.minimum) == (11, "190")


async def test_unbalance_of_three_phases(api):
    home = await api.home(
        *(template(f"u{n}", V, "V", f"1-0:{20 * n + 12}.7.0") for n in (1, 2, 3)),
        *(template(f"i{n}", A, "A", f"1-0:{20 * n + 11}.7.0") for n in (1, 2, 3)),
    )
    times = np.arange(*WEEK, TEN)
    for channel, value in (
        (home.u1, 230),
        (home.u2, 220),
        (home.u3, 240),
        (home.i1, 3),
        (home.i2, 3),
        (home.i3, 6),
    ):
        await api.store(channel, times, [value * 1_000_000] * len(times))
    answer = await api.of(home.point)
    assert [(one.code, one.phase) for one in answer.channels][:3] == [("u1", 1), ("u2", 2), ("u3", 3)]
    voltages, currents = answer.unbalances
    assert (voltages.exact, voltages.values.count, voltages.values.expected_count) == (False, 1002, 1002)
    assert micro(voltages.values.mean) == pytest.approx(10 / 230 * 100e6, rel=1e-6)
    (check,) = voltages.checks
    assert (check.clause, check.verdict) == ("EN 50160:2010 4.2.4", pb.SUPPLY_VERDICT_NOT_COMPLIANT)
    assert list(check.doubts) == [pb.SUPPLY_DOUBT_MAGNITUDES_ONLY]
    assert (micro(currents.values.mean), len(currents.checks)) == (50_000_000, 0)


def between(a: float, b: float, c: float) -> float:
    """Negative to positive sequence of three voltages whose sum is zero, by symmetrical components."""
    # The triangle of the three sides, as complex numbers.
    x = (a * a + c * c - b * b) / (2 * a)
    top = complex(x, math.sqrt(c * c - x * x))
    ab, bc, ca = complex(a, 0), top - complex(a, 0), -top
    turn = complex(-0.5, math.sqrt(3) / 2)
    one, other = abs(ab + turn * bc + turn * turn * ca), abs(ab + turn * turn * bc + turn * ca)
    return min(one, other) / max(one, other)


async def test_unbalance_from_voltages_between_phases_is_that_of_the_sequences(api):
    line = "0.0.0.6.0.1.54.0.0.0.0.0.0.0.{}.0.29.0"
    templates = [template(f"s{n}", V, "V") for n in range(3)]
    for one, code in zip(templates, (132, 66, 40), strict=True):
        one.reading_type = line.format(code)
    home = await api.home(*templates)
    for channel, value in ((home.s0, 400), (home.s1, 390), (home.s2, 405)):
        await api.store(channel, [WEEK[0], WEEK[0] + TEN], [value * 1_000_000] * 2)
    (found,) = (await api.of(home.point)).unbalances
    assert found.exact
    assert micro(found.values.mean) == pytest.approx(between(400, 390, 405) * 100e6, rel=1e-6)


async def test_of_two_values_of_a_time_the_later_one_counts_and_bad_clocks_do_not(api):
    home = await api.home(template("u", V, "V", seconds=0))
    times = [WEEK[0] + n * 900_000 for n in range(4)]
    await api.store(home.u, times, [230_000_000] * 4)
    await api.store(home.u, times[:1], [231_000_000], sequence=2)
    await api.store(home.u, [times[3] + 900_000], [999_000_000], sequence=3, quality=[512])
    (found,) = (await api.of(home.point)).channels
    assert (found.values.count, found.values.maximum) == (4, "231")
    assert (found.interval.seconds, found.interval_estimated) == (900, True)
    assert pb.SUPPLY_DOUBT_INTERVAL_TOO_COARSE in found.checks[0].doubts


async def test_a_meter_counts_while_it_was_there(api):
    home = await api.home(template("u", V, "V"), ENERGY)
    gone, back = WEEK[0] + DAY, WEEK[0] + 2 * DAY
    await api.store(home.u, np.arange(*WEEK, TEN), [230_000_000] * 1002)
    await api.devices.points.RemoveMeter(
        point_pb.RemoveMeterRequest(usage_point_id=home.point, remove_time=stamp(gone))
    )
    elsewhere = (await api.devices.point()).usage_point_id
    await api.devices.install(elsewhere, home.meter, datetime.fromtimestamp(back / 1000, UTC))
    here = (await api.of(home.point)).channels[0]
    assert (here.values.count, here.values.expected_count) == (144, 144)
    there = (await api.of(elsewhere)).channels[0]
    assert there.values.count == there.values.expected_count == 1002 - 288
    period = common.TimeInterval(start=stamp(WEEK[0]), end=stamp(WEEK[1]))
    request = service_pb.GetSupplyQualityRequest(meter_id=home.meter, period=period)
    (whole,) = (await api.supply.GetSupplyQuality(request)).channels
    assert whole.values.count == 1002


async def test_pressure_is_held_against_a_stated_band(api):
    water = common.COMMODITY_COLD_WATER
    home = await api.home(
        template("p", common.QUANTITY_PRESSURE, "bar"),
        template("t", common.QUANTITY_TEMPERATURE, "Cel"),
        commodity=water,
    )
    times = np.arange(*WEEK, TEN)
    await api.store(home.p, times, [4_000_000] * 1000 + [1_500_000] * 2)
    await api.store(home.t, times, [-1_000_000] * 1002)
    band = pb.SupplyBand(
        quantity=common.QUANTITY_PRESSURE, lower="200", upper="600", unit="kPa", required_share=0.999
    )
    answer = await api.of(home.point, limits=pb.SupplyLimits(bands=[band]))
    pressure, temperature = answer.channels
    (check,) = pressure.checks
    assert (check.clause, check.lower, check.upper) == ("stated", "2", "6")
    assert (check.outside_count, check.verdict) == (2, pb.SUPPLY_VERDICT_NOT_COMPLIANT)
    assert (temperature.values.mean, len(temperature.checks)) == ("-1", 0)
    assert not pressure.HasField("events")


async def test_a_profile_in_pages(api):
    home = await api.home(template("u", V, "V", seconds=60), template("f", HZ, "Hz"))
    times = np.arange(SPRING.start_ms - DAY, SPRING.end_ms + DAY, 60_000)
    values = 230_000_000 + np.arange(len(times))
    await api.store(home.u, times, values)
    await api.store(home.f, times[::10], [50_000_000] * len(times[::10]))
    span = {"start_time": stamp(SPRING.start_ms), "end_time": stamp(SPRING.end_ms), "page_size": 37}
    hours = await api.points(
        usage_point_id=home.point, resolution=service_pb.SUPPLY_RESOLUTION_HOUR, quantities=[V], **span
    )
    assert len(hours) == 23
    assert [one.count for one in hours] == [60] * 23
    assert hours[1].period.start.ToMilliseconds() == SPRING.start_ms + 3_600_000
    assert micro(hours[0].minimum) == values[1440]
    tens = await api.points(usage_point_id=home.point, **span)
    assert len(tens) == 2 * 138
    keys = [(one.channel, one.period.start.ToMilliseconds()) for one in tens]
    assert keys == sorted(set(keys))
    (day,) = await api.points(
        usage_point_id=home.point, resolution=service_pb.SUPPLY_RESOLUTION_DAY, quantities=[HZ], **span
    )
    assert day.period.end.ToMilliseconds() == SPRING.end_ms
    assert (day.count, day.mean) == (138, "50")


async def test_the_worst_come_first(api):
    homes = [await api.home(template("u", V, "V")) for _ in range(3)]
    times = np.arange(WEEK[0], WEEK[0] + DAY, TEN)
    for home, bad in zip(homes, (0, 30, 5), strict=True):
        await api.store(home.u, times, [200_000_000] * bad + [230_000_000] * (144 - bad))
    wanted = {
        "usage_point_ids": [home.point for home in homes],
        "start_time": stamp(WEEK[0]),
        "end_time": stamp(WEEK[1]),
        "quantity": V,
    }
    seen, token = [], ""
    while True:
        request = service_pb.ListWorstSupplyQualityRequest(page_size=1, page_token=token, **wanted)
        page = await api.supply.ListWorstSupplyQuality(request)
        seen += [(one.usage_point_id, one.outside_count, one.count) for one in page.ranks]
        token = page.next_page_token
        if not token:
            break
    assert seen == [(homes[1].point, 30, 144), (homes[2].point, 5, 144), (homes[0].point, 0, 144)]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"limits": pb.SupplyLimits(nominal_voltage="0")}, "limits.nominal_voltage"),
        ({"limits": pb.SupplyLimits(nominal_voltage="1e3")}, "limits.nominal_voltage"),
        (
            {"limits": pb.SupplyLimits(bands=[pb.SupplyBand(quantity=A, unit="A")])},
            "limits.bands[0]",
        ),
        (
            {"limits": pb.SupplyLimits(bands=[pb.SupplyBand(quantity=A, unit="amps", lower="1")])},
            "limits.bands[0].unit",
        ),
        (
            {"limits": pb.SupplyLimits(bands=[pb.SupplyBand(quantity=A, unit="A", lower="2", upper="1")])},
            "limits.bands[0].upper",
        ),
        (
            {"limits": pb.SupplyLimits(bands=[pb.SupplyBand(quantity=A, unit="A", lower="1")] * 2)},
            "limits.bands[1].quantity",
        ),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"end": WEEK[0] + 401 * DAY}, "period.end"),
    ],
)
async def test_bad_requests_name_the_field(api, changed, field):
    home = await api.home(template("u", V, "V"))
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await api.of(home.point, **changed)
    assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert error_of(caught.value)[2][0][0] == field


async def test_what_nothing_is_promised_of_cannot_be_ranked(api):
    home = await api.home(template("i", A, "A"))
    request = service_pb.ListWorstSupplyQualityRequest(
        usage_point_ids=[home.point], start_time=stamp(WEEK[0]), end_time=stamp(WEEK[1]), quantity=A
    )
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await api.supply.ListWorstSupplyQuality(request)
    assert error_of(caught.value)[2][0][0] == "limits.bands"


async def test_the_supply_of_another_tenant_does_not_exist(lone_platform, lone_server, api):
    home = await api.home(template("u", V, "V"))
    stranger = Supplies(lone_server.channel((await make_tenant(lone_platform)).secret))
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stranger.of(home.point)
    assert error_of(caught.value)[0] == "USAGE_POINT_NOT_FOUND"
