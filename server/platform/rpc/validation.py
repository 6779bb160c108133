"""Step 7: the rules of the contract (protovalidate), before the handler sees the request."""

from collections.abc import Sequence
from typing import Any

import protovalidate
from google.protobuf.message import Message

from server.platform.errors import FieldViolation, InvalidArgument
from server.platform.rpc.required import missing_required

_validator = protovalidate.Validator()
_LONGEST_VALUE = 120


def validate(message: Message) -> None:
    """Raises InvalidArgument with one violation for each broken rule: path, rule, message and value.

    An update brings only what changes, so fields that a new resource must have are asked for elsewhere.
    """
    violations = [_violation(each) for each in _validator.collect_violations(message)]
    if not message.DESCRIPTOR.name.startswith("Update"):
        known = {one.field for one in violations}
        violations += [one for one in missing_required(message) if one.field not in known]
    if violations:
        raise _error(violations)


def item_invalid(item: Message, name: str) -> InvalidArgument | None:
    """Why one item of a batch cannot be taken, None if it can: for items that the contract checks alone.

    Such are marked ``items: {ignore: IGNORE_ALWAYS}``. ``name`` stands before the paths: ``meter``.
    """
    violations = [_violation(each) for each in _validator.collect_violations(item)]
    known = {one.field for one in violations}
    violations += [one for one in missing_required(item) if one.field not in known]
    within = [one._replace(field=f"{name}.{one.field}" if one.field else name) for one in violations]
    return _error(within) if within else None


def invalid(broken: Sequence[Any]) -> InvalidArgument:
    """The error for protovalidate's violations."""
    return _error([_violation(each) for each in broken])


def _error(violations: Sequence[FieldViolation]) -> InvalidArgument:
    first = violations[0]
    more = f" (and {len(violations) - 1} more)" if len(violations) > 1 else ""
    where = f"{first.field}: " if first.field else ""
    return InvalidArgument(f"{where}{first.description}{more}", violations=violations)


def _violation(broken: Any) -> FieldViolation:
    proto = broken.proto
    field = _path(proto.field.elements) if proto.field else ""
    value = broken.field_value
    said = proto.message or proto.rule_id
    if value is not None and not isinstance(value, Message) and proto.rule_id != "required":
        said = f"{said}, but is {_shown(value)}"
    return FieldViolation(field, said, proto.rule_id)


def _path(elements: Sequence[Any]) -> str:
    path = ""
    for element in elements:
        path += ("." if path else "") + element.field_name
        subscript = element.subscript
        if subscript is not None:
            value = subscript.value
            path += f"[{value!r}]" if isinstance(value, str) else f"[{value}]"
    return path


def _shown(value: Any) -> str:
    if hasattr(value, "__len__") and not isinstance(value, (str, bytes)):
        return f"{len(value)} values"
    text = repr(value)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"
