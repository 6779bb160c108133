"""What is shown of a device, and what may follow what."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.devices.errors import InUse, StateTransitionInvalid
from server.devices.life import PLAIN, Life, resume, shown_state, suspend, take_back

ID, USER = uuid4(), uuid4()
stored = st.sampled_from([PLAIN, Life.SUSPENDED, Life.REPLACED, Life.RETURNED])


@given(stored, st.sampled_from(["", "PROVISIONING", "ACTIVE", "FAILED", "REMOVED"]), st.booleans())
def test_the_archive_hides_everything(life, provisioning, in_use):
    shown = shown_state(archived=True, life=life, provisioning=provisioning, in_use=in_use)
    assert shown == Life.ARCHIVED


@pytest.mark.parametrize(
    ("life", "provisioning", "in_use", "shown"),
    [
        (PLAIN, "", False, Life.IN_STOCK),
        (PLAIN, "", True, Life.ACTIVE),
        (PLAIN, "PROVISIONING", True, Life.PROVISIONING),
        (PLAIN, "FAILED", True, Life.FAILED),
        (PLAIN, "ACTIVE", True, Life.ACTIVE),
        (PLAIN, "ACTIVE", False, Life.IN_STOCK),
        (Life.SUSPENDED, "FAILED", True, Life.SUSPENDED),
        (Life.RETURNED, "PROVISIONING", False, Life.RETURNED),
        (Life.REPLACED, "", False, Life.REPLACED),
        (Life.REPLACED, "", True, Life.ACTIVE),
    ],
)
def test_what_is_shown(life, provisioning, in_use, shown):
    assert shown_state(archived=False, life=life, provisioning=provisioning, in_use=in_use) == shown


@given(stored)
def test_what_may_follow(life):
    if life == Life.RETURNED:
        with pytest.raises(StateTransitionInvalid):
            suspend("gateway", ID, life)
        with pytest.raises(StateTransitionInvalid):
            take_back("gateway", ID, life, used_by=None)
    else:
        assert suspend("gateway", ID, life) == Life.SUSPENDED
        assert take_back("gateway", ID, life, used_by=None) == Life.RETURNED
        with pytest.raises(InUse):
            take_back("gateway", ID, life, used_by=USER)
    if life == Life.SUSPENDED:
        assert resume("gateway", ID, life) == PLAIN
    else:
        with pytest.raises(StateTransitionInvalid):
            resume("gateway", ID, life)
