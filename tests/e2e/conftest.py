"""The stack that most end-to-end tests share."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from simba_metering import SimbaClient
from tests.support.stack import RunningStack, running


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """One stack for the run; tests make things of their own in it."""
    with running(Path(tmp_path_factory.mktemp("stack")) / "data") as started:
        yield started


@pytest.fixture(scope="session")
def client(stack: RunningStack) -> Iterator[SimbaClient]:
    """The SDK at that stack."""
    with stack.client() as opened:
        yield opened


@pytest.fixture(scope="session")
def http(stack: RunningStack) -> Iterator[httpx.Client]:
    """Plain HTTP at that stack's edge."""
    with stack.http() as opened:
        yield opened
