"""Step 4: the caller and its tenant, from the credential and from nothing else."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from server.platform.caller import Caller, acting_as
from server.platform.errors import Unauthenticated
from server.platform.rpc.call import Call, Step


class CredentialMissing(Unauthenticated):
    """The call has no credential."""

    reason = "CREDENTIAL_MISSING"


class CredentialInvalid(Unauthenticated):
    """The credential is unknown, malformed or badly signed."""

    reason = "CREDENTIAL_INVALID"


@dataclass(frozen=True, slots=True, repr=False)
class Credential:
    """A secret that came with a call; never printed."""

    secret: str


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


def authenticated(authenticator: Authenticator) -> Step:
    """The step. Public methods (health, reflection) pass without a caller."""

    @asynccontextmanager
    async def step(call: Call) -> AsyncIterator[None]:
        if call.method.public:
            yield
            return
        caller = await authenticator.authenticate(credential_of(call.metadata))
        call.tenant, call.principal = str(caller.tenant_id), caller.principal_id
        with acting_as(caller):
            yield

    return step
