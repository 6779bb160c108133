"""Secrets at rest: envelope encryption.

Each tenant has a data key, made when it first seals something. It lies in the database wrapped by the key of
the installation (``SIMBA_SECRETS_KEY``), which lies nowhere but in the settings: the database alone is not
enough. What is sealed is ``1`` (the form), a 12-byte nonce and AES-256-GCM's output; authenticated along are
the tenant and the purpose, so that what is sealed for one device cannot be moved to another.
"""

import base64
import binascii
import hashlib
import os
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.dialects import postgresql as pg

from server.platform.errors import FailedPrecondition
from server.platform.tables import tenant_table
from server.platform.uow import Tx

_FORM = b"\x01"
_KEY_BYTES, _NONCE_BYTES = 32, 12
_HEX_DIGITS = 2 * _KEY_BYTES

secret_key = tenant_table(
    "secret_key",
    sa.Column("wrapped", sa.LargeBinary, nullable=False),
    sa.Column("wrapped_by", sa.Text, nullable=False),
    sa.Column("update_time", sa.DateTime(timezone=True), nullable=False),
)
"""The data key of each tenant; ``wrapped_by`` names the installation's key that it is wrapped with."""


class SecretsKeyMissing(FailedPrecondition):
    """The server has no key for secrets, or not the one with which they were sealed."""

    reason = "SECRETS_KEY_MISSING"


class Master(NamedTuple):
    """A key of the installation and the name by which it is known."""

    name: str
    key: bytes


def masters(text: str) -> tuple[Master, ...]:
    """Keys from settings: each 32 bytes as hex or base64, divided by commas or line ends; the first seals.

    Raises ValueError for what is no key.
    """
    return tuple(_master(one) for one in text.replace(",", "\n").split("\n") if one.strip())


def _master(text: str) -> Master:
    given = text.strip()
    try:
        raw = bytes.fromhex(given) if len(given) == _HEX_DIGITS else base64.b64decode(given, validate=True)
    except (ValueError, binascii.Error):
        raw = b""
    if len(raw) != _KEY_BYTES:
        raise ValueError("a key of SIMBA_SECRETS_KEY is not 32 bytes as 64 hex digits or as base64")
    return Master(hashlib.sha256(b"simba secrets key\0" + raw).hexdigest()[:16], raw)


class SecretBox:
    """Seals and opens secrets of tenants."""

    def __init__(self, keys: Sequence[Master]) -> None:
        self._masters = tuple(keys)

    async def seal(self, tx: Tx, secrets: Sequence[tuple[str, bytes]]) -> list[bytes]:
        """Seals secrets of the transaction's tenant, each with its purpose.

        Raises SecretsKeyMissing.
        """
        if not secrets:
            return []
        cipher = AESGCM(await self._data_key(tx))
        return [_seal(cipher, tx.tenant_id, purpose, plain) for purpose, plain in secrets]

    async def open(self, tx: Tx, secrets: Sequence[tuple[str, bytes]]) -> list[bytes]:
        """Opens what was sealed for these purposes. Raises SecretsKeyMissing."""
        if not secrets:
            return []
        cipher = AESGCM(await self._data_key(tx))
        return [_open(cipher, tx.tenant_id, purpose, sealed) for purpose, sealed in secrets]

    async def rewrap(self, tx: Tx) -> int:
        """Wraps the data keys of all tenants with the first key; how many were wrapped with another one.

        For a system transaction. Afterwards the other keys may go from the settings. Raises
        SecretsKeyMissing when a data key cannot be opened.
        """
        first = self._first()
        query = sa.select(secret_key).where(secret_key.c.wrapped_by != first.name).with_for_update()
        rows = list(await tx.conn.execute(query))
        for row in rows:
            plain = self._unwrap(row.tenant_id, row.wrapped_by, row.wrapped)
            await tx.conn.execute(
                sa.update(secret_key)
                .where(secret_key.c.tenant_id == row.tenant_id)
                .values(wrapped=_wrap(first, row.tenant_id, plain), wrapped_by=first.name, update_time=tx.now)
            )
        return len(rows)

    async def _data_key(self, tx: Tx) -> bytes:
        first = self._first()
        query = sa.select(secret_key.c.wrapped_by, secret_key.c.wrapped).where(
            secret_key.c.tenant_id == tx.tenant_id
        )
        row = (await tx.conn.execute(query)).one_or_none()
        if row is None:
            made = {
                "tenant_id": tx.tenant_id,
                "wrapped": _wrap(first, tx.tenant_id, os.urandom(_KEY_BYTES)),
                "wrapped_by": first.name,
                "update_time": tx.now,
            }
            # Of two that begin at the same time the second waits for the first, and takes its key.
            await tx.conn.execute(pg.insert(secret_key).values(**made).on_conflict_do_nothing())
            row = (await tx.conn.execute(query)).one()
        return self._unwrap(tx.tenant_id, row.wrapped_by, row.wrapped)

    def _unwrap(self, tenant_id: UUID, name: str, wrapped: bytes) -> bytes:
        known = {one.name: one.key for one in self._masters}
        if name not in known:
            raise SecretsKeyMissing(
                f"the tenant's secrets are sealed with the key {name}, which SIMBA_SECRETS_KEY does not have",
                key=name,
            )
        return _open(AESGCM(known[name]), tenant_id, "data key", bytes(wrapped))

    def _first(self) -> Master:
        if not self._masters:
            raise SecretsKeyMissing(
                "keys of devices cannot be kept: the server has no SIMBA_SECRETS_KEY (32 bytes as base64)"
            )
        return self._masters[0]


def _wrap(master: Master, tenant_id: UUID, plain: bytes) -> bytes:
    return _seal(AESGCM(master.key), tenant_id, "data key", plain)


def _seal(cipher: AESGCM, tenant_id: UUID, purpose: str, plain: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return _FORM + nonce + cipher.encrypt(nonce, plain, f"{tenant_id}/{purpose}".encode())


def _open(cipher: AESGCM, tenant_id: UUID, purpose: str, sealed: bytes) -> bytes:
    raw = bytes(sealed)
    nonce, rest = raw[1 : 1 + _NONCE_BYTES], raw[1 + _NONCE_BYTES :]
    try:
        return cipher.decrypt(nonce, rest, f"{tenant_id}/{purpose}".encode())
    except InvalidTag:
        raise SecretsKeyMissing(f"what is sealed for {purpose} cannot be opened: it was changed") from None
