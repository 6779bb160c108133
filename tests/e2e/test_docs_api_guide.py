"""Every snippet of docs/api-guide.md, in order, against a real stack; shown answers are compared."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from simba_metering import SimbaClient
from simba_metering.access import Tenant
from tests.support.stack import RunningStack

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "api-guide.md"
END = "--- end of snippet"


def snippets() -> Iterator[tuple[str, str, int]]:
    """Language, text and line of each."""
    text = GUIDE.read_text(encoding="utf-8")
    for found in re.finditer(r"^```(sh|json|python)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
        yield found[1], found[2], text.count("\n", 0, found.start()) + 1


class Shell:
    """One bash for all snippets: they build on one another's variables."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            ["bash", "-s"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            cwd=folder, env=environment, text=True,
        )  # fmt: skip

    def run(self, text: str) -> str:
        """What the snippet printed; it must end well."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"set -eo pipefail\n{text}\necho\necho '{END}'\n")
        self._process.stdin.flush()
        lines = []
        for line in self._process.stdout:
            if line.strip() == END:
                return "".join(lines)
            lines.append(line)
        raise AssertionError(f"the snippet failed:\n{text}\nafter printing:\n{''.join(lines)}")

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


def last_json(output: str) -> object:
    """The last JSON value that was printed; values may stand right behind one another."""
    decoder = json.JSONDecoder()
    found, at = None, output.find("{")
    while at >= 0:
        found, at = decoder.raw_decode(output, at)
        at = output.find("{", at)
    return found


def assert_shows(shown: object, got: object, path: str = "") -> None:
    """Everything shown must be there; lists begin alike; `…` stands for any text."""
    if isinstance(shown, dict):
        assert isinstance(got, dict), path
        for key, value in shown.items():
            assert key in got, f"{path}.{key} is missing"
            assert_shows(value, got[key], f"{path}.{key}")
    elif isinstance(shown, list):
        assert isinstance(got, list), path
        assert len(got) >= len(shown), path
        for index, value in enumerate(shown):
            assert_shows(value, got[index], f"{path}.{index}")
    elif shown == "…":
        assert isinstance(got, str), path
        assert got, path
    else:
        assert got == shown, path


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
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "python3").symlink_to(sys.executable)
    if shutil.which("curl") is None:
        (tools / "curl").write_text(
            f"#!{sys.executable}\n" + (ROOT / "tests" / "support" / "curl.py").read_text()
        )
        (tools / "curl").chmod(0o755)
    shell = Shell(tmp_path, {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"})
    names: dict[str, object] = {}
    output = ""
    count = 0
    try:
        for language, text, line in snippets():
            where = f"{GUIDE.name}:{line}"
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
