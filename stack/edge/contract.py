"""What the edge must know of the contract: services, which calls stream, which are safe to repeat."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from google.api import annotations_pb2
from google.protobuf import descriptor_pb2
from google.protobuf.message import DecodeError

from stack.edge.settings import EdgeError


@dataclass(frozen=True, slots=True)
class Rpc:
    """One call as the edge sees it."""

    service: str
    name: str
    streams: bool
    """Either side streams, so the call may last for ever."""
    safe: bool
    """Changes nothing: it is a GET over REST."""

    @property
    def path(self) -> str:
        """The path of the gRPC call."""
        return f"/{self.service}/{self.name}"


def read(descriptor_set: Path, prefix: str = "simba.") -> list[Rpc]:
    """All calls of the services whose names begin with `prefix`, in the contract's order."""
    try:
        content = descriptor_pb2.FileDescriptorSet.FromString(descriptor_set.read_bytes())
    except (OSError, DecodeError) as error:
        raise EdgeError(f"no descriptor set at {descriptor_set}: {error}") from error
    if "google/rpc/error_details.proto" not in {file.name for file in content.file}:
        raise EdgeError(
            f"{descriptor_set} lacks google/rpc/error_details.proto: errors could not be shown as JSON"
        )
    rpcs = [rpc for file in content.file if file.package.startswith(prefix) for rpc in _rpcs(file)]
    if not rpcs:
        raise EdgeError(f"{descriptor_set} has no service under {prefix}*")
    return rpcs


def _rpcs(file: descriptor_pb2.FileDescriptorProto) -> Iterator[Rpc]:
    for service in file.service:
        for method in service.method:
            rule = method.options.Extensions[annotations_pb2.http]
            yield Rpc(
                service=f"{file.package}.{service.name}",
                name=method.name,
                streams=method.client_streaming or method.server_streaming,
                safe=rule.WhichOneof("pattern") == "get",
            )
