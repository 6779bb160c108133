"""Random series for validation: every kind of channel, gap, fault, exchange and clock change."""

from dataclasses import dataclass
from datetime import date
from random import Random
from uuid import UUID

from server.readings.calendar import grid_of
from server.readings.vee.pure import Arrival
from server.readings.vee.rules import DEFAULT, METHODS, NANO, Knobs, Scaling
from server.readings.vee.scope import FOREVER, Feed, SeriesScope, day_at, number_of

HOUR = 3_600_000
DAY = 24 * HOUR
RECEIVED = 1_700_000_000_000
ZONES = ("Europe/London", "Asia/Kolkata", "America/Sao_Paulo", "UTC", "Australia/Lord_Howe")
FIRST_DAYS = (date(2013, 3, 29), date(2013, 10, 25), date(2013, 10, 18), date(2013, 6, 3))
"""Some weeks over both clock changes of Europe, and one without."""


@dataclass(frozen=True, slots=True)
class Case:
    """A series and what its channels gave."""

    scope: SeriesScope
    arrivals: dict[int, list[Arrival]]


def random_knobs(random: Random, number: int) -> Knobs:
    """A random rule set; a third are the built-in one."""
    if random.random() < 0.34:
        return DEFAULT
    return Knobs(
        rule_set_version=number,
        off=frozenset(rule for rule in ("V07", "V08", "V10", "V11", "V13", "V14") if random.random() < 0.15),
        graver=tuple((rule, 3) for rule in ("V06", "V11") if random.random() < 0.2),
        methods=tuple(random.sample(sorted(METHODS), random.randint(0, len(METHODS)))),
        linear_ms=random.choice((0, HOUR, 6 * HOUR)),
        outage_end_point=random.random() < 0.5,
        reference_days=random.choice((1, 3)),
        reach_days=random.choice((7, 91)),
        last_year=random.random() < 0.5,
        average_days=random.choice((2, 30)),
        scaling=random.choice((Scaling.NONE, Scaling.BOUNDARY, Scaling.PARTIAL)),
        negative_scaling=random.random() < 0.5,
        longest_ms=random.choice((5 * HOUR, 60 * DAY)),
        dense_per_mille=random.choice((1000, 1500, 4000)),
        step_per_mille=random.choice((0, 2000, 5000)),
        replace_least=random.choice((0, 0, 1000)),
        replace_per_mille=random.choice((0, 0, 500)),
        spike_per_mille=random.choice((500, 1800, 1_000_000)),
        spike_least=random.choice((3, 20, 60)),
        spike_whole=random.random() < 0.2,
        sum_per_mille=random.choice((0, 5, 200)),
        sum_least_per_mille=random.choice((0, 1000, 10_000)),
        tolerance_per_mille=random.choice((0, 10, 500)),
        tolerance_cap_ms=random.choice((10_000, 60_000, 900_000)),
        rollover_per_mille=random.choice((1, 100, 900)),
        negative_tolerance=random.choice((0, 0, 200_000)),
        limit_per_mille=random.choice((500, 1000, 3000)),
        outage_is_valid=random.random() < 0.5,
    )


def random_case(random: Random, number: int) -> Case:
    """One random series; its channels are numbered from ten times its number on."""
    return _Maker(random, number).case()


class _Maker:
    def __init__(self, random: Random, number: int) -> None:
        self.random = random
        self.number = number
        self.tz = random.choice(ZONES)
        self.interval = random.choice((1_800_000, HOUR, 900_000, DAY))
        self.first = number_of(random.choice(FIRST_DAYS))
        days = random.randint(0, 6 if self.interval == 900_000 else 26)
        self.last = self.first + days
        self.start = day_at(self.tz, self.first).start_ms
        self.end = day_at(self.tz, self.last).end_ms
        self.cut = random.choice((None, self.start + (self.end - self.start) // 2000 * 1000))
        self.multiplier = random.choice((NANO, 40 * NANO, 333_333_333, 1_500_000_000))
        self.bound = random.choice((None, None, 10_000_000 if self.interval == DAY else 3_000_000))
        self.negative_allowed = random.random() < 0.15
        self.feeds: list[Feed] = []
        self.arrivals: dict[int, list[Arrival]] = {}

    def case(self) -> Case:
        mode = self.random.choice(("intervals", "registers", "both"))
        if mode != "registers":
            self._intervals()
        if mode != "intervals":
            self._registers()
        out_first = min(self.last, self.first + self.random.randint(0, 2))
        scope = SeriesScope(
            self.number,
            UUID(int=self.number),
            self.tz,
            self.interval,
            self.first,
            self.last,
            out_first,
            max(out_first, self.last - self.random.randint(0, 2)),
            self.start + self.random.choice((0, 0, 7_000_000)),
            self.end - self.random.choice((0, 0, 9_000_000)),
            tuple(self.feeds),
        )
        return Case(scope.ruled(random_knobs(self.random, self.number)), self.arrivals)

    def _feeds(self, channel: int, *, register: bool, modulus: int = 0) -> set[int]:
        """One installation, or two: a change of the multiplier, or of the meter."""
        early = self.start - 10**9

        def feed(number: int, tenure: tuple[int, int], valid: tuple[int, int], multiplier: int) -> Feed:
            return Feed(
                number, register, *tenure, *valid, multiplier, modulus, self.bound, self.negative_allowed
            )

        if self.cut is None:
            made = [feed(channel, (early, FOREVER), (early, FOREVER), self.multiplier)]
        elif self.random.random() < 0.5:
            made = [
                feed(channel, (early, FOREVER), (early, self.cut), self.multiplier),
                feed(channel, (early, FOREVER), (self.cut, FOREVER), self.multiplier * 2),
            ]
        else:
            made = [
                feed(channel, (early, self.cut), (early, self.cut), self.multiplier),
                feed(channel + 5, (self.cut, FOREVER), (self.cut, FOREVER), self.multiplier),
            ]
        self.feeds += made
        return {one.channel for one in made}

    def _intervals(self) -> None:
        grid = [
            start
            for number in range(self.first, self.last + 1)
            for start in grid_of(day_at(self.tz, number), self.interval)
        ]
        for channel in sorted(self._feeds(self.number * 10 + 1, register=False)):
            self.arrivals[channel] = self._interval_arrivals(grid)

    def _interval_arrivals(self, grid: list[int]) -> list[Arrival]:
        random, found, place = self.random, [], 0
        while place < len(grid):
            if random.random() < 0.03:
                place += random.choice((1, 2, 3, 5, 30, 60))
                continue
            value = int(random.gammavariate(2, 0.15) * 1000) * 1000
            value *= random.choices((1, -1, 30), (0.99, 0.005, 0.005))[0]
            at = grid[place] + random.choices((0, -20_000, 5_000, 700_000, 59_000), (96, 1, 1, 1, 1))[0]
            quality = random.choice([0] * 60 + [512, 2048, 131_072, 16_384])
            found.append(self._arrival(at, value, quality))
            if random.random() < 0.02:
                found.append(self._arrival(at, value + random.choice((0, 0, 1000)), 0))
            place += 1
        return found

    def _registers(self) -> None:
        dials = self.random.choice((0, 0, 5, 3))
        modulus = 10**dials * 10**6 if dials else 0
        for channel in sorted(self._feeds(self.number * 10 + 2, register=True, modulus=modulus)):
            self.arrivals[channel] = self._register_arrivals(modulus)

    def _register_arrivals(self, modulus: int) -> list[Arrival]:
        random, found = self.random, []
        register = random.randint(0, modulus - 1 if modulus else 10**6)
        step = random.choice(
            (self.interval, self.interval, self.interval // 2, self.interval * 3, DAY, 7 * DAY)
        )
        jitter = random.choice((0, 0, 20_000, 600_000))
        due = read = self.start - random.choice((0, HOUR))
        while due <= self.end:
            if random.random() < 0.93:
                at = due + random.randint(0, jitter)
                register += int((at - read) / HOUR * random.uniform(0.1, 1.5) * 10**6)
                read = at
                if random.random() < 0.01:
                    register = random.randint(0, 5 * 10**6)
                if modulus:
                    register %= modulus
                shown = register
                if random.random() < 0.01:
                    shown = random.choice((0, register + 10**9, max(0, register - 10**7)))
                found.append(self._arrival(at, shown, random.choice([0] * 30 + [512])))
                if random.random() < 0.03:
                    found.append(self._arrival(at, shown + random.choice((0, 1)), 0))
            due += step
        return found

    def _arrival(self, at: int, micro: int, quality: int) -> Arrival:
        random = self.random
        return Arrival(at, micro, quality, RECEIVED + random.randint(0, 3), random.randint(0, 5))
