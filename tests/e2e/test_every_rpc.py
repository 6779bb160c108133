"""Every RPC of the contract, and what must be so of each: one table, through gRPC and through Envoy.

Rows are in ``tests/support/rpcs/rows*.py``, columns in ``cells.py``. Which cells there are the descriptors
say, so an RPC that is added without a row fails :func:`test_no_rpc_is_forgotten`.
"""

from collections.abc import Iterator

import httpx
import pytest

from tests.support.rpcs import all_rows
from tests.support.rpcs.cells import COLUMNS, Cell, columns_of
from tests.support.rpcs.contract import Method, method, methods
from tests.support.rpcs.rows import ROWS
from tests.support.rpcs.wire import GrpcWire, RestWire, Wire
from tests.support.rpcs.world import World, wrong_role
from tests.support.stack import RunningStack

all_rows()

EXCLUDED = {
    "readings.IngestService.IngestReadings": "a stream both ways; tests/integration/readings/test_ingest.py",
    "readings.ExchangeService.UploadImport": "a stream of a file; tests/integration/readings/test_imports.py",
    "devices.InventoryService.UploadInventoryImport": "a stream of a file; tests/integration/devices",
}
"""Methods without a row, and why. That they refuse strangers is tested all the same."""

WIRES = ("grpc", "rest")
_STREAM_COLUMNS = ("works", "no-credential", "wrong-role", "other-tenant", "unknown-id")


def cells() -> list[tuple[str, str, str]]:
    """Every (way in, method, column)."""
    return [
        (wire, one.name, column)
        for wire in WIRES
        for one in methods()
        if one.name not in EXCLUDED and one.reached_by(wire)
        for column in columns_of(one)
        if not one.server_streaming or column in _STREAM_COLUMNS
    ]


@pytest.fixture(scope="module")
def wires(stack: RunningStack, http: httpx.Client) -> Iterator[dict[str, Wire]]:
    grpc = GrpcWire(stack.endpoints["grpc"])
    with stack.http(key="") as rest:
        yield {"grpc": grpc, "rest": RestWire(rest)}
    grpc.close()


@pytest.fixture(scope="module")
def world(stack: RunningStack, wires: dict[str, Wire]) -> World:
    grpc = wires["grpc"]
    assert isinstance(grpc, GrpcWire)
    return World(grpc, stack.endpoints["api_key"])


def test_no_rpc_is_forgotten() -> None:
    """A new RPC needs a row, or a reason why it has none."""
    known = {one.name for one in methods()}
    assert known - ROWS.keys() - EXCLUDED.keys() == set()
    assert (ROWS.keys() | EXCLUDED.keys()) - known == set(), "rows of what is not in the contract"
    assert ROWS.keys() & EXCLUDED.keys() == set()


def test_every_rpc_names_its_permission() -> None:
    assert [one.name for one in methods() if not one.permission] == []


@pytest.mark.parametrize(("wire", "name", "column"), cells())
def test_cell(wires: dict[str, Wire], world: World, wire: str, name: str, column: str) -> None:
    check, _ = COLUMNS[column]
    check(Cell(world, wires[wire], method(name)))


@pytest.mark.parametrize("name", EXCLUDED)
def test_streams_refuse_strangers(wires: dict[str, Wire], world: World, name: str) -> None:
    asked: Method = method(name)
    grpc = wires["grpc"]
    assert grpc.call(asked, asked.request(), "").reason == "CREDENTIAL_MISSING"
    weak = world.key(wrong_role(asked))
    assert grpc.call(asked, asked.request(), weak).reason == "PERMISSION_MISSING"
