"""The methods of ``simba.readings.v1.VeeService`` that are about the work queue."""

from typing import Any

from server.platform.paging import Pages
from server.platform.wire import maybe_id, maybe_instant
from server.readings.apart import apart
from server.readings.calendar import to_ms
from server.readings.desk.convert_queue import (
    change_message,
    day_of_wire,
    filter_of,
    key_of_wire,
    queued_message,
    wire_key,
)
from server.readings.desk.domain import QueueFilter, QueueState
from server.readings.desk.queue import Outcome, Queue, Selection, key_of
from simba.readings.v1 import vee_service_pb2 as pb

_DIMENSIONS = {
    pb.VEE_SUMMARY_DIMENSION_RULE: "rule",
    pb.VEE_SUMMARY_DIMENSION_SEVERITY: "severity",
    pb.VEE_SUMMARY_DIMENSION_STATE: "state",
    pb.VEE_SUMMARY_DIMENSION_DAY: "day",
}
_USUAL = frozenset({"rule", "severity", "state"})


class QueueMethods:
    """Converts, calls, converts; for a servicer to inherit."""

    def __init__(self, queue: Queue, pages: Pages) -> None:
        self._queue = queue
        self._pages = pages

    async def ListVeeExceptions(
        self, request: pb.ListVeeExceptionsRequest, context: Any
    ) -> pb.ListVeeExceptionsResponse:
        """What was found, and where it stands."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        after: Any = page.after
        found = await self._queue.page(filter_of(request), after=after, limit=page.limit)
        found, following = page.cut(found, lambda one: key_of(one.finding))
        return pb.ListVeeExceptionsResponse(exceptions=map(queued_message, found), next_page_token=following)

    async def GetVeeExceptionSummary(
        self, request: pb.GetVeeExceptionSummaryRequest, context: Any
    ) -> pb.GetVeeExceptionSummaryResponse:
        """How many there are."""
        start, end = maybe_instant("start_time", request), maybe_instant("end_time", request)
        wanted = QueueFilter(
            usage_point_id=maybe_id("usage_point_id", request.usage_point_id),
            start_ms=None if start is None else to_ms(start),
            end_ms=None if end is None else to_ms(end),
        )
        by = frozenset(_DIMENSIONS[one] for one in request.dimensions if one in _DIMENSIONS) or _USUAL
        counts, total = await self._queue.summary(wanted, by)
        return pb.GetVeeExceptionSummaryResponse(
            counts=[
                pb.VeeExceptionCount(
                    rule=one.rule,
                    severity=pb.VeeSeverity.ValueType(one.severity),
                    state=pb.VeeExceptionState.ValueType(one.state),
                    day=one.day,
                    count=one.count,
                )
                for one in counts
            ],
            total=total,
        )

    async def AssignVeeExceptions(
        self, request: pb.AssignVeeExceptionsRequest, context: Any
    ) -> pb.AssignVeeExceptionsResponse:
        """Gives them to somebody."""
        outcome = await self._queue.assign(_selection(request.selection), request.assignee, request.note)
        return pb.AssignVeeExceptionsResponse(outcome=_outcome(outcome))

    async def ResolveVeeExceptions(
        self, request: pb.ResolveVeeExceptionsRequest, context: Any
    ) -> pb.ResolveVeeExceptionsResponse:
        """Settles them."""
        state = QueueState(request.state) if request.state else QueueState.RESOLVED
        outcome = await self._queue.resolve(
            _selection(request.selection), state, request.reason_code, request.note
        )
        return pb.ResolveVeeExceptionsResponse(outcome=_outcome(outcome))

    async def AcceptVeeExceptions(
        self, request: pb.AcceptVeeExceptionsRequest, context: Any
    ) -> pb.AcceptVeeExceptionsResponse:
        """Settles them by verifying their values."""
        selection = _selection(request.selection)
        outcome = await apart(lambda: self._queue.accept(selection, request.reason_code, request.note))
        return pb.AcceptVeeExceptionsResponse(
            outcome=_outcome(outcome), edit_ids=map(str, outcome.edit_ids), pending=outcome.pending
        )

    async def ReopenVeeExceptions(
        self, request: pb.ReopenVeeExceptionsRequest, context: Any
    ) -> pb.ReopenVeeExceptionsResponse:
        """Opens them again."""
        outcome = await self._queue.reopen(_selection(request.selection), request.note)
        return pb.ReopenVeeExceptionsResponse(outcome=_outcome(outcome))

    async def ListVeeExceptionHistory(
        self, request: pb.ListVeeExceptionHistoryRequest, context: Any
    ) -> pb.ListVeeExceptionHistoryResponse:
        """What people did with one."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        rows = await self._queue.history(
            request.series,
            day_of_wire("day", request.day),
            request.rule,
            after=page.after_value,
            limit=page.limit,
        )
        rows, following = page.cut(rows, lambda row: (row.change_id,))
        return pb.ListVeeExceptionHistoryResponse(
            changes=map(change_message, rows), next_page_token=following
        )


def _selection(wire: pb.VeeExceptionSelection) -> Selection:
    keys = [key_of_wire(f"selection.keys[{place}]", key) for place, key in enumerate(wire.keys)]
    wanted = filter_of(wire.filter, "selection.filter.") if wire.HasField("filter") else None
    return Selection(keys, wanted)


def _outcome(outcome: Outcome) -> pb.VeeExceptionsOutcome:
    return pb.VeeExceptionsOutcome(
        changed=outcome.changed,
        unchanged=outcome.unchanged,
        rejected=[
            pb.RejectedVeeException(key=wire_key(one.key), reason=one.reason, description=one.description)
            for one in outcome.rejected
        ],
        more=outcome.more,
    )
