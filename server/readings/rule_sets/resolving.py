"""Which version of which rule set holds: for one series with the reason, for a million in columns. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from server.readings.domain import Int64s
from server.readings.rule_sets.domain import Assignment, Target, TargetKind
from server.readings.rule_sets.parameters import BUILT_IN_ID


@dataclass(frozen=True, slots=True)
class Keys:
    """What is known of series, in columns of equal length; nulls match nothing."""

    usage_point: pa.Array
    """fixed_size_binary(16) or binary: the bytes of the id."""
    model: pa.Array
    """Likewise, of the device model."""
    commodity: pa.Array
    """string: the name of a ``simba.common.v1.Commodity`` without its prefix."""
    source: pa.Array
    """string: who sends."""

    def of(self, kind: TargetKind) -> pa.Array:
        """The column that targets of a kind are matched with; the tenant has none."""
        return {
            TargetKind.USAGE_POINT: self.usage_point,
            TargetKind.MODEL: self.model,
            TargetKind.COMMODITY: self.commodity,
            TargetKind.SOURCE: self.source,
        }[kind]


@dataclass(frozen=True, slots=True)
class Effective:
    """From when on a version of a rule set holds."""

    version_id: int
    rule_set_id: UUID
    number: int
    effective_from: datetime


@dataclass(frozen=True, slots=True)
class Candidate:
    """An assignment that matches, and the version that its rule set has at the time."""

    assignment: Assignment
    version: Effective


@dataclass(frozen=True, slots=True)
class Resolution:
    """Which one holds, and what it was chosen from."""

    chosen: Candidate | None
    """None: the built-in set."""
    candidates: tuple[Candidate, ...]
    """All that match, the chosen one first."""

    @property
    def version_id(self) -> int:
        """Id of the version."""
        return BUILT_IN_ID if self.chosen is None else self.chosen.version.version_id


class Book:
    """All assignments of a tenant and the versions of their rule sets."""

    def __init__(self, assignments: Sequence[Assignment], versions: Sequence[Effective]) -> None:
        self._assignments = tuple(assignments)
        self._versions: dict[UUID, list[Effective]] = {}
        for one in sorted(versions, key=lambda one: (one.effective_from, one.number)):
            self._versions.setdefault(one.rule_set_id, []).append(one)

    def changes(self, start: datetime, end: datetime) -> list[datetime]:
        """The instants within ``(start, end)`` at which another version may begin to hold, in order."""
        edges = {one.effective_from for one in self._assignments}
        edges |= {one.effective_to for one in self._assignments if one.effective_to is not None}
        edges |= {one.effective_from for versions in self._versions.values() for one in versions}
        return sorted(one for one in edges if start < one < end)

    def at(self, at: datetime) -> "Resolver":
        """What holds at a time."""
        found = [
            Candidate(one, version)
            for one in self._assignments
            if one.holds(at) and (version := self._version_at(one.rule_set_id, at)) is not None
        ]
        return Resolver(sorted(found, key=_rank, reverse=True))

    def _version_at(self, rule_set_id: UUID, at: datetime) -> Effective | None:
        """The version that began last; of several that began together the newest."""
        begun = [one for one in self._versions.get(rule_set_id, ()) if one.effective_from <= at]
        return begun[-1] if begun else None


class Resolver:
    """What holds at one time. ``candidates`` are in order, the first that matches counts."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self._candidates = tuple(candidates)
        self._best: dict[TargetKind, dict[str, int]] = {kind: {} for kind in TargetKind}
        for one in self._candidates:
            target = one.assignment.target
            self._best[target.kind].setdefault(target.key, one.version.version_id)

    @property
    def version_ids(self) -> frozenset[int]:
        """All versions that may come out."""
        return frozenset({BUILT_IN_ID, *(one for best in self._best.values() for one in best.values())})

    def asks(self, kind: TargetKind) -> bool:
        """Whether anything is assigned to targets of a kind."""
        return bool(self._best[kind])

    def columns(self, keys: Keys) -> Int64s:
        """The id of the version of each series."""
        usual = self._best[TargetKind.TENANT].get("", BUILT_IN_ID)
        found = np.full(len(keys.commodity), usual, np.int64)
        for kind in sorted(TargetKind):
            best = self._best[kind]
            if kind is TargetKind.TENANT or not best:
                continue
            column = keys.of(kind)
            told = pa.array([_stored(kind, key) for key in best], column.type)
            places = pc.fill_null(pc.index_in(column, value_set=told, skip_nulls=True), -1).to_numpy(
                zero_copy_only=False
            )
            ids = np.fromiter(best.values(), np.int64, len(best))
            hit = places >= 0
            found[hit] = ids[places[hit]]
        return found

    def one(self, keys: Mapping[TargetKind, frozenset[str]]) -> Resolution:
        """What holds for one series; a kind may have several keys: meters of several models."""
        matching = tuple(
            one
            for one in self._candidates
            if one.assignment.target.kind is TargetKind.TENANT
            or one.assignment.target.key in keys.get(one.assignment.target.kind, frozenset())
        )
        return Resolution(matching[0] if matching else None, matching)


def _rank(one: Candidate) -> tuple[int, int, datetime, UUID]:
    """The larger the stronger: the more specific, then by priority, then the newer."""
    assignment = one.assignment
    return int(assignment.target.kind), assignment.priority, assignment.create_time, assignment.assignment_id


def _stored(kind: TargetKind, key: str) -> bytes | str:
    return UUID(key).bytes if kind in {TargetKind.MODEL, TargetKind.USAGE_POINT} else key


def target_text(target: Target) -> str:
    """A target in words."""
    words = {
        TargetKind.TENANT: "the tenant",
        TargetKind.COMMODITY: f"the commodity {target.key}",
        TargetKind.SOURCE: f"the source {target.key!r}",
        TargetKind.MODEL: f"the device model {target.key}",
        TargetKind.USAGE_POINT: f"the usage point {target.key}",
    }
    return words[target.kind]
