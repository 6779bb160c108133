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


async def test_each_of_many_tenants_has_a_share_and_one_more_finds_room():
    room, tenants = Room(1000), [uuid4() for _ in range(4)]
    for tenant in tenants:
        while True:
            try:
                await asyncio.wait_for(room.admit(tenant, 10), 0.01)
            except TimeoutError:
                break
    assert room.taken < 1000
    await asyncio.wait_for(room.admit(uuid4(), 10), 1)


async def test_backfill_leaves_room_to_live_data_of_the_same_tenant():
    room, tenant = Room(100), uuid4()
    await room.admit(tenant, 25, backfill=True)
    waiting = asyncio.create_task(room.admit(tenant, 5, backfill=True))
    await asyncio.sleep(0)
    await asyncio.wait_for(room.admit(tenant, 25), 1)
    assert not waiting.done()
    room.leave(tenant, 25, backfill=True)
    await asyncio.wait_for(waiting, 1)
    assert room.taken == 30


async def test_who_came_first_is_not_overtaken_for_being_larger():
    room, first, second, third = Room(100), uuid4(), uuid4(), uuid4()
    await room.admit(first, 90)
    large = asyncio.create_task(room.admit(second, 60))
    await asyncio.sleep(0)
    small = asyncio.create_task(room.admit(third, 5))
    await asyncio.sleep(0)
    assert not large.done()
    assert not small.done()
    room.leave(first, 90)
    await asyncio.gather(large, small)


async def test_who_gives_up_gives_nothing_away():
    room, tenant, other = Room(10), uuid4(), uuid4()
    await room.admit(tenant, 10)
    waiting = asyncio.create_task(room.admit(other, 10))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    room.leave(tenant, 10)
    assert room.taken == 0
