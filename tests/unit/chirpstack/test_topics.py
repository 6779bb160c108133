import pytest

from adapters.chirpstack.topics import (
    EventTopic,
    downlink_topic,
    event_filter,
    event_topic,
    parse_event_topic,
)


@pytest.mark.parametrize("prefix", ["", "eu868/", "a/b/"])
def test_a_topic_comes_back_as_it_went(prefix):
    topic = event_topic("app-1", "0018b20000000001", "up", prefix=prefix)
    assert parse_event_topic(topic) == EventTopic("app-1", "0018b20000000001", "up")


def test_the_eui_is_lower_case():
    parsed = parse_event_topic("application/a/device/0018B2000000000A/event/txack")
    assert parsed is not None
    assert parsed.dev_eui == "0018b2000000000a"


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "application/a/device/0018b20000000001/command/down",
        "application/a/device/0018b2/event/up",
        "application/a/device/0018b20000000001/event/up/more",
        "application//device/0018b20000000001/event/up",
    ],
)
def test_other_topics_are_no_events(topic):
    assert parse_event_topic(topic) is None


def test_subscriptions():
    assert event_filter() == "application/+/device/+/event/+"
    assert event_filter(prefix="eu/", share="simba") == "$share/simba/eu/application/+/device/+/event/+"
    assert downlink_topic("a", "e", prefix="p/") == "p/application/a/device/e/command/down"
