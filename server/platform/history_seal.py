"""Personal data in changes: sealed with a key of the person, so that destroying the key erases them.

The chain is made over the sealed text and stays whole. Sealed is ``sealed:1:`` and the URL-safe base64 of a
12-byte nonce and AES-256-GCM's output; what is authenticated besides is ``<change_id>/<path>/before`` or
``…/after``.
"""

import base64
import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncConnection

from server.platform.history import FieldDiff
from server.platform.history_tables import personal_key

SEALED = "sealed:1:"
ERASED_JSON = '"(erased)"'
"""Shown for what nobody can read any more."""
_KEY_BYTES, _NONCE_BYTES = 32, 12


class KeyMissing(KeyError):
    """A subject whose data is to be sealed has no key: it was not asked for by :func:`keys_for`."""


def seal(key: bytes, change_id: UUID, diff: FieldDiff) -> FieldDiff:
    """The field with both values sealed; what is not there stays empty."""
    return FieldDiff(
        diff.path,
        _seal(key, f"{change_id}/{diff.path}/before", diff.before),
        _seal(key, f"{change_id}/{diff.path}/after", diff.after),
    )


def unseal(key: bytes | None, change_id: UUID, diff: FieldDiff) -> FieldDiff:
    """The field as it was before :func:`seal`; without its key, or another one, it says that it is erased."""
    return FieldDiff(
        diff.path,
        _unseal(key, f"{change_id}/{diff.path}/before", diff.before),
        _unseal(key, f"{change_id}/{diff.path}/after", diff.after),
    )


def is_sealed(diff: FieldDiff) -> bool:
    """Whether the field holds personal data; JSON never begins so."""
    return diff.before.startswith(SEALED) or diff.after.startswith(SEALED)


def _seal(key: bytes, where: str, text: str) -> str:
    if not text:
        return ""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, text.encode(), where.encode())
    return SEALED + base64.urlsafe_b64encode(nonce + sealed).decode()


def _unseal(key: bytes | None, where: str, text: str) -> str:
    if not text.startswith(SEALED):
        return text
    raw = base64.urlsafe_b64decode(text.removeprefix(SEALED))
    try:
        opened = AESGCM(key).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], where.encode()) if key else None
    except InvalidTag:
        # The subject was erased, and had new data and a new key later.
        opened = None
    return ERASED_JSON if opened is None else opened.decode()


async def keys_for(
    conn: AsyncConnection, subjects: Iterable[tuple[UUID, str]], now: datetime
) -> Mapping[tuple[UUID, str], bytes]:
    """A key for each (tenant, subject), made where there is none. For connections with the system role."""
    wanted = sorted(set(subjects), key=str)
    if not wanted:
        return {}
    rows = [
        {
            "tenant_id": tenant_id,
            "subject": subject,
            "key": AESGCM.generate_key(_KEY_BYTES * 8),
            "create_time": now,
        }
        for tenant_id, subject in wanted
    ]
    await conn.execute(pg.insert(personal_key).values(rows).on_conflict_do_nothing())
    columns = personal_key.c
    query = sa.select(columns.tenant_id, columns.subject, columns.key).where(
        sa.tuple_(columns.tenant_id, columns.subject).in_(wanted)
    )
    found = {(tenant_id, subject): bytes(key) for tenant_id, subject, key in await conn.execute(query)}
    # One that was there, and was destroyed a moment ago, gets a new key.
    return {**found, **await keys_for(conn, set(wanted) - found.keys(), now)}


async def known_keys(conn: AsyncConnection, tenant_id: UUID, subjects: Iterable[str]) -> dict[str, bytes]:
    """The keys that there are, by subject."""
    wanted = sorted(set(subjects))
    if not wanted:
        return {}
    columns = personal_key.c
    query = sa.select(columns.subject, columns.key).where(
        columns.tenant_id == tenant_id, columns.subject.in_(wanted)
    )
    return {subject: bytes(key) for subject, key in await conn.execute(query)}


async def destroy_keys(conn: AsyncConnection, subjects: Iterable[tuple[UUID, str]]) -> None:
    """Makes everything that was sealed for these (tenant, subject) unreadable for ever."""
    columns = personal_key.c
    gone = sa.tuple_(columns.tenant_id, columns.subject).in_(sorted(set(subjects), key=str))
    await conn.execute(sa.delete(personal_key).where(gone))
