"""Whether devices stand where they may: at places, and at parts of the network."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from server.devices.errors import NodeNotFound
from server.devices.stores import nodes
from server.devices.trees import hold
from server.platform.errors import InvalidField, SimbaError
from server.platform.resource_store import Archived
from server.platform.uow import Tx

_TREES = {"place_id": "PLACE", "grid_node_id": "GRID"}

Places = Mapping[str, UUID | None]
"""Node by field, ``place_id`` or ``grid_node_id``; None: it stands at none."""


async def refusals(tx: Tx, kind: str, wanted: Sequence[Places]) -> list[SimbaError | None]:
    """For each device why it cannot stand there, None: it can; one query for all of them.

    The error is NodeNotFound, Archived or InvalidArgument with the path ``<kind>.<field>``. The nodes cannot
    be archived before the transaction ends.
    """
    ids = {node_id for one in wanted for node_id in one.values() if node_id is not None}
    if not ids:
        return [None] * len(wanted)
    await hold(tx)
    known = {node.node_id: node for node in await nodes.of(tx, ids)}

    def refusal(places: Places) -> SimbaError | None:
        for field, node_id in places.items():
            if node_id is None:
                continue
            node = known.get(node_id)
            if node is None:
                return NodeNotFound(node_id)
            if node.stored.archived:
                return Archived("node", node_id)
            if node.hierarchy != _TREES[field]:
                what = f"{node_id} is of the hierarchy {node.hierarchy}, not {_TREES[field]}"
                return InvalidField(f"{kind}.{field}", what, f"{field}.hierarchy")
        return None

    return [refusal(one) for one in wanted]
