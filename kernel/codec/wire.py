"""Channel templates and clocks of the wire as mapping rules; the adapter and the server read them alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kernel.codec.mapping import ChannelRule, Mapped, channel_rule, map_frame
from kernel.codec.times import DeviceClock, device_clock
from simba.common.v1 import types_pb2
from simba.devices.v1 import device_model_pb2


def rule_of(template: device_model_pb2.ChannelTemplate) -> ChannelRule:
    """The rule of a template. Raises RuleInvalid."""
    return channel_rule(
        code=template.code,
        unit=template.unit,
        codec_path=template.codec_path,
        codec_time_path=template.codec_time_path,
        codec_unit_path=template.codec_unit_path,
        codec_unit=template.codec_unit,
        multiplier=template.multiplier,
        switch=template.quantity == types_pb2.QUANTITY_SWITCH_STATE,
    )


def clock_of(behaviour: device_model_pb2.ClockBehaviour) -> DeviceClock:
    """The clock of a model. Raises TimeInvalid."""
    return device_clock(behaviour.time_zone, observes_dst=behaviour.observes_dst)


@dataclass(frozen=True, slots=True)
class FrameMapper:
    """A model's templates, made ready once for many frames."""

    rules: tuple[ChannelRule, ...]
    clock: DeviceClock

    @classmethod
    def of(
        cls,
        templates: Iterable[device_model_pb2.ChannelTemplate],
        clock: device_model_pb2.ClockBehaviour,
    ) -> "FrameMapper":
        """From what a model or a device binding says; templates without a path take nothing from frames.

        Raises RuleInvalid, TimeInvalid.
        """
        return cls(tuple(rule_of(each) for each in templates if each.codec_path), clock_of(clock))

    def map(self, data: dict[str, Any], frame_time: datetime) -> Mapped:
        """The readings of one frame."""
        return map_frame(data, self.rules, frame_time, self.clock)
