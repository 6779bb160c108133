"""Roles over the permissions of the real contract."""

import pytest

from server.access.roles import ROLES, RoleBook
from server.platform.rpc.methods import permission_catalogue

CATALOGUE = permission_catalogue()
BOOK = RoleBook(CATALOGUE)


def test_the_administrators_together_may_do_everything():
    assert BOOK.permissions(["admin", "platform-admin"]) == CATALOGUE


def test_a_tenants_administrator_cannot_touch_other_tenants():
    assert not {
        name for name in BOOK.permissions(["admin"]) if name.startswith(("access.tenants", "system."))
    }


def test_a_platform_administrator_sees_nothing_within_a_tenant():
    areas = {name.split(".")[0] for name in BOOK.permissions(["platform-admin"])}
    assert areas == {"access", "system"}


def test_an_auditor_changes_nothing():
    assert all(name.endswith(".read") for name in BOOK.permissions(["auditor"]))


def test_an_analyst_sees_no_customers():
    assert not {name for name in BOOK.permissions(["analyst"]) if name.startswith("billing.")}


@pytest.mark.parametrize("role", ROLES)
def test_every_role_gives_something_and_knows_itself(role):
    assert "access.self.read" in BOOK.permissions([role])
    assert BOOK.knows(role)


@pytest.mark.parametrize(("role", "pattern"), [(role, each) for role, all_ in ROLES.items() for each in all_])
def test_no_pattern_is_dead(role, pattern):
    from fnmatch import fnmatchcase

    assert any(fnmatchcase(name, pattern.removeprefix("!")) for name in CATALOGUE), (role, pattern)


def test_a_role_that_is_gone_gives_nothing():
    assert BOOK.permissions(["gone"]) == frozenset()
    assert not BOOK.knows("gone")
