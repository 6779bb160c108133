"""Rule sets in effect: what is assigned is what a day is validated under."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from server.readings.calendar import from_ms, grid_of, local_day
from server.readings.domain import Severity, State
from server.readings.final import interval_rows
from server.readings.rule_sets.app import RuleSets
from server.readings.rule_sets.domain import Content, RuleSet, Target, TargetKind, built_in_content
from server.readings.rule_sets.parameters import BUILT_IN
from server.readings.vee.explain import Explainer
from server.readings.vee.rules import DEFAULT
from server.readings.vee.ruling import Ruling, knobs_of
from server.readings.vee.scope import FOREVER
from tests.support.readings import block

HALF = 1_800_000
LONDON = "Europe/London"
SATURDAY, SUNDAY = date(2024, 10, 26), date(2024, 10, 27)
"""The second one has 25 hours."""


def starts(*days: date) -> list[int]:
    return [at for day in days for at in grid_of(local_day(LONDON, day), HALF)]


def content(**parameters: str) -> Content:
    """The built-in set with another limit of spikes, or without the rule."""
    usual = built_in_content()
    rules = []
    for one in usual.rules:
        if one.rule == "V11":
            told = {**one.parameters, **{k: v for k, v in parameters.items() if k == "spike_per_cent"}}
            rules.append(
                type(one)(one.rule, parameters.get("enabled", "yes") == "yes", Severity.TERMINATE, told)
            )
        else:
            rules.append(one)
    return Content(tuple(rules), usual.methods, usual.limits)


async def in_effect(
    platform, devices, target: Target, *, since=None, wanted: Content | None = None, **parameters: str
) -> None:
    sets = RuleSets(platform.uow, devices)
    draft = RuleSet(
        rule_set_id=UUID(int=len(parameters)),
        display_name=f"{target.key} {parameters} {since}",
        description="",
        content=wanted or content(**parameters),
    )
    made = await sets.create(draft, None, store_it=True)
    await sets.assign(made.rule_set_id, target, 0, since, None)


async def states(platform, owner, series) -> list[int]:
    rows = await platform.store.rows(
        f"SELECT state FROM {interval_rows()} ORDER BY ms",
        {"tenant": str(owner), "series": [series.series], "start": 0, "end": FOREVER, "watermark": 2**63},
    )
    return [state for (state,) in rows]


async def spiky(pipeline, owner, number, *days: date) -> None:
    """Days with one value that is five times the others."""
    values = [5_000_000 if n % 48 == 20 else 1_000_000 for n, _ in enumerate(starts(*days))]
    times = starts(*days)
    await pipeline.store(owner, block("his", 1, [number] * len(times), times, values))


def test_the_built_in_set_is_what_the_engine_does_by_itself():
    assert knobs_of(BUILT_IN) == DEFAULT


async def test_a_set_of_a_model_holds_for_its_meters_only(lone_platform, owner, devices, pipeline, runner):
    model = UUID(int=77)
    (ruled,), (other,) = devices.add(model_id=model), devices.add()
    first, second = devices.install(ruled), devices.install(other)
    await in_effect(lone_platform, devices, Target(TargetKind.MODEL, str(model)), spike_per_cent="900")
    await spiky(pipeline, owner, ruled, SUNDAY)
    await pipeline.store(owner, block("x", 2, [other] * 50, starts(SUNDAY), [9_000_000, *[1_000_000] * 49]))
    await runner.run_touched()
    assert await states(lone_platform, owner, first) == [State.VALIDATED] * 50
    assert (await states(lone_platform, owner, second)).count(State.SUSPECT) == 1


async def test_a_rule_that_is_off_finds_nothing_and_says_so(lone_platform, owner, devices, pipeline, runner):
    (number,) = devices.add()
    series = devices.install(number)
    target = Target(TargetKind.USAGE_POINT, str(series.usage_point_id))
    await in_effect(lone_platform, devices, target, enabled="no")
    await spiky(pipeline, owner, number, SUNDAY)
    await runner.run_touched()
    assert set(await states(lone_platform, owner, series)) == {State.VALIDATED}
    ruling = Ruling(RuleSets(lone_platform.uow, devices), devices, lone_platform.store)
    explainer = Explainer(lone_platform.store, devices, lone_platform.clock, ruling)
    told = await explainer.explain(owner, series.series, starts(SUNDAY)[20])
    (spike,) = [one for one in told.outcomes if one.rule == "V11"]
    assert (spike.applicable, "off in version" in spike.description) == (False, True)


async def test_a_day_is_validated_under_what_held_when_it_began(
    lone_platform, owner, devices, pipeline, runner
):
    (number,) = devices.add()
    series = devices.install(number)
    sunday = from_ms(local_day(LONDON, SUNDAY).start_ms)
    await in_effect(lone_platform, devices, Target(TargetKind.TENANT, ""), since=sunday, spike_per_cent="900")
    await spiky(pipeline, owner, number, SATURDAY, SUNDAY)
    await runner.run_touched()
    found = await states(lone_platform, owner, series)
    assert len(found) == 98
    assert [found[:48].count(State.SUSPECT), found[48:].count(State.SUSPECT)] == [1, 0]


async def test_a_set_of_a_source_holds_for_what_it_sent(lone_platform, owner, devices, pipeline, runner):
    (sent,), (imported,) = devices.add(), devices.add()
    first, second = devices.install(sent), devices.install(imported)
    await in_effect(lone_platform, devices, Target(TargetKind.SOURCE, "his"), spike_per_cent="900")
    await spiky(pipeline, owner, sent, SUNDAY)
    values = [5_000_000, *[1_000_000] * 49]
    await pipeline.store(owner, block("import:abc", 3, [imported] * 50, starts(SUNDAY), values))
    await runner.run_touched()
    assert State.SUSPECT not in await states(lone_platform, owner, first)
    assert State.SUSPECT in await states(lone_platform, owner, second)


async def test_the_severity_of_a_set_is_that_of_its_findings(lone_platform, owner, devices, pipeline, runner):
    (number,) = devices.add()
    series = devices.install(number)
    target = Target(TargetKind.COMMODITY, "ELECTRICITY")
    await in_effect(lone_platform, devices, target, spike_per_cent="100")
    await spiky(pipeline, owner, number, SUNDAY)
    await runner.run_touched()
    rows = await lone_platform.store.rows(
        "SELECT severity FROM vee_exception"
        " WHERE tenant_id = {t:UUID} AND series = {s:UInt64} AND rule = 'V11'",
        {"t": str(owner), "s": series.series},
    )
    assert [tuple(row) for row in rows] == [(Severity.TERMINATE,)]


async def found_by(platform, owner, series, *rules: str) -> list[tuple]:
    rows = await platform.store.rows(
        "SELECT toString(rule), cells, toString(observed), toString(bound) FROM vee_exception"
        " WHERE tenant_id = {t:UUID} AND series = {s:UInt64} AND rule IN {rules:Array(String)} ORDER BY rule",
        {"t": str(owner), "s": series.series, "rules": list(rules)},
    )
    return [tuple(row) for row in rows]


async def test_values_off_their_places_and_of_another_interval(
    lone_platform, owner, devices, pipeline, runner
):
    (late,), (halved,) = devices.add(), devices.add()
    first, second = devices.install(late), devices.install(halved)
    times = starts(SUNDAY)
    moved = [at + 300_000 * (n == 9) for n, at in enumerate(times)]
    await pipeline.store(owner, block("his", 1, [late] * 50, moved, [1_000_000] * 50))
    quarters = [at + part for at in times for part in (0, HALF // 2)]
    await pipeline.store(owner, block("his", 2, [halved] * 100, quarters, [1_000_000] * 100))
    await runner.run_touched()
    assert await found_by(lone_platform, owner, first, "V03", "V04") == [("V04", 1, "1", "0")]
    assert await found_by(lone_platform, owner, second, "V03", "V04") == [("V03", 50, "1", "0")]


async def test_steps_are_found_where_a_set_asks_for_them(lone_platform, owner, devices, pipeline, runner):
    (number,) = devices.add()
    series = devices.install(number)
    usual = built_in_content()
    on = tuple(replace(one, enabled=True) if one.rule == "V14" else one for one in usual.rules)
    await in_effect(lone_platform, devices, Target(TargetKind.TENANT), wanted=replace(usual, rules=on))
    values = [7_000_000 if n in {20, 21, 22} else 1_000_000 for n in range(50)]
    await pipeline.store(owner, block("his", 1, [number] * 50, starts(SUNDAY), values))
    await runner.run_touched()
    assert await found_by(lone_platform, owner, series, "V11", "V14") == [("V14", 1, "7", "6")]
    assert (await states(lone_platform, owner, series)).count(State.SUSPECT) == 1


async def test_what_a_service_lets_through_bounds_registers_and_intervals(
    lone_platform, owner, devices, pipeline, runner
):
    """6 kWh in an hour, times 2 before the multiplier: values of half an hour above 1.5 are too much."""
    (number,), (register,) = devices.add(), devices.add(kind="REGISTER", interval_seconds=None)
    series = devices.install(number, multiplier="2", capacity_micro=6_000_000)
    devices.install(register, series=series, multiplier="2", capacity_micro=6_000_000)
    values = [1_500_001 if n == 20 else 1_500_000 for n in range(50)]
    await pipeline.store(owner, block("his", 1, [number] * 50, starts(SUNDAY), values))
    await runner.run_touched()
    assert await found_by(lone_platform, owner, series, "V13") == [("V13", 1, "3.000002", "3")]
