"""``simba.devices.v1.DeviceBindingService``."""

from math import isfinite
from typing import Any

from server.devices.bindings import Binding, Bindings
from server.devices.convert_configuration import settings_of
from server.devices.convert_model import wire_codec, wire_command_template, wire_template
from server.devices.domain import DeviceModel, DeviceStatus
from server.platform.errors import InvalidField
from server.platform.wire import enum_name, instant
from simba.devices.v1 import device_binding_service_pb2 as pb
from simba.devices.v1 import device_binding_service_pb2_grpc as rpc
from simba.devices.v1 import device_model_pb2, network_health_service_pb2

_FULL = 100.0


class DeviceBindingServicer(rpc.DeviceBindingServiceServicer):
    """Converts, calls, converts."""

    def __init__(self, bindings: Bindings) -> None:
        self._bindings = bindings

    async def GetDeviceBinding(
        self, request: pb.GetDeviceBindingRequest, context: Any
    ) -> pb.GetDeviceBindingResponse:
        """A device as its adapter must know it."""
        binding = await self._bindings.get(request.dev_eui)
        return pb.GetDeviceBindingResponse(device_binding=_wire(binding))

    async def BatchGetDeviceBindings(
        self, request: pb.BatchGetDeviceBindingsRequest, context: Any
    ) -> pb.BatchGetDeviceBindingsResponse:
        """Many devices, and their models."""
        found = await self._bindings.of(request.dev_euis)
        models = {one.model.device_model_id: one.model for one in found}
        return pb.BatchGetDeviceBindingsResponse(
            device_bindings=[
                pb.DeviceBinding(
                    meter_id=str(one.meter.meter_id),
                    dev_eui=one.meter.dev_eui,
                    device_model_id=str(one.model.device_model_id),
                    channels=[
                        pb.ChannelBinding(
                            channel=channel.channel,
                            channel_template=device_model_pb2.ChannelTemplate(code=channel.code),
                        )
                        for channel, _ in one.channels
                    ],
                    network_address=one.network_address,
                )
                for one in found
            ],
            models=[
                pb.BindingModel(
                    device_model_id=str(model.device_model_id),
                    codec=wire_codec(model.codec),
                    channel_templates=map(wire_template, model.channel_templates),
                    command_templates=map(wire_command_template, model.command_templates),
                    clock_behaviour=_clock(model),
                )
                for model in models.values()
            ],
        )

    async def ReportDeviceStatus(
        self, request: pb.ReportDeviceStatusRequest, context: Any
    ) -> pb.ReportDeviceStatusResponse:
        """Keeps what was heard."""
        known = await self._bindings.report(
            [_status(f"statuses[{index}]", one) for index, one in enumerate(request.statuses)]
        )
        return pb.ReportDeviceStatusResponse(known=known)


def _wire(binding: Binding) -> pb.DeviceBinding:
    return pb.DeviceBinding(
        meter_id=str(binding.meter.meter_id),
        dev_eui=binding.meter.dev_eui,
        device_model_id=str(binding.model.device_model_id),
        codec=wire_codec(binding.model.codec),
        channels=[
            pb.ChannelBinding(channel=channel.channel, channel_template=wire_template(template))
            for channel, template in binding.channels
        ],
        command_templates=[wire_command_template(one) for one in binding.model.command_templates],
        clock_behaviour=_clock(binding.model),
        network_address=binding.network_address,
    )


def _clock(model: DeviceModel) -> device_model_pb2.ClockBehaviour:
    clock = model.clock_behaviour
    return device_model_pb2.ClockBehaviour(
        time_zone=clock.time_zone,
        observes_dst=clock.observes_dst,
        deviation_inverted=clock.deviation_inverted,
    )


def _status(where: str, wire: pb.DeviceStatus) -> DeviceStatus:
    address = wire.dev_eui or wire.address
    if not address:
        raise InvalidField(f"{where}.dev_eui", "neither it nor address says which device", "required")
    return DeviceStatus(
        address=address,
        kind=enum_name(network_health_service_pb2.DeviceKind, wire.kind),
        seen_time=instant(f"{where}.seen_time", wire.seen_time),
        battery_level=_percent(wire.battery_level) if wire.HasField("battery_level") else None,
        margin_db=wire.margin_db if wire.HasField("margin_db") else None,
        rssi_dbm=wire.rssi_dbm if wire.HasField("rssi_dbm") else None,
        snr_db=wire.snr_db if wire.HasField("snr_db") and isfinite(wire.snr_db) else None,
        gateway_eui=wire.gateway_eui,
        network_address=wire.network_address,
        clock_offset_ms=wire.clock_offset_ms if wire.HasField("clock_offset_ms") else None,
        clock_uncertainty_ms=wire.clock_uncertainty_ms if wire.HasField("clock_uncertainty_ms") else None,
        reported=settings_of(wire.reported_configuration)
        if wire.HasField("reported_configuration")
        else None,
    )


def _percent(level: float) -> float | None:
    """A charge; what is none is taken as not said: one odd device must not cost the news of the others."""
    return level if 0 <= level <= _FULL else None
