"""README, quickstart and the other documents: every command exists, every snippet runs."""

import contextlib
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from simba_metering import SimbaClient
from simba_metering.access import Tenant
from tests.support.documents import ROOT, Shell, assert_prints, assert_shows, last_json, snippets, tools
from tests.support.stack import RunningStack

DOCUMENTS = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
COMMANDS = sorted(
    {
        tuple(found.split())
        for document in DOCUMENTS
        for found in re.findall(
            r"(?:^|[ `/])simba ((?:[a-z]+)(?: (?:readings|chirpstack|render))?)(?=[ `\n])",
            document.read_text(),
        )
    }
)
STARTS = re.compile(
    r"^(make|\.venv/bin/simba up|simba up|simba (serve|worker|migrate|adapter|doctor))", re.MULTILINE
)


def simba(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "stack.cli.main", *arguments], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_that_a_document_names_is_there_and_teaches(command: tuple[str, ...]) -> None:
    told = simba(*command, "--help")
    assert told.returncode == 0, told.stderr
    assert "Usage" in told.stdout
    assert len(told.stdout.splitlines()) > 5


def test_documents_name_the_main_commands() -> None:
    assert {("up",), ("doctor",), ("import", "readings")} <= set(COMMANDS)


@pytest.mark.parametrize("target", ["setup", "demo", "test", "lint", "gen", "fmt", "bench", "docs"])
def test_every_target_of_make_is_there(target: str) -> None:
    told = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    wanted = {"demo": "simba demo", "test": "pytest", "bench": "simba bench"}.get(target, "")
    assert wanted in told.stdout


def test_completion_is_offered() -> None:
    told = subprocess.run(
        [Path(sys.executable).parent / "simba"],
        env={**os.environ, "_SIMBA_COMPLETE": "complete_bash", "COMP_WORDS": "simba d", "COMP_CWORD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert {"demo", "doctor"} <= set(told.stdout.split())


def run_document(document: Path, shell: Shell, names: dict[str, object]) -> None:
    """Runs a document from its first snippet to its last; what starts SiMBA itself the fixture has done."""
    output = ""
    for language, text, where in snippets(document):
        if language == "sh":
            if not STARTS.search(text):
                output = shell.run(text)
        elif language == "json":
            assert_shows(json.loads(text), last_json(output), where)
        elif language == "output":
            assert_prints(text, output, where)
        else:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(text, where, "exec"), names)  # noqa: S102


def test_the_readme_does_what_it_says(stack: RunningStack, tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text()
    for promised, here in (
        ("http://127.0.0.1:8080", stack.endpoints["rest"]),
        ("127.0.0.1:50051", stack.endpoints["grpc"]),
        (".simba/api_key", str(stack.data / "api_key")),
    ):
        assert promised in text
        text = text.replace(promised, here)
    document = tmp_path / "README.md"
    document.write_text(text)
    shell = Shell(tmp_path, {"PATH": tools(tmp_path / "bin")})
    try:
        run_document(document, shell, {"KEY": stack.endpoints["api_key"]})
    finally:
        shell.close()


def test_the_quickstart_ends_with_a_bill(
    stack: RunningStack, client: SimbaClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a tenant of its own."""
    made = client.tenants.create_tenant(Tenant(code="quickstart", display_name="Quick", time_zone="UTC"))
    settings = {
        "SIMBA_REST": stack.endpoints["rest"],
        "SIMBA_TARGET": stack.endpoints["grpc"],
        "SIMBA_API_KEY": made.secret,
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("SIMBA_CA", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "models").symlink_to(ROOT / "models")
    shell = Shell(tmp_path, {"PATH": tools(tmp_path / "bin"), **settings})
    names: dict[str, object] = {}
    try:
        run_document(ROOT / "docs" / "quickstart.md", shell, names)
    finally:
        shell.close()
        if "simba" in names:
            names["simba"].close()  # type: ignore[attr-defined]
    assert (tmp_path / "invoice.pdf").read_bytes().startswith(b"%PDF")
    assert "1488,value,o.3" in (tmp_path / "load.csv.errors.csv").read_text()
