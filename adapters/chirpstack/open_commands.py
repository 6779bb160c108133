"""Commands on their way to devices: what is known of one, and what an event means to it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any, Final
from uuid import UUID, uuid5

from adapters.chirpstack.binding import DEFAULT_PORT, CommandRoute
from adapters.chirpstack.events import Ack, Log, TxAck, Uplink
from kernel.codec import Encoded
from kernel.codec.mapping import answers
from kernel.codec.paths import PathInvalid

HARMLESS: Final = frozenset({"on_demand_read", "ping"})
"""Actions that change nothing at the device: when one fails, another try does no harm."""
SWITCH_STATES: Final[Mapping[str, str]] = {
    "connect": "connected",
    "disconnect": "disconnected",
    "arm": "armed",
}
"""What the switch shows once the action is done."""

_LINK_NAMESPACE: Final = UUID("2f8a8a3a-5d0c-5f0e-9d3e-6d2f0c6f7b11")


class Stage(IntEnum):
    """How far a command is, as the adapter knows; only ever grows."""

    PREPARED = 1
    """To be published; after a crash perhaps published already."""
    QUEUED = 2
    """In ChirpStack's queue, or waiting for an uplink that answers it."""
    SENT = 3
    DELIVERED = 4
    CANCELLED = 8
    DONE = 9


@dataclass(frozen=True, slots=True)
class OpenCommand:
    """A command that was handed to ChirpStack, or is about to be."""

    command_id: str
    attempt: int
    dev_eui: str
    action: str
    """As command templates name it: `disconnect`."""
    link_id: str
    """Id of its queue item; empty when nothing is sent and the next uplink alone answers it."""
    expires_ms: int
    f_port: int = 0
    payload_hex: str = ""
    confirmed: bool = False
    answer_path: str = ""
    answer_value: str = ""
    trace: dict[str, str] = field(default_factory=dict)
    """W3C trace context of the command."""
    stage: Stage = Stage.PREPARED
    stage_ms: int = 0
    """When it came into the stage, by the clock of who saw it: milliseconds since 1970."""

    @property
    def stage_time(self) -> datetime:
        """When it came into its stage."""
        return datetime.fromtimestamp(self.stage_ms / 1000, UTC)

    @property
    def expires(self) -> datetime:
        """When its time is over."""
        return datetime.fromtimestamp(self.expires_ms / 1000, UTC)

    @property
    def waits_for_answer(self) -> bool:
        """Whether only an uplink of the device can end it well."""
        return bool(self.answer_path) or not self.link_id or self.action in {*SWITCH_STATES, "on_demand_read"}


@dataclass(frozen=True, slots=True)
class Report:
    """What the server is to be told."""

    state: str
    """Name of a CommandState without its prefix."""
    time: datetime
    description: str = ""
    retriable: bool = False
    switch_state: str = ""
    answer: Mapping[str, Any] | None = None
    readings: bool = False
    """Whether the uplink's readings are the result."""


def link_id(command_id: str, attempt: int) -> str:
    """The queue item's id: ours, the same whenever the same attempt is handed out again."""
    return str(uuid5(_LINK_NAMESPACE, f"{command_id}/{attempt}"))


def on_tx_ack(event: TxAck) -> tuple[Stage, list[Report]]:
    """A gateway takes it: sent, and no more than that."""
    via = f"gateway {event.gateway_id}, downlink counter {event.f_cnt_down}"
    return Stage.SENT, [Report("SENT", event.time, via)]


def on_ack(command: OpenCommand, event: Ack) -> tuple[Stage, list[Report]]:
    """The device's link layer answered, or kept silent when it should have."""
    if event.acknowledged:
        reports = [Report("DELIVERED", event.time)]
        if command.waits_for_answer:
            return Stage.DELIVERED, reports
        return Stage.DONE, [*reports, Report("EXECUTED", event.time, "acknowledged by the link layer")]
    why = "the device did not acknowledge the downlink"
    if command.action in HARMLESS:
        return Stage.DONE, [Report("FAILED", event.time, why, retriable=True)]
    # The downlink may have arrived and only its acknowledgement been lost: the device's next words decide.
    return Stage.SENT, [Report("SENT", event.time, why)]


def on_log(event: Log) -> tuple[Stage, list[Report]] | None:
    """ChirpStack gave a queue item up; None for remarks that end nothing."""
    if event.level != "ERROR" and event.code != "EXPIRED":
        return None
    if event.code == "EXPIRED":
        return Stage.DONE, [Report("EXPIRED", event.time, event.description)]
    return Stage.DONE, [Report("FAILED", event.time, f"{event.code}: {event.description}", retriable=True)]


def on_uplink(
    command: OpenCommand, uplink: Uplink, data: Mapping[str, Any] | None, *, has_readings: bool
) -> Report | None:
    """What an uplink with its decoded `data` says about a command; None when nothing.

    Only what the device sent after the command went out can answer it.
    """
    heard_since = uplink.time > command.stage_time
    reads = command.action == "on_demand_read"
    if not command.link_id:
        answered = heard_since and (has_readings or not reads)
        state, shown = "EXECUTED", ""
    else:
        answered = heard_since and command.stage in {Stage.SENT, Stage.DELIVERED}
        if command.answer_path:
            answered = answered and _answers(command, data)
        else:
            # Without a word to look for, only what changes nothing is answered by any word.
            answered = answered and command.action in HARMLESS and (has_readings or not reads)
        shown = SWITCH_STATES.get(command.action, "")
        state = "VERIFIED" if shown else "EXECUTED"
    if not answered:
        return None
    return Report(state, uplink.time, switch_state=shown, answer=data, readings=has_readings)


def _answers(command: OpenCommand, data: Mapping[str, Any] | None) -> bool:
    try:
        return data is not None and answers(data, command.answer_path, command.answer_value)
    except PathInvalid:
        # The model promises an answer at a place that there cannot be: none will come.
        return False


def with_downlink(command: OpenCommand, route: CommandRoute, encoded: Encoded) -> OpenCommand:
    """The command with the downlink that carries it."""
    return replace(
        command,
        link_id=link_id(command.command_id, command.attempt),
        f_port=encoded.f_port or DEFAULT_PORT,
        payload_hex=encoded.payload.hex(),
        confirmed=route.confirmed,
        answer_path=route.answer_path,
        answer_value=route.answer_value,
    )
