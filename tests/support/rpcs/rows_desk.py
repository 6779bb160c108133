"""Rows of the work queue of validation, and of edits of readings."""

from datetime import timedelta
from itertools import count
from typing import Any

from tests.support.rpcs.rows import Fields, row, text
from tests.support.rpcs.rows_readings import HALF, VEE, findings, home
from tests.support.rpcs.world import World

EDITS = "readings.ReadingEditService"


def _reason() -> Fields:
    return {"reason_code": f"TABLE_{text().upper()}"}


def _keys(world: World) -> list[Any]:
    """Two findings that stay as they are."""
    found = world.do(f"{VEE}.ListVeeExceptions", **findings(world)).exceptions[:2]
    return [{"series": one.series, "day": one.day, "rule": one.rule} for one in found]


def _selection(world: World) -> Fields:
    return {"selection": {"keys": _keys(world)[:1]}}


@row(f"{VEE}.GetVeeExceptionSummary")
def summary(world: World) -> Fields:
    return findings(world)


@row(f"{VEE}.AssignVeeExceptions")
def an_assignment(world: World) -> Fields:
    return {**_reopened(world), "assignee": "principals/table"}


@row(f"{VEE}.ResolveVeeExceptions")
def a_resolution(world: World) -> Fields:
    return {**_reopened(world), **_reason()}


@row(f"{VEE}.AcceptVeeExceptions")
def an_acceptance(world: World) -> Fields:
    _alone(world)
    return {**_reopened(world), **_reason()}


@row(f"{VEE}.ReopenVeeExceptions")
def a_reopening(world: World) -> Fields:
    return _reopened(world)


def _reopened(world: World) -> Fields:
    world.do(f"{VEE}.ReopenVeeExceptions", **_selection(world))
    return _selection(world)


@row(f"{VEE}.ListVeeExceptionHistory")
def a_history(world: World) -> Fields:
    def three() -> Fields:
        (key, *_) = _keys(world)
        for name in ("anna", "bert", "cora"):
            world.do(f"{VEE}.ReopenVeeExceptions", selection={"keys": [key]})
            world.do(f"{VEE}.AssignVeeExceptions", selection={"keys": [key]}, assignee=name)
        return dict(key)

    return world.kept("history of a finding", three)


def _alone(world: World) -> None:
    """Edits need no second person, whatever was tried before."""
    world.do(f"{EDITS}.UpdateEditSettings", settings={"four_eyes": False})


def _set(world: World, value: str = "1.25") -> Fields:
    _alone(world)
    at = home(world).start + timedelta(days=20)
    return {"set": {"series": home(world).series, "values": [{"time": at, "value": value}]}, **_reason()}


@row(f"{EDITS}.EditReadings")
def an_edit(world: World) -> Fields:
    return _set(world)


@row(f"{EDITS}.EstimateReadings")
def an_estimate(world: World) -> Fields:
    _alone(world)
    start = home(world).start + timedelta(days=21)
    span = {"start": start, "end": start + 2 * HALF}
    return {"estimate": {"series": home(world).series, "period": span, "method": "E05"}, **_reason()}


_PLACES = count(1)


def _edited(world: World) -> Fields:
    at = home(world).start + timedelta(days=22) + next(_PLACES) * HALF
    wanted = {"series": home(world).series, "values": [{"time": at, "value": "1.5"}]}
    return {"edit_id": world.do(f"{EDITS}.EditReadings", set=wanted, **_reason()).edit.edit_id}


@row(f"{EDITS}.RevertEdit")
def a_revert(world: World) -> Fields:
    _alone(world)
    return _edited(world)


@row(f"{EDITS}.GetEdit")
def one_edit(world: World) -> Fields:
    return world.kept("an edit", lambda: _edited(world))


@row(f"{EDITS}.ListEdits")
def edits(world: World) -> Fields:
    world.kept("three edits", lambda: [_edited(world) for _ in range(3)])
    return {"series": home(world).series}


def _waiting(world: World) -> Fields:
    """An edit that waits for somebody else than the administrator."""
    world.do(f"{EDITS}.UpdateEditSettings", settings={"four_eyes": True})
    try:
        return _edited(world)
    finally:
        _alone(world)


@row(f"{EDITS}.ApproveEdit", f"{EDITS}.RejectEdit")
def a_decision(world: World) -> Fields:
    return _waiting(world)


@row(f"{EDITS}.GetEditSettings")
def settings(_: World) -> Fields:
    return {}


@row(f"{EDITS}.UpdateEditSettings")
def new_settings(_: World) -> Fields:
    return {"settings": {"four_eyes": next(_PLACES) % 2 == 0}}
