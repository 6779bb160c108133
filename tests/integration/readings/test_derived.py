"""Derived series on the real engine against their definition in plain Python."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.billing.billed import BilledPeriods
from server.platform.errors import InvalidField
from server.platform.ids import new_id
from server.readings.calendar import day_of, days_between, from_ms, grid_of, local_day
from server.readings.derived.app import Asked, DerivedSeriesCases
from server.readings.derived.domain import Content, DerivedSeries, Input, Missing, Source
from server.readings.derived.errors import CycleRefused, DerivedSeriesUsed, InputRefused, TooDeep
from server.readings.derived.evaluating import Evaluation, Wanted
from server.readings.derived.factor_app import FactorSets
from server.readings.derived.factors import FactorSet
from server.readings.derived.syntax import FormulaRefused, Name, Number, parse
from server.readings.domain import Quality, State
from server.readings.queries.intervals import DAY, MONTH, NATIVE, WORST_FIRST, IntervalQueries
from server.readings.queries.intervals import Wanted as FinalWanted
from server.readings.queries.seen import Seen, Views
from tests.support.readings import block

LONDON = "Europe/London"
HALF = 1_800_000
FIRST, LAST = date(2025, 3, 29), date(2025, 4, 1)
SPAN = local_day(LONDON, FIRST).start_ms, local_day(LONDON, LAST).end_ms
DAYS = list(days_between(LONDON, FIRST, LAST))
STARTS = [start for day in DAYS for start in grid_of(day, HALF)]


@pytest.fixture
def views(lone_platform) -> Views:
    return Views(lone_platform.uow, BilledPeriods(lone_platform.uow))


@pytest.fixture
def intervals(lone_platform, devices, views) -> IntervalQueries:
    return IntervalQueries(lone_platform.store, devices, views)


@pytest.fixture
def cases(lone_platform, devices) -> DerivedSeriesCases:
    return DerivedSeriesCases(lone_platform.uow, devices, Evaluation(lone_platform.store))


@pytest.fixture
def factor_sets(lone_platform) -> FactorSets:
    return FactorSets(lone_platform.uow)


class Town:
    """Series with values of one's own."""

    def __init__(self, owner, devices, pipeline, runner) -> None:
        self.owner, self.devices, self.pipeline, self.runner = owner, devices, pipeline, runner
        self.sequence = 0

    async def series(self, values, starts=STARTS, **kind) -> int:
        """A new series; None is no reading."""
        (number,) = self.devices.add(**kind)
        made = self.devices.install(number)
        await self.give(made.series, values, starts)
        return made.series

    async def give(self, series: int, values, starts=STARTS) -> None:
        kept = [(start, value) for start, value in zip(starts, values, strict=False) if value is not None]
        self.sequence += 1
        channel = series - 1_000_000
        columns = [channel] * len(kept), [one[0] for one in kept], [one[1] for one in kept]
        if kept:
            await self.pipeline.store(self.owner, block("cis", self.sequence, *columns))
        await self.runner.run_touched()


@pytest.fixture
def town(owner, devices, pipeline, runner) -> Town:
    return Town(owner, devices, pipeline, runner)


def named(name: str, *series: int, missing=Missing.PROPAGATE) -> Input:
    return Input(name=name, source=Source.SERIES, series=series, missing=missing)


def draft(formula: str, *inputs: Input, unit="kWh", seconds=0, zone="", **others) -> DerivedSeries:
    return DerivedSeries(
        derived_series_id=others.pop("id", None) or new_id(),
        display_name=others.pop("name", "") or str(new_id()),
        description="",
        unit=unit,
        interval_seconds=seconds,
        time_zone=zone,
        content=Content(formula, inputs),
    )


async def asked(views, resolution=NATIVE, start=SPAN[0], end=SPAN[1], as_of=None, **others) -> Asked:
    watermark = await views.watermark(as_of)
    return Asked(Wanted(resolution, start, end, watermark, end), as_of, **{"limit": 100_000, **others})


async def test_the_net_of_import_and_export(town, cases, views):
    bought = await town.series([(n * 37 % 101) * 1000 for n in range(len(STARTS))])
    sold = await town.series([(n * 53 % 97) * 1000 for n in range(len(STARTS))])
    made = await cases.create(
        draft("bought - sold", named("bought", bought), named("sold", sold)), None, store_it=True
    )
    assert (made.interval_seconds, made.time_zone, made.number) == (1800, LONDON, 1)
    found = await cases.evaluate(made.derived_series_id, await asked(views))
    assert [(one.start_ms, one.end_ms) for one in found] == [(start, start + HALF) for start in STARTS]
    assert [one.micro for one in found] == [(n * 37 % 101 - n * 53 % 97) * 1000 for n in range(len(STARTS))]
    assert {one.state for one in found} == {State.VALIDATED}
    assert {one.quality for one in found} == {Quality.VALID | Quality.DERIVED}


def worth(node, values: dict[str, Fraction]) -> Fraction:
    """A formula's value from its definition."""
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Name):
        return values[node.name]
    parts = [worth(part, values) for part in node.parts]
    if node.operator in {"min", "max"}:
        return (min if node.operator == "min" else max)(parts)
    left, right = parts
    if node.operator == "/":
        return left / right
    return {"+": left + right, "-": left - right, "*": left * right}[node.operator]


def final_wanted(resolution: str, watermark: int) -> FinalWanted:
    """All of the time of the tests, of plain series."""
    return FinalWanted(resolution, *SPAN, "", (Seen(*SPAN, watermark),), SPAN[1])


async def native(intervals, owner, series, watermark) -> dict[tuple[int, int], object]:
    """The final intervals of series by (series, start)."""
    wanted = final_wanted(NATIVE, watermark)
    infos = await intervals.series(owner, series, None, "")
    found = await intervals.page(owner, infos, wanted, limit=1_000_000)
    return {(one.info.series, one.start_ms): one for one in found}


def twin(formula: str, inputs: Sequence[Input], rows, step: int, factors: dict[str, Fraction]) -> list:
    """Every interval, every input, every series, looked at one by one; all in one unit."""
    tree, found = parse(formula), []
    for begin in range(SPAN[0], SPAN[1], step):
        values, states, bits = dict(factors), [], 0
        lost = filled = False
        seen = []
        for one in inputs:
            cells = [
                rows.get((number, at)) for number in one.series for at in range(begin, begin + step, HALF)
            ]
            there = [cell for cell in cells if cell is not None and cell.micro is not None]
            seen += [cell for cell in cells if cell is not None]
            states += [cell.state for cell in there]
            if len(there) < len(cells):
                lost |= one.missing is Missing.PROPAGATE
                filled |= one.missing is Missing.ZERO
            values[one.name] = Fraction(sum(cell.micro for cell in there), 10**6)
        if not seen:
            continue
        for cell in seen:
            bits |= cell.quality
        if filled:
            states.append(State.ESTIMATED)
        state = State.MISSING if lost else min(states, key=WORST_FIRST.index)
        quality = bits | Quality.DERIVED | (Quality.QUESTIONABLE if filled else 0)
        micro = None if lost else round(worth(tree, values) * 10**6)
        found.append((begin, begin + step, micro, state, quality))
    return found


def told(found) -> list:
    return [(one.start_ms, one.end_ms, one.micro, one.state, one.quality) for one in found]


def random_formula(random: Random, names: list[str], depth: int = 0) -> str:
    """An amount: sums, smallest and largest of amounts, times and by numbers."""
    if depth > 3 or random.random() < 0.2:
        return random.choice(names)
    one = random_formula(random, names, depth + 1)
    kind = random.randrange(6)
    number = random.choice(("2", "0.333333", "7", "1000.5", "f", "g", "(f * 0.7)"))
    if kind == 0:
        return f"({one} * {number})"
    if kind == 1:
        return f"({one} / {number})"
    if kind == 2:
        return f"max({one}, {random.choice(('0', '0.25', random_formula(random, names, depth + 1)))})"
    if kind == 3:
        return f"min({one}, {random_formula(random, names, depth + 1)})"
    return f"({one} {random.choice('+-')} {random_formula(random, names, depth + 1)})"


@pytest.fixture
async def parts(town) -> list[int]:
    """Six series with values of all sizes, holes that are filled and holes that are not."""
    random = Random(7)
    made = []
    for place in range(6):
        values: list[int | None] = [random.randrange(10 ** random.randrange(1, 9)) for _ in STARTS]
        if place in {1, 2}:
            values[20 * place : 20 * place + 3] = [None] * 3
        if place == 5:
            values[10:90] = [None] * 80
            values[100:] = [None] * (len(values) - 100)
        made.append(await town.series(values))
    return made


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(seed=st.integers(0, 10**9))
async def test_random_formulas_give_what_they_say(owner, cases, views, intervals, parts, seed):
    random = Random(seed)
    names = ["a", "b", "c"][: random.randrange(1, 4)]
    inputs = [
        named(name, *random.sample(parts, random.randrange(1, 4)), missing=random.choice(list(Missing)))
        for name in names
    ]
    formula = random_formula(random, names)
    words = set(re.findall("[a-z]+", formula))
    used = [one for one in inputs if one.name in words]
    factors = {"f": Fraction("1.571428571"), "g": Fraction("-1.5")}
    constants = [
        Input(name=name, source=Source.CONSTANT, value=Decimal(value.numerator) / value.denominator)
        for name, value in factors.items()
        if name in words
    ]
    step = random.choice((1800, 3600))
    made = draft(formula, *used, *constants, seconds=step)
    _, found = await cases.preview(made, await asked(views))
    rows = await native(intervals, owner, parts, (await asked(views)).wanted.watermark)
    assert told(found) == twin(formula, used, rows, step * 1000, factors)


async def test_the_sum_of_many_is_the_sum_of_its_parts_in_every_resolution(
    owner, cases, views, intervals, parts
):
    made = await cases.create(draft("all", named("all", *parts[:5])), None, store_it=True)
    infos = await intervals.series(owner, parts[:5], None, "")
    for resolution in (NATIVE, DAY, MONTH):
        wanted = await asked(views, resolution)
        own = final_wanted(resolution, wanted.wanted.watermark)
        found = await cases.evaluate(made.derived_series_id, wanted)
        each: dict[int, list] = {}
        for one in await intervals.page(owner, infos, own, limit=1_000_000):
            each.setdefault(one.start_ms, []).append(one)
        assert [one.micro for one in found] == [sum(one.micro for one in each[at]) for at in sorted(each)]
        assert [(one.start_ms, one.end_ms) for one in found] == [
            (at, each[at][0].end_ms) for at in sorted(each)
        ]
        worst = [min((one.state for one in each[at]), key=WORST_FIRST.index) for at in sorted(each)]
        assert [one.state for one in found] == worst
        if resolution == DAY:
            assert [one.expected for one in found] == [48, 46, 48, 48]
            assert [(one.start_ms, one.end_ms) for one in found] == [(d.start_ms, d.end_ms) for d in DAYS]
            assert sum(one.estimated for one in found) == 6


async def test_pages_go_on_where_the_one_before_ended(cases, views, parts):
    made = await cases.create(draft("a / 3", named("a", *parts[:2])), None, store_it=True)
    for resolution in (NATIVE, DAY):
        whole = await cases.evaluate(made.derived_series_id, await asked(views, resolution))
        walked, after = [], None
        while page := await cases.evaluate(
            made.derived_series_id, await asked(views, resolution, after=after, limit=3)
        ):
            walked += page
            after = page[-1].start_ms
        assert walked == whole


GOOD, BAD, GUESS, NONE = State.VALIDATED, State.SUSPECT, State.ESTIMATED, State.MISSING
PASS, ZERO = Missing.PROPAGATE, Missing.ZERO


@pytest.mark.parametrize(
    ("left", "right", "policy", "state", "value", "questionable"),
    [
        (GOOD, GOOD, PASS, GOOD, 5, False),
        (GOOD, GUESS, PASS, GUESS, 5, False),
        (GUESS, BAD, PASS, BAD, 5, True),
        (GOOD, NONE, PASS, NONE, None, False),
        (BAD, NONE, PASS, NONE, None, True),
        (GOOD, NONE, ZERO, GUESS, 2, True),
        (GUESS, NONE, ZERO, GUESS, 2, True),
        (BAD, NONE, ZERO, BAD, 2, True),
        (NONE, NONE, ZERO, GUESS, 0, True),
        (NONE, GOOD, ZERO, NONE, None, False),
    ],
)
async def test_quality_goes_through(
    owner, lone_platform, devices, cases, views, left, right, policy, state, value, questionable
):
    """The table of docs/derived.md: the left input passes what is missing on, the right one may be 0."""
    numbers = []
    at = STARTS[0]
    for one, micro in ((left, 2_000_000), (right, 3_000_000)):
        (channel,) = devices.add()
        numbers.append(devices.install(channel).series)
        await stored(lone_platform, owner, numbers[-1], at, 0 if one is NONE else micro, one)
    left_policy = ZERO if left is NONE and right is NONE else PASS
    made = draft("l + r", named("l", numbers[0], missing=left_policy), named("r", numbers[1], missing=policy))
    wanted = await asked(views)
    wanted = Asked(Wanted(NATIVE, at, at + HALF, 2**62, SPAN[1]), None, limit=wanted.limit)
    _, (found,) = await cases.preview(made, wanted)
    assert (found.state, found.micro) == (state, None if value is None else value * 10**6)
    assert bool(found.quality & Quality.QUESTIONABLE) == questionable
    assert found.quality & Quality.DERIVED
    assert bool(found.quality & Quality.ESTIMATED_LINEAR) == (GUESS in {left, right})
    assert found.method == (1 if GUESS in {left, right} else 0)


async def stored(platform, owner: UUID, series: int, at: int, micro: int, state: State) -> None:
    """A final value as the engine stores it."""
    bits = {
        GOOD: Quality.VALID,
        BAD: Quality.QUESTIONABLE,
        GUESS: Quality.ESTIMATED_LINEAR,
        NONE: Quality.PLAIN,
    }[state]
    await platform.store.command(
        """
        INSERT INTO measurement_day
        SELECT {tenant:UUID}, {series:UInt64}, {day:Date}, 1, 1, fromUnixTimestamp64Milli({at:Int64}),
            fromUnixTimestamp64Milli({at:Int64} + 1800000), 1800000, 48, 0, 0, 0, 0, 0, 0, {bits:UInt32},
            [{micro:Int64}], [{state:UInt8}], [{bits:UInt32}], [{method:UInt8}], [''], [1], [1],
            generateUUIDv4()""",
        {
            "tenant": str(owner),
            "series": series,
            "day": day_of(LONDON, at).isoformat(),
            "at": at,
            "micro": micro,
            "state": int(state),
            "bits": int(bits),
            "method": int(state is GUESS),
        },
    )


# Factors.


async def gas(factor_sets, name: str, unit: str, *values) -> Input:
    """A factor with values; times are local days of London."""
    made = await factor_sets.create(
        FactorSet(factor_set_id=new_id(), display_name=str(new_id()), description="", unit=unit)
    )
    await factor_sets.give(made.factor_set_id, [daily(*one) for one in values])
    return Input(name=name, source=Source.FACTORS, factor_set_id=made.factor_set_id)


def daily(day: date, value: str) -> tuple[datetime, datetime, Decimal]:
    here = local_day(LONDON, day)
    return from_ms(here.start_ms), from_ms(here.end_ms), Decimal(value)


async def test_gas_is_energy_by_the_calorific_value_of_each_day(town, cases, views, factor_sets):
    """E = V · z · Hs / 3.6, exactly, over a day of 23 hours; corrections are seen from then on."""
    volumes = [123_457 + n for n in range(len(STARTS))]
    series = await town.series(volumes, unit="m3", quantity="VOLUME", commodity="GAS")
    values = ["39.4321", "39.5", "38.999999999", "40.1"]
    hs = await gas(factor_sets, "hs", "MJ/m3", *zip([day.day for day in DAYS], values, strict=True))
    z = await gas(factor_sets, "z", "", (FIRST, "0.9631"))
    await factor_sets.give(z.factor_set_id, [(from_ms(DAYS[1].start_ms), None, Decimal("0.9742"))])
    made = await cases.create(draft("volume * z * hs", named("volume", series), z, hs), None, store_it=True)

    def expected(calorific: Sequence[str]) -> list[int]:
        found = []
        for start, volume in zip(STARTS, volumes, strict=True):
            place = next(n for n, day in enumerate(DAYS) if start < day.end_ms)
            conversion = Fraction("0.9631" if place == 0 else "0.9742")
            found.append(round(volume * conversion * Fraction(calorific[place]) / Fraction("3.6")))
        return found

    found = await cases.evaluate(made.derived_series_id, await asked(views))
    assert [one.micro for one in found] == expected(values)
    before = datetime.now(UTC)
    await factor_sets.give(hs.factor_set_id, [daily(DAYS[1].day, "39.6")])
    corrected = [values[0], "39.6", *values[2:]]
    found = await cases.evaluate(made.derived_series_id, await asked(views))
    assert [one.micro for one in found] == expected(corrected)
    found = await cases.evaluate(made.derived_series_id, await asked(views, as_of=before))
    assert [one.micro for one in found] == expected(values)
    days = await cases.evaluate(made.derived_series_id, await asked(views, DAY))
    grouped = [
        sum(one for start, one in zip(STARTS, expected(corrected), strict=True) if start in inside)
        for inside in (range(day.start_ms, day.end_ms) for day in DAYS)
    ]
    assert [one.micro for one in days] == grouped
    assert [one.expected for one in days] == [48, 46, 48, 48]


async def test_without_a_factor_there_is_no_value(town, cases, views, factor_sets):
    series = await town.series([1000] * len(STARTS), unit="m3", quantity="VOLUME")
    hs = await gas(factor_sets, "hs", "kWh/m3", (DAYS[1].day, "10"))
    made = draft("volume / 1 * hs", named("volume", series), hs)
    _, found = await cases.preview(made, await asked(views))
    for one in found:
        inside = DAYS[1].start_ms <= one.start_ms < DAYS[1].end_ms
        assert (one.micro, one.state) == ((10_000, State.VALIDATED) if inside else (None, State.MISSING))


async def test_dividing_by_a_factor_turns_energy_into_volume(town, cases, views, factor_sets):
    series = await town.series([1_000_001] * len(STARTS))
    hs = await gas(factor_sets, "hs", "kWh/m3", *((day.day, "11.3") for day in DAYS))
    _, found = await cases.preview(
        draft("energy / hs", named("energy", series), hs, unit="L"), await asked(views)
    )
    assert {one.micro for one in found} == {round(Fraction(1_000_001) / Fraction("11.3") * 1000)}


async def test_pulses_are_weighed_with_the_weight_of_their_time(town, cases, views, factor_sets):
    series = await town.series([3_000_000] * len(STARTS), unit="1", quantity="PULSE_COUNT")
    weight = await gas(factor_sets, "weight", "L/pulse", *((day.day, "10") for day in DAYS))
    middle = from_ms(STARTS[100])
    await factor_sets.give(weight.factor_set_id, [(middle, None, Decimal("1.5"))])
    _, found = await cases.preview(
        draft("pulses * weight", named("pulses", series), weight, unit="m3"), await asked(views)
    )
    assert [one.micro for one in found] == [30_000] * 100 + [4_500] * (len(STARTS) - 100)


async def test_a_version_holds_from_its_time_on_and_not_before_it_was_made(town, cases, views):
    series = await town.series([1_000_000] * len(STARTS))
    made = await cases.create(draft("a", named("a", series)), None, store_it=True)
    before = datetime.now(UTC)

    def times(number: str):
        return lambda one: DerivedSeries(
            **{
                **{name: getattr(one, name) for name in one.__slots__},
                "content": Content(f"a * {number}", one.content.inputs),
            }
        )

    start = from_ms(STARTS[60])
    second = await cases.update(made.derived_series_id, "", times("2"), start, store_it=True)
    assert (second.number, second.effective_from) == (2, start)
    third = await cases.update(
        made.derived_series_id, "", times("3"), start + timedelta(hours=10), store_it=True
    )
    found = await cases.evaluate(made.derived_series_id, await asked(views))
    million = 1_000_000
    assert [one.micro for one in found] == [million] * 60 + [2 * million] * 20 + [3 * million] * (
        len(STARTS) - 80
    )
    (march, april) = await cases.evaluate(made.derived_series_id, await asked(views, MONTH))
    assert march.micro + april.micro == sum(one.micro for one in found)
    was = await cases.evaluate(made.derived_series_id, await asked(views, as_of=before))
    assert {one.micro for one in was} == {million}
    rows = await cases.versions(made.derived_series_id, after=None, limit=10)
    assert [(row.number, row.content.formula) for row in rows] == [(3, "a * 3"), (2, "a * 2"), (1, "a")]
    assert third.stored.version == 3


async def test_a_virtual_series_of_virtual_series(town, cases, views):
    parts = [await town.series([n * 1_000 + 7 for n in range(len(STARTS))]) for _ in range(2)]
    halves = [await cases.create(draft("a / 3", named("a", part)), None, store_it=True) for part in parts]
    inputs = [
        Input(name=name, source=Source.DERIVED, derived_series_id=one.derived_series_id)
        for name, one in zip("xy", halves, strict=True)
    ]
    top = await cases.create(draft("x + y", *inputs, seconds=3600), None, store_it=True)
    found = await cases.evaluate(top.derived_series_id, await asked(views))
    third = [round(Fraction(n * 1_000 + 7, 3)) for n in range(len(STARTS))]
    assert [one.micro for one in found] == [2 * (third[n] + third[n + 1]) for n in range(0, len(STARTS), 2)]
    with pytest.raises(DerivedSeriesUsed, match=top.display_name):
        await cases.archive(halves[0].derived_series_id, "")


def looped(name: str, other: DerivedSeries):
    def change(one: DerivedSeries) -> DerivedSeries:
        fields = {key: getattr(one, key) for key in one.__slots__}
        given_to = Input(name=name, source=Source.DERIVED, derived_series_id=other.derived_series_id)
        return DerivedSeries(**{**fields, "content": Content(name, (given_to,))})

    return change


async def test_circles_and_towers_are_refused(town, cases):
    series = await town.series([1] * 4)
    low = await cases.create(draft("a", named("a", series), name="low"), None, store_it=True)
    top = low
    for n in range(7):
        above = looped("b", top)(draft("a", named("a", series), name=f"level {n}"))
        top = await cases.create(above, None, store_it=True)
    with pytest.raises(CycleRefused, match="low → level 1 → level 0 → low"):
        second = (await cases.page(archived=False, after=None, limit=9))[2]
        await cases.update(low.derived_series_id, "", looped("b", second), None, store_it=True)
    with pytest.raises(CycleRefused, match="low → low"):
        await cases.update(low.derived_series_id, "", looped("b", low), None, store_it=True)
    with pytest.raises(TooDeep, match="more than 8 derived series deep"):
        await cases.create(looped("b", top)(draft("a", named("a", series))), None, store_it=True)


async def test_what_does_not_fit_is_refused_by_name(town, cases, devices):
    energy = await town.series([1] * 4)
    hourly = await town.series([1] * 2, starts=STARTS[:4:2], interval_seconds=3600)
    volume = await town.series([1] * 4, unit="m3", quantity="VOLUME")
    nobody = new_id()
    known = named("a", energy)
    for made, field, said in (
        (draft("a + b", known, named("b", volume)), "formula", "column 3: the units do not match: kWh + m3"),
        (draft("a + c", known), "formula", "column 5: 'c' is no input; there are a"),
        (draft("a / 0", known), "formula", "column 3: it divides by 0"),
        (draft("a", known, named("b", energy)), "inputs[1].name", "the formula does not use 'b'"),
        (draft("a", known, named("a", hourly)), "inputs[1].name", "'a' is the name of two inputs"),
        (draft("max", named("max", energy)), "inputs[0].name", "'max' is a function"),
        (draft("a", named("a", 5)), "inputs[0].series.series", "series 5 does not exist"),
        (draft("a", named("a", energy, energy)), "inputs[0].series.series", "a series is named twice"),
        (draft("a", named("a", energy, volume)), "inputs[0]", "have several units: kWh, m3"),
        (draft("a + b", known, named("b", hourly), seconds=1800), "inputs[1]", "intervals of 3600 s do not"),
        (draft("a", known, seconds=2700), "interval", "2700 s divides neither an hour"),
        (draft("a", known, seconds=5 * 3600), "interval", "18000 s divides neither an hour"),
        (draft("a", known, unit="furlong"), "unit", "'furlong' is not a known unit"),
        (
            draft("a * f", known, Input(name="f", source=Source.FACTORS, factor_set_id=nobody)),
            "inputs[1].factor_set_id",
            f"factor set {nobody} does not exist",
        ),
        (
            draft("a", Input(name="a", source=Source.DERIVED, derived_series_id=nobody)),
            "inputs[0].derived_series_id",
            f"derived series {nobody} does not exist",
        ),
    ):
        with pytest.raises((InputRefused, FormulaRefused, InvalidField)) as caught:
            await cases.create(made, None, store_it=True)
        (violation,) = caught.value.violations
        assert violation.field == f"derived_series.{field}"
        assert said in violation.description
    assert not await cases.page(archived=True, after=None, limit=9)


async def test_daily_volumes_become_daily_energy(town, cases, views, intervals, factor_sets):
    """A gas meter that is read by the day: days of 23 and 24 hours are intervals."""
    starts = [day.start_ms for day in DAYS]
    series = await town.series(
        [n * 1_000_000 for n in range(1, 5)], starts, unit="m3", quantity="VOLUME", interval_seconds=86_400
    )
    hs = await gas(factor_sets, "hs", "kWh/m3", *((day.day, "10") for day in DAYS))
    made = await cases.create(draft("v * hs", named("v", series), hs), None, store_it=True)
    assert made.interval_seconds == 86_400
    found = await cases.evaluate(made.derived_series_id, await asked(views))
    assert [(one.start_ms, one.end_ms, one.micro) for one in found] == [
        (day.start_ms, day.end_ms, n * 10_000_000) for n, day in enumerate(DAYS, start=1)
    ]
    (march, _) = await cases.evaluate(made.derived_series_id, await asked(views, MONTH))
    assert (march.micro, march.expected, march.missing) == (60_000_000, 3, 0)


@pytest.mark.parametrize("hours", [2, 6, 12, 24])
async def test_long_intervals_begin_with_the_local_day(owner, views, intervals, cases, parts, hours):
    """A day of 23 hours ends with an interval that is an hour shorter."""
    made = draft("a", named("a", *parts[:2]), seconds=hours * 3600)
    _, found = await cases.preview(made, await asked(views))
    rows = await native(intervals, owner, parts[:2], (await asked(views)).wanted.watermark)
    expected = []
    for day in DAYS:
        starts = list(grid_of(day, hours * 3_600_000))
        for start, end in zip(starts, [*starts[1:], day.end_ms], strict=True):
            inside = [one.micro for (_, at), one in rows.items() if start <= at < end]
            expected.append((start, end, sum(inside)))
    assert [(one.start_ms, one.end_ms, one.micro) for one in found] == expected
    assert any(end - start < hours * 3_600_000 for start, end, _ in expected)
