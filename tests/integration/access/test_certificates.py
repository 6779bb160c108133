"""Mutual TLS: adapters and SCADA are known by the names in their client certificates."""

import ipaddress
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import grpc
import pytest
import pytest_asyncio
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from server.main import build, grpc_server
from server.platform.platform import open_platform
from server.platform.rpc.certificates import TlsIncomplete
from server.platform.settings import Settings
from simba.access.v1.principal_pb2 import PRINCIPAL_KIND_SERVICE, Principal
from simba.access.v1.principal_service_pb2 import (
    ArchivePrincipalRequest,
    CreatePrincipalRequest,
    ResumePrincipalRequest,
    SuspendPrincipalRequest,
    WhoAmIRequest,
    WhoAmIResponse,
)
from simba.access.v1.principal_service_pb2_grpc import PrincipalServiceStub
from simba.devices.v1.device_model_service_pb2 import ListDeviceModelsRequest
from simba.devices.v1.device_model_service_pb2_grpc import DeviceModelServiceStub
from simba.devices.v1.meter_service_pb2 import ListMetersRequest
from simba.devices.v1.meter_service_pb2_grpc import MeterServiceStub
from tests.support.platform import error_of

HOUR = timedelta(hours=1)


def pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    kind = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption())


class Authority:
    """Makes certificates."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Test authority {uuid4().hex}")])
        constraints = x509.BasicConstraints(ca=True, path_length=0)
        built = self._begun(self._name, self._key.public_key()).add_extension(constraints, critical=True)
        self.certificate = self._signed(built)

    def make(self, *names: x509.GeneralName) -> tuple[bytes, bytes]:
        """A certificate with these names, and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "somebody")])
        built = self._begun(subject, key.public_key())
        if names:
            built = built.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return self._signed(built), pem(key)

    def _begun(self, subject: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - HOUR)
            .not_valid_after(now + HOUR)
        )

    def _signed(self, built: x509.CertificateBuilder) -> bytes:
        return built.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


@dataclass(slots=True)
class TlsServer:
    """A server with a TLS listener, and the authority that it believes."""

    address: str
    authority: Authority
    channels: list[grpc.aio.Channel]

    def channel(self, *names: x509.GeneralName, authority: Authority | None = None) -> grpc.aio.Channel:
        """A channel with a client certificate that has these names."""
        certificate, key = (authority or self.authority).make(*names)
        credentials = grpc.ssl_channel_credentials(self.authority.certificate, key, certificate)
        return self._opened(credentials)

    def bare(self) -> grpc.aio.Channel:
        """A channel without a client certificate."""
        return self._opened(grpc.ssl_channel_credentials(self.authority.certificate))

    def _opened(self, credentials: grpc.ChannelCredentials) -> grpc.aio.Channel:
        made = grpc.aio.secure_channel(self.address, credentials)
        self.channels.append(made)
        return made


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def tls(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TlsServer]:
    folder, authority = tmp_path_factory.mktemp("tls"), Authority()
    certificate, key = authority.make(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    changed = {
        "grpc_tls_listen": "127.0.0.1:0",
        "grpc_tls_certificate": written(folder / "server.pem", certificate),
        "grpc_tls_key": written(folder / "server.key", key),
        "grpc_tls_client_ca": written(folder / "clients.pem", authority.certificate),
    }
    async with open_platform(settings.model_copy(update=changed)) as platform:
        server = grpc_server(build(platform))
        await server.start()
        made = TlsServer(f"127.0.0.1:{server.tls_port}", authority, [])
        yield made
        for channel in made.channels:
            await channel.close()
        await server.stop(1.0)


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


async def principal(channel: grpc.aio.Channel, identity: str, *roles: str) -> str:
    """Makes a program that is known by its certificate; returns its id."""
    wanted = Principal(
        kind=PRINCIPAL_KIND_SERVICE, display_name=identity, certificate_identity=identity, roles=roles
    )
    made = await PrincipalServiceStub(channel).CreatePrincipal(CreatePrincipalRequest(principal=wanted))
    return made.principal.principal_id


async def who(channel: grpc.aio.Channel) -> WhoAmIResponse:
    return await PrincipalServiceStub(channel).WhoAmI(WhoAmIRequest())


async def refused(channel: grpc.aio.Channel) -> tuple[grpc.StatusCode, str]:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await who(channel)
    return caught.value.code(), error_of(caught.value)[0]


async def test_an_adapter_is_known_by_its_certificate(tls: TlsServer, channel, tenant):
    uri = f"spiffe://utility.example/adapter/{uuid4()}"
    principal_id = await principal(channel, uri, "adapter")
    theirs = tls.channel(x509.DNSName("other.example"), x509.UniformResourceIdentifier(uri))
    me = await who(theirs)
    assert (me.tenant_id, me.principal_id) == (str(tenant), f"principals/{principal_id}")
    assert "devices.provisioning.work" in me.permissions
    await DeviceModelServiceStub(theirs).ListDeviceModels(ListDeviceModelsRequest())
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await MeterServiceStub(theirs).ListMeters(ListMetersRequest())
    assert error_of(caught.value)[0] == "PERMISSION_MISSING"


async def test_scada_is_known_by_a_dns_name(tls: TlsServer, channel, tenant):
    host = f"{uuid4().hex}.scada.example"
    await principal(channel, host, "scada")
    assert list((await who(tls.channel(x509.DNSName(host)))).roles) == ["scada"]


async def test_certificates_that_nobody_has(tls: TlsServer, channel):
    unknown = (grpc.StatusCode.UNAUTHENTICATED, "CREDENTIAL_INVALID")
    assert await refused(tls.channel(x509.DNSName("nobody.example"))) == unknown
    # Without a name in it a certificate is none: the call has no credential at all.
    assert await refused(tls.channel()) == (grpc.StatusCode.UNAUTHENTICATED, "CREDENTIAL_MISSING")
    names = [x509.DNSName(f"{uuid4().hex}.example") for _ in range(2)]
    for name in names:
        await principal(channel, name.value, "scada")
    assert await refused(tls.channel(*names)) == unknown


async def test_tls_itself_refuses_strangers(tls: TlsServer):
    stranger = tls.channel(x509.DNSName("scada.example"), authority=Authority())
    for channel in (stranger, tls.bare()):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await who(channel)
        assert caught.value.code() is grpc.StatusCode.UNAVAILABLE


async def test_names_in_metadata_are_not_believed(tls: TlsServer, server, channel):
    host = f"{uuid4().hex}.example"
    await principal(channel, host, "scada")
    for name in ("x-forwarded-client-cert", "x-ssl-client-san"):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await PrincipalServiceStub(server.channel()).WhoAmI(
                WhoAmIRequest(), metadata=((name, f"DNS={host}"),)
            )
        assert error_of(caught.value)[0] == "CREDENTIAL_MISSING"


async def test_a_key_beside_a_certificate_counts(tls: TlsServer, channel, api_key):
    host = f"{uuid4().hex}.example"
    await principal(channel, host, "scada")
    stub = PrincipalServiceStub(tls.channel(x509.DNSName(host)))
    me = await stub.WhoAmI(WhoAmIRequest(), metadata=(("x-api-key", api_key),))
    assert "admin" in me.roles


async def test_a_suspended_and_an_archived_principal(tls: TlsServer, channel, platform):
    host = f"{uuid4().hex}.example"
    stub = PrincipalServiceStub(channel)
    principal_id = await principal(channel, host, "scada")
    await stub.SuspendPrincipal(SuspendPrincipalRequest(principal_id=principal_id))
    theirs = tls.channel(x509.DNSName(host))
    assert await refused(theirs) == (grpc.StatusCode.PERMISSION_DENIED, "PRINCIPAL_SUSPENDED")
    await stub.ResumePrincipal(ResumePrincipalRequest(principal_id=principal_id))
    await stub.ArchivePrincipal(ArchivePrincipalRequest(principal_id=principal_id))
    assert (await refused(tls.channel(x509.DNSName(host))))[0] in {
        grpc.StatusCode.UNAUTHENTICATED,
        grpc.StatusCode.PERMISSION_DENIED,
    }


async def test_one_name_is_one_principals(channel):
    host = f"{uuid4().hex}.example"
    await principal(channel, host, "scada")
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await principal(channel, host, "scada")
    assert caught.value.code() is grpc.StatusCode.ALREADY_EXISTS
    assert error_of(caught.value)[2][0][0] == "principal.certificate_identity"


async def test_a_listener_needs_a_certificate(settings: Settings):
    changed = settings.model_copy(update={"grpc_tls_listen": "127.0.0.1:0"})
    async with open_platform(changed) as platform:
        with pytest.raises(TlsIncomplete):
            grpc_server(build(platform))
