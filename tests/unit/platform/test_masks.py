"""Update masks."""

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from hypothesis import given
from hypothesis import strategies as st

from server.platform.errors import InvalidFieldMask
from server.platform.masks import apply_mask
from simba.access.v1.api_key_pb2 import ApiKey
from simba.common.v1.types_pb2 import TimeInterval

UPDATABLE = {"display_name", "roles", "expire_time"}


def stored() -> ApiKey:
    key = ApiKey(api_key_id="1", display_name="old", roles=["a"], prefix="p")
    key.expire_time.seconds = 5
    return key


def test_no_mask_takes_what_is_populated():
    target = stored()
    assert apply_mask(target, ApiKey(display_name="new", prefix="x"), None, UPDATABLE) == {"display_name"}
    assert (target.display_name, list(target.roles), target.prefix) == ("new", ["a"], "p")
    assert target.expire_time.seconds == 5


def test_an_empty_mask_is_no_mask():
    target = stored()
    assert apply_mask(target, ApiKey(roles=["b"]), FieldMask(), UPDATABLE) == {"roles"}


def test_a_mask_clears_what_it_names():
    target = stored()
    mask = FieldMask(paths=["roles", "expire_time"])
    assert apply_mask(target, ApiKey(display_name="ignored"), mask, UPDATABLE) == {"roles", "expire_time"}
    assert not target.roles
    assert not target.HasField("expire_time")
    assert target.display_name == "old"


def test_a_star_replaces():
    target = stored()
    changed = apply_mask(target, ApiKey(display_name="new"), FieldMask(paths=["*"]), UPDATABLE)
    assert changed == UPDATABLE
    assert target == ApiKey(api_key_id="1", display_name="new", prefix="p")


def test_what_does_not_change_is_not_told():
    target = stored()
    mask = FieldMask(paths=["display_name", "roles"])
    assert apply_mask(target, ApiKey(display_name="old", roles=["b"]), mask, UPDATABLE) == {"roles"}


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("nothing", "not a field"),
        ("display_name.deeper", "not a field"),
        ("roles.a", "not a field"),
        ("prefix", "cannot be updated"),
        ("api_key_id", "cannot be updated"),
        ("", "not a field"),
        ("displayName", "not a field"),
    ],
)
def test_paths_that_cannot_be(path, why):
    target = stored()
    with pytest.raises(InvalidFieldMask, match=why) as caught:
        apply_mask(target, ApiKey(), FieldMask(paths=["display_name", path]), UPDATABLE)
    assert caught.value.metadata["path"] == path
    assert target == stored()


def test_paths_reach_into_messages():
    target, patch = TimeInterval(), TimeInterval()
    target.start.seconds, target.end.seconds = 1, 2
    patch.start.seconds, patch.start.nanos = 7, 8
    assert apply_mask(target, patch, FieldMask(paths=["start.seconds"]), {"start"}) == {"start.seconds"}
    assert (target.start.seconds, target.start.nanos, target.end.seconds) == (7, 0, 2)
    assert apply_mask(target, patch, FieldMask(paths=["end"]), {"start", "end"}) == {"end"}
    assert not target.HasField("end")


@given(
    st.sets(st.sampled_from(sorted(UPDATABLE))),
    st.text(max_size=5),
    st.lists(st.text(max_size=3), max_size=3),
)
def test_only_named_fields_change(paths, name, roles):
    target, before = stored(), stored()
    patch = ApiKey(display_name=name, roles=roles)
    if not paths:
        return
    apply_mask(target, patch, FieldMask(paths=sorted(paths)), UPDATABLE)
    for field in ("display_name", "roles", "expire_time", "prefix", "api_key_id"):
        source = patch if field in paths else before
        assert getattr(target, field) == getattr(source, field)
