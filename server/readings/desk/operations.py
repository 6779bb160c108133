"""What edits make of values: pure functions over the values of one series as they stand.

Each takes the present values and returns which intervals it changes, as they are and as they shall be. What
cannot be is refused with InvalidArgument, which names field, value and rule.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from server.platform.errors import FieldViolation, InvalidField, refuse
from server.readings.calendar import HOUR_MS, LocalDay, from_ms
from server.readings.create import micro_of
from server.readings.desk.domain import Bools, Values
from server.readings.domain import Int64s, Quality, State, decimal_text
from server.readings.ingest.checks import RejectedRow
from server.readings.vee.rules import share_out

MOST_VALUES = 10_000
"""Intervals that one edit may change."""

FAULTS = Quality.QUESTIONABLE | Quality.SPIKE
"""Bits that a verified value does not have any more."""


@dataclass(frozen=True, slots=True)
class Change:
    """Intervals as they are, and as they shall be."""

    before: Values
    after: Values


def decimal_micro(field: str, text: str) -> int:
    """A decimal in micro. Raises InvalidField for text, for too many places, for what cannot be stored."""
    read = micro_of(0, text)
    if isinstance(read, RejectedRow):
        raise InvalidField(field, read.description, f"value.{read.reason.lower()}")
    return read


def set_values(field: str, present: Values, wanted: Sequence[tuple[int, str]]) -> Change:
    """Sets values; each time must be the start of an interval."""
    refuse(_bad_values(field, present, wanted))
    order = sorted(wanted)
    times = np.array([at for at, _ in order], np.int64)
    micro = np.array([decimal_micro(field, text) for _, text in order], np.int64)
    before = present.taken(np.searchsorted(present.ms, times))
    return Change(before, before.edited(micro))


def _bad_values(field: str, present: Values, wanted: Sequence[tuple[int, str]]) -> Iterator[FieldViolation]:
    starts = set(present.ms.tolist())
    seen: set[int] = set()
    for place, (at, text) in enumerate(wanted):
        where = f"{field}.values[{place}]"
        told = from_ms(at).isoformat()
        if at not in starts:
            yield FieldViolation(f"{where}.time", f"no interval begins at {told}", "interval.start")
        elif at in seen:
            yield FieldViolation(f"{where}.time", f"{told} is there twice", "interval.once")
        seen.add(at)
        read = micro_of(place, text)
        if isinstance(read, RejectedRow):
            yield FieldViolation(f"{where}.value", read.description, f"value.{read.reason.lower()}")


def scale(
    field: str, present: Values, total: int, *, only_estimated: bool = False, shown: str = ""
) -> Change:
    """Scales values so that all of the period add up to ``total`` micro, exactly.

    Shares are rounded down to a micro, the last interval takes what is left. What is missing stays missing.
    """
    chosen = ~present.missing
    if only_estimated:
        chosen &= _estimated(present)
    if not chosen.any():
        kind = "estimate or edit" if only_estimated else "value"
        raise InvalidField(f"{field}.period", f"there is no {kind} to scale", "scale.values")
    before = present.taken(chosen)
    fixed = present.total - before.total
    told = shown or decimal_text(total)
    if total < fixed or total < 0:
        least = decimal_text(max(fixed, 0))
        raise InvalidField(f"{field}.total", f"{told} is less than {least}, which stays", "scale.total")
    weights = before.micro.tolist()
    if min(weights) < 0:
        raise InvalidField(f"{field}.period", "negative values cannot be scaled", "scale.negative")
    shares = share_out(total - fixed, weights if any(weights) else [1] * len(weights))
    after = before.edited(np.array(shares, np.int64), quality=Quality.SCALED)
    return Change(before, replace(after, method=before.method))


def fitted(field: str, after: Values, rest: int, shown: str) -> Values:
    """Estimates scaled so that they add up to ``rest`` micro, exactly; flat where they are all nothing."""
    weights = after.micro.tolist()
    if rest < 0:
        told = f"{shown} is less than what the other values of the period add up to"
        raise InvalidField(f"{field}.total", told, "scale.total")
    if min(weights) < 0:
        raise InvalidField(f"{field}.method", "negative estimates cannot be scaled", "scale.negative")
    shares = share_out(rest, weights if any(weights) else [1] * len(weights))
    quality = (after.quality | np.uint32(Quality.SCALED)).astype(np.uint32)
    return replace(after, micro=np.array(shares, np.int64), quality=quality)


def _estimated(values: Values) -> Bools:
    return np.asarray((values.state == State.ESTIMATED) | (values.state == State.EDITED))


def copy_day(field: str, present: Values, day: LocalDay, source: Values, source_day: LocalDay) -> Change:
    """The values of one local day as those of another one, by the clock on the wall."""
    if not len(present):
        raise InvalidField(f"{field}.day", f"there are no intervals on {day.day}", "copy.day")
    places = _places(day, present, source_day, source)
    absent = places < 0
    if len(source):
        absent |= source.missing[np.maximum(places, 0)]
    if absent.any():
        at = from_ms(int(present.ms[absent][0])).isoformat()
        told = f"{source_day.day} has no value for {int(absent.sum())} intervals, the first one of {at}"
        raise InvalidField(f"{field}.source_day", told, "copy.source")
    after = present.edited(source.micro[places], quality=Quality.ESTIMATED_REFERENCE_DAY)
    return Change(present, after)


def _places(day: LocalDay, present: Values, source_day: LocalDay, source: Values) -> Int64s:
    """For each interval of the day its place in the source, -1 where there is none."""
    length = int(present.until[0] - present.ms[0])
    if length > HOUR_MS:
        # They begin with the day, whatever the clocks do.
        mine, theirs = present.ms - day.start_ms, source.ms - source_day.start_ms
        known = {(wall, 0): place for place, wall in enumerate(theirs.tolist())}
        return np.array([known.get((wall, 0), -1) for wall in mine.tolist()], np.int64)
    known = {key: place for place, key in enumerate(_clock(source_day, source.ms))}
    found = []
    for wall, turn in _clock(day, present.ms):
        # An hour that the source skipped is that after it; one that it had once only is taken again.
        tries = ((wall, turn), (wall, 0), (wall + max(source_day.delta_ms, 0), 0))
        found.append(next((known[one] for one in tries if one in known), -1))
    return np.array(found, np.int64)


def wall_of(day: LocalDay, ms: Int64s) -> Int64s:
    """Wall-clock times of instants within a day, milliseconds since midnight."""
    return np.asarray(day.base_ms + ms - day.start_ms + np.where(ms >= day.shift_ms, day.delta_ms, 0))


def _clock(day: LocalDay, ms: Int64s) -> list[tuple[int, int]]:
    """Wall-clock time, and whether it is the second time of it on the day."""
    turns = (ms >= day.shift_ms) & (wall_of(day, ms) < _shift_wall(day)) if day.delta_ms < 0 else ms < 0
    return list(zip(wall_of(day, ms).tolist(), turns.astype(int).tolist(), strict=True))


def _shift_wall(day: LocalDay) -> int:
    """The clock just before it is set back."""
    return day.base_ms + day.shift_ms - day.start_ms


def verify(field: str, present: Values) -> Change:
    """Values declared to be right: suspect ones are valid, estimates and edits stay what they are."""
    before = present.taken(~present.missing)
    if not len(before):
        raise InvalidField(f"{field}.period", "there is no value to verify", "verify.values")
    return Change(before, verified(before))


def verified(before: Values) -> Values:
    """The same values with the word of a person that they are right."""
    sure = (before.state == State.SUSPECT) | (before.state == State.VALIDATED)
    quality = before.quality & np.uint32(~int(FAULTS) & 0xFFFFFFFF) | np.uint32(Quality.VERIFIED)
    return replace(
        before,
        state=np.where(sure, State.VALIDATED, before.state).astype(np.uint8),
        quality=np.where(sure, quality | Quality.VALID, quality).astype(np.uint32),
        rule=np.where(sure, "", before.rule),
    )


def doubtful(values: Values) -> Bools:
    """What is missing, suspect or estimated, and nobody has verified."""
    open_states = (values.state == State.SUSPECT) | (values.state == State.ESTIMATED) | values.missing
    return np.asarray(open_states & ((values.quality & Quality.VERIFIED) == 0))


def day_named(field: str, text: str) -> date:
    """A local day from text. Raises InvalidField."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidField(field, f"{text!r} is not a day, YYYY-MM-DD", "day") from None
