"""Nodes on the wire and in the domain, both ways."""

from server.devices.convert_items import item_error
from server.devices.domain import Node
from server.devices.trees import Edge
from server.platform.errors import SimbaError
from server.platform.rpc.validation import item_invalid
from server.platform.wire import (
    enum_name,
    enum_value,
    maybe_id,
    maybe_instant,
    names_of,
    own_id,
    stamp,
    text_of,
    times,
    wire_names,
)
from simba.common.v1 import types_pb2
from simba.devices.v1 import hierarchy_service_pb2 as pb
from simba.devices.v1 import node_pb2


def node_of(wire: node_pb2.Node) -> Node:
    """A node as a caller gives it."""
    return Node(
        node_id=own_id("node.node_id", wire.node_id),
        hierarchy=enum_name(node_pb2.Hierarchy, wire.hierarchy),
        kind=wire.kind,
        code=wire.code,
        parent_id=maybe_id("node.parent_id", wire.parent_id),
        effective_from=maybe_instant("node.effective_from", wire),
        display_name=wire.display_name,
        external_ids=names_of(wire.external_ids),
        tags=dict(wire.tags),
    )


def node_of_item(wire: node_pb2.Node) -> Node | SimbaError:
    """A node of a batch, or why it is none."""
    try:
        return item_invalid(wire, "node") or node_of(wire)
    except SimbaError as refused:
        return refused


def wire_node(node: Node) -> node_pb2.Node:
    """A node on the wire."""
    return node_pb2.Node(
        node_id=str(node.node_id),
        hierarchy=enum_value(node_pb2.Hierarchy, node.hierarchy),
        kind=node.kind,
        parent_id=text_of(node.parent_id),
        code=node.code,
        display_name=node.display_name,
        external_ids=wire_names(node.external_ids),
        tags=node.tags,
        archived=node.stored.archived,
        effective_from=stamp(node.effective_from),
        ancestor_ids=[str(one) for one in node.ancestor_ids],
        **times(node.stored),
    )


def wire_node_item(place: int, outcome: Node | SimbaError) -> pb.BatchCreateNodesItem:
    """What became of one node of a batch."""
    if isinstance(outcome, SimbaError):
        return pb.BatchCreateNodesItem(error=item_error(outcome, f"nodes[{place}]"))
    return pb.BatchCreateNodesItem(node=wire_node(outcome))


def wire_parent(edge: Edge) -> pb.NodeParent:
    """Below what a node was for a while."""
    return pb.NodeParent(
        period=types_pb2.TimeInterval(start=stamp(edge.start), end=stamp(edge.end)),
        parent_id=text_of(edge.value),
    )
