"""From an address and a credential to a channel's arguments."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import grpc

from simba_metering._generated import methods

ENVIRONMENT = ("SIMBA_TARGET", "SIMBA_API_KEY", "SIMBA_CA")
_LOOPBACK = re.compile(r"(localhost|127(\.\d{1,3}){3}|\[::1\]|::1)(:\d+)?|unix:.*")
_SCHEME = re.compile(r"(?P<scheme>https?)://(?P<rest>[^/]+)/?")
_MEBIBYTE = 1024 * 1024

Token = str | Callable[[], str]
"""A bearer token, or what gives a fresh one for every call."""


@dataclass(frozen=True, slots=True)
class Connection:
    """What a channel is made from."""

    target: str
    credentials: grpc.ChannelCredentials | None
    """None: plain text."""
    api_key: str | None
    token: Token | None

    def metadata(self) -> list[tuple[str, str | bytes]]:
        """The credential as every call carries it."""
        if self.api_key:
            return [("x-api-key", self.api_key)]
        if self.token:
            token = self.token if isinstance(self.token, str) else self.token()
            return [("authorization", f"Bearer {token}")]
        return []


def connection(
    target: str,
    *,
    api_key: str | None,
    token: Token | None,
    ca: str | Path | bytes | None,
    insecure: bool | None,
) -> Connection:
    """Decide about TLS.

    On with `https://…`, with a CA, and whenever a credential goes to another machine; off on this machine,
    with `http://…` and with `insecure=True`. A credential never goes to another machine in plain text unless
    `insecure` says so.
    """
    if api_key and token:
        raise ValueError("give an API key or a token, not both")
    found = _SCHEME.fullmatch(target)
    scheme, address = (found["scheme"], found["rest"]) if found else ("", target)
    here = _LOOPBACK.fullmatch(address) is not None
    secret = bool(api_key or token)
    if insecure and (ca or scheme == "https"):
        raise ValueError("insecure=True contradicts https:// and a CA")
    plain = bool(insecure) or scheme == "http" or (scheme != "https" and not ca and (here or not secret))
    if plain and secret and not here and not insecure:
        raise ValueError(
            f"the credential would go to {address} in plain text: use https://, or say insecure=True"
        )
    if plain and insecure is False:
        raise ValueError("insecure=False needs TLS: use https:// or give a CA")
    roots = Path(ca).read_bytes() if isinstance(ca, (str, Path)) else ca
    return Connection(address, None if plain else grpc.ssl_channel_credentials(roots), api_key, token)


def from_environment(environment: Mapping[str, str]) -> dict[str, str | None]:
    """The arguments that `SIMBA_TARGET`, `SIMBA_API_KEY` and `SIMBA_CA` stand for."""
    target, api_key, ca = (environment.get(name) or None for name in ENVIRONMENT)
    if target is None:
        raise ValueError(
            "SIMBA_TARGET is not set: say where the server is, for example https://simba.example:8443"
        )
    return {"target": target, "api_key": api_key, "ca": ca}


def options(extra: Mapping[str, int | str]) -> list[tuple[str, int | str]]:
    """Channel options: retries of what may be repeated, keepalive, room for documents."""
    try:
        agent = f"simba-metering/{version('simba-metering')}"
    except PackageNotFoundError:
        agent = "simba-metering"
    chosen: dict[str, int | str] = {
        "grpc.service_config": json.dumps(service_config()),
        "grpc.enable_retries": 1,
        "grpc.keepalive_time_ms": 30_000,
        "grpc.keepalive_timeout_ms": 10_000,
        "grpc.max_receive_message_length": 64 * _MEBIBYTE,
        "grpc.max_send_message_length": 64 * _MEBIBYTE,
        "grpc.primary_user_agent": agent,
        **extra,
    }
    return list(chosen.items())


def service_config() -> dict[str, object]:
    """Calls that may be repeated are tried up to four times while the server is not reachable."""
    repeatable = [
        {"service": method.service, "method": method.name} for method in methods.ALL if method.repeatable
    ]
    policy = {
        "maxAttempts": 4,
        "initialBackoff": "0.1s",
        "maxBackoff": "2s",
        "backoffMultiplier": 3,
        "retryableStatusCodes": ["UNAVAILABLE"],
    }
    return {"methodConfig": [{"name": repeatable, "retryPolicy": policy}]}
