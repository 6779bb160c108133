from collections.abc import Iterator

import clickhouse_connect
import pytest
from clickhouse_connect.driver.client import Client

from tests.support.engines import Engines


@pytest.fixture
def url(engines: Engines) -> str:
    """A fresh ClickHouse database."""
    return engines.clickhouse_url()


@pytest.fixture
def client(url: str) -> Iterator[Client]:
    """clickhouse-connect as it comes: compression, sessions and all."""
    with clickhouse_connect.get_client(dsn=url) as made:
        yield made
