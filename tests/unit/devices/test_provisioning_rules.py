"""How far a device is, after any reports in any order."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.devices.provisioning_rules import Report, Task, after, settled, silence, under_way, wait

NOW = datetime(2026, 3, 29, 0, 59, tzinfo=UTC)
LEASE = timedelta(seconds=30)
STATES = ("PROVISIONING", "ACTIVE", "FAILED", "REMOVED")


def a_task(**changed: object) -> Task:
    values = {
        "provisioning_task_id": UUID(int=1),
        "device_id": UUID(int=2),
        "kind": "METER",
        "adapter": "chirpstack",
        "address": "0" * 16,
        "former_addresses": ("1" * 16,),
        "device_model_id": None,
        "present": True,
        "desired": {},
        "generation": 3,
        "state": "PROVISIONING",
        "attempts": 1,
        "update_time": NOW,
        **changed,
    }
    return Task(**values)  # type: ignore[arg-type]


reports = st.builds(
    Report,
    generation=st.integers(1, 3),
    state=st.sampled_from(STATES),
    step=st.sampled_from(["", "device", "keys"]),
    retriable=st.booleans(),
    reason=st.just(""),
    description=st.text(max_size=5),
)


@given(st.booleans(), st.lists(reports, max_size=8))
def test_whatever_is_reported_something_is_due_as_long_as_something_is_to_be_done(present, given_reports):
    task = a_task(present=present, state=under_way(present=present), next_attempt_time=NOW)
    for report in given_reports:
        values = after(task, report, NOW, LEASE)
        if values is not None:
            known = {name: value for name, value in values.items() if name in Task.__dataclass_fields__}
            task = replace(task, **known)
        waiting = task.state in {"PROVISIONING", "REMOVING"}
        assert (task.next_attempt_time is not None) == waiting
        assert task.state in {under_way(present=present), settled(present=present), "FAILED"}


def test_the_present_generation_settles_and_forgets_former_addresses():
    values = after(a_task(), Report(generation=3, state="ACTIVE"), NOW, LEASE)
    assert values is not None
    assert (values["state"], values["step"], values["former_addresses"]) == ("ACTIVE", "done", [])


def test_a_straggler_of_the_past_that_comes_after_the_end_begins_the_present_anew():
    settled_task = a_task(present=False, state="REMOVED")
    values = after(settled_task, Report(generation=2, state="ACTIVE"), NOW, LEASE)
    assert values is not None
    assert (values["state"], values["attempts"]) == ("REMOVING", 0)
    assert after(settled_task, Report(generation=2, state="PROVISIONING"), NOW, LEASE) is None
    assert after(a_task(), Report(generation=2, state="ACTIVE"), NOW, LEASE) is None


def test_a_refusal_waits_for_people_and_an_absence_for_time():
    refused = after(a_task(), Report(generation=3, state="FAILED", description="no"), NOW, LEASE)
    away = after(a_task(attempts=3), Report(generation=3, state="FAILED", retriable=True), NOW, LEASE)
    assert refused is not None
    assert away is not None
    assert (refused["state"], refused["reason"], refused["next_attempt_time"]) == (
        "FAILED",
        "PROVISIONING_FAILED",
        None,
    )
    assert (away["state"], away["next_attempt_time"]) == ("PROVISIONING", NOW + timedelta(seconds=8))


@given(st.integers(0, 10_000))
def test_waits_grow_and_stay_bounded(attempts):
    assert timedelta(seconds=2) <= wait(attempts) <= wait(attempts + 1) <= timedelta(minutes=10)
    assert silence(LEASE, attempts) <= silence(LEASE, attempts + 1) <= timedelta(hours=1)


@pytest.mark.parametrize("told", [0, 1, 4])
def test_an_adapter_that_says_nothing_is_told_later_and_later(told):
    assert silence(LEASE, told) == LEASE * 2**told
