"""The reference meter (`models/simba/relay-meter`) as a device: registers, history, a relay that obeys."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum
from typing import Final

PORT: Final = 10
_MISSING: Final = 0xFFFF


class Relay(IntEnum):
    """The state of the relay, as frames tell it."""

    DISCONNECTED = 0
    CONNECTED = 1
    ARMED = 2


_COMMANDS: Final = {0x81: Relay.DISCONNECTED, 0x82: Relay.CONNECTED, 0x83: Relay.ARMED}
_READ: Final = 0x84
_SET_TIME: Final = 0x85


@dataclass(slots=True)
class RelayMeter:
    """The meter's own state. Energies in Wh, power in W, voltage in tenths of a volt."""

    import_wh: int = 0
    export_wh: int = 0
    power_w: int = 0
    voltage_tenths: int = 2300
    relay: Relay = Relay.CONNECTED
    obeys: bool = True
    """A relay that is stuck hears its commands and stays as it is."""
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    offset_seconds: int = 0
    """How far its clock is ahead."""

    def registers(self) -> bytes:
        """A register frame of this moment."""
        return struct.pack(
            ">BIIIHiB",
            1,
            self._now(),
            self.import_wh,
            self.export_wh,
            self.voltage_tenths,
            self.power_w,
            self.relay,
        )

    @staticmethod
    def history(start: datetime, minutes: int, base_wh: int, used_wh: Sequence[int | None]) -> bytes:
        """A history frame: what was used in each interval from `start` on, None where it is not known."""
        head = struct.pack(">BIBBI", 2, int(start.timestamp()), minutes, len(used_wh), base_wh)
        return head + b"".join(struct.pack(">H", _MISSING if one is None else one) for one in used_wh)

    def switch(self, answers: int = 0) -> bytes:
        """A relay frame; `answers` is the first byte of the command that it answers."""
        return struct.pack(">BIBB", 3, self._now(), self.relay, answers)

    def heard(self, f_port: int, data: bytes) -> Sequence[tuple[int, bytes]]:
        """Obeys a downlink and answers."""
        command = data[0] if f_port == PORT and data else 0
        if command in _COMMANDS:
            if self.obeys:
                self.relay = _COMMANDS[command]
            return [(PORT, self.switch(command))]
        if command == _READ:
            return [(PORT, self.registers())]
        if command == _SET_TIME and len(data) == struct.calcsize(">BI"):
            (told,) = struct.unpack(">I", data[1:])
            self.offset_seconds += told - self._now()
        return []

    def _now(self) -> int:
        return int(self.clock().timestamp()) + self.offset_seconds
