"""Holding counts by day against rules: in the worst week, or in the whole period."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from server.readings.calendar import DAY_MS
from server.readings.domain import Int64s
from server.readings.supply_quality.domain import Check, Doubt, Measured, Rule, Span, Verdict

COVERAGE = 0.9
"""Share of the expected values below which a verdict is an indication only."""
_CLOCK_CHANGE_MS = 3_600_000


def check(rule: Rule, days: Sequence[date], counts: Int64s, within: Int64s, doubts: Sequence[Doubt]) -> Check:
    """How a rule was kept on some local days that follow one another.

    ``counts`` are the means of each day, ``within`` those of them within the rule's bounds. A rule about each
    week is held against every seven days that follow one another, and fails when any of them does.
    """
    length = min(rule.span_days, len(days)) if rule.span_days else len(days)
    total, kept = _sums(counts, length), _sums(within, length)
    shares = np.divide(kept, total, out=np.full(len(total), 2.0), where=total > 0)
    worst = int(shares.argmin()) if len(shares) else 0
    empty = not len(shares) or shares[worst] > 1
    # Whole numbers are compared: a share of exactly what is required is enough.
    failed = not empty and int(kept[worst]) < rule.share * int(total[worst]) - 1e-9
    verdict = Verdict.NO_DATA if empty else Verdict.NOT_COMPLIANT if failed else Verdict.COMPLIANT
    return Check(
        rule=rule,
        share=0.0 if empty else float(shares[worst]),
        count=int(counts.sum()),
        outside=int(counts.sum() - within.sum()),
        worst=None if empty else days[worst],
        span_days=length,
        verdict=verdict,
        doubts=tuple(doubts),
    )


def _sums(counts: Int64s, length: int) -> Int64s:
    """Sums over each ``length`` numbers that follow one another."""
    upto = np.concatenate(([0], np.cumsum(counts)))
    return upto[length:] - upto[: len(upto) - length]


def doubts_of(measured: Measured, rule: Rule, period: Span, count: int, expected: int) -> list[Doubt]:
    """Why a verdict about a channel proves nothing."""
    found = []
    if rule.least_days and not measured.mean_ms:
        found.append(Doubt.INTERVAL_TOO_COARSE)
    # A week with a change to summer time is an hour shorter.
    if period.length < rule.least_days * DAY_MS - _CLOCK_CHANGE_MS:
        found.append(Doubt.PERIOD_TOO_SHORT)
    if not measured.interval_ms:
        found.append(Doubt.INTERVAL_UNKNOWN)
    elif count < COVERAGE * expected:
        found.append(Doubt.COVERAGE_LOW)
    return found
