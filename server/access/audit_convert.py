"""Changes on the wire."""

from server.access.audit import ShownChange
from server.platform.history import FieldDiff
from server.platform.history_seal import is_sealed
from server.platform.history_store import ChangeFilter
from server.platform.history_verify import Verdict
from server.platform.wire import maybe_instant, stamp
from simba.access.v1 import audit_service_pb2 as pb

_SAME = (
    "sequence",
    "principal_id",
    "principal_name",
    "action",
    "resource_kind",
    "resource_id",
    "subject",
    "reason",
    "correlation_id",
    "method",
    "trace_id",
)
_FILTERS = ("resource_kind", "resource_id", "principal_id", "correlation_id", "action")


def wire_change(shown: ShownChange) -> pb.Change:
    """A change on the wire."""
    stored = shown.stored
    return pb.Change(
        **{name: getattr(stored, name) for name in _SAME},
        change_id=str(stored.change_id),
        time=stamp(stored.time),
        fields=[_field(told, kept) for told, kept in zip(shown.fields, stored.fields, strict=True)],
        previous_hash=stored.previous_hash.hex(),
        hash=stored.hash.hex(),
    )


def _field(told: FieldDiff, kept: FieldDiff) -> pb.FieldChange:
    wire = pb.FieldChange(path=told.path, before=told.before, after=told.after)
    if is_sealed(kept):
        wire.personal, wire.sealed_before, wire.sealed_after = True, kept.before, kept.after
    return wire


def filter_of(request: pb.ListChangesRequest) -> ChangeFilter:
    """What a list request narrows to."""
    return ChangeFilter(
        **{name: getattr(request, name) for name in _FILTERS},
        start=maybe_instant("start_time", request),
        end=maybe_instant("end_time", request),
    )


def wire_verdict(verdict: Verdict) -> pb.VerifyChainResponse:
    """What a verification found, on the wire."""
    return pb.VerifyChainResponse(
        intact=verdict.intact,
        checked=verdict.checked,
        broken_sequence=verdict.broken,
        description=verdict.description,
        head_sequence=verdict.sequence,
        head_hash=verdict.hash.hex(),
    )
