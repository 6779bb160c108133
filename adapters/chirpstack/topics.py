"""ChirpStack's MQTT topics: `[prefix/]application/<id>/device/<dev_eui>/{event/<kind>,command/down}`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_EVENT: Final = re.compile(
    r"^(?:.*/)?application/(?P<application>[^/]+)/device/(?P<eui>[0-9a-fA-F]{16})/event/(?P<kind>[^/]+)$"
)


@dataclass(frozen=True, slots=True)
class EventTopic:
    """What an event's topic says."""

    application_id: str
    dev_eui: str
    """16 lower-case hex digits."""
    kind: str


def parse_event_topic(topic: str) -> EventTopic | None:
    """The parts of an event's topic; None when the topic is no such one."""
    match = _EVENT.match(topic)
    if match is None:
        return None
    return EventTopic(match["application"], match["eui"].lower(), match["kind"])


def event_filter(*, prefix: str = "", share: str = "") -> str:
    """The subscription that gets every event; with `share` replicas divide them (shared subscription)."""
    topic = f"{prefix}application/+/device/+/event/+"
    return f"$share/{share}/{topic}" if share else topic


def event_topic(application_id: str, dev_eui: str, kind: str, *, prefix: str = "") -> str:
    """Where ChirpStack publishes an event of a device."""
    return f"{prefix}application/{application_id}/device/{dev_eui}/event/{kind}"


def downlink_topic(application_id: str, dev_eui: str, *, prefix: str = "") -> str:
    """Where ChirpStack takes downlinks for a device."""
    return f"{prefix}application/{application_id}/device/{dev_eui}/command/down"
