"""What the fake server knows by itself: resources that can be created, read, listed, changed and archived."""

from __future__ import annotations

import copy
import dataclasses
import re
import uuid
from collections.abc import Callable
from typing import Any

from simba_metering._generated.simba.common.v1 import ErrorReason
from simba_metering._method import Method
from simba_metering.errors import Aborted, AlreadyExists, InvalidArgument, NotFound

_PAGE = 50
_LARGEST_PAGE = 1000
_NO_FILTERS = {"page_size", "page_token", "show_archived"}


class Store:
    """Resources by kind and id, as plain messages."""

    def __init__(self) -> None:
        self._resources: dict[str, dict[str, Any]] = {}
        self._answers: dict[str, tuple[bytes, Any]] = {}

    def handler(self, method: Method[Any, Any]) -> Callable[[Any], Any] | None:
        """What answers a call by its name; None for calls that are no standard ones."""
        verbs = {
            "Create": self._create,
            "Get": self._get,
            "List": self._list,
            "Update": self._update,
            "Archive": self._archive,
        }
        verb = re.match("[A-Z][a-z]*", method.name)
        act = verbs.get(verb[0]) if verb else None
        if verb is None or act is None:
            return None
        kind = _snake(method.name.removeprefix(verb[0]))
        if verb[0] == "List":
            kind = _singular(kind)
        elif kind not in _fields(method.response):
            return None
        return lambda request: self._once(method, request, lambda: act(method, kind, request))

    def put(self, resource: Any) -> Any:
        """Put a resource in as it is; it gets an id if it has none."""
        kind = _snake(type(resource).__name__)
        if not getattr(resource, f"{kind}_id"):
            setattr(resource, f"{kind}_id", str(uuid.uuid4()))
        self._resources.setdefault(kind, {})[getattr(resource, f"{kind}_id")] = resource
        return resource

    def _once(self, method: Method[Any, Any], request: Any, act: Callable[[], Any]) -> Any:
        """The same answer for the same request_id; another request with it is refused."""
        request_id = getattr(request, "request_id", "")
        if not request_id:
            return act()
        payload = method.path.encode() + bytes(request)
        if request_id in self._answers:
            before, answer = self._answers[request_id]
            if before != payload:
                raise InvalidArgument(
                    f"request_id {request_id} was used with another request", reason="REQUEST_ID_REUSED"
                )
            return answer
        answer = act()
        self._answers[request_id] = payload, answer
        return answer

    def _create(self, method: Method[Any, Any], kind: str, request: Any) -> Any:
        resource = copy.deepcopy(getattr(request, kind))
        given = getattr(resource, f"{kind}_id", "")
        if given in self._resources.get(kind, {}):
            raise AlreadyExists(
                f"{kind} {given} exists", reason="ALREADY_EXISTS", metadata={f"{kind}_id": given}
            )
        if hasattr(resource, "etag"):
            resource.etag = '"1"'
        return method.response(**{kind: self.put(resource)})

    def _get(self, method: Method[Any, Any], kind: str, request: Any) -> Any:
        return method.response(**{kind: self._find(kind, getattr(request, f"{kind}_id"))})

    def _list(self, method: Method[Any, Any], kind: str, request: Any) -> Any:
        fields = _fields(method.response)
        rows_name = next(name for name in fields if name != "next_page_token")
        rows = [row for row in self._resources.get(kind, {}).values() if _fits(row, request)]
        start = int(request.page_token or 0)
        end = start + min(request.page_size or _PAGE, _LARGEST_PAGE)
        token = str(end) if end < len(rows) else ""
        answer = {rows_name: rows[start:end]}
        return method.response(
            **answer, **({"next_page_token": token} if "next_page_token" in fields else {})
        )

    def _update(self, method: Method[Any, Any], kind: str, request: Any) -> Any:
        patch = getattr(request, kind)
        resource = self._find(kind, getattr(patch, f"{kind}_id"))
        _check_etag(resource, patch.etag)
        names = [name for name in _fields(type(patch)) if name not in {f"{kind}_id", "etag"}]
        if request.update_mask is not None and request.update_mask.paths != ["*"]:
            unknown = set(request.update_mask.paths) - set(names)
            if unknown:
                raise InvalidArgument(f"update_mask: no field {min(unknown)}", reason="INVALID_FIELD_MASK")
            names = list(request.update_mask.paths)
        elif request.update_mask is None:
            names = [name for name in names if getattr(patch, name)]
        for name in names:
            setattr(resource, name, copy.deepcopy(getattr(patch, name)))
        _touch(resource)
        return method.response(**{kind: resource})

    def _archive(self, method: Method[Any, Any], kind: str, request: Any) -> Any:
        resource = self._find(kind, getattr(request, f"{kind}_id"))
        _check_etag(resource, getattr(request, "etag", ""))
        if hasattr(resource, "archived"):
            resource.archived = True
        elif hasattr(resource, "state"):
            resource.state = type(resource.state)["ARCHIVED"]
        _touch(resource)
        return method.response(**{kind: resource})

    def _find(self, kind: str, resource_id: str) -> Any:
        found = self._resources.get(kind, {}).get(resource_id)
        if found is None:
            special = f"{kind}_NOT_FOUND".upper()
            known = special in ErrorReason.__members__
            raise NotFound(
                f"{kind.replace('_', ' ')} {resource_id} does not exist",
                reason=special if known else "RESOURCE_NOT_FOUND",
                metadata={f"{kind}_id": resource_id},
            )
        return found


def _check_etag(resource: Any, given: str) -> None:
    if given and given != resource.etag:
        raise Aborted(f"etag {given} is not that of the stored resource", reason="ETAG_MISMATCH")


def _touch(resource: Any) -> None:
    if hasattr(resource, "etag"):
        version = int(resource.etag.strip('"') or 0) + 1
        resource.etag = f'"{version}"'


def _fits(row: Any, request: Any) -> bool:
    """Whether a row passes the filters that are named like its own fields."""
    for name in _fields(type(request)):
        wanted = getattr(request, name)
        if name in _NO_FILTERS or not wanted:
            continue
        if name == "external_id" and hasattr(row, "external_ids"):
            if wanted not in row.external_ids:
                return False
        elif hasattr(row, name) and getattr(row, name) != wanted:
            return False
    return True


def _fields(message: type[Any]) -> list[str]:
    return [field.name for field in dataclasses.fields(message)]


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _singular(plural: str) -> str:
    return plural.removesuffix("ies") + "y" if plural.endswith("ies") else plural.removesuffix("s")
