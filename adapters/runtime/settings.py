"""Settings of every adapter: environment variables with the prefix `SIMBA_`, read once at the start."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class AdapterSettings(BaseSettings):
    """What differs between installations, for any adapter."""

    model_config = SettingsConfigDict(
        env_prefix="SIMBA_", env_ignore_empty=True, extra="ignore", use_attribute_docstrings=True
    )

    server_target: str = "127.0.0.1:50051"
    """The server's gRPC address, `host:port` or any gRPC target."""
    server_ca_file: Path | None = None
    """Certificates that the server's own must lead to; set, the connection is TLS."""
    server_tls: bool = False
    """TLS with the system's certificates."""
    api_key: SecretStr = SecretStr("")
    """API key of a principal with the role `adapter`."""
    api_key_file: Path | None = None
    """File that holds the API key, instead of `api_key`."""
    redis_url: str = "redis://127.0.0.1:6379/0"
    """Valkey or Redis: the command bus, and what adapters remember."""
    adapter_id: str = "1"
    """Name of this process among its kind; the same after a restart, another for each replica."""
    otlp_endpoint: str = ""
    """OTLP/gRPC endpoint for traces, metrics and logs; empty: none."""
    log_level: str = "INFO"
    """Least severe level that is logged."""
    log_format: str = Field(default="json", pattern="^(json|text)$")
    """`json`: one object a line, for machines; `text` for people."""
    drain_seconds: float = Field(default=10.0, ge=0)
    """How long work under way may take after SIGTERM."""
    binding_seconds: float = Field(default=10.0, ge=0)
    """How long a device's binding is believed without asking again."""
    unknown_binding_seconds: float = Field(default=3.0, ge=0)
    """How long a device that the server did not know is not asked for again."""

    def credential(self) -> str:
        """The API key. Raises ValueError when none is configured, OSError when its file cannot be read."""
        if self.api_key_file is not None:
            return self.api_key_file.read_text(encoding="utf-8").strip()
        if not self.api_key.get_secret_value():
            raise ValueError(
                "SIMBA_API_KEY or SIMBA_API_KEY_FILE must be set: the server wants to know who sends"
            )
        return self.api_key.get_secret_value()
