"""Roles over the permissions of the real contract."""

import pytest

from server.access.roles import ADAPTER, CONSUMER, MACHINE_ONLY, ROLES, RoleBook
from server.platform.rpc.methods import permission_catalogue

CATALOGUE = permission_catalogue()
BOOK = RoleBook(CATALOGUE)


def test_the_administrators_together_may_do_everything_that_is_not_for_machines():
    assert BOOK.permissions(["admin", "platform-admin"]) == CATALOGUE - MACHINE_ONLY


def test_a_tenants_administrator_cannot_touch_other_tenants():
    beyond = {name for name in BOOK.permissions(["admin"]) if name.startswith(("access.tenants", "system."))}
    assert beyond == {"system.operations.read"}


def test_only_adapters_get_the_keys_of_devices():
    for role in ROLES:
        assert bool(MACHINE_ONLY & BOOK.permissions([role])) == (role == ADAPTER), role
    assert not BOOK.expand(["*", *MACHINE_ONLY]) & MACHINE_ONLY, "nor can a tenant's own role"
    assert BOOK.idle("devices.provisioning.work")


def test_who_sees_the_log_and_the_quota():
    for role in ("admin", "operator", "auditor"):
        assert "access.quota.read" in BOOK.permissions([role])
    for role in ("admin", "auditor"):
        assert "system.operations.read" in BOOK.permissions([role])
    assert "access.quota.read" not in BOOK.permissions(["cis"])


def test_a_consumer_without_a_scope_gets_nothing():
    assert BOOK.permissions([CONSUMER], scoped=False) == {"access.self.read"}
    assert "billing.invoices.read" in BOOK.permissions([CONSUMER], scoped=True)


def test_a_tenants_own_role_takes_away_in_order():
    own = {"reader": ("devices.*.read", "!devices.meters.*", "billing.invoices.read")}
    held = BOOK.permissions(["reader"], own)
    assert "devices.gateways.read" in held
    assert "billing.invoices.read" in held
    assert not {name for name in held if name.startswith("devices.meters") or name.endswith("write")}
    assert BOOK.permissions(["reader"]) == frozenset()
    assert BOOK.idle("!nothing.at.all")
    assert not BOOK.idle("!devices.*")


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
