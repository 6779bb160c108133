"""`simba models`: the library in, out as files, and in again, in a tenant of its own."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kernel.codec.library import read_library
from simba_metering import SimbaClient
from simba_metering.access import Tenant
from stack.cli.main import app
from tests.support.documents import ROOT
from tests.support.stack import RunningStack

LIBRARY = {one.name: one for one in read_library(ROOT / "models")}


@pytest.fixture(scope="module")
def where(stack: RunningStack, client: SimbaClient) -> list[str]:
    made = client.tenants.create_tenant(Tenant(code="library", display_name="Library", time_zone="UTC"))
    return ["--server", stack.endpoints["grpc"], "--api-key", made.secret]


def simba(where: list[str], *words: str, code: int = 0) -> Any:
    done = CliRunner().invoke(app, ["models", *words, *where, "--json"])
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


def actions(told: Any) -> dict[str, int]:
    found = [one["action"] for one in told["models"]]
    return {action: found.count(action) for action in found}


def test_the_library_goes_in_out_and_in_again(where: list[str], tmp_path: Path) -> None:
    assert actions(simba(where, "import", "--validate-only")) == {"CREATED": len(LIBRARY)}
    assert simba(where, "list") == []
    assert actions(simba(where, "import")) == {"CREATED": len(LIBRARY)}
    assert actions(simba(where, "import")) == {"UNCHANGED": len(LIBRARY)}
    told = simba(where, "export", str(tmp_path / "out"))
    assert len(told["models"]) == len(LIBRARY)
    assert actions(simba(where, "import", str(tmp_path / "out"))) == {"UNCHANGED": len(LIBRARY)}
    written = {one.script for one in read_library(tmp_path / "out")}
    assert written == {one.script for one in LIBRARY.values()}

    codec = tmp_path / "out" / "netvox" / "r816b" / "codec.js"
    codec.write_text(codec.read_text() + "// ours\n")
    broken = tmp_path / "out" / "dragino" / "sw3l" / "model.json"
    broken.write_text(broken.read_text().replace('"m3"', '"furlong"'))
    told = simba(where, "import", str(tmp_path / "out"), code=3)
    assert actions(told) == {"UNCHANGED": len(LIBRARY) - 2, "UPDATED": 1, "REFUSED": 1}
    [refused] = [one for one in told["models"] if one["action"] == "REFUSED"]
    assert refused["model"] == "SW3L"
    assert "furlong" in refused["error"]
    assert refused["violations"][0]["field"].endswith("channel_templates[0].unit")


def test_files_of_several_kinds(where: list[str], tmp_path: Path) -> None:
    models = [
        {"manufacturer": "Files", "model": name, "commodity": "COMMODITY_GAS", "adapter": "wum"}
        for name in ("One", "one!", "Two")
    ]
    (tmp_path / "list.json").write_text(json.dumps({"deviceModels": models[:2]}))
    (tmp_path / "one.json").write_text(json.dumps(models[2]))
    told = simba(where, "import", str(tmp_path / "list.json"), str(tmp_path / "one.json"))
    assert actions(told) == {"CREATED": 3}
    out = simba(where, "export", str(tmp_path / "out"), "--manufacturer", "Files")
    assert len(set(out["models"])) == 3
    assert actions(simba(where, "import", str(tmp_path / "out"))) == {"UNCHANGED": 3}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [("a.json", "{", "not JSON"), ("b.json", "[1]", "no device models"), ("c/model.json", "[]", "no object")],
)
def test_what_is_no_model_is_told(where: list[str], tmp_path: Path, name: str, text: str, said: str) -> None:
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    done = CliRunner().invoke(
        app, ["models", "import", str(file if "/" not in name else file.parent), *where]
    )
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.replace("│", "").split())


def test_people_get_a_line_a_model(where: list[str], tmp_path: Path) -> None:
    bad = {"manufacturer": "Files", "model": "Bad", "commodity": "COMMODITY_GAS", "adapter": "Not One"}
    (tmp_path / "bad.json").write_text(json.dumps([bad]))
    done = CliRunner().invoke(app, ["models", "import", str(tmp_path / "bad.json"), *where])
    assert done.exit_code == 3
    assert "refused    Files Bad" in done.stdout
    assert "1 models: 1 refused" in done.stdout
    assert "device_models[0].adapter" in done.stderr
