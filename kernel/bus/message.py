"""One message of the bus, and its form in a stream entry."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from google.protobuf.message import Message

M = TypeVar("M", bound=Message)

_TRACE_FIELDS = ("traceparent", "tracestate")


class WrongType(ValueError):
    """A message holds another type than its receiver expects."""


@dataclass(frozen=True, slots=True)
class BusMessage:
    """A protobuf message on its way between processes."""

    message_id: str
    """Stays the same when the message is published again: receivers drop repeats by it."""
    payload_type: str
    """Full name of the payload's type."""
    payload: bytes
    tenant_id: str = ""
    trace: Mapping[str, str] = field(default_factory=dict)
    """W3C trace context of the sender."""
    entry_id: str = ""
    """Where it lies in its stream; empty before it is published."""
    deliveries: int = 1
    """How often it was handed out, this time included."""

    def decode(self, kind: type[M]) -> M:
        """The payload as ``kind``. Raises WrongType when it is another one."""
        if kind.DESCRIPTOR.full_name != self.payload_type:
            raise WrongType(f"the message is a {self.payload_type}, not a {kind.DESCRIPTOR.full_name}")
        return kind.FromString(self.payload)

    def to_entry(self) -> dict[Any, Any]:
        """The fields of the stream entry."""
        entry: dict[Any, Any] = {
            "id": self.message_id,
            "type": self.payload_type,
            "payload": self.payload,
            "tenant": self.tenant_id,
        }
        entry.update({key: self.trace[key] for key in _TRACE_FIELDS if self.trace.get(key)})
        return entry

    @classmethod
    def from_entry(cls, entry_id: str, entry: Mapping[bytes, bytes], deliveries: int = 1) -> "BusMessage":
        """Reads a stream entry."""
        return cls(
            message_id=entry.get(b"id", b"").decode() or entry_id,
            payload_type=entry.get(b"type", b"").decode(),
            payload=entry.get(b"payload", b""),
            tenant_id=entry.get(b"tenant", b"").decode(),
            trace={key: entry[key.encode()].decode() for key in _TRACE_FIELDS if key.encode() in entry},
            entry_id=entry_id,
            deliveries=deliveries,
        )
