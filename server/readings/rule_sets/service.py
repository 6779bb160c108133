"""``simba.readings.v1.RuleSetService``."""

from typing import Any

from server.platform.changing import patched
from server.platform.ids import parse_id
from server.platform.paging import Pages
from server.platform.wire import maybe_id, maybe_instant
from server.readings.errors import SubjectMissing
from server.readings.rule_sets.app import RuleSets
from server.readings.rule_sets.convert import (
    rule_set_of,
    target_of,
    wire_assignment,
    wire_catalogue,
    wire_resolution,
    wire_rule_set,
    wire_version,
)
from server.readings.rule_sets.domain import Target, TargetKind
from simba.readings.v1 import rule_set_service_pb2 as pb
from simba.readings.v1 import rule_set_service_pb2_grpc as rpc

_UPDATABLE = {"display_name", "description", "rules", "methods", "limits"}
_KEPT = ("number", "version_id", "effective_from", "created_by")


class RuleSetService(rpc.RuleSetServiceServicer):
    """Converts, calls, converts."""

    def __init__(self, rule_sets: RuleSets, pages: Pages) -> None:
        self._rule_sets = rule_sets
        self._pages = pages

    async def GetRuleCatalogue(
        self, request: pb.GetRuleCatalogueRequest, context: Any
    ) -> pb.GetRuleCatalogueResponse:
        """What there is."""
        return wire_catalogue()

    async def CreateRuleSet(self, request: pb.CreateRuleSetRequest, context: Any) -> pb.CreateRuleSetResponse:
        """Makes one."""
        start = maybe_instant("effective_from", request)
        draft = rule_set_of(request.rule_set)
        made = await self._rule_sets.create(draft, start, store_it=not request.validate_only)
        return pb.CreateRuleSetResponse(rule_set=wire_rule_set(made))

    async def GetRuleSet(self, request: pb.GetRuleSetRequest, context: Any) -> pb.GetRuleSetResponse:
        """One."""
        found = await self._rule_sets.get(parse_id("rule_set_id", request.rule_set_id))
        return pb.GetRuleSetResponse(rule_set=wire_rule_set(found))

    async def ListRuleSets(self, request: pb.ListRuleSetsRequest, context: Any) -> pb.ListRuleSetsResponse:
        """Many."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        rows = await self._rule_sets.page(archived=request.show_archived, after=page.after, limit=page.limit)
        rows, following = page.cut(rows, lambda row: (row.rule_set_id,))
        return pb.ListRuleSetsResponse(rule_sets=map(wire_rule_set, rows), next_page_token=following)

    async def UpdateRuleSet(self, request: pb.UpdateRuleSetRequest, context: Any) -> pb.UpdateRuleSetResponse:
        """Changes one."""
        patch = request.rule_set
        change = patched(
            "rule_set",
            patch,
            request.update_mask,
            _UPDATABLE,
            to_wire=wire_rule_set,
            from_wire=rule_set_of,
            keep=_KEPT,
        )
        changed = await self._rule_sets.update(
            parse_id("rule_set.rule_set_id", patch.rule_set_id),
            patch.etag,
            change,
            maybe_instant("effective_from", request),
            store_it=not request.validate_only,
        )
        return pb.UpdateRuleSetResponse(rule_set=wire_rule_set(changed))

    async def ArchiveRuleSet(
        self, request: pb.ArchiveRuleSetRequest, context: Any
    ) -> pb.ArchiveRuleSetResponse:
        """Archives one."""
        rule_set_id = parse_id("rule_set_id", request.rule_set_id)
        archived = await self._rule_sets.archive(rule_set_id, request.etag)
        return pb.ArchiveRuleSetResponse(rule_set=wire_rule_set(archived))

    async def ListRuleSetVersions(
        self, request: pb.ListRuleSetVersionsRequest, context: Any
    ) -> pb.ListRuleSetVersionsResponse:
        """Its versions."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        rows = await self._rule_sets.versions(
            parse_id("rule_set_id", request.rule_set_id),
            before=maybe_instant("end_time", request),
            after=page.after_value,
            limit=page.limit,
        )
        rows, following = page.cut(rows, lambda row: (row.number,))
        return pb.ListRuleSetVersionsResponse(versions=map(wire_version, rows), next_page_token=following)

    async def AssignRuleSet(self, request: pb.AssignRuleSetRequest, context: Any) -> pb.AssignRuleSetResponse:
        """Puts one into effect."""
        wanted = request.assignment
        made = await self._rule_sets.assign(
            parse_id("assignment.rule_set_id", wanted.rule_set_id),
            target_of("assignment.target", wanted.target),
            wanted.priority,
            maybe_instant("assignment.effective_from", wanted),
            maybe_instant("assignment.effective_to", wanted),
        )
        return pb.AssignRuleSetResponse(assignment=wire_assignment(made))

    async def ListRuleSetAssignments(
        self, request: pb.ListRuleSetAssignmentsRequest, context: Any
    ) -> pb.ListRuleSetAssignmentsResponse:
        """For whom they hold."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        rows = await self._rule_sets.assignments(
            rule_set_id=maybe_id("rule_set_id", request.rule_set_id),
            targets=_targets(request),
            at=maybe_instant("effective_time", request),
            after=page.after_value,
            limit=page.limit,
        )
        rows, following = page.cut(rows, lambda row: (row.assignment_id,))
        return pb.ListRuleSetAssignmentsResponse(
            assignments=map(wire_assignment, rows), next_page_token=following
        )

    async def RemoveRuleSetAssignment(
        self, request: pb.RemoveRuleSetAssignmentRequest, context: Any
    ) -> pb.RemoveRuleSetAssignmentResponse:
        """Ends one."""
        assignment_id = parse_id("assignment_id", request.assignment_id)
        ended = await self._rule_sets.remove(assignment_id, maybe_instant("effective_to", request))
        return pb.RemoveRuleSetAssignmentResponse(assignment=wire_assignment(ended))

    async def ResolveRuleSet(
        self, request: pb.ResolveRuleSetRequest, context: Any
    ) -> pb.ResolveRuleSetResponse:
        """What holds."""
        if not (request.series or request.usage_point_id):
            raise SubjectMissing("series", "usage_point_id")
        found = await self._rule_sets.explain(
            request.series,
            maybe_id("usage_point_id", request.usage_point_id),
            request.source,
            maybe_instant("time", request),
        )
        return wire_resolution(found.resolution, found.version)


def _targets(request: pb.ListRuleSetAssignmentsRequest) -> list[Target]:
    model = maybe_id("device_model_id", request.device_model_id)
    point = maybe_id("usage_point_id", request.usage_point_id)
    return [
        *([Target(TargetKind.MODEL, str(model))] if model else []),
        *([Target(TargetKind.USAGE_POINT, str(point))] if point else []),
    ]
