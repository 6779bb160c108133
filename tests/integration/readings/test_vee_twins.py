"""The SQL of a run and the pure rules agree on random days."""

from random import Random
from uuid import UUID

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.platform.ids import new_id
from server.readings.ingest.raw_store import Rows, raw_table
from server.readings.vee import pure
from server.readings.vee.run import prepared
from tests.support.vee_cases import Case, random_case

SERIES = 12


async def store_raw(platform, tenant: UUID, cases: list[Case]) -> None:
    """Puts the arrivals into ``raw_reading``, each with its own time of receipt and sequence."""
    groups: dict[tuple[int, int], list[tuple[int, int, int, int]]] = {}
    for case in cases:
        for channel, arrivals in case.arrivals.items():
            for one in arrivals:
                key = one.received, one.sequence
                groups.setdefault(key, []).append((channel, one.ms, one.micro, one.quality))
    for (received, sequence), rows in groups.items():
        columns = [np.array(column) for column in zip(*rows, strict=True)]
        made = Rows(
            "test",
            sequence,
            columns[0].astype(np.uint64),
            columns[1].astype(np.int64),
            columns[2].astype(np.int64),
            columns[3].astype(np.uint32),
        )
        await platform.store.insert("raw_reading", raw_table(tenant, [made], received))


def expected(cases: list[Case]) -> list[tuple]:
    return sorted(
        (case.scope.series, cell.start, *cell.final)
        for case in cases
        for cell in pure.run(case.scope, case.arrivals)
        if case.scope.out_first <= cell.day <= case.scope.out_last
    )


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**6))
@pytest.mark.timeout(120)
async def test_sql_and_pure_rules_agree(lone_platform, seed):
    random, tenant = Random(seed), new_id()
    cases = [random_case(random, number) for number in range(1, SERIES + 1)]
    await store_raw(lone_platform, tenant, cases)
    scopes = [case.scope for case in cases]
    async with prepared(lone_platform.store, tenant, new_id(), scopes) as run:
        await run.compute()
        found = await run.finals()
        assert [tuple(row) for row in found] == expected(cases)
        await run.store(1)
    # The same again has nothing new; and what is estimated now is not taken for measured.
    async with prepared(lone_platform.store, tenant, new_id(), scopes) as run:
        assert (await run.compute()).nothing_new
