"""Rule sets: the catalogue, what is refused, and which one holds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID, uuid4

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.platform.errors import InvalidArgument
from server.platform.ids import new_id
from server.readings.domain import Severity
from server.readings.rule_sets.catalogue import DEFAULTS, LIMITS, METHODS, RULES
from server.readings.rule_sets.checks import whole
from server.readings.rule_sets.convert import (
    reason_of,
    rule_set_of,
    target_of,
    wire_catalogue,
    wire_rule_set,
    wire_target,
)
from server.readings.rule_sets.domain import (
    ALWAYS,
    Assignment,
    Content,
    MethodStep,
    RuleSet,
    RuleSetting,
    Target,
    TargetKind,
    built_in_content,
)
from server.readings.rule_sets.parameters import BUILT_IN, parameters_of, table_of
from server.readings.rule_sets.resolving import Book, Effective, Keys
from server.readings.vee import rules
from server.readings.vee.ruling import knobs_of
from simba.readings.v1 import rule_set_pb2

NOW = datetime(2025, 3, 30, 1, tzinfo=UTC)


def test_the_catalogue_is_that_of_the_design():
    assert list(RULES) == [f"V{n:02d}" for n in range(1, 26)]
    assert list(METHODS) == [*(f"E{n:02d}" for n in range(1, 11)), "S"]
    assert [rule.id for rule in RULES.values() if not rule.enabled] == ["V14", "V16"]
    for parameter in (
        *(one for entry in (*RULES.values(), *METHODS.values()) for one in entry.parameters),
        *LIMITS.values(),
    ):
        assert parameter.description.endswith(".")
        assert parameter.shown(parameter.default_stored) == parameter.default


def test_the_catalogue_tells_what_is_applied():
    told = wire_catalogue()
    applied = {one.rule for one in told.rules if one.applied}
    assert applied == {"V01", "V02", *rules.RULES} < set(RULES)
    used = {one.method for one in told.methods if one.applied}
    assert used == {*rules.METHODS, "S"} < set(METHODS)
    for rule_id in rules.RULES:
        assert (rule_id in rules.DEFAULT.severities) is RULES[rule_id].enabled
        assert rule_id not in rules.Knobs(off=frozenset({rule_id})).severities


def test_rules_keep_the_names_and_severities_that_findings_have():
    for rule_id, rule in rules.RULES.items():
        assert (RULES[rule_id].severity, RULES[rule_id].on_fail) == (rule.severity, rule.on_fail)


def test_the_built_in_set_is_what_the_engine_has_always_done():
    assert BUILT_IN.id == 0
    assert knobs_of(BUILT_IN) == rules.DEFAULT
    assert (rules.DEFAULT.linear_ms, rules.DEFAULT.spike_per_mille) == (7_200_000, 1800)
    assert (rules.DEFAULT.reference_days, rules.DEFAULT.sum_per_mille) == (3, 5)
    assert rules.DEFAULT.dense_per_mille == 1500
    assert (BUILT_IN.v14_place, BUILT_IN.v16_place, BUILT_IN.v11_place) == (0, 0, 11)
    assert BUILT_IN.s_negative_allowed == 0
    with pytest.raises(AttributeError, match="v99_place"):
        _ = BUILT_IN.v99_place


def test_the_built_in_content_gives_the_built_in_parameters():
    assert parameters_of(0, built_in_content()) == BUILT_IN
    assert parameters_of(0, whole("rule_set", Content((), (), {}))) == BUILT_IN


def test_what_is_named_differs_and_the_rest_is_as_built_in():
    content = whole(
        "rule_set",
        Content(
            (
                RuleSetting("V11", True, Severity.TERMINATE, {"spike_per_cent": "99.5", "window": "whole"}),
                RuleSetting("V10", False, Severity.INFO, {}),
            ),
            (MethodStep("E05", {"reference_days": "5"}), MethodStep("S", {"mode": "boundary"})),
            {"storm_per_cent": "12.5"},
        ),
    )
    found = parameters_of(7, content)
    differing = {name for name in DEFAULTS if found[name] != BUILT_IN[name]}
    assert found.id == 7
    assert (found.v11_place, found.v10_place, found.v01_place) == (1, 0, 3)
    assert (found.v11_spike_per_mille, found.v11_window, found.v11_severity) == (995, 1, 3)
    assert (found.e05_place, found.e05_reference_days, found.s_place, found.s_mode) == (1, 5, 2, 1)
    assert [found[f"e{n:02d}_place"] for n in (1, 4, 6, 9, 10)] == [0] * 5
    assert found.storm_per_mille == 125
    assert "v12_low_per_mille" not in differing
    table = table_of([BUILT_IN, found])
    assert table.column_names[0] == "rule_set_version"
    assert set(table.schema.types) == {pa.int64()}
    assert table.column("v11_spike_per_mille").to_pylist() == [1800, 995]
    assert table.num_columns == 1 + len(DEFAULTS)


@pytest.mark.parametrize(
    ("content", "field", "rule", "value"),
    [
        (Content((RuleSetting("V99", True, Severity.INFO),), (), {}), "rules[0].rule", "rule.known", "V99"),
        (
            Content((RuleSetting("V11", True, Severity.INFO, {"spike_per_cent": "-1"}),), (), {}),
            "rules[0].parameters[spike_per_cent]",
            "V11.spike_per_cent",
            "-1 is not between 0 and 100000 %",
        ),
        (
            Content((RuleSetting("V11", True, Severity.INFO, {"spike_per_cent": "NaN"}),), (), {}),
            "rules[0].parameters[spike_per_cent]",
            "V11.spike_per_cent",
            "'NaN' is not a number",
        ),
        (
            Content((RuleSetting("V11", True, Severity.INFO, {"spike_per_cent": "0.05"}),), (), {}),
            "rules[0].parameters[spike_per_cent]",
            "V11.spike_per_cent",
            "finer than 0.1 %",
        ),
        (
            Content((RuleSetting("V11", True, Severity.INFO, {"spikes": "1"}),), (), {}),
            "rules[0].parameters[spikes]",
            "V11.known",
            "spikes",
        ),
        (
            Content((RuleSetting("V11", True, Severity.INFO, {"window": "week"}),), (), {}),
            "rules[0].parameters[window]",
            "V11.window",
            "none of day, whole",
        ),
        (
            Content((RuleSetting("V12", True, Severity.INFO, {"low": "3"}),), (), {}),
            "rules[0].parameters[low]",
            "V12.low",
            "low",
        ),
        (
            Content((RuleSetting("V05", True, Severity.INFO),) * 2, (), {}),
            "rules[1].rule",
            "rule.unique",
            "V05",
        ),
        (Content((), (MethodStep("E11"),), {}), "methods[0].method", "method.known", "E11"),
        (
            Content((), (MethodStep("S"), MethodStep("E04")), {}),
            "methods[0].method",
            "method.order",
            "last",
        ),
        (
            Content((), (MethodStep("E04", {"max_gap_minutes": "1e9"}),), {}),
            "methods[0].parameters[max_gap_minutes]",
            "E04.max_gap_minutes",
            "1440 min",
        ),
        (Content((), (), {"storms": "1"}), "limits[storms]", "limits.known", "storms"),
        (
            Content((), (), {"prolonged_days": "1.5"}),
            "limits[prolonged_days]",
            "limits.prolonged_days",
            "1.5 is finer than 1 d",
        ),
    ],
)
def test_what_is_wrong_is_named_with_field_value_and_rule(content, field, rule, value):
    with pytest.raises(InvalidArgument) as refused:
        whole("rule_set", content)
    (violation,) = refused.value.violations
    assert violation.field == f"rule_set.{field}"
    assert violation.rule == rule
    assert value in violation.description


def test_all_that_is_wrong_is_named_at_once():
    bad = Content((RuleSetting("V98", True, Severity.INFO),), (MethodStep("E12"),), {"x": "1"})
    with pytest.raises(InvalidArgument) as refused:
        whole("rule_set", bad)
    assert len(refused.value.violations) == 3


def test_absent_words_of_a_rule_mean_what_the_catalogue_says():
    wire = rule_set_pb2.RuleSet(
        display_name="x",
        rules=[
            rule_set_pb2.RuleSetting(rule="V14"),
            rule_set_pb2.RuleSetting(rule="V11"),
            rule_set_pb2.RuleSetting(rule="V13", enabled=False),
        ],
    )
    found = rule_set_of(wire).content.rules
    assert [one.enabled for one in found] == [False, True, False]
    assert [one.severity for one in found] == [RULES[one.rule].severity for one in found]


def test_the_wire_brings_back_what_went_onto_it():
    one = RuleSet(
        rule_set_id=new_id(), display_name="gas", description="d", content=whole("x", built_in_content())
    )
    assert rule_set_of(wire_rule_set(one)) == replace(one, stored=one.stored)
    for target in (
        Target(TargetKind.TENANT),
        Target(TargetKind.COMMODITY, "GAS"),
        Target(TargetKind.SOURCE, "hes-1"),
        Target(TargetKind.MODEL, str(uuid4())),
        Target(TargetKind.USAGE_POINT, str(uuid4())),
    ):
        assert target_of("target", wire_target(target)) == target


POINT, MODEL = uuid4(), uuid4()
KEYS = {
    TargetKind.USAGE_POINT: frozenset({str(POINT)}),
    TargetKind.MODEL: frozenset({str(MODEL)}),
    TargetKind.COMMODITY: frozenset({"GAS"}),
    TargetKind.SOURCE: frozenset({"hes"}),
}
TARGETS = [
    Target(TargetKind.TENANT),
    Target(TargetKind.COMMODITY, "GAS"),
    Target(TargetKind.SOURCE, "hes"),
    Target(TargetKind.MODEL, str(MODEL)),
    Target(TargetKind.USAGE_POINT, str(POINT)),
]


def assigned(rule_set_id: UUID, target: Target, priority: int = 0, start=ALWAYS, end=None, made=NOW):
    return Assignment(new_id(), rule_set_id, target, priority, start, end, "principals/x", made)


def effective(rule_set_id: UUID, version_id: int, number: int = 1, start=ALWAYS):
    return Effective(version_id, rule_set_id, number, start)


def test_nothing_assigned_is_the_built_in_set():
    found = Book([], []).at(NOW).one(KEYS)
    assert (found.version_id, found.chosen, found.candidates) == (0, None, ())
    assert reason_of(found) == "nothing is assigned: the built-in set"


@pytest.mark.parametrize("count", range(1, 6))
def test_the_most_specific_target_wins_whatever_the_priority(count):
    sets = [uuid4() for _ in TARGETS]
    book = Book(
        [assigned(sets[n], TARGETS[n], priority=100 - n) for n in range(count)],
        [effective(one, n + 1) for n, one in enumerate(sets)],
    )
    found = book.at(NOW).one(KEYS)
    assert found.version_id == count
    assert [one.version.version_id for one in found.candidates] == list(range(count, 0, -1))
    assert ("more specific" in reason_of(found)) == (count > 1)


def test_of_one_target_the_priority_decides_and_then_the_newer_one():
    low, high, later = uuid4(), uuid4(), uuid4()
    versions = [effective(low, 1), effective(high, 2), effective(later, 3)]
    first = [assigned(low, TARGETS[1], 1), assigned(high, TARGETS[1], 2)]
    found = Book(first, versions).at(NOW).one(KEYS)
    assert found.version_id == 2
    assert reason_of(found) == "assigned to the commodity GAS, with priority 2 before 1"
    second = [*first, assigned(later, TARGETS[1], 2, made=NOW + timedelta(seconds=1))]
    found = Book(second, versions).at(NOW).one(KEYS)
    assert found.version_id == 3
    assert "newer" in reason_of(found)


def test_times_are_half_open_and_versions_take_over_at_their_time():
    one = uuid4()
    hour = timedelta(hours=1)
    book = Book(
        [assigned(one, TARGETS[0], start=NOW, end=NOW + 10 * hour)],
        [
            effective(one, 1),
            effective(one, 2, 2, NOW + 4 * hour),
            # A correction of the second: of two that begin together the newer one holds.
            effective(one, 3, 3, NOW + 4 * hour),
            # Made last, for a time before: it does not reach beyond the beginning of the next.
            effective(one, 4, 4, NOW + 2 * hour),
        ],
    )
    at = [book.at(NOW + n * hour).one(KEYS).version_id for n in range(-1, 11)]
    assert at == [0, 1, 1, 4, 4, 3, 3, 3, 3, 3, 3, 0]
    assert book.changes(NOW, NOW + 10 * hour) == [NOW + 2 * hour, NOW + 4 * hour]


@given(st.integers(0, 10**6))
def test_columns_say_what_one_by_one_says(seed):
    random = Random(seed)
    points, models = [uuid4() for _ in range(4)], [uuid4() for _ in range(3)]
    commodities, sources = ["GAS", "HEAT", "ELECTRICITY"], ["a", "b"]
    choices = [
        Target(TargetKind.TENANT),
        *(Target(TargetKind.COMMODITY, one) for one in commodities),
        *(Target(TargetKind.SOURCE, one) for one in sources),
        *(Target(TargetKind.MODEL, str(one)) for one in models),
        *(Target(TargetKind.USAGE_POINT, str(one)) for one in points),
    ]
    sets = [uuid4() for _ in range(4)]
    book = Book(
        [
            assigned(random.choice(sets), random.choice(choices), random.randint(0, 2))
            for _ in range(random.randint(0, 8))
        ],
        [effective(one, n + 1) for n, one in enumerate(sets)],
    )
    rows = [
        (
            random.choice(points),
            random.choice([None, *models]),
            random.choice(commodities),
            random.choice([None, "", *sources]),
        )
        for _ in range(20)
    ]
    resolver = book.at(NOW)
    keys = Keys(
        pa.array([row[0].bytes for row in rows], pa.binary(16)),
        pa.array([None if row[1] is None else row[1].bytes for row in rows], pa.binary(16)),
        pa.array([row[2] for row in rows], pa.string()),
        pa.array([row[3] for row in rows], pa.string()),
    )
    found = resolver.columns(keys)
    assert found.dtype == np.int64
    one_by_one = [
        resolver.one(
            {
                TargetKind.USAGE_POINT: frozenset({str(point)}),
                TargetKind.MODEL: frozenset({str(model)} if model else ()),
                TargetKind.COMMODITY: frozenset({commodity}),
                TargetKind.SOURCE: frozenset({source} if source else ()),
            }
        ).version_id
        for point, model, commodity, source in rows
    ]
    assert found.tolist() == one_by_one
    assert set(one_by_one) <= resolver.version_ids


def test_a_million_series_are_resolved_in_columns():
    count = 1_000_000
    ids = np.random.default_rng(1).bytes(16 * count)
    points = pa.Array.from_buffers(pa.binary(16), count, [None, pa.py_buffer(ids)])
    chosen = UUID(bytes=ids[16 * 77 : 16 * 78])
    one, two = uuid4(), uuid4()
    book = Book(
        [
            assigned(one, Target(TargetKind.COMMODITY, "GAS")),
            assigned(two, Target(TargetKind.USAGE_POINT, str(chosen))),
        ],
        [effective(one, 11), effective(two, 12)],
    )
    commodity = pa.array(["GAS", "HEAT"] * (count // 2), pa.string())
    keys = Keys(points, pa.nulls(count, pa.binary(16)), commodity, pa.nulls(count, pa.string()))
    found = book.at(NOW).columns(keys)
    assert found[77] == 12
    assert np.count_nonzero(found == 11) == count // 2
    assert np.count_nonzero(found == 0) == count // 2 - 1
