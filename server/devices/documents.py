"""The parts of a device model as JSON documents; decimals are texts in them."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from server.devices.domain import ChannelTemplate, ClockBehaviour, Codec, CommandTemplate, LorawanProfile

Document = dict[str, Any]


def codec_document(codec: Codec | None) -> Document | None:
    """A codec as JSON."""
    return None if codec is None else asdict(codec)


def read_codec(document: Document | None) -> Codec | None:
    """A codec from JSON."""
    return None if document is None else Codec(**document)


def template_document(template: ChannelTemplate) -> Document:
    """A channel template as JSON."""
    most = template.max_per_hour
    return {
        **asdict(template),
        "multiplier": format(template.multiplier, "f"),
        "max_per_hour": None if most is None else format(most, "f"),
    }


def read_template(document: Document) -> ChannelTemplate:
    """A channel template from JSON."""
    most = document["max_per_hour"]
    return ChannelTemplate(
        **{
            **document,
            "multiplier": Decimal(document["multiplier"]),
            "max_per_hour": None if most is None else Decimal(most),
        }
    )


def command_document(command: CommandTemplate) -> Document:
    """A command template as JSON."""
    return asdict(command)


def read_command(document: Document) -> CommandTemplate:
    """A command template from JSON."""
    return CommandTemplate(**document)


def lorawan_document(profile: LorawanProfile | None) -> Document | None:
    """A LoRaWAN profile as JSON."""
    return None if profile is None else asdict(profile)


def read_lorawan(document: Document | None) -> LorawanProfile | None:
    """A LoRaWAN profile from JSON."""
    return None if document is None else LorawanProfile(**document)


def clock_document(clock: ClockBehaviour) -> Document:
    """Clock behaviour as JSON."""
    return asdict(clock)


def read_clock(document: Document) -> ClockBehaviour:
    """Clock behaviour from JSON."""
    return ClockBehaviour(**document)
