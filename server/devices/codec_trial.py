"""Trying codecs: on one frame, and whether a script can be run at all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn
from uuid import UUID

from kernel.codec import (
    CodecFailure,
    CodecOutOfMemory,
    CodecSandbox,
    CodecTimeout,
    SandboxUnavailable,
)
from kernel.codec.wire import FrameMapper
from server.devices import errors
from server.devices.checks import model_violations
from server.devices.convert_model import wire_model
from server.devices.device_models import DeviceModels
from server.devices.domain import Codec, DeviceModel
from server.platform.caller import current_caller
from server.platform.errors import FieldViolation, InvalidField, Unavailable, refuse


@dataclass(frozen=True, slots=True)
class TriedReading:
    """One reading that the frame would become."""

    channel_code: str
    time: datetime
    value: str
    unit: str


@dataclass(frozen=True, slots=True)
class Trial:
    """What a codec made of a frame."""

    data: dict[str, Any]
    warnings: tuple[str, ...]
    errors: tuple[str, ...]
    readings: tuple[TriedReading, ...]
    mapping_errors: tuple[str, ...]


class CodecCheck:
    """Whether a script can be run at all; asked before a model that brings a new one is stored."""

    def __init__(self, sandbox: CodecSandbox) -> None:
        self._sandbox = sandbox

    async def __call__(self, codec: Codec, *, encodes: bool) -> None:
        """Raises CodecFailed where it does not compile or lacks what it needs (LoRaWAN TS013 clause 2).

        That is ``decodeUplink``, and ``encodeDownlink`` where it ``encodes``: commands of the model need it.
        """
        try:
            offered = await self._sandbox.functions(_sandbox_id(), codec.script)
            if "decodeUplink" not in offered:
                raise CodecFailure("the script has no function decodeUplink")
            if encodes and "encodeDownlink" not in offered:
                raise CodecFailure("the script has no function encodeDownlink, which command_templates need")
        except (CodecFailure, SandboxUnavailable) as error:
            raise_codec_error(error)


class CodecTrial:
    """Runs codecs in the sandbox; nothing is stored."""

    def __init__(self, models: DeviceModels, sandbox: CodecSandbox, clock: Callable[[], datetime]) -> None:
        self._models = models
        self._sandbox = sandbox
        self._clock = clock

    async def run(
        self,
        given: DeviceModel | None,
        device_model_id: UUID | None,
        *,
        payload: bytes,
        f_port: int,
        receive_time: datetime | None,
    ) -> Trial:
        """Tries a stored model's codec, or that of a model that is given.

        Raises DeviceModelNotFound, CodecFailed, CodecTimeout and CodecOutOfMemory; what the codec itself
        reports, and what the templates cannot take, is part of the answer.
        """
        if given is None:
            if device_model_id is None:
                raise InvalidField("codec", "set device_model_id or device_model", "required")
            model = await self._models.get(device_model_id)
        else:
            model = given
            refuse(model_violations(model))
        if model.codec is None:
            raise InvalidField("device_model.codec", "the model has no codec", "codec.set")
        time = receive_time or self._clock()
        try:
            decoded = await self._sandbox.decode(_sandbox_id(), model.codec.script, payload, f_port, time)
        except (CodecFailure, SandboxUnavailable) as error:
            raise_codec_error(error)
        wire = wire_model(model)
        mapped = FrameMapper.of(wire.channel_templates, wire.clock_behaviour).map(dict(decoded.data), time)
        units = {one.code: one.unit for one in model.channel_templates}
        return Trial(
            data=dict(decoded.data),
            warnings=decoded.warnings,
            errors=decoded.errors,
            readings=tuple(
                TriedReading(row.code, row.time, format(row.value.normalize(), "f"), units[row.code])
                for row in mapped.rows
            ),
            mapping_errors=tuple(str(error) for error in mapped.errors),
        )


def _sandbox_id() -> str:
    """Tenants never share an engine."""
    return f"trial-{current_caller().tenant_id}"


def raise_codec_error(error: CodecFailure | SandboxUnavailable) -> NoReturn:
    """Raises the error of devices for a failure of the sandbox."""
    if isinstance(error, SandboxUnavailable):
        raise Unavailable(f"the codec sandbox does not start: {error}") from error
    kind = errors.CodecFailed
    if isinstance(error, CodecTimeout):
        kind = errors.CodecTimeout  # type: ignore[assignment]  # siblings with one constructor
    elif isinstance(error, CodecOutOfMemory):
        kind = errors.CodecOutOfMemory  # type: ignore[assignment]
    where = "device_model.codec.script"
    raise kind(
        f"{where}: {error}",
        violations=[FieldViolation(where, str(error), kind.reason.lower())],
        line=error.line or None,
        column=error.column or None,
    ) from error
