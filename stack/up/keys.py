"""The first keys of a stack, the administrator's and each adapter's, made once and kept (mode 0600)."""

from __future__ import annotations

import base64
import logging
import os
from typing import Final

from server.access.api_keys import issue_key
from server.access.bootstrap import ensure_bootstrap
from server.platform.platform import open_platform
from server.platform.settings import Settings
from stack.up.layout import Layout, write_secret

_log: Final = logging.getLogger("up")


def ensure_secrets_key(layout: Layout) -> None:
    """Makes the key that seals secrets of devices, once."""
    if not layout.secrets_key.exists():
        write_secret(layout.secrets_key, base64.b64encode(os.urandom(32)).decode())


async def ensure_keys(settings: Settings, layout: Layout, adapters: tuple[str, ...]) -> str:
    """Makes what is missing of tenant and keys and returns the administrator's key.

    A key file that was lost is replaced by a new key; the old one stays valid until it is revoked.
    """
    wanted = [name for name in adapters if not layout.adapter_key(name).exists()]
    async with open_platform(settings) as platform:
        made = await ensure_bootstrap(platform, adapters=wanted)
        secret = made.admin_secret
        if secret is None and not layout.api_key.exists():
            _log.warning("the file of the administrator's key is lost, making another key")
            async with platform.uow.system() as tx:
                _, secret = await issue_key(
                    tx.of(made.tenant_id), "Administrator of this machine", ("admin", "platform-admin")
                )
    if secret is not None:
        write_secret(layout.api_key, secret)
    for name, adapter_secret in made.adapter_secrets.items():
        write_secret(layout.adapter_key(name), adapter_secret)
    return layout.api_key.read_text()
