"""Commands to devices: from the bus to ChirpStack's queue, and what came of them back to the server.

A downlink carries our own id, so that ChirpStack cannot enqueue it twice while it is queued; once a txack,
ack or log was seen for it, it is never published again. TxAck is not delivered, delivered is not executed:
relays and valves are done when an uplink of the device shows it.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from weakref import WeakValueDictionary

from chirpstack_api.integration import integration_pb2
from google.protobuf import json_format

from adapters.chirpstack import open_commands as rules
from adapters.chirpstack.binding import CommandRoute, DeviceBinding
from adapters.chirpstack.decoding import Decoder, Row
from adapters.chirpstack.events import Ack, Device, Log, TxAck, Uplink
from adapters.chirpstack.memory import Memory
from adapters.chirpstack.mqtt import MqttAwayError
from adapters.chirpstack.open_commands import OpenCommand, Report, Stage
from adapters.chirpstack.topics import downlink_topic
from adapters.runtime.bindings import Bindings
from adapters.runtime.frames import Unreadable
from adapters.runtime.progress import ProgressReporter
from kernel.bus import BusMessage
from kernel.telemetry import attached, inject
from simba.commands.v1.adapter_service_pb2 import CommandProgress
from simba.commands.v1.command_pb2 import CommandAction, CommandReading, CommandResult, CommandState
from simba.commands.v1.device_command_pb2 import DeviceCommand

_log = logging.getLogger(__name__)

ACTIONS: Final = tuple(
    CommandAction.Value(f"COMMAND_ACTION_{name}")
    for name in ("ON_DEMAND_READ", "CONNECT", "DISCONNECT", "ARM", "SYNC_TIME", "PING")
)
"""What this adapter knows how to carry; what a meter can do its model says."""
_LONGEST_ANSWER: Final = 16_384

Publish = Callable[[str, bytes], Awaitable[None]]


class Downlinks:
    """Sends commands and follows them to their end."""

    def __init__(
        self,
        *,
        memory: Memory,
        bindings: Bindings[DeviceBinding],
        decoder: Decoder,
        reporter: ProgressReporter,
        publish: Publish,
        topic_prefix: str = "",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._memory = memory
        self._bindings = bindings
        self._decoder = decoder
        self._reporter = reporter
        self._publish = publish
        self._prefix = topic_prefix
        self._clock = clock
        self._heard: dict[str, Device] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def take(self, command: DeviceCommand, _message: BusMessage) -> None:
        """A command from the bus; it may come more than once, even twice at the same time."""
        lock = self._locks.setdefault(command.dev_eui, asyncio.Lock())
        async with lock:
            await self._take(command)

    async def _take(self, command: DeviceCommand) -> None:
        known = {one.command_id: one for one in await self._memory.commands(command.dev_eui)}
        mine = known.get(command.command_id)
        if command.cancel:
            await self._cancel(command, mine)
        elif mine is None or mine.attempt < command.attempt:
            await self._begin(command)
        elif mine.stage is Stage.PREPARED:
            # The process died between remembering and publishing, or before it could say so.
            binding = await self._binding(mine.dev_eui)
            await self._enqueue(mine, "" if binding is None else self._address(binding))
        elif mine.stage is Stage.QUEUED:
            await self._tell(mine, [self._queued(mine)])

    async def _begin(self, command: DeviceCommand) -> None:
        action = _action(command)
        if command.expire_time.ToDatetime(tzinfo=UTC) <= self._clock():
            await self._refuse(command, "EXPIRED", "its time was over before it could be sent")
            return
        binding = await self._binding(command.dev_eui)
        if binding is None:
            await self._refuse(command, "REJECTED", f"no device has the DevEUI {command.dev_eui}")
            return
        route = binding.routes.get(action)
        if route is None and action not in rules.HARMLESS:
            await self._refuse(command, "REJECTED", f"the model of the meter has no command {action!r}")
            return
        made = await self._prepared(command, binding, route)
        if isinstance(made, Unreadable):
            await self._refuse(command, "REJECTED", made.description)
            return
        await self._memory.remember(made)
        await self._enqueue(made, self._address(binding))

    async def _prepared(
        self, command: DeviceCommand, binding: DeviceBinding, route: CommandRoute | None
    ) -> OpenCommand | Unreadable:
        base = self._base(command)
        if route is None or not route.downlink:
            # Nothing can be sent to it: the next uplink answers.
            return base
        encoded = await self._decoder.encode(binding, route.downlink)
        if isinstance(encoded, Unreadable):
            return encoded
        return rules.with_downlink(base, route, encoded)

    def _base(self, command: DeviceCommand, stage: Stage = Stage.PREPARED) -> OpenCommand:
        return OpenCommand(
            command_id=command.command_id,
            attempt=max(command.attempt, 1),
            dev_eui=command.dev_eui,
            action=_action(command),
            link_id="",
            expires_ms=command.expire_time.ToMilliseconds(),
            trace=inject(),
            stage=stage,
            stage_ms=int(self._clock().timestamp() * 1000),
        )

    async def _enqueue(self, command: OpenCommand, application_id: str) -> None:
        """Publishes a prepared command. Raises MqttAwayError: then the bus hands it out again."""
        if command.link_id and not application_id:
            # ChirpStack wants its application's id, which the device's first uplink tells.
            waits = Report("AWAITING_CONTACT", self._clock(), "the device was never heard")
            await self._tell(command, [waits])
            return
        if command.link_id:
            await self._publish_downlink(command, application_id)
        await self._memory.advance(command, Stage.QUEUED, command.stage_time)
        await self._tell(command, [self._queued(command)])

    async def _enqueue_late(self, command: OpenCommand, application_id: str) -> None:
        """Publishes on an event of the device; should the broker be away, its next one is another chance."""
        with attached(command.trace):
            try:
                await self._enqueue(command, application_id)
            except MqttAwayError as error:
                _log.warning("command %s waits: %s", command.command_id, error)

    async def _publish_downlink(self, command: OpenCommand, application_id: str) -> None:
        downlink = integration_pb2.DownlinkCommand(
            id=command.link_id,
            dev_eui=command.dev_eui,
            confirmed=command.confirmed,
            f_port=command.f_port,
            data=bytes.fromhex(command.payload_hex),
        )
        downlink.expires_at.FromMilliseconds(command.expires_ms)
        topic = downlink_topic(application_id, command.dev_eui, prefix=self._prefix)
        # ChirpStack takes JSON whatever its own events are coded in.
        await self._publish(topic, json_format.MessageToJson(downlink, indent=None).encode())

    def _queued(self, command: OpenCommand) -> Report:
        """What to tell of an enqueued command: class C devices listen always, others after they spoke."""
        heard = self._heard.get(command.dev_eui)
        listens = command.link_id and heard is not None and heard.device_class == "CLASS_C"
        return Report("QUEUED" if listens else "AWAITING_CONTACT", self._clock())

    async def _cancel(self, command: DeviceCommand, mine: OpenCommand | None) -> None:
        """ChirpStack can drop a whole queue, not one item: what was published may still go out."""
        now = self._clock()
        if mine is None:
            # Should the command itself come after its cancel, it must not be sent any more.
            gone = self._base(command, stage=Stage.CANCELLED)
            await self._memory.remember(gone)
        elif mine.stage is Stage.PREPARED or not mine.link_id:
            await self._memory.advance(mine, Stage.CANCELLED, now)
        else:
            return
        await self._refuse(command, "CANCELLED", "taken back before it was handed to ChirpStack")

    # Events

    def heard(self, device: Device) -> None:
        """Remembers where the device is and how it listens."""
        self._heard[device.dev_eui] = device

    async def on_tx_ack(self, event: TxAck) -> None:
        """A gateway takes the downlink."""
        await self._on_item(event.device, event.queue_item_id, lambda _: rules.on_tx_ack(event), event.time)

    async def on_ack(self, event: Ack) -> None:
        """The device acknowledged, or did not."""
        await self._on_item(
            event.device, event.queue_item_id, lambda one: rules.on_ack(one, event), event.time
        )

    async def on_log(self, event: Log) -> None:
        """ChirpStack gave the item up."""
        item = event.context.get("queue_item_id", "")
        ended = rules.on_log(event)
        if item and ended is not None:
            await self._on_item(event.device, item, lambda _: ended, event.time)

    async def on_join(self, device: Device) -> None:
        """ChirpStack may have flushed the queue with the join: what was not sent is enqueued again."""
        for command in await self._memory.commands(device.dev_eui):
            if command.stage is Stage.QUEUED and command.link_id and command.expires > self._clock():
                await self._enqueue_late(command, device.application_id)

    async def on_uplink(
        self,
        uplink: Uplink,
        commands: Sequence[OpenCommand],
        data: Mapping[str, Any] | None,
        rows: Sequence[Row],
    ) -> None:
        """The device spoke: it may have answered commands, and those that waited for its address can go."""
        for command in commands:
            if command.stage is Stage.PREPARED and command.expires > self._clock():
                await self._enqueue_late(command, uplink.device.application_id)
            report = rules.on_uplink(command, uplink, data, has_readings=bool(rows))
            if report is not None and command.stage < Stage.CANCELLED:
                await self._tell(command, [report], rows)
                await self._memory.advance(command, Stage.DONE, uplink.time)

    async def _on_item(
        self,
        device: Device,
        item: str,
        decide: Callable[[OpenCommand], tuple[Stage, list[Report]]],
        time: datetime,
    ) -> None:
        for command in await self._memory.commands(device.dev_eui):
            if command.link_id == item and command.stage < Stage.DONE:
                stage, reports = decide(command)
                # Told first: should we die in between, the event comes again and a repeat changes nothing.
                await self._tell(command, reports)
                await self._memory.advance(command, stage, time)

    async def _binding(self, dev_eui: str) -> DeviceBinding | None:
        """The binding; asked for anew when what is known of it does not help."""
        binding = await self._bindings.get(dev_eui)
        if binding is None or not self._address(binding):
            # Its meter may have been made, or the device heard by another replica, a moment ago.
            binding = await self._bindings.get(dev_eui, fresh=True)
        return binding

    def _address(self, binding: DeviceBinding) -> str:
        """ChirpStack's application of the device; empty when it was never heard."""
        heard = self._heard.get(binding.dev_eui)
        return binding.network_address if heard is None else heard.application_id

    # Reports

    async def _refuse(self, command: DeviceCommand, state: str, why: str) -> None:
        await self._send(
            command.command_id, max(command.attempt, 1), "", Report(state, self._clock(), why), ()
        )

    async def _tell(self, command: OpenCommand, reports: Sequence[Report], rows: Sequence[Row] = ()) -> None:
        with attached(command.trace):
            for report in reports:
                await self._send(command.command_id, command.attempt, command.link_id, report, rows)

    async def _send(
        self, command_id: str, attempt: int, link_id: str, report: Report, rows: Sequence[Row]
    ) -> None:
        progress = CommandProgress(
            command_id=command_id,
            state=CommandState.Value(f"COMMAND_STATE_{report.state}"),
            attempt=attempt,
            description=report.description[:1000],
            link_id=link_id,
            report_id=f"{attempt}:{report.state}:{int(report.time.timestamp() * 1000)}",
            retriable=report.retriable,
        )
        progress.time.FromDatetime(report.time)
        if report.answer is not None or report.switch_state:
            progress.result.CopyFrom(_result(report, rows))
        await self._reporter.report(progress)


def _action(command: DeviceCommand) -> str:
    """As command templates name it."""
    return CommandAction.Name(command.action).removeprefix("COMMAND_ACTION_").lower()


def _result(report: Report, rows: Sequence[Row]) -> CommandResult:
    result = CommandResult(switch_state=report.switch_state)
    if report.answer is not None:
        answer = json.dumps(report.answer, separators=(",", ":"), ensure_ascii=False)
        result.answer_json = answer if len(answer) <= _LONGEST_ANSWER else ""
    if report.readings:
        for row in rows:
            reading = CommandReading(
                channel=row.channel, value=row.value, unit=row.unit, channel_code=row.code
            )
            reading.time.FromMilliseconds(row.time_ms)
            result.readings.append(reading)
    return result
