"""Room for rows on their way."""

import asyncio
from uuid import uuid4

import pytest

from server.platform.errors import ResourceExhausted
from server.readings.ingest.room import Room


async def test_waits_for_room_and_takes_it():
    room, tenant = Room(100), uuid4()
    await room.admit(tenant, 40)
    waiting = asyncio.create_task(room.admit(tenant, 20))
    await asyncio.sleep(0)
    assert not waiting.done()
    room.leave(tenant, 40)
    await waiting
    assert room.taken == 20


async def test_one_tenant_leaves_half_of_the_room_to_others():
    room, greedy, other = Room(100), uuid4(), uuid4()
    await room.admit(greedy, 50)
    waiting = asyncio.create_task(room.admit(greedy, 10))
    await asyncio.wait_for(room.admit(other, 50), 1)
    assert not waiting.done()
    waiting.cancel()


async def test_a_block_larger_than_the_room_goes_alone():
    room, tenant = Room(10), uuid4()
    await room.admit(tenant, 1000)
    assert room.taken == 1000
    room.leave(tenant, 1000)
    assert room.taken == 0


async def test_refuses_with_a_delay_when_there_is_no_room_for_long():
    room, tenant = Room(10, patience=0.01), uuid4()
    await room.admit(tenant, 5)
    with pytest.raises(ResourceExhausted) as caught:
        await room.admit(tenant, 5)
    assert caught.value.retry_after is not None
