"""Etags: optimistic concurrency by a version number that grows with every change."""

from server.platform.errors import EtagMismatch


def etag_of(version: int) -> str:
    """The etag of a resource's version."""
    return f'"{version}"'


def check_etag(given: str, version: int) -> None:
    """Raises EtagMismatch unless ``given`` is empty (the caller does not care) or that of ``version``."""
    if given and given.strip('"') != str(version):
        raise EtagMismatch(given, etag_of(version))
