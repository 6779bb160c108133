"""Rows of access.v1 and system.v1."""

from uuid import uuid4

from google.protobuf.timestamp_pb2 import Timestamp

from tests.support.rpcs.rows import Fields, Kind, row, text
from tests.support.rpcs.world import World
from tests.support.stack import eventually

AUDIT, PRINCIPALS, ROLES, TENANTS, LOG = (
    "access.AuditService",
    "access.PrincipalService",
    "access.RoleService",
    "access.TenantService",
    "system.OperationLogService",
)

PRINCIPAL = Kind(
    PRINCIPALS,
    "principal",
    lambda _: {"kind": "PRINCIPAL_KIND_SERVICE", "display_name": text(), "roles": ["analyst"]},
    {"display_name": "another name"},
).enter("Create", "Get", "List", "Update", "Archive", "Suspend", "Resume")

API_KEY = Kind(
    PRINCIPALS,
    "api_key",
    lambda _: {"display_name": text(), "roles": ["analyst"]},
    {"display_name": "another name"},
).enter("Create", "Get", "List", "Update", "Rotate", "Revoke")

ROLE = Kind(
    ROLES,
    "role",
    lambda _: {"code": f"r{text()}"[:32], "permissions": ["devices.meters.read"]},
    {"display_name": "another name"},
).enter("Create", "Get", "List", "Update", "Archive")


@row(f"{PRINCIPALS}.WhoAmI", f"{ROLES}.ListPermissions", f"{TENANTS}.GetQuotaUsage", f"{AUDIT}.VerifyChain")
def nothing(_: World) -> Fields:
    """Asks for nothing in particular."""
    return {}


@row(f"{PRINCIPALS}.TestPermissions")
def permissions(_: World) -> Fields:
    return {"permissions": ["devices.meters.read"]}


def tenant(world: World) -> str:
    """A tenant that nobody uses."""
    made = world.do(f"{TENANTS}.CreateTenant", world.operator, tenant=_tenant(world))
    return str(made.tenant.tenant_id)


def _tenant(_: World) -> Fields:
    return {"code": f"t-{text()[:20]}", "time_zone": "UTC"}


@row(f"{TENANTS}.CreateTenant")
def a_new_tenant(world: World) -> Fields:
    return {"tenant": _tenant(world)}


@row(f"{TENANTS}.GetTenant")
def a_tenant(world: World) -> Fields:
    return {"tenant_id": world.abroad.tenant_id}


@row(f"{TENANTS}.ListTenants")
def tenants(_: World) -> Fields:
    return {}


@row(f"{TENANTS}.UpdateTenant")
def a_changed_tenant(world: World) -> Fields:
    return {
        "tenant": {"tenant_id": tenant(world), "display_name": "x"},
        "update_mask": {"paths": ["display_name"]},
    }


@row(f"{TENANTS}.SuspendTenant")
def a_tenant_to_suspend(world: World) -> Fields:
    return {"tenant_id": tenant(world), "reason": "does not pay"}


@row(f"{TENANTS}.ResumeTenant")
def a_suspended_tenant(world: World) -> Fields:
    found = tenant(world)
    world.do(f"{TENANTS}.SuspendTenant", world.operator, tenant_id=found, reason="does not pay")
    return {"tenant_id": found}


def _changed(world: World) -> str:
    """A principal of whom three changes are in the chain."""
    made = PRINCIPAL.id(world)
    for verb in ("Suspend", "Resume"):
        world.do(f"{PRINCIPALS}.{verb}Principal", principal_id=made)
    eventually(lambda: len(world.do(f"{AUDIT}.ListChanges", resource_id=made).changes) >= 3)
    return made


@row(f"{AUDIT}.ListChanges")
def changes(world: World) -> Fields:
    return {"resource_id": world.kept("changed principal", lambda: _changed(world))}


@row(f"{AUDIT}.GetChange")
def a_change(world: World) -> Fields:
    return {"change_id": world.do(f"{AUDIT}.ListChanges", **changes(world)).changes[0].change_id}


def _logged(world: World) -> Fields:
    """Three calls of one correlation, in the log."""
    belongs = str(uuid4())
    until = Timestamp()
    for _ in range(3):
        world.do(f"{PRINCIPALS}.WhoAmI", "", ("x-correlation-id", belongs))
    until.GetCurrentTime()
    until.seconds += 1
    asked = {"correlation_id": belongs, "end_time": until}
    auditor = world.key("auditor")
    eventually(lambda: len(world.do(f"{LOG}.ListOperations", auditor, **asked).operations) == 3)
    return asked


@row(f"{LOG}.ListOperations")
def operations(world: World) -> Fields:
    return world.kept("operations", lambda: _logged(world))
