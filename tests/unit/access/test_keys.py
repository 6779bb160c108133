"""Secrets and the life of a key."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from server.access.domain import ApiKey, hash_of, new_secret, shown_part
from server.access.errors import KeyExpired, KeyRevoked
from server.access.tokens import _claim

NOW = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def key(**changed) -> ApiKey:
    return ApiKey(uuid4(), uuid4(), "n", ("cis",), "simba_abcdef", NOW, **changed)


def test_secrets_have_256_random_bits_and_a_known_start():
    secrets = {new_secret() for _ in range(1000)}
    assert len(secrets) == 1000
    for secret in secrets:
        assert secret.startswith("simba_")
        assert len(secret) == 6 + 43
        assert secret.startswith(shown_part(secret))
        assert len(hash_of(secret)) == 32


def test_a_key_works_until_it_expires_or_is_revoked():
    key().check(NOW)
    key(expire_time=NOW + timedelta(seconds=1)).check(NOW)
    with pytest.raises(KeyExpired):
        key(expire_time=NOW).check(NOW)
    with pytest.raises(KeyRevoked):
        key(expire_time=NOW, revoke_time=NOW + timedelta(days=1)).check(NOW)


def test_claims_by_dotted_path():
    claims = {"realm": {"roles": ["a"]}, "https://x.example/roles": ["b"], "flat": "c"}
    assert _claim(claims, "realm.roles") == ["a"]
    assert _claim(claims, "https://x.example/roles") == ["b"]
    assert _claim(claims, "flat") == "c"
    assert _claim(claims, "flat.deeper") is None
    assert _claim(claims, "none") is None
