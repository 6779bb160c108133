"""Every snippet of docs/api-guide.md, in order, against a real stack; shown answers are compared."""

import contextlib
import io
import json
from pathlib import Path

import pytest

from simba_metering import SimbaClient
from simba_metering.access import Tenant
from tests.support.documents import ROOT, Shell, assert_shows, last_json, snippets, tools
from tests.support.stack import RunningStack

GUIDE = ROOT / "docs" / "api-guide.md"


def test_the_guide_does_what_it_says(
    stack: RunningStack, client: SimbaClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a tenant of its own, so that nothing else is in its lists."""
    made = client.tenants.create_tenant(Tenant(code="guide", display_name="Guide", time_zone="Europe/Berlin"))
    rest = stack.endpoints["rest"]
    settings = {
        "SIMBA_REST": rest,
        "SIMBA_TARGET": rest.removeprefix("http://"),
        "SIMBA_API_KEY": made.secret,
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("SIMBA_CA", raising=False)
    monkeypatch.chdir(ROOT)  # the guide reads the model library
    shell = Shell(tmp_path, {"PATH": tools(tmp_path / "bin")})
    names: dict[str, object] = {}
    output = ""
    count = 0
    try:
        for language, text, where in snippets(GUIDE):
            count += 1
            if language == "sh":
                output = shell.run(text)
            elif language == "json":
                shown = json.loads(text)
                assert_shows(shown, last_json(output), where)
            else:
                with contextlib.redirect_stdout(io.StringIO()):
                    exec(compile(text, where, "exec"), names)  # noqa: S102
    finally:
        shell.close()
        if "client" in names:
            names["client"].close()  # type: ignore[attr-defined]
    assert count > 35
