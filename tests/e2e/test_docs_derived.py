"""docs/derived.md, run against a real stack."""

from pathlib import Path

from simba_metering import SimbaClient
from simba_metering.access import Tenant
from tests.e2e.test_docs import run_document
from tests.support.documents import ROOT, Shell, tools
from tests.support.stack import RunningStack


def test_the_document_does_what_it_says(stack: RunningStack, client: SimbaClient, tmp_path: Path) -> None:
    """In a tenant of its own."""
    made = client.tenants.create_tenant(Tenant(code="docs-derived", display_name="Derived", time_zone="UTC"))
    settings = {"SIMBA_REST": stack.endpoints["rest"], "SIMBA_API_KEY": made.secret}
    shell = Shell(tmp_path, {"PATH": tools(tmp_path / "bin"), **settings})
    try:
        run_document(ROOT / "docs" / "derived.md", shell, {})
    finally:
        shell.close()
