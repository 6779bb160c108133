"""``simba.devices.v1.HierarchyService``."""

from typing import Any

from server.devices.convert_meter import node_of, wire_node
from server.devices.nodes import Nodes
from server.platform.changing import patched
from server.platform.ids import parse_id
from server.platform.paging import Pages
from server.platform.wire import enum_name, maybe_id
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

    async def GetNode(self, request: pb.GetNodeRequest, context: Any) -> pb.GetNodeResponse:
        """One."""
        found = await self._nodes.get(parse_id("node_id", request.node_id))
        return pb.GetNodeResponse(node=wire_node(found))

    async def ListNodes(self, request: pb.ListNodesRequest, context: Any) -> pb.ListNodesResponse:
        """Many."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        rows = await self._nodes.page(
            hierarchy=enum_name(node_pb2.Hierarchy, request.hierarchy),
            parent_id=maybe_id("parent_id", request.parent_id),
            kind=request.kind,
            code=request.code,
            archived=request.show_archived,
            after=page.after,
            limit=page.limit,
        )
        rows, following = page.cut(rows, lambda row: (row.node_id,))
        return pb.ListNodesResponse(nodes=[wire_node(row) for row in rows], next_page_token=following)

    async def UpdateNode(self, request: pb.UpdateNodeRequest, context: Any) -> pb.UpdateNodeResponse:
        """Changes one."""
        patch = request.node
        change = patched("node", patch, request.update_mask, _UPDATABLE, to_wire=wire_node, from_wire=node_of)
        changed = await self._nodes.update(parse_id("node.node_id", patch.node_id), patch.etag, change)
        return pb.UpdateNodeResponse(node=wire_node(changed))

    async def ArchiveNode(self, request: pb.ArchiveNodeRequest, context: Any) -> pb.ArchiveNodeResponse:
        """Archives one."""
        archived = await self._nodes.archive(parse_id("node_id", request.node_id), request.etag)
        return pb.ArchiveNodeResponse(node=wire_node(archived))
