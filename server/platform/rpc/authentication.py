"""Step 4: the caller and its tenant, from the credential and from nothing else."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from server.platform.caller import Caller, acting_as
from server.platform.errors import Unauthenticated
from server.platform.rpc.call import Call, Step
from server.platform.rpc.certificates import client_names


class CredentialMissing(Unauthenticated):
    """The call has no credential."""

    reason = "CREDENTIAL_MISSING"


class CredentialInvalid(Unauthenticated):
    """The credential is unknown, malformed or badly signed."""

    reason = "CREDENTIAL_INVALID"


@dataclass(frozen=True, slots=True, repr=False)
class Credential:
    """What came with a call to show who it is from; never printed."""

    secret: str
    """An API key or a token; empty: there was none."""
    certificate_names: tuple[str, ...] = ()
    """Names in the client certificate of the connection, which TLS has verified."""


class Authenticator(Protocol):
    """Knows who holds a credential: the access capability does."""

    async def authenticate(self, credential: Credential) -> Caller:
        """The caller. Raises a subclass of Unauthenticated or PermissionDenied."""


def credential_of(metadata: Mapping[str, str]) -> Credential:
    """The credential in the metadata: ``authorization: Bearer <secret>`` or ``x-api-key: <secret>``."""
    authorization = metadata.get("authorization", "").strip()
    if authorization:
        scheme, _, secret = authorization.partition(" ")
        if scheme.lower() != "bearer" or not secret.strip():
            raise CredentialInvalid("the authorization header must read 'Bearer <API key or token>'")
        return Credential(secret.strip())
    key = metadata.get("x-api-key", "").strip()
    if not key:
        raise CredentialMissing("send an API key as 'authorization: Bearer <key>' or 'x-api-key: <key>'")
    return Credential(key)


def credential_in(call: Call) -> Credential:
    """The credential of a call: that in its metadata, else the client certificate of its connection.

    Names in the metadata say nothing of a certificate: only TLS itself is believed.
    """
    if not {"authorization", "x-api-key"} & call.metadata.keys():
        names = client_names(call.context.auth_context())
        if names:
            return Credential("", names)
    return credential_of(call.metadata)


def authenticated(authenticator: Authenticator) -> Step:
    """The step. Public methods (health, reflection) pass without a caller."""

    @asynccontextmanager
    async def step(call: Call) -> AsyncIterator[None]:
        if call.method.public:
            yield
            return
        caller = await authenticator.authenticate(credential_in(call))
        call.tenant, call.principal = str(caller.tenant_id), caller.principal_id
        with acting_as(caller):
            yield

    return step
