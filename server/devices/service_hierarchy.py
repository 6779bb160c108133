"""``simba.devices.v1.HierarchyService``."""

from typing import Any

from server.devices.convert_node import node_of, node_of_item, wire_node, wire_node_item, wire_parent
from server.devices.nodes import NodeFilter, Nodes
from server.devices.outcomes import good
from server.platform.changing import patched
from server.platform.ids import parse_id
from server.platform.paging import Pages
from server.platform.wire import (
    enum_name,
    instant,
    maybe_id,
    maybe_instant,
    name_filter,
)
from simba.devices.v1 import hierarchy_service_pb2 as pb
from simba.devices.v1 import hierarchy_service_pb2_grpc as rpc
from simba.devices.v1 import node_pb2

_UPDATABLE = {"kind", "parent_id", "code", "display_name", "external_ids", "tags"}


class HierarchyServicer(rpc.HierarchyServiceServicer):
    """Converts, calls, converts."""

    def __init__(self, nodes: Nodes, pages: Pages) -> None:
        self._nodes = nodes
        self._pages = pages

    async def CreateNode(self, request: pb.CreateNodeRequest, context: Any) -> pb.CreateNodeResponse:
        """Makes one."""
        made = await self._nodes.create(node_of(request.node))
        return pb.CreateNodeResponse(node=wire_node(made))

    async def BatchCreateNodes(
        self, request: pb.BatchCreateNodesRequest, context: Any
    ) -> pb.BatchCreateNodesResponse:
        """Makes many."""
        given = [node_of_item(one) for one in request.nodes]
        outcome = await self._nodes.create_batch(given, validate_only=request.validate_only)
        return pb.BatchCreateNodesResponse(
            items=[wire_node_item(place, one) for place, one in enumerate(outcome)],
            created=0 if request.validate_only else len(good(outcome)),
        )

    async def GetNode(self, request: pb.GetNodeRequest, context: Any) -> pb.GetNodeResponse:
        """One."""
        found = await self._nodes.get(parse_id("node_id", request.node_id), maybe_instant("as_of", request))
        return pb.GetNodeResponse(node=wire_node(found))

    async def ListNodes(self, request: pb.ListNodesRequest, context: Any) -> pb.ListNodesResponse:
        """Many."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        rows = await self._nodes.page(_filter(request), after=page.after, limit=page.limit)
        rows, following = page.cut(rows, lambda row: (row.node_id,))
        return pb.ListNodesResponse(nodes=[wire_node(row) for row in rows], next_page_token=following)

    async def UpdateNode(self, request: pb.UpdateNodeRequest, context: Any) -> pb.UpdateNodeResponse:
        """Changes one."""
        patch = request.node
        change = patched("node", patch, request.update_mask, _UPDATABLE, to_wire=wire_node, from_wire=node_of)
        changed = await self._nodes.update(parse_id("node.node_id", patch.node_id), patch.etag, change)
        return pb.UpdateNodeResponse(node=wire_node(changed))

    async def MoveNode(self, request: pb.MoveNodeRequest, context: Any) -> pb.MoveNodeResponse:
        """Puts one under another one."""
        moved = await self._nodes.move(
            parse_id("node_id", request.node_id),
            maybe_id("parent_id", request.parent_id),
            instant("effective_from", request.effective_from),
            request.etag,
        )
        return pb.MoveNodeResponse(node=wire_node(moved))

    async def ListNodeParents(
        self, request: pb.ListNodeParentsRequest, context: Any
    ) -> pb.ListNodeParentsResponse:
        """Under what one has been."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        rows = await self._nodes.parents(
            parse_id("node_id", request.node_id), before=page.after_value, limit=page.limit
        )
        rows, following = page.cut(rows, lambda row: (row.start,))
        return pb.ListNodeParentsResponse(
            node_parents=[wire_parent(row) for row in rows], next_page_token=following
        )

    async def ArchiveNode(self, request: pb.ArchiveNodeRequest, context: Any) -> pb.ArchiveNodeResponse:
        """Archives one."""
        archived = await self._nodes.archive(parse_id("node_id", request.node_id), request.etag)
        return pb.ArchiveNodeResponse(node=wire_node(archived))

    async def UndeleteNode(self, request: pb.UndeleteNodeRequest, context: Any) -> pb.UndeleteNodeResponse:
        """Brings one back."""
        back = await self._nodes.undelete(parse_id("node_id", request.node_id), request.etag)
        return pb.UndeleteNodeResponse(node=wire_node(back))


def _filter(request: pb.ListNodesRequest) -> NodeFilter:
    return NodeFilter(
        hierarchy=enum_name(node_pb2.Hierarchy, request.hierarchy),
        parent_id=maybe_id("parent_id", request.parent_id),
        under_id=maybe_id("under_id", request.under_id),
        roots_only=request.roots_only,
        kind=request.kind,
        code=request.code,
        external_id=name_filter(request),
        tag=(request.tag.key, request.tag.value) if request.HasField("tag") else None,
        as_of=maybe_instant("as_of", request),
        archived=request.show_archived,
    )
