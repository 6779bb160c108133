"""The two ways in, gRPC and REST through Envoy, so that one check serves both."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import quote

import grpc
import httpx
from google.protobuf import json_format
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2

from tests.support.rpcs.contract import Method, get

HTTP_OF_CODE = {
    "OK": 200,
    "INVALID_ARGUMENT": 400,
    "FAILED_PRECONDITION": 400,
    "OUT_OF_RANGE": 400,
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "ABORTED": 409,
    "ALREADY_EXISTS": 409,
    "RESOURCE_EXHAUSTED": 429,
    "INTERNAL": 500,
    "UNIMPLEMENTED": 501,
    "UNAVAILABLE": 503,
    "DEADLINE_EXCEEDED": 504,
}
_CODES: dict[int, str] = {code.value[0]: code.name for code in grpc.StatusCode}
_DEADLINE = 60


@dataclass(frozen=True)
class Answer:
    """What a call came to."""

    code: str
    """Name of the gRPC status."""
    message: Any = None
    """The response; None where the call was refused."""
    said: str = ""
    reason: str = ""
    metadata: dict[str, str] = field(default_factory=dict)
    violations: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.code} {self.reason}: {self.said} {self.violations or ''}{self.message or ''}"


class Wire(Protocol):
    """A way in."""

    name: str

    def call(self, method: Method, request: Any, key: str) -> Answer:
        """Calls with a key; without one where it is empty."""


class GrpcWire:
    """gRPC at the server."""

    name = "grpc"

    def __init__(self, target: str) -> None:
        self._channel = grpc.insecure_channel(target, [("grpc.max_receive_message_length", 64 << 20)])

    def close(self) -> None:
        self._channel.close()

    def call(self, method: Method, request: Any, key: str, *metadata: tuple[str, str]) -> Answer:
        entries = [*metadata, ("authorization", f"Bearer {key}")] if key else list(metadata)
        kinds = {
            (False, False): self._channel.unary_unary,
            (False, True): self._channel.unary_stream,
            (True, False): self._channel.stream_unary,
            (True, True): self._channel.stream_stream,
        }
        call: Any = kinds[method.client_streaming, method.server_streaming](
            method.path,
            request_serializer=method.request.SerializeToString,
            response_deserializer=method.response.FromString,
        )
        given = iter([request]) if method.client_streaming else request
        try:
            answer = call(given, metadata=entries, timeout=_DEADLINE)
            if method.server_streaming:
                # The first message says enough; a stream would go on.
                first = next(answer, None)
                answer.cancel()
                return Answer("OK", first)
            return Answer("OK", answer)
        except grpc.RpcError as error:
            return _refusal(error)


class RestWire:
    """REST at Envoy, with everything strict: no field that the contract does not have comes back."""

    name = "rest"

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def call(self, method: Method, request: Any, key: str) -> Answer:
        assert method.route is not None
        verb, template = method.route
        path = re.sub(r"{([a-z_.]+)}", lambda found: quote(str(get(request, found[1])), safe=""), template)
        body = json_format.MessageToDict(request)
        for variable in method.variables:
            _drop(body, variable.split("."))
        given: dict[str, Any] = {"params": list(_query(body))} if verb == "get" else {"json": body}
        headers = {"x-api-key": key} if key else {}
        answer = self._client.request(verb, path, headers=headers, **given)
        if answer.status_code == httpx.codes.OK:
            return Answer("OK", _parsed(method, answer))
        refusal = _of_status(json_format.ParseDict(answer.json(), status_pb2.Status()))
        assert HTTP_OF_CODE[refusal.code] == answer.status_code, (refusal, answer.status_code)
        return refusal


def _parsed(method: Method, answer: httpx.Response) -> Message:
    response = method.response()
    if method.response_body:
        part: Any = getattr(response, method.response_body)
        part.content_type, part.data = answer.headers["content-type"], answer.content
        return response
    return json_format.ParseDict(json.loads(answer.content), response)


def _refusal(error: Any) -> Answer:
    raw = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin")
    if raw is None:
        return Answer(error.code().name, said=error.details() or "")
    refusal = _of_status(status_pb2.Status.FromString(raw))
    assert refusal.code == error.code().name
    return refusal


def _of_status(status: Any) -> Answer:
    info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    found = 0
    for detail in status.details:
        found += detail.Unpack(info)
        detail.Unpack(bad)
    assert found == 1, f"exactly one ErrorInfo: {status}"
    assert info.domain == "simba"
    assert status.message
    return Answer(
        _CODES[status.code],
        said=status.message,
        reason=info.reason,
        metadata=dict(info.metadata),
        violations={one.field: one.description for one in bad.field_violations},
    )


def _drop(body: dict[str, Any], path: list[str]) -> None:
    name = json_name(path[0])
    if len(path) == 1:
        body.pop(name, None)
    elif name in body:
        _drop(body[name], path[1:])


def json_name(field: str) -> str:
    """``page_size`` as JSON has it: ``pageSize``."""
    first, *others = field.split("_")
    return first + "".join(part.capitalize() for part in others)


def _query(body: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in body.items():
        if isinstance(value, dict):
            yield from _query(value, f"{prefix}{name}.")
        else:
            for one in value if isinstance(value, list) else [value]:
                yield prefix + name, str(one).lower() if isinstance(one, bool) else one
