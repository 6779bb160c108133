"""docs/readings.md, snippet by snippet, against a real stack."""

from pathlib import Path

import pytest

from simba_metering import SimbaClient
from simba_metering.access import Tenant
from tests.e2e.test_docs import run_document
from tests.support.documents import ROOT, Shell, snippets, tools
from tests.support.stack import RunningStack

DOCUMENT = ROOT / "docs" / "readings.md"


def test_the_document_does_what_it_says(
    stack: RunningStack, client: SimbaClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a tenant of its own."""
    made = client.tenants.create_tenant(
        Tenant(code="docs-readings", display_name="Readings", time_zone="UTC")
    )
    settings = {
        "SIMBA_REST": stack.endpoints["rest"],
        "SIMBA_TARGET": stack.endpoints["grpc"],
        "SIMBA_API_KEY": made.secret,
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("SIMBA_CA", raising=False)
    monkeypatch.chdir(tmp_path)
    shell = Shell(tmp_path, {"PATH": tools(tmp_path / "bin"), **settings})
    names: dict[str, object] = {}
    try:
        run_document(DOCUMENT, shell, names)
    finally:
        shell.close()
        if "client" in names:
            names["client"].close()  # type: ignore[attr-defined]
    assert len(list(snippets(DOCUMENT))) > 30


def test_every_call_that_reads_values_is_told() -> None:
    text = DOCUMENT.read_text()
    for call in (
        "GetBillReadyUsage",
        "QueryIntervals",
        "QueryReadings",
        "GetLatestReadings",
        "ListReadingVersions",
        "SubscribeReadings",
        "Aggregate",
        "GetCoverage",
    ):
        assert f"`{call}`" in text, call
