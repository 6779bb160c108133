"""What can be asked of a meter, and what each action means to the state machine."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Action(StrEnum):
    """The actions, named as a device model names what its meters can be told to do."""

    ON_DEMAND_READ = "on_demand_read"
    CONNECT = "connect"
    DISCONNECT = "disconnect"
    ARM = "arm"
    SYNC_TIME = "sync_time"
    PING = "ping"


@dataclass(frozen=True, slots=True)
class Traits:
    """How an action behaves."""

    has_effect: bool
    """It changes the device or the supply: silence after sending is UNKNOWN_OUTCOME, never a repeat."""
    answer_is_proof: bool
    """There is no end state to look at: the device's answer is the result, and EXECUTED is VERIFIED."""
    lifetime: timedelta
    """From start to expiry, when the caller names none. Every command expires: queues must not pile up."""
    max_attempts: int = 1


MAX_LIFETIME = timedelta(days=31)
"""The farthest that an expiry, or a start, may lie ahead."""

_SWITCHING = timedelta(hours=24)
_OTHERS = timedelta(hours=6)

TRAITS = {
    Action.ON_DEMAND_READ: Traits(has_effect=False, answer_is_proof=True, lifetime=_OTHERS, max_attempts=3),
    Action.CONNECT: Traits(has_effect=True, answer_is_proof=False, lifetime=_SWITCHING),
    Action.DISCONNECT: Traits(has_effect=True, answer_is_proof=False, lifetime=_SWITCHING),
    Action.ARM: Traits(has_effect=True, answer_is_proof=False, lifetime=_SWITCHING),
    Action.SYNC_TIME: Traits(has_effect=True, answer_is_proof=True, lifetime=_OTHERS),
    Action.PING: Traits(has_effect=False, answer_is_proof=True, lifetime=_OTHERS, max_attempts=3),
}
