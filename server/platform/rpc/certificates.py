"""TLS of the gRPC server: its own certificate, and the names in those of its clients."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import cast

import grpc
from cryptography import x509

from server.platform.settings import Settings


class TlsIncomplete(ValueError):
    """The settings name a TLS listener without a certificate or its key."""


def server_credentials(settings: Settings) -> grpc.ServerCredentials:
    """What the TLS listener shows and demands. Raises TlsIncomplete, OSError for a file that is not there.

    Files that are replaced are taken up by the connections that come after.
    """
    if settings.grpc_tls_certificate is None or settings.grpc_tls_key is None:
        raise TlsIncomplete("SIMBA_GRPC_TLS_LISTEN needs SIMBA_GRPC_TLS_CERTIFICATE and SIMBA_GRPC_TLS_KEY")
    files = [settings.grpc_tls_certificate, settings.grpc_tls_key]
    if settings.grpc_tls_client_ca is not None:
        files.append(settings.grpc_tls_client_ca)
    read = _Files(files)
    first = read()
    assert first is not None, "the first look always reads"
    # None is "as before", which the stubs do not know.
    again = cast("Callable[[], grpc.ServerCertificateConfiguration]", read)
    return grpc.dynamic_ssl_server_credentials(
        first, again, require_client_authentication=settings.grpc_tls_client_ca is not None
    )


class _Files:
    """Reads certificate, key and client authorities when one of the files is another than before."""

    def __init__(self, files: list[Path]) -> None:
        self._files = files
        self._seen: list[tuple[int, int]] = []

    def __call__(self) -> grpc.ServerCertificateConfiguration | None:
        """The configuration; None: as before, also while files are being replaced."""
        try:
            seen = [(state.st_mtime_ns, state.st_ino) for state in (path.stat() for path in self._files)]
            if seen == self._seen:
                return None
            certificate, key, *client_ca = [path.read_bytes() for path in self._files]
        except OSError:
            if not self._seen:
                raise
            return None
        self._seen = seen
        return grpc.ssl_server_certificate_configuration(
            [(key, certificate)], client_ca[0] if client_ca else None
        )


def client_names(auth_context: Mapping[str, Iterable[bytes]]) -> tuple[str, ...]:
    """URIs and DNS names in the client certificate that TLS has verified; none without one."""
    if tuple(auth_context.get("transport_security_type", ())) != (b"ssl",):
        return ()
    found = tuple(auth_context.get("x509_pem_cert", ()))
    return _names(found[0]) if found else ()


@lru_cache(maxsize=1024)
def _names(pem: bytes) -> tuple[str, ...]:
    certificate = x509.load_pem_x509_certificate(pem)
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    return (
        *names.get_values_for_type(x509.UniformResourceIdentifier),
        *names.get_values_for_type(x509.DNSName),
    )
