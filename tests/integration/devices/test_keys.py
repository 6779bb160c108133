"""Keys of devices at rest: sealed, never shown, readable only with the key of the installation."""

import os
from uuid import UUID

import pytest
import sqlalchemy as sa

from server.devices.device_keys import DeviceKeys
from server.devices.keys import Keys, device_key
from server.platform.ids import new_id
from server.platform.platform import Platform
from server.platform.secrets import SecretBox, SecretsKeyMissing, masters, secret_key

APP_KEY = "00112233445566778899aabbccddeeff"
GIVEN = DeviceKeys(app_key=APP_KEY, others={"dlms_encryption": "ab" * 16})


def a_box(*keys: bytes) -> SecretBox:
    return SecretBox(masters(",".join(key.hex() for key in keys)))


async def test_keys_come_back_as_they_were_given_and_lie_sealed(platform: Platform, tenant: UUID):
    keys, device_id = Keys(platform.secrets), new_id()
    async with platform.uow() as tx:
        await keys.put(tx, device_id, GIVEN)
        await keys.put(tx, device_id, DeviceKeys(nwk_key="cd" * 16))
    async with platform.uow() as tx:
        assert (await keys.get(tx, device_id)).named == {
            "app_key": APP_KEY,
            "nwk_key": "cd" * 16,
            "dlms_encryption": "ab" * 16,
        }
        assert await keys.names(tx, [device_id]) == {device_id: ("app_key", "dlms_encryption", "nwk_key")}
        rows = list(await tx.conn.execute(sa.select(device_key).where(device_key.c.device_id == device_id)))
        wrapped = await tx.conn.scalar(sa.select(secret_key.c.wrapped))
    assert len(rows) == 3
    assert all(bytes.fromhex(APP_KEY) not in bytes(row.sealed) for row in rows)
    assert wrapped is not None
    assert APP_KEY not in repr(GIVEN)


async def test_a_sealed_key_cannot_be_moved_to_another_device(platform: Platform, tenant: UUID):
    keys, mine, other = Keys(platform.secrets), new_id(), new_id()
    async with platform.uow() as tx:
        await keys.put(tx, mine, GIVEN)
        await tx.conn.execute(
            sa.update(device_key).where(device_key.c.device_id == mine).values(device_id=other)
        )
        with pytest.raises(SecretsKeyMissing, match="it was changed"):
            await keys.get(tx, other)


async def test_a_server_without_the_key_refuses_to_keep_keys(platform: Platform, tenant: UUID):
    async with platform.uow() as tx:
        with pytest.raises(SecretsKeyMissing, match="SIMBA_SECRETS_KEY"):
            await Keys(SecretBox(())).put(tx, new_id(), GIVEN)


class _Undone(Exception):
    """Ends a transaction without a trace."""


async def test_the_key_of_the_installation_changes_and_the_old_one_may_go(platform: Platform, tenant: UUID):
    old, new, theirs = os.urandom(32), os.urandom(32), bytes.fromhex(platform.settings.secrets_keys)
    device_id = new_id()
    async with platform.uow() as tx:
        await Keys(a_box(old)).put(tx, device_id, GIVEN)
        with pytest.raises(SecretsKeyMissing, match="does not have"):
            await Keys(a_box(new)).get(tx, device_id)
    # All tenants are wrapped anew, those of other tests as well: undone in the end.
    with pytest.raises(_Undone):
        async with platform.uow.system() as tx:
            with pytest.raises(SecretsKeyMissing, match="does not have"):
                await a_box(new).rewrap(tx)
            assert await a_box(new, old, theirs).rewrap(tx) >= 1
            assert await a_box(new, old, theirs).rewrap(tx) == 0
            assert (await Keys(a_box(new)).get(tx.of(tenant), device_id)).app_key == APP_KEY
            raise _Undone


@pytest.mark.parametrize("text", ["short", "zz" * 32, "AAAA", "ab" * 31])
def test_what_is_no_key_is_refused_when_the_server_starts(text: str):
    with pytest.raises(ValueError, match="32 bytes"):
        masters(text)
