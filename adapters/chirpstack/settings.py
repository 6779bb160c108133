"""Settings of the ChirpStack adapter."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr

from adapters.chirpstack.mqtt import MqttOptions
from adapters.chirpstack.topics import event_filter
from adapters.runtime.settings import AdapterSettings


class ChirpStackSettings(AdapterSettings):
    """What differs between installations of ChirpStack."""

    mqtt_url: SecretStr = SecretStr("mqtt://127.0.0.1:1883")
    """The broker that ChirpStack uses: `mqtt://[user:password@]host[:port]`, `mqtts://` for TLS."""
    mqtt_version: Literal["5", "3.1.1"] = "3.1.1"
    """MQTT version to speak. By 5 the broker is asked to keep the session for `mqtt_session_seconds` and to
    have no more than `mqtt_in_flight` events under way; in 3.1.1 its own settings decide both."""
    mqtt_client_id: str = ""
    """Names the session that the broker keeps for us; empty: `simba-chirpstack-<adapter_id>`."""
    mqtt_topic_prefix: str = ""
    """What stands before `application/` where ChirpStack's topics are configured so, with its slash."""
    mqtt_share: str = ""
    """Name of a shared subscription by which replicas divide the events; empty: this one gets all."""
    mqtt_in_flight: int = Field(default=500, ge=1, le=65_535)
    """Events that may be under way at once."""
    mqtt_session_seconds: int = Field(default=7 * 86_400, ge=86_400)
    """How long the broker is to keep events for us while we are away (MQTT 5)."""
    mqtt_ca_file: Path | None = None
    """Certificates that the broker's own must lead to; empty: the system's."""
    mqtt_cert_file: Path | None = None
    """Our certificate, where the broker asks for one."""
    mqtt_key_file: Path | None = None
    """Its key."""
    codec_processes: int = Field(default=2, ge=1, le=64)
    """Sandbox processes that run codecs."""
    chirpstack_api_url: str = ""
    """ChirpStack's gRPC API: `http://host:8080`, or `https://` for TLS. Empty: devices are not provisioned,
    whoever runs ChirpStack does it by hand."""
    chirpstack_api_token: SecretStr = SecretStr("")
    """API key of ChirpStack, of the tenant below."""
    chirpstack_api_token_file: Path | None = None
    """File that holds the key, instead of `chirpstack_api_token`."""
    chirpstack_api_ca_file: Path | None = None
    """Certificates that the API's own must lead to; empty: the system's."""
    chirpstack_tenant_id: str = ""
    """ChirpStack's tenant in which SiMBA keeps its devices, a UUID."""
    chirpstack_api_seconds: float = Field(default=10.0, gt=0)
    """How long one call to ChirpStack's API may take."""
    chirpstack_api_concurrency: int = Field(default=8, ge=1, le=256)
    """Devices that are provisioned at once."""

    def chirpstack_token(self) -> str:
        """The API key of ChirpStack. Raises OSError when its file cannot be read."""
        if self.chirpstack_api_token_file is not None:
            return self.chirpstack_api_token_file.read_text(encoding="utf-8").strip()
        return self.chirpstack_api_token.get_secret_value()

    def mqtt_options(self) -> MqttOptions:
        """How to reach the broker."""
        return MqttOptions(
            url=self.mqtt_url.get_secret_value(),
            client_id=self.mqtt_client_id or f"simba-chirpstack-{self.adapter_id}",
            topics=(event_filter(prefix=self.mqtt_topic_prefix, share=self.mqtt_share),),
            version=self.mqtt_version,
            session_expiry_seconds=self.mqtt_session_seconds,
            in_flight=self.mqtt_in_flight,
            ca_file=str(self.mqtt_ca_file or ""),
            cert_file=str(self.mqtt_cert_file or ""),
            key_file=str(self.mqtt_key_file or ""),
        )
