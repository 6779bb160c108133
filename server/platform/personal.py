"""Personal data is shown to callers with the permission ``billing.personal_data.read`` only.

Others see ``***`` where there is something, and cannot change what they cannot see.
"""

from collections.abc import Iterable

from server.platform.caller import caller_or_none

PERSONAL_DATA = "billing.personal_data.read"
HIDDEN = "***"


def sees_personal_data() -> bool:
    """Whether the caller may know who customers are; the server itself may."""
    caller = caller_or_none()
    return caller is None or caller.principal_id == "system" or caller.may(PERSONAL_DATA)


def hidden(text: str) -> str:
    """The text, or ``***`` for a caller who may not see it; what is empty stays empty."""
    return text if not text or sees_personal_data() else HIDDEN


def updatable_by_caller(paths: Iterable[str], personal: Iterable[str]) -> set[str]:
    """Paths that the caller's update may change: without the personal ones, where those are hidden.

    So that somebody who read ``***`` and sends it back does not write it over what is there.
    """
    return set(paths) if sees_personal_data() else set(paths) - set(personal)
