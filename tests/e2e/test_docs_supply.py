"""docs/supply-quality.md, and what docs/operations.md says of storage, run against a real stack."""

from pathlib import Path

import pytest

from simba_metering import SimbaClient
from simba_metering.access import Tenant
from tests.e2e.test_docs import run_document
from tests.support.documents import ROOT, Shell, tools
from tests.support.stack import RunningStack


@pytest.mark.parametrize("name", ["supply-quality", "storage"])
def test_the_document_does_what_it_says(
    stack: RunningStack, client: SimbaClient, tmp_path: Path, name: str
) -> None:
    """In a tenant of its own."""
    made = client.tenants.create_tenant(Tenant(code=f"docs-{name}", display_name=name, time_zone="UTC"))
    settings = {"SIMBA_REST": stack.endpoints["rest"], "SIMBA_API_KEY": made.secret}
    document = ROOT / "docs" / f"{name}.md"
    if name == "storage":
        _, _, chapter = (ROOT / "docs" / "operations.md").read_text().partition("## Storage for years\n")
        document = tmp_path / "storage.md"
        document.write_text(chapter.partition("\n## ")[0])
    shell = Shell(tmp_path, {"PATH": tools(tmp_path / "bin"), **settings})
    try:
        run_document(document, shell, {})
    finally:
        shell.close()
