"""gRPC service of the audit."""

from typing import Any

from server.access.audit import Audit
from server.access.audit_convert import filter_of, wire_change, wire_verdict
from server.platform.caller import current_caller
from server.platform.ids import parse_id
from server.platform.paging import Pages
from simba.access.v1 import audit_service_pb2 as pb
from simba.access.v1.audit_service_pb2_grpc import AuditServiceServicer

Context = Any


class AuditServicer(AuditServiceServicer):
    """``simba.access.v1.AuditService``."""

    def __init__(self, audit: Audit, pages: Pages) -> None:
        self._audit = audit
        self._pages = pages

    async def ListChanges(self, request: pb.ListChangesRequest, context: Context) -> pb.ListChangesResponse:
        """A page of changes."""
        bound = (request, current_caller().tenant_id)
        page = self._pages.page(request.page_size, request.page_token, bound_to=bound)
        after: Any = page.after
        found = await self._audit.page(filter_of(request), after=after, limit=page.limit)
        rows, token = page.cut(found, lambda one: one.stored.key)
        return pb.ListChangesResponse(changes=[wire_change(one) for one in rows], next_page_token=token)

    async def GetChange(self, request: pb.GetChangeRequest, context: Context) -> pb.GetChangeResponse:
        """One change."""
        found = await self._audit.get(parse_id("change_id", request.change_id))
        return pb.GetChangeResponse(change=wire_change(found))

    async def VerifyChain(self, request: pb.VerifyChainRequest, context: Context) -> pb.VerifyChainResponse:
        """Whether the chain is whole."""
        return wire_verdict(await self._audit.verify(request.start_sequence, request.end_sequence))
