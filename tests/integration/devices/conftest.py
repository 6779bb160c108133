"""The inventory over gRPC."""

import grpc
import pytest

from tests.support.inventory import Inventory


@pytest.fixture
def inventory(channel: grpc.aio.Channel) -> Inventory:
    return Inventory(channel)
