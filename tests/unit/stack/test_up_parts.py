"""Certificates, ports, secrets and the command line of the stack."""

import ssl
import stat
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

import pytest
from cryptography import x509
from typer.testing import CliRunner

from stack.cli.main import COMMANDS, app
from stack.engines.embedded import engines_of
from stack.supervisor.ports import Ports, free_port, is_free
from stack.up import tls
from stack.up.endpoints import FIXED, PortTakenError, public_ports
from stack.up.layout import write_secret


def test_the_certificate_leads_to_the_ca_and_names_this_machine(tmp_path: Path) -> None:
    made = tls.certificates(tmp_path)
    leaf = x509.load_pem_x509_certificate(made.certificate.read_bytes())
    leaf.verify_directly_issued_by(x509.load_pem_x509_certificate(made.ca.read_bytes()))
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert "localhost" in names.get_values_for_type(x509.DNSName)
    assert [str(ip) for ip in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1", "::1"]
    ssl.create_default_context(cafile=str(made.ca))
    assert (
        stat.S_IMODE(made.key.stat().st_mode) == stat.S_IMODE((tmp_path / "ca.key").stat().st_mode) == 0o600
    )


def test_certificates_are_kept_and_renewed_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = tls.certificates(tmp_path)
    before, ca = first.certificate.read_bytes(), first.ca.read_bytes()
    assert tls.certificates(tmp_path).certificate.read_bytes() == before

    class Later(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.now(tz) + timedelta(days=380)

    monkeypatch.setattr(tls, "datetime", Later)
    assert tls.certificates(tmp_path).certificate.read_bytes() != before
    assert first.ca.read_bytes() == ca


def test_ports_stay_the_same_while_they_are_free(tmp_path: Path) -> None:
    ports = Ports(tmp_path / "ports.json")
    made = {name: ports.of(name) for name in ("a", "b", "c")}
    assert len(set(made.values())) == 3
    again = Ports(tmp_path / "ports.json")
    assert {name: again.of(name) for name in made} == made
    assert is_free(free_port())


def test_taken_fixed_ports_are_all_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stack.up.endpoints.is_free", lambda port, _host: port not in {8080, 1883})
    with pytest.raises(PortTakenError, match=r"8080 \(rest\), 1883 \(mqtt\).*--ports auto"):
        public_ports(Ports(tmp_path / "p"), automatic=False, host="127.0.0.1")
    automatic = public_ports(Ports(tmp_path / "p"), automatic=True, host="127.0.0.1")
    assert automatic.rest != FIXED["rest"]


def test_secrets_are_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    first, second = engines_of(tmp_path), engines_of(tmp_path)
    assert first.postgres.dsn() == second.postgres.dsn()
    assert len({first.postgres.password, first.valkey.password, first.clickhouse.password}) == 3
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600
    write_secret(tmp_path / "keys" / "k", "x")
    assert stat.S_IMODE((tmp_path / "keys" / "k").stat().st_mode) == 0o600


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_every_command_explains_itself(command: str) -> None:
    result = CliRunner().invoke(app, [*([command] if command else []), "--help"])
    assert result.exit_code == 0
    assert "Usage:" in result.output


def test_an_unknown_command_is_refused() -> None:
    result = CliRunner().invoke(app, ["fly"])
    assert result.exit_code == 2
    assert "No such command" in result.output


def test_version_as_json() -> None:
    result = CliRunner().invoke(app, ["version", "--json"])
    assert '"chdb-core": "26.9' in result.output
