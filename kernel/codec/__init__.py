"""Payload codecs: runs LoRaWAN TS013 JavaScript in a sandbox, and takes readings from what it returns.

>>> async with CodecSandbox() as sandbox:
...     decoded = await sandbox.decode("model-1", script, payload, f_port, received)
"""

from kernel.codec.errors import (
    CodecError,
    CodecFailure,
    CodecOutOfMemory,
    CodecTimeout,
    SandboxUnavailable,
)
from kernel.codec.frames import Decoded, Encoded, Frame
from kernel.codec.runner import Limits
from kernel.codec.sandbox import CodecSandbox

__all__ = [
    "CodecError",
    "CodecFailure",
    "CodecOutOfMemory",
    "CodecSandbox",
    "CodecTimeout",
    "Decoded",
    "Encoded",
    "Frame",
    "Limits",
    "SandboxUnavailable",
]
