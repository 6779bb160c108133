"""Tenants, keys for every role, and resources to ask for: what requests of every method are made of."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar
from uuid import uuid4

from server.access.roles import ROLES, RoleBook
from server.platform.rpc.methods import permission_catalogue
from tests.support.rpcs.contract import Method, method
from tests.support.rpcs.wire import Answer, GrpcWire

T = TypeVar("T")
PLATFORM = "platform-admin"
CONSUMER = "consumer"
"""Has rights within a scope alone; tests/integration/access tries it."""


@dataclass(frozen=True)
class Tenant:
    """A tenant and its administrator's key."""

    tenant_id: str
    secret: str


class World:
    """One tenant in which everything is, and another that must see nothing of it.

    ``do`` calls as the first tenant's administrator, ``kept`` makes a thing once for all cells of the table.
    """

    def __init__(self, wire: GrpcWire, operator: str) -> None:
        self._wire = wire
        self.operator = operator
        """Key of whoever runs the installation."""
        self._kept: dict[str, Any] = {}
        self._failed: dict[str, str] = {}
        self.home, self.abroad = self._tenant(), self._tenant()

    def do(self, name: str, /, _key: str = "", *metadata: tuple[str, str], **fields: Any) -> Any:
        """Calls a method, which must work, and returns its response."""
        answer = self.ask(name, _key or self.home.secret, *metadata, **fields)
        assert answer.code == "OK", f"{name}: {answer}"
        return answer.message

    def ask(self, name: str, key: str, /, *metadata: tuple[str, str], **fields: Any) -> Answer:
        """Calls a method over gRPC, whatever comes of it."""
        asked = method(name)
        return self._wire.call(asked, asked.request(**fields), key, *metadata)

    def kept(self, name: str, make: Callable[[], T]) -> T:
        """What is made at the first asking, and the same ever after.

        What failed once is not tried again: hundreds of cells would wait for it.
        """
        assert name not in self._failed, f"{name} could not be made: {self._failed[name]}"
        if name not in self._kept:
            try:
                self._kept[name] = make()
            except AssertionError as error:
                self._failed[name] = str(error)
                raise
        return self._kept[name]  # type: ignore[no-any-return]

    def key(self, role: str, tenant: Tenant | None = None) -> str:
        """The secret of a key with one role."""
        where = tenant or self.home
        maker = self.operator if role == PLATFORM else where.secret
        return self.kept(
            f"key {role} {'' if role == PLATFORM else where.tenant_id}", lambda: self._key(maker, role)
        )

    def _key(self, maker: str, role: str) -> str:
        made = self.do(
            "access.PrincipalService.CreateApiKey", maker, api_key={"display_name": role, "roles": [role]}
        )
        return str(made.secret)

    def _tenant(self) -> Tenant:
        code = f"rpc-{uuid4().hex[:12]}"
        made = self.do(
            "access.TenantService.CreateTenant", self.operator, tenant={"code": code, "time_zone": "UTC"}
        )
        return Tenant(made.tenant.tenant_id, made.secret)


@cache
def _book() -> RoleBook:
    return RoleBook(permission_catalogue())


def right_role(asked: Method) -> str:
    """The built-in role with the fewest permissions among those that may call the method."""
    may = [role for role in ROLES if asked.permission in _book().permissions([role])]
    assert may, f"no role may call {asked.name}"
    within = [role for role in may if role not in {PLATFORM, CONSUMER}]
    return min(within or may, key=lambda role: len(_book().permissions([role])))


def wrong_role(asked: Method) -> str:
    """The built-in role with the most permissions among those that may not; empty: all may."""
    may_not = [role for role in ROLES if asked.permission not in _book().permissions([role])]
    may_not = [role for role in may_not if role not in {PLATFORM, CONSUMER}]
    return max(may_not, key=lambda role: len(_book().permissions([role])), default="")
