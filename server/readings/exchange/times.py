"""Texts to instants, in columns; local times over the changes of the clock."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from server.readings.exchange.numbers import cast_or_null

_WITH_OFFSET = r"([Zz]|[+-][0-9]{2}:?[0-9]{2})$"
_HOUR_MS = 3_600_000

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Instants:
    """Times of rows as instants, ms since 1970."""

    ms: Ints
    """Where a local time occurs twice: the first one."""
    known: Bools
    """Whether the text was a time."""
    twice: Bools
    """Whether the local time occurs twice, in the hour after summer time ends."""
    later_ms: Ints
    """The second one of those; elsewhere the same."""
    skipped: Bools
    """Whether the local time does not occur, in the hour that summer time skips; ``ms`` is then the same
    clock reading an hour on, as a clock that was not put forward would mean it."""


def instants_of(texts: pa.StringArray, *, time_zone: str, time_format: str) -> Instants:
    """Times with an offset as they are, others by the clock of the zone.

    ``time_format`` is a strptime pattern without offset; empty: ISO 8601, with a blank or a ``T``.
    """
    trimmed = pc.utf8_trim_whitespace(texts)
    if time_format:
        naive = pc.strptime(trimmed, time_format, "ms", error_is_null=True)
        return _local(naive, time_zone)
    has_offset = pc.match_substring_regex(trimmed, _WITH_OFFSET)
    nothing = pa.scalar(None, pa.string())
    absolute = cast_or_null(pc.if_else(has_offset, trimmed, nothing), pa.timestamp("ms", tz="UTC"))
    local = _local(cast_or_null(pc.if_else(has_offset, nothing, trimmed), pa.timestamp("ms")), time_zone)
    fixed = pc.is_valid(absolute).to_numpy(zero_copy_only=False)
    ms = np.where(fixed, _ints(absolute), local.ms)
    return Instants(
        ms=ms,
        known=fixed | local.known,
        twice=local.twice & ~fixed,
        later_ms=np.where(fixed, ms, local.later_ms),
        skipped=local.skipped & ~fixed,
    )


def _local(naive: pa.Array, time_zone: str) -> Instants:
    known = pc.is_valid(naive).to_numpy(zero_copy_only=False)
    early = pc.assume_timezone(naive, time_zone, ambiguous="earliest", nonexistent="earliest")
    late = pc.assume_timezone(naive, time_zone, ambiguous="latest", nonexistent="latest")
    first, second = _ints(early), _ints(late)
    # For a time that does not exist Arrow gives the last millisecond before the gap and the first after it.
    skipped = known & (second - first == 1)
    into_gap = (_ints(naive) - _ints(pc.local_timestamp(late))) % _HOUR_MS
    return Instants(
        ms=np.where(skipped, second + into_gap, first),
        known=known,
        twice=known & (second != first) & ~skipped,
        later_ms=np.where(skipped, second + into_gap, second),
        skipped=skipped,
    )


def _ints(times: pa.Array) -> Ints:
    filled = pc.fill_null(times.cast(pa.int64()), 0)
    return np.asarray(filled.to_numpy(zero_copy_only=False), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Held:
    """A row whose local time occurs twice: which one it is, only the order of the rows can tell."""

    line: int
    channel: int
    value: int
    text: str
    first_ms: int
    second_ms: int


class TwiceTold:
    """Rows of the hour that occurs twice, kept until the file is over."""

    def __init__(self) -> None:
        self._rows: dict[tuple[int, int], list[Held]] = defaultdict(list)

    def hold(self, row: Held) -> None:
        """Keeps a row."""
        self._rows[row.channel, row.first_ms].append(row)

    def __len__(self) -> int:
        return sum(map(len, self._rows.values()))

    def told(self) -> tuple[list[tuple[Held, int]], list[Held]]:
        """Rows with their instants, and rows whose instant the order does not tell, both in order of line.

        A local time that a channel has twice is first the earlier instant, then the later one. One that it
        has once, or more often, is not guessed.
        """
        clear: list[tuple[Held, int]] = []
        doubtful: list[Held] = []
        for rows in self._rows.values():
            if len(rows) == 2:  # noqa: PLR2004 - twice
                clear += [(rows[0], rows[0].first_ms), (rows[1], rows[1].second_ms)]
            else:
                doubtful += rows
        return (
            sorted(clear, key=lambda one: one[0].line),
            sorted(doubtful, key=lambda one: one.line),
        )
