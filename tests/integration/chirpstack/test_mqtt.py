"""The MQTT link against a real broker: nothing is lost that was not acknowledged."""

import asyncio
from uuid import uuid4

import pytest

from adapters.chirpstack.mqtt import Delivery, MqttAwayError, MqttLink, MqttOptions

VERSIONS = pytest.mark.parametrize("version", ["5", "3.1.1"])


def options(broker, version, *, client_id="", topics=()):
    return MqttOptions(
        url=broker.url(version),
        client_id=client_id or f"test-{uuid4().hex}",
        topics=tuple(topics),
        version=version,
        in_flight=100,
    )


async def take(link: MqttLink, count: int) -> list[Delivery]:
    taken: list[Delivery] = []
    async with asyncio.timeout(20):
        while len(taken) < count:
            taken += await link.receive()
    return taken


@VERSIONS
async def test_what_was_not_acknowledged_comes_again(broker, version):
    topic, client_id = f"t/{uuid4().hex}", f"kept-{uuid4().hex}"
    async with MqttLink(options(broker, version)) as publisher:
        async with MqttLink(options(broker, version, client_id=client_id, topics=[topic])) as first:
            await asyncio.wait_for(first.wait_connected(), 10)
            for n in range(20):
                await publisher.publish(topic, b"%d" % n)
            taken = await take(first, 20)
            assert [int(one.payload) for one in taken] == list(range(20))
            for one in taken[:5]:
                first.acknowledge(one)
            # Ready early: its acknowledgement waits for those before it, and so never leaves.
            first.acknowledge(taken[10])
            await asyncio.sleep(0.2)
        await publisher.publish(topic, b"20")
        async with MqttLink(options(broker, version, client_id=client_id, topics=[topic])) as second:
            again = await take(second, 16)
            assert [int(one.payload) for one in again] == list(range(5, 21))
            for one in again:
                second.acknowledge(one)
            await asyncio.sleep(0.2)
        async with MqttLink(options(broker, version, client_id=client_id, topics=[topic])) as third:
            await asyncio.wait_for(third.wait_connected(), 10)
            await publisher.publish(topic, b"21")
            assert [one.payload for one in await take(third, 1)] == [b"21"]


@VERSIONS
async def test_a_flood_is_bounded_by_what_is_acknowledged(broker, version):
    topic = f"t/{uuid4().hex}"
    async with (
        MqttLink(options(broker, version)) as publisher,
        MqttLink(options(broker, version, topics=[topic])) as link,
    ):
        await asyncio.wait_for(link.wait_connected(), 10)
        flood = asyncio.gather(*(publisher.publish(topic, b"%d" % n, timeout=20) for n in range(1200)))
        got = []
        async with asyncio.timeout(30):
            while len(got) < 1200:
                batch = await link.receive()
                assert len(batch) <= 500
                got += [int(one.payload) for one in batch]
                for one in reversed(batch):
                    link.acknowledge(one)
        await flood
        assert sorted(got) == list(range(1200))


@VERSIONS
async def test_a_broker_that_comes_back_is_used_again(tmp_path, broker, version):
    # A broker of its own: the others' tests keep theirs.
    own = type(broker)(tmp_path)
    await own.start()
    topic = f"t/{uuid4().hex}"
    try:
        async with (
            MqttLink(options(own, version)) as publisher,
            MqttLink(options(own, version, topics=[topic])) as link,
        ):
            await asyncio.wait_for(link.wait_connected(), 10)
            await publisher.publish(topic, b"before")
            (before,) = await take(link, 1)
            await own.kill()
            await _until(lambda: not (link.connected or publisher.connected))
            assert "lost" in link.detail
            with pytest.raises(MqttAwayError, match=topic):
                await publisher.publish(topic, b"lost", timeout=0.2)
            await own.start()
            await asyncio.wait_for(link.wait_connected(), 20)
            # What belongs to the connection before must not acknowledge anything on this one.
            link.acknowledge(before)
            await publisher.publish(topic, b"after", timeout=20)
            (after,) = await take(link, 1)
            assert after.payload == b"after"
    finally:
        await own.kill()


async def test_a_refused_password_is_told(broker):
    wrong = MqttOptions(
        url=broker.url("3.1.1").replace(":test@", ":wrong@"), client_id="x", topics=("t",), version="3.1.1"
    )
    async with MqttLink(wrong) as link:
        await _until(lambda: link.detail != "not connected yet")
        assert not link.connected


@pytest.mark.parametrize("url", ["http://a", "mqtt://", "127.0.0.1:1883"])
def test_a_url_of_another_kind_is_refused(url):
    with pytest.raises(ValueError, match="must be mqtt://host"):
        MqttLink(MqttOptions(url=url, client_id="x", topics=()))


async def _until(check):
    async with asyncio.timeout(20):
        while not check():  # noqa: ASYNC110
            await asyncio.sleep(0.02)
