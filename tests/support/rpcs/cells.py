"""The table's columns: what must be so of a method, checked the same way for all that it applies to."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from google.api import field_behavior_pb2

from tests.support.rpcs.contract import Method, changed, get
from tests.support.rpcs.rows import ROWS
from tests.support.rpcs.wire import Answer, Wire
from tests.support.rpcs.world import World, right_role, wrong_role

NOBODY = "01900000-0000-7000-8000-000000000000"
NO_EUI = "ffffffffffffffff"
STALE = '"999999"'
LONGEST_WALK = 40
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
_TO_STRANGERS = {"OK", "NOT_FOUND", "INVALID_ARGUMENT", "FAILED_PRECONDITION", "ABORTED"}
_MOVING = ("last_used_time", "last_seen_time")


@dataclass(frozen=True)
class Cell:
    """One method, one way in."""

    world: World
    wire: Wire
    method: Method

    def fresh(self) -> Any:
        """A request that works, once."""
        return self.method.request(**ROWS[self.method.name](self.world))

    @property
    def sample(self) -> Any:
        """A request that would work; only for calls that are refused, and for reads."""
        return self.world.kept(f"sample {self.method.name}", self.fresh)

    @property
    def key(self) -> str:
        """The right role's."""
        return self.world.key(right_role(self.method))

    def call(self, request: Any, key: str | None = None) -> Answer:
        return self.wire.call(self.method, request, self.key if key is None else key)

    def page(self, **changes: Any) -> Any:
        """The sample list's page."""
        request = self.sample
        for name, value in changes.items():
            request = changed(request, name, value)
        answer = self.call(request)
        assert answer.code == "OK", answer
        return answer.message

    def refused(self, request: Any, code: str, reason: str = "", key: str | None = None) -> Answer:
        """The refusal, which must have this code and reason."""
        answer = self.call(request, key)
        assert answer.code == code, f"{answer}\nof {request}"
        if reason:
            assert answer.reason == reason, answer
        return answer


def works(cell: Cell) -> None:
    """The right role gets an answer, and a list has rows."""
    answer = cell.call(cell.fresh())
    assert answer.code == "OK", answer
    if cell.method.lists:
        assert get(answer.message, cell.method.rows), "the row's request finds nothing"


def no_credential(cell: Cell) -> None:
    cell.refused(cell.sample, "UNAUTHENTICATED", "CREDENTIAL_MISSING", key="")


def wrong_role_(cell: Cell) -> None:
    """The strongest role that may not is refused, and told what it would need."""
    role = wrong_role(cell.method)
    refusal = cell.refused(cell.sample, "PERMISSION_DENIED", "PERMISSION_MISSING", key=cell.world.key(role))
    assert refusal.metadata["permission"] == cell.method.permission


def other_tenant(cell: Cell) -> None:
    """Whatever is named is unknown there, and no answer tells of anything here."""
    key = cell.world.key(right_role(cell.method), cell.world.abroad)
    reads = cell.method.lists or _reads(cell.method) or bool(cell.method.names)
    answer = cell.call(cell.sample if reads else cell.fresh(), key)
    if cell.method.names:
        assert answer.code == "NOT_FOUND", answer
        return
    assert answer.code in _TO_STRANGERS, answer
    if answer.code == "OK" and reads:
        ours = _ids(cell.call(cell.sample).message)
        assert not ours & _ids(answer.message), "rows of another tenant"


def unknown_id(cell: Cell) -> None:
    """NOT_FOUND, by the name of what is missing."""
    for name in cell.method.names:
        refusal = cell.refused(changed(cell.sample, name, _nobody(name)), "NOT_FOUND")
        assert refusal.reason.endswith("NOT_FOUND") or refusal.reason.startswith("UNKNOWN"), refusal
        assert refusal.reason != "ROUTE_NOT_FOUND", refusal


def empty_required(cell: Cell) -> None:
    """INVALID_ARGUMENT that names the field. In a path nothing can be empty."""
    for field in dict.fromkeys((*cell.method.required, *cell.method.names)):
        if cell.wire.name == "rest" and any(one.startswith(field) for one in cell.method.variables):
            continue
        refusal = cell.refused(changed(cell.sample, field, None), "INVALID_ARGUMENT")
        assert field in refusal.violations, refusal


def bad_mask(cell: Cell) -> None:
    """A path that does not exist, and one that cannot be updated."""
    behaviour = field_behavior_pb2.field_behavior
    resource = cell.method.resource.message_type
    fixed = [
        field.name
        for field in resource.fields
        if field_behavior_pb2.OUTPUT_ONLY in field.GetOptions().Extensions[behaviour]
    ]
    for path in ("colour", *fixed[:1]):
        request = changed(cell.sample, "update_mask", None)
        request = changed(request, cell.method.etag, None) if cell.method.etag else request
        request.update_mask.paths.append(path)
        refusal = cell.refused(request, "INVALID_ARGUMENT", "INVALID_FIELD_MASK")
        assert path in "".join((*refusal.violations, *refusal.violations.values())), refusal


def stale_etag(cell: Cell) -> None:
    cell.refused(changed(cell.sample, cell.method.etag, STALE), "ABORTED", "ETAG_MISMATCH")


def once_only(cell: Cell) -> None:
    """A repeat gets the same answer, secrets left out; another payload under its name is refused."""
    request = changed(cell.fresh(), "request_id", str(uuid4()))
    first, again = cell.call(request), cell.call(request)
    assert (first.code, again.code) == ("OK", "OK"), (first, again)
    assert _told_again(again.message) == _told_again(first.message)
    cell.refused(_another(cell, request), "INVALID_ARGUMENT", "REQUEST_ID_REUSED")


def paging(cell: Cell) -> None:
    """Pages of one row each bring what one page brings, each row once, in the same order."""
    whole = _rows(cell, cell.page(page_size=100_000))
    assert len(whole) > 1, "the row's request must find several rows"
    walked: list[bytes] = []
    token = ""
    for _ in range(LONGEST_WALK):
        page = cell.page(page_size=1, page_token=token)
        walked += _rows(cell, page)
        token = page.next_page_token
        if not token:
            break
    assert walked == whole[: len(walked)]
    assert len(set(walked)) == len(walked), "a row came twice"
    assert token or len(walked) == len(whole), "rows are missing"


def foreign_token(cell: Cell) -> None:
    """A token belongs to its filter, and cannot be made up."""
    token = cell.page(page_size=1).next_page_token
    assert token
    tail = "A" if token[-2] != "A" else "B"
    forged = changed(cell.sample, "page_token", f"{token[:-2]}{tail}{token[-1]}")
    cell.refused(forged, "INVALID_ARGUMENT", "PAGE_TOKEN_MISMATCH")
    for other in _variants(cell.sample, cell.method.filters):
        answer = cell.refused(changed(other, "page_token", token), "INVALID_ARGUMENT", "PAGE_TOKEN_MISMATCH")
        assert "page_token" in answer.violations, answer
        return


def negative_page(cell: Cell) -> None:
    refusal = cell.refused(changed(cell.sample, "page_size", -1), "INVALID_ARGUMENT")
    assert "page_size" in refusal.violations, refusal


Check = Callable[[Cell], None]
COLUMNS: dict[str, tuple[Check, Callable[[Method], bool]]] = {
    "works": (works, lambda _: True),
    "no-credential": (no_credential, lambda _: True),
    "wrong-role": (wrong_role_, lambda method: bool(wrong_role(method))),
    # Whoever makes tenants sees them all, and nothing inside them.
    "other-tenant": (other_tenant, lambda method: not method.permission.startswith("access.tenants.")),
    "unknown-id": (unknown_id, lambda method: bool(method.names)),
    "empty-required": (empty_required, lambda method: bool(method.required or method.names)),
    "bad-mask": (bad_mask, lambda method: method.has("update_mask")),
    "stale-etag": (stale_etag, lambda method: bool(method.etag)),
    "once-only": (once_only, lambda method: method.has("request_id")),
    "paging": (paging, lambda method: method.lists),
    "foreign-token": (foreign_token, lambda method: method.lists),
    "negative-page": (negative_page, lambda method: method.lists),
}
"""Column → its check, and whether a method has it: the descriptors say."""


def columns_of(method: Method) -> list[str]:
    """The columns that a method has."""
    return [name for name, (_, applies) in COLUMNS.items() if applies(method)]


def _reads(method: Method) -> bool:
    return method.route is not None and method.route[0] == "get"


def _ids(message: Any) -> set[str]:
    return set(_ID.findall(str(message)))


def _rows(cell: Cell, page: Any) -> list[bytes]:
    found = []
    for one in get(page, cell.method.rows):
        copy = type(one)()
        copy.CopyFrom(one)
        for name in _MOVING:
            if name in copy.DESCRIPTOR.fields_by_name:
                copy.ClearField(name)
        found.append(copy.SerializeToString(deterministic=True))
    return found


def _told_again(message: Any) -> Any:
    copy = type(message)()
    copy.CopyFrom(message)
    for field in copy.DESCRIPTOR.fields:
        if field.GetOptions().debug_redact:
            copy.ClearField(field.name)
    return copy


def _another(cell: Cell, request: Any) -> Any:
    """Another payload with the same request_id, which the rules of the contract allow."""
    if cell.method.names:
        return changed(request, cell.method.names[0], _nobody(cell.method.names[0]))
    other = changed(cell.fresh(), "request_id", request.request_id)
    if other != request:
        return other
    kept = {"request_id", "validate_only"}
    return next(_variants(request, [one for one in cell.method.filters if one.name not in kept]))


def _variants(request: Any, fields: Sequence[Any], prefix: str = "") -> Iterator[Any]:
    """The request with one field changed, for each field that can be changed without a thought."""
    plain = [field for field in fields if not field.is_repeated and field.name != "etag"]
    for field in plain:
        path = prefix + field.name
        if field.type == field.TYPE_BOOL:
            yield changed(request, path, not get(request, path))
        elif field.type == field.TYPE_STRING:
            yield changed(request, path, _nobody(field.name))
        elif field.message_type is not None and field.message_type.name == "Timestamp":
            other = changed(request, path, None)
            get(other, path).FromSeconds(1 if field.name.startswith("start") else 4_000_000_000)
            yield other
    for field in plain:
        path = prefix + field.name
        if _is_set_message_of_ours(request, path, field):
            yield from _variants(request, field.message_type.fields, f"{path}.")
        elif field.type == field.TYPE_ENUM:
            numbers = [one.number for one in field.enum_type.values if one.number]
            yield changed(request, path, next(n for n in numbers if n != get(request, path)))


def _is_set_message_of_ours(request: Any, path: str, field: Any) -> bool:
    if field.message_type is None or not field.message_type.file.package.startswith("simba."):
        return False
    return bool(get(request, path).ByteSize())


def _nobody(field: str) -> str:
    if field == "adapter":
        return "nobody"
    return NO_EUI if field.endswith("eui") else NOBODY
