"""Bearer tokens of an OpenID Connect issuer, over a real server, with keys from a local address or a file."""

import base64
import hmac
import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from uuid import uuid4

import grpc
import jwt
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from server.main import build
from server.platform.platform import open_platform
from simba.access.v1.principal_pb2 import PRINCIPAL_KIND_USER, Principal
from simba.access.v1.principal_service_pb2 import CreatePrincipalRequest, WhoAmIRequest
from simba.access.v1.principal_service_pb2_grpc import PrincipalServiceStub
from simba.access.v1.role_pb2 import Role
from simba.access.v1.role_service_pb2 import CreateRoleRequest
from simba.access.v1.role_service_pb2_grpc import RoleServiceStub
from tests.support.platform import error_of, running_server


class Issuer:
    """An identity provider: keys that it publishes, and tokens that it signs."""

    def __init__(self) -> None:
        self.keys: dict[str, rsa.RSAPrivateKey] = {}
        self.asked = 0
        self.url = ""
        self.rotate("k1")

    def rotate(self, key_id: str) -> None:
        self.keys = {key_id: rsa.generate_private_key(public_exponent=65537, key_size=2048)}

    def jwks(self) -> dict[str, Any]:
        published = []
        for key_id, key in self.keys.items():
            jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
            published.append({**jwk, "kid": key_id, "use": "sig", "alg": "RS256"})
        return {"keys": published}

    def token(self, *, key_id: str | None = None, **claims: Any) -> str:
        key_id = key_id or next(iter(self.keys))
        now = int(time.time())
        body = {
            "iss": self.url,
            "aud": "simba",
            "sub": "alice",
            "name": "Alice",
            "iat": now,
            "exp": now + 60,
            "roles": {"simba": ["analyst"]},
            **claims,
        }
        body = {name: value for name, value in body.items() if value is not None}
        return jwt.encode(body, self.keys[key_id], "RS256", {"kid": key_id})


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    made = Issuer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked += 1
            document = (
                {"jwks_uri": f"{made.url}/keys"} if self.path.startswith("/.well-known/") else made.jwks()
            )
            body = json.dumps(document).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def oidc_server(settings, issuer):
    configured = {"oidc_issuer": issuer.url, "oidc_roles_claim": "roles.simba", "oidc_leeway_seconds": 1.0}
    async with (
        open_platform(settings.model_copy(update=configured)) as platform,
        running_server(build(platform)) as server,
    ):
        yield server


async def who(server, token: str):
    return await PrincipalServiceStub(server.channel(token)).WhoAmI(WhoAmIRequest())


async def refused(server, token: str) -> str:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await who(server, token)
    assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED
    return error_of(caught.value)[0]


async def test_a_token_names_subject_tenant_and_roles(oidc_server, issuer, tenant):
    me = await who(oidc_server, issuer.token(simba_tenant=str(tenant)))
    assert (me.tenant_id, me.principal_id, me.display_name) == (str(tenant), "subjects/alice", "Alice")
    assert "analytics.forecasts.read" in me.permissions
    assert "billing.invoices.read" not in me.permissions


async def test_the_tenant_may_be_named_by_its_code(oidc_server, issuer, platform, tenant):
    from server.access import store

    async with platform.uow.system() as tx:
        found = await store.find_tenant(tx, tenant_id=tenant)
    assert found is not None
    me = await who(oidc_server, issuer.token(simba_tenant=found.code))
    assert me.tenant_id == str(tenant)


async def test_tokens_that_do_not_hold(oidc_server, issuer, tenant):
    mine = {"simba_tenant": str(tenant)}
    assert await refused(oidc_server, issuer.token(**mine, exp=int(time.time()) - 30)) == "CREDENTIAL_EXPIRED"
    for claims in (
        {"aud": "somebody-else"},
        {"iss": "https://evil.example"},
        {"exp": None},
        {"sub": None},
        {"nbf": int(time.time()) + 300},
        {"simba_tenant": None},
        {"simba_tenant": "00000000-0000-7000-8000-000000000000"},
        {"roles": {"simba": 7}},
    ):
        assert await refused(oidc_server, issuer.token(**{**mine, **claims})) == "CREDENTIAL_INVALID", claims


def _signed_with_the_public_key(body: dict[str, Any], public: bytes) -> str:
    """The classic confusion: an HMAC whose secret is the public key. PyJWT would refuse to make it."""
    parts = [json.dumps(part).encode() for part in ({"alg": "HS256", "typ": "JWT", "kid": "k1"}, body)]
    signed = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    mac = base64.urlsafe_b64encode(hmac.digest(public, signed, "sha256")).rstrip(b"=")
    return (signed + b"." + mac).decode()


async def test_forged_signatures(oidc_server, issuer, tenant):
    body = {"iss": issuer.url, "aud": "simba", "sub": "eve", "exp": int(time.time()) + 60}
    body["simba_tenant"] = str(tenant)
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = (
        issuer.keys["k1"]
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    for forged in (
        jwt.encode(body, other, "RS256", {"kid": "k1"}),
        _signed_with_the_public_key(body, public),
        jwt.encode(body, None, "none", {"kid": "k1"}),
        jwt.encode(body, other, "RS256", {"kid": "unknown"}),
        jwt.encode(body, other, "RS256"),
        "a.b.c",
    ):
        assert await refused(oidc_server, forged) == "CREDENTIAL_INVALID"


async def test_keys_that_are_rotated_are_fetched(oidc_server, issuer, tenant, monkeypatch):
    from server.access import tokens

    monkeypatch.setattr(tokens, "_LEAST_SECONDS", 0.0)
    await who(oidc_server, issuer.token(simba_tenant=str(tenant)))
    asked = issuer.asked
    for _ in range(3):
        await who(oidc_server, issuer.token(simba_tenant=str(tenant)))
    assert issuer.asked == asked, "known keys are not fetched again"
    issuer.rotate("k2")
    await who(oidc_server, issuer.token(simba_tenant=str(tenant)))
    issuer.rotate("k1")
    await who(oidc_server, issuer.token(simba_tenant=str(tenant)))


async def test_keys_from_a_file(settings, issuer, tenant, tmp_path):
    path = tmp_path / "keys.json"
    path.write_text(json.dumps(issuer.jwks()))
    configured = {"oidc_issuer": issuer.url, "oidc_jwks_file": path, "oidc_roles_claim": "roles.simba"}
    async with (
        open_platform(settings.model_copy(update=configured)) as platform,
        running_server(build(platform)) as server,
    ):
        me = await who(server, issuer.token(simba_tenant=str(tenant)))
    assert me.principal_id == "subjects/alice"


async def test_an_issuer_that_does_not_answer_is_an_outage(settings, issuer, tenant):
    configured = {"oidc_issuer": "http://127.0.0.1:1"}
    async with (
        open_platform(settings.model_copy(update=configured)) as platform,
        running_server(build(platform)) as server,
    ):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await who(server, issuer.token(simba_tenant=str(tenant)))
    assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
    assert error_of(caught.value)[1] == {"engine": "identity provider"}


async def test_without_an_issuer_no_token_is_taken(server, issuer, tenant):
    assert await refused(server, issuer.token(simba_tenant=str(tenant))) == "CREDENTIAL_INVALID"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def mapped_server(settings, issuer):
    """An issuer with names of its own for everything, and one tenant on premises."""
    configured = {
        "oidc_issuer": issuer.url,
        "oidc_audience": "https://simba.example/api",
        "oidc_tenant_claim": "https://utility.example/org",
        "oidc_roles_claim": "realm_access.roles",
        "oidc_name_claim": "profile.full_name",
        "oidc_scope_claim": "grid",
        "oidc_role_map": {"meter-reading": "analyst", "control-room": "scada", "it": "listener"},
    }
    async with (
        open_platform(settings.model_copy(update=configured)) as platform,
        running_server(build(platform)) as server,
    ):
        yield server


def mapped(issuer: Issuer, tenant: Any, *roles: str, **claims: Any) -> str:
    return issuer.token(
        aud="https://simba.example/api",
        name=None,
        roles=None,
        **{
            "https://utility.example/org": str(tenant),
            "realm_access": {"roles": list(roles)},
            "profile": {"full_name": "Alice Example"},
            **claims,
        },
    )


async def test_the_issuers_own_claims_and_names_of_roles(mapped_server, issuer, tenant):
    me = await who(mapped_server, mapped(issuer, tenant, "meter-reading", "control-room", "offline_access"))
    assert (me.display_name, list(me.roles)) == ("Alice Example", ["analyst", "scada"])
    assert not me.HasField("scope")
    # A name that is not in the map gives nothing, also when it is the name of a role here.
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await who(mapped_server, mapped(issuer, tenant, "admin"))
    assert error_of(caught.value)[0] == "PERMISSION_MISSING"


async def test_a_role_of_the_tenants_own(mapped_server, issuer, channel, tenant):
    wanted = Role(code="listener", permissions=["access.self.read", "events.*.read"])
    await RoleServiceStub(channel).CreateRole(CreateRoleRequest(role=wanted))
    me = await who(mapped_server, mapped(issuer, tenant, "it"))
    assert list(me.permissions) == ["access.self.read", "events.events.read"]


async def test_a_scope_comes_with_the_token(mapped_server, issuer, tenant):
    node, point = str(uuid4()), str(uuid4())
    for claim in (
        f"node:{node} usage_point:{point}",
        [f"node:{node}", f"usage_point:{point}"],
        {"node_ids": [node], "usage_point_ids": [point]},
    ):
        me = await who(mapped_server, mapped(issuer, tenant, "meter-reading", grid=claim))
        assert (list(me.scope.node_ids), list(me.scope.usage_point_ids)) == ([node], [point])
    for claim in ("all", ["node:north"], {"nodes": [node]}, 7):
        token = mapped(issuer, tenant, "meter-reading", grid=claim)
        assert await refused(mapped_server, token) == "CREDENTIAL_INVALID", "never the whole tenant"


async def test_a_principal_has_its_own_roles_whatever_the_token_says(mapped_server, issuer, channel, tenant):
    somebody = Principal(
        kind=PRINCIPAL_KIND_USER, display_name="Bob of Billing", subject="bob", roles=["billing"]
    )
    stub = PrincipalServiceStub(channel)
    made = (await stub.CreatePrincipal(CreatePrincipalRequest(principal=somebody))).principal
    me = await who(mapped_server, mapped(issuer, tenant, "control-room", sub="bob"))
    assert me.principal_id == f"principals/{made.principal_id}"
    assert (me.display_name, list(me.roles)) == ("Bob of Billing", ["billing"])


async def test_without_a_tenant_in_the_token(oidc_server, mapped_server, issuer):
    assert await refused(oidc_server, issuer.token()) == "CREDENTIAL_INVALID"
    assert await refused(mapped_server, mapped(issuer, uuid4(), "meter-reading")) == "CREDENTIAL_INVALID"
