"""Where settings differ, what profiles make of them, and what cannot be one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.devices.configuration import (
    MOST_BYTES,
    Configuration,
    Drift,
    document,
    drifts,
    max_offset_ms,
    merged,
    read_document,
    report_seconds,
    same,
    wanted,
)
from server.platform.errors import InvalidArgument

dotless = st.text("abc", min_size=1, max_size=4)
settings = st.recursive(
    st.booleans() | st.text("xyz ü", max_size=9) | st.integers(-(10**6), 10**6),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(dotless, below, max_size=3),
    max_leaves=8,
)
objects = st.dictionaries(dotless, settings, max_size=4)


def test_every_difference_is_told_by_its_path():
    desired = {"a": {"b": 1, "c": [1, 2]}, "d": True, "e": None, "f": {"g": {"h": "x"}}, "same": 1}
    reported = {"a": {"b": 2, "c": [1]}, "d": 1, "f": 7, "same": 1.0, "more": 9}
    assert drifts(desired, reported) == (
        Drift("a.b", "1", "2"),
        Drift("a.c", "[1,2]", "[1]"),
        Drift("d", "true", "1"),
        Drift("f", '{"g":{"h":"x"}}', "7"),
    )
    assert drifts({"f": {"g": {"h": "x"}}}, {}) == (Drift("f.g.h", '"x"', ""),)


@given(objects, objects)
def test_drifted_is_that_there_are_drifts(desired, reported):
    assert Configuration(desired=desired, reported=reported).drifted == bool(drifts(desired, reported))
    assert not drifts(desired, {**reported, **desired})


@given(objects, objects)
def test_a_profile_is_in_what_it_was_merged_into(before, profile):
    after = merged(before, profile)
    assert not drifts(profile, after)
    assert same(merged(after, profile), after)
    assert all(same(after[name], before[name]) for name in before.keys() - profile.keys())


def test_null_in_a_profile_takes_a_setting_out():
    assert merged({"a": 1, "b": {"c": 1, "d": 2}}, {"a": None, "b": {"c": None}}) == {"b": {"d": 2}}


@given(objects)
def test_versions_count_changes_and_survive_the_store(desired):
    first = wanted("x", Configuration(), desired)
    assert first.desired_version == (1 if desired else 0)
    assert wanted("x", first, dict(desired)) is first
    assert read_document(document(first)) == first
    assert wanted("x", first, {**desired, "more": 1}).desired_version == first.desired_version + 1


@pytest.mark.parametrize(
    ("settings", "field", "rule"),
    [
        ({"a.b": 1}, "x", "settings.name"),
        ({"": 1}, "x", "settings.name"),
        ({"a": {"b": float("nan")}}, "x.a.b", "settings.finite"),
        ({"a": ["\0"]}, "x.a[0]", "settings.text"),
        ({"a": "y" * MOST_BYTES}, "x", "settings.size"),
        ({"clock": {"max_offset_ms": -1}}, "x.clock.max_offset_ms", "settings.known"),
        ({"clock": {"max_offset_ms": "much"}}, "x.clock.max_offset_ms", "settings.known"),
        ({"report": {"interval_seconds": 0.5}}, "x.report.interval_seconds", "settings.known"),
    ],
)
def test_what_no_setting_can_be_is_named(settings, field, rule):
    with pytest.raises(InvalidArgument) as raised:
        wanted("x", Configuration(), settings)
    assert [(one.field, one.rule) for one in raised.value.violations] == [(field, rule)]


def test_settings_may_be_deep_but_not_endless():
    deep: dict[str, object] = {}
    for _ in range(40):
        deep = {"a": deep}
    with pytest.raises(InvalidArgument) as raised:
        wanted("x", Configuration(), deep)
    assert raised.value.violations[0].rule == "settings.depth"


def test_the_server_goes_by_some_settings():
    assert max_offset_ms({}) == 30_000
    assert max_offset_ms({"clock": {"max_offset_ms": 500.0}}) == 500
    assert report_seconds({}) is None
    assert report_seconds({"report": {"interval_seconds": 900}}) == 900
