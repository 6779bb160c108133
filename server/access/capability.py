"""Access, built."""

from dataclasses import dataclass

from server.access.api_keys import ApiKeys
from server.access.audit import Audit
from server.access.authenticator import CredentialAuthenticator
from server.access.own_roles import Roles
from server.access.principals import Principals
from server.access.roles import RoleBook
from server.access.service_audit import AuditServicer
from server.access.service_principal import PrincipalServicer
from server.access.service_role import RoleServicer
from server.access.service_tenant import TenantServicer
from server.access.tenants import Tenants
from server.access.tokens import Tokens
from server.platform.capability import Capability, Service
from server.platform.jobs import every
from server.platform.platform import Platform
from server.platform.rpc.methods import permission_catalogue
from simba.access.v1.audit_service_pb2_grpc import add_AuditServiceServicer_to_server
from simba.access.v1.principal_service_pb2_grpc import add_PrincipalServiceServicer_to_server
from simba.access.v1.role_service_pb2_grpc import add_RoleServiceServicer_to_server
from simba.access.v1.tenant_service_pb2_grpc import add_TenantServiceServicer_to_server

_FLUSH_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Access:
    """The capability, and the authenticator that the server needs of it."""

    capability: Capability
    authenticator: CredentialAuthenticator


def build(platform: Platform) -> Access:
    """Wires access."""
    roles = RoleBook(permission_catalogue())
    authenticator = CredentialAuthenticator(
        platform.uow,
        roles,
        Tokens(platform.settings),
        clock=platform.clock,
        cache_seconds=platform.settings.key_cache_seconds,
        one_tenant=platform.settings.one_tenant,
    )
    uow, forget = platform.uow, authenticator.forget
    keys = ApiKeys(uow, roles, platform.clock, forget)
    tenants = Tenants(uow, forget, one_tenant=platform.settings.one_tenant)
    capability = Capability(
        name="access",
        services=[
            Service(
                "simba.access.v1.PrincipalService",
                add_PrincipalServiceServicer_to_server,
                PrincipalServicer(Principals(uow, roles, forget), keys, platform.pages),
            ),
            Service(
                "simba.access.v1.TenantService",
                add_TenantServiceServicer_to_server,
                TenantServicer(tenants, platform.pages),
            ),
            Service(
                "simba.access.v1.RoleService",
                add_RoleServiceServicer_to_server,
                RoleServicer(Roles(uow, roles, forget), platform.pages),
            ),
            Service(
                "simba.access.v1.AuditService",
                add_AuditServiceServicer_to_server,
                AuditServicer(Audit(platform.uow), platform.pages),
            ),
        ],
        server_loops=[every(_FLUSH_SECONDS, "api-keys-last-used", authenticator.flush_used)],
    )
    return Access(capability, authenticator)
