"""Between fork and exec: die with the parent, and run as somebody else where the parent is root."""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_KEEPCAPS: Final = 8
_PR_CAPBSET_READ: Final = 23
_PR_CAP_AMBIENT: Final = 47
_PR_CAP_AMBIENT_RAISE: Final = 2
_CAP_DAC_OVERRIDE: Final = 1
_CAP_DAC_READ_SEARCH: Final = 2
_CAPABILITY_VERSION_3: Final = 0x20080522

_libc: Final = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Account:
    """An unprivileged account of this machine."""

    name: str
    uid: int
    gid: int
    reads_all: bool = False
    """Keeps the one capability of passing through directories that are closed to the account.

    Such are a data directory or an environment under /root.
    """


def unprivileged(paths: Sequence[Path]) -> Account | None:
    """Whom a program that refuses to run as root is to run as; None where we are not root.

    The owner of the first path where that is not root, else `simba`, `postgres` or `nobody`, whichever exists
    first. `paths` are what the program must reach: where a directory above one is closed to others, the
    account passes it with a capability (see `Account.reads_all`). Raises LookupError where no such account
    exists.
    """
    if os.geteuid() != 0:
        return None
    owner = paths[0].stat().st_uid
    for key in [owner] if owner else ["simba", "postgres", "nobody"]:
        try:
            found = pwd.getpwuid(key) if isinstance(key, int) else pwd.getpwnam(key)
        except KeyError:
            continue
        closed = any(
            not parent.stat().st_mode & 0o001 for path in paths for parent in [*path.resolve().parents]
        )
        return Account(found.pw_name, found.pw_uid, found.pw_gid, reads_all=closed)
    raise LookupError(
        "root may not run PostgreSQL, and none of the accounts simba, postgres and nobody exists here"
    )


def preparation(stop_signal: signal.Signals, account: Account | None) -> Callable[[], None]:
    """What a child does between fork and exec. Nothing here may take a lock, so all is looked up before."""
    parent = os.getpid()

    def prepare() -> None:
        os.setsid()
        if account is not None:
            _become(account)
        # After the change of user, which clears it.
        _libc.prctl(_PR_SET_PDEATHSIG, int(stop_signal), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return prepare


def _become(account: Account) -> None:
    capability = _passing_capability() if account.reads_all else None
    if capability is not None:
        _libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(account.gid)
    os.setuid(account.uid)
    if capability is not None:
        _keep_only(capability)


def _passing_capability() -> int | None:
    for capability in (_CAP_DAC_READ_SEARCH, _CAP_DAC_OVERRIDE):
        if _libc.prctl(_PR_CAPBSET_READ, capability, 0, 0, 0) == 1:
            return capability
    return None


def _keep_only(capability: int) -> None:
    """Keeps one capability and no other, in such a way (ambient) that it lives through exec."""
    mask = 1 << capability
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    # effective, permitted, inheritable of the low word, then of the high one
    sets = (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)
    if _libc.capset(header, sets) != 0:
        raise OSError(ctypes.get_errno(), "capset")
    _libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability, 0, 0)
