"""Runs the snippets of documents: shell, Python, and the answers that are shown after them."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
_END = "--- end of snippet"
_NOT_RUN = re.compile(r"<!-- not run: .+ -->\s*$")


def snippets(document: Path) -> Iterator[tuple[str, str, str]]:
    """Language, text and place of each; one behind `<!-- not run: reason -->` is left out."""
    text = document.read_text(encoding="utf-8")
    for found in re.finditer(r"^```(sh|json|python|output)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
        if not _NOT_RUN.search(text[: found.start()]):
            yield found[1], found[2], f"{document.name}:{text.count(chr(10), 0, found.start()) + 1}"


def tools(folder: Path) -> str:
    """A PATH on which the documents' commands are found: this Python, and a curl even where there is none."""
    folder.mkdir()
    (folder / "python3").symlink_to(sys.executable)
    if shutil.which("curl") is None:
        stand_in = (ROOT / "tests" / "support" / "curl.py").read_text()
        (folder / "curl").write_text(f"#!{sys.executable}\n{stand_in}")
        (folder / "curl").chmod(0o755)
    return os.pathsep.join([str(folder), str(Path(sys.executable).parent), os.environ["PATH"]])


class Shell:
    """One bash for all snippets of a document: they build on one another's variables."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            ["bash", "-s"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env={**os.environ, **environment},
            text=True,
        )

    def run(self, text: str) -> str:
        """What the snippet printed; it must end well."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"set -eo pipefail\n{text}\necho\necho '{_END}'\n")
        self._process.stdin.flush()
        lines = []
        for line in self._process.stdout:
            if line.strip() == _END:
                return "".join(lines)
            lines.append(line)
        raise AssertionError(f"the snippet failed:\n{text}\nafter printing:\n{''.join(lines)}")

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


def assert_prints(shown: str, output: str, where: str) -> None:
    """The lines shown were printed, one behind the other, each as its beginning; `…` stands for any text."""
    lines, wanted = output.splitlines(), shown.splitlines()
    patterns = [re.compile(".*".join(map(re.escape, line.split("…")))) for line in wanted]
    for first in range(len(lines) - len(wanted) + 1):
        if all(one.match(line) for one, line in zip(patterns, lines[first:], strict=False)):
            return
    raise AssertionError(f"{where} was not printed:\n{output}")


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
