"""What became of one item of many, on the wire."""

from server.platform.errors import SimbaError
from simba.common.v1 import error_reason_pb2
from simba.devices.v1 import item_error_pb2

_PREFIX = "ERROR_REASON_"


def item_error(error: SimbaError, field: str = "") -> item_error_pb2.ItemError:
    """Why an item was refused, in the words that a call for it alone would have got.

    ``field`` is what stands for the resource in the batch, ``meters[7]``: paths of violations begin with it
    in the place of the resource's own name.
    """
    wire = item_error_pb2.ItemError(
        reason=error_reason_pb2.ErrorReason.Value(f"{_PREFIX}{error.reason}"), description=error.message
    )
    for violation in error.violations:
        wire.violations.add(
            field=_within(field, violation.field), description=violation.description, rule=violation.rule
        )
    return wire


def _within(field: str, path: str) -> str:
    if not field:
        return path
    _, dot, rest = path.partition(".")
    return f"{field}{dot}{rest}"
