"""Every snippet of docs/access.md and its like, in order, against a real stack."""

from pathlib import Path

import pytest

from simba_metering import SimbaClient
from simba_metering.access import Tenant
from tests.e2e.test_docs import run_document
from tests.support.documents import ROOT, Shell, tools
from tests.support.stack import RunningStack


@pytest.mark.parametrize("name", ["access", "devices", "exchange", "history", "vee"])
def test_the_document_does_what_it_says(
    stack: RunningStack, client: SimbaClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """In a tenant of its own."""
    made = client.tenants.create_tenant(Tenant(code=f"docs-{name}", display_name=name, time_zone="UTC"))
    settings = {
        "SIMBA_REST": stack.endpoints["rest"],
        "SIMBA_TARGET": stack.endpoints["grpc"],
        "SIMBA_API_KEY": made.secret,
    }
    for setting, value in settings.items():
        monkeypatch.setenv(setting, value)
    monkeypatch.delenv("SIMBA_CA", raising=False)
    shell = Shell(tmp_path, {"PATH": tools(tmp_path / "bin")})
    names: dict[str, object] = {}
    try:
        run_document(ROOT / "docs" / f"{name}.md", shell, names)
    finally:
        shell.close()
        if "client" in names:
            names["client"].close()  # type: ignore[attr-defined]
