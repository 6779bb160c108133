"""`simba meters` and its like against a running stack, as a user and as a script."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner, Result

from stack.cli.main import app
from stack.cli.resources.groups import GROUPS
from stack.demo.utility import library_model
from tests.support.stack import RunningStack


class Simba:
    """The command at the shared stack."""

    def __init__(self, stack: RunningStack) -> None:
        self._data = str(stack.data)

    def run(self, *words: str, code: int = 0, text: str = "") -> Result:
        done = CliRunner().invoke(app, [*words, "--data", self._data], input=text)
        assert done.exit_code == code, done.output
        return done

    def json(self, *words: str, text: str = "") -> Any:
        return json.loads(self.run(*words, "--json", text=text).stdout)


@pytest.fixture(scope="module")
def simba(stack: RunningStack) -> Simba:
    return Simba(stack)


def test_a_meter_from_creation_to_archive(simba: Simba, tmp_path: Path) -> None:
    model = library_model("simba/relay-meter")
    model.model = f"CLI {uuid4().hex}"
    file = tmp_path / "model.json"
    file.write_text(json.dumps({"deviceModel": json.loads(model.to_json())}))
    made = simba.json("models", "create", "--from", str(file))["deviceModel"]
    serials = [f"CLI-{uuid4().hex}" for _ in range(3)]
    meters = [
        simba.json(
            "meters", "create", "--device-model-id", made["deviceModelId"], "--serial-number", serial,
            "--tag", "site=north", "--tag", f"run={serials[0]}", "--external-id", f"cis={serial}",
        )["meter"]
        for serial in serials
    ]  # fmt: skip
    named = ["--device-model-id", made["deviceModelId"]]
    listed = simba.json("meters", "list", *named, "--limit", "2")
    assert [one["serialNumber"] for one in listed] == serials[:2]
    assert simba.json("meters", "list", "--external-id", f"cis={serials[1]}") == [meters[1]]
    table = simba.run("meters", "list", *named, "--state", "in-stock").stdout
    assert all(one["meterId"] in table.replace("\n", "") for one in meters) or "3 rows" in table

    first = meters[0]["meterId"]
    simba.run("meters", "update", first, "--display-name", "Cellar", "--why", "found it")
    assert simba.json("meters", "get", first)["meter"]["displayName"] == "Cellar"
    shown = simba.run("meters", "get", first).stdout
    assert "displayName" in shown
    assert "Cellar" in shown
    assert simba.json("meters", "archive", first)["meter"]["state"] == "METER_STATE_ARCHIVED"


def test_what_is_refused_says_which_field(simba: Simba) -> None:
    done = simba.run("meters", "create", "--serial-number", "1", "--dev-eui", "0018B2", code=1)
    assert "INVALID_ARGUMENT" in done.stderr
    assert "meter.dev_eui" in done.stderr
    assert "0018B2" in done.stderr
    done = simba.run("meters", "list", "--state", "asleep", code=2)
    assert "in-stock" in done.stderr
    done = simba.run("meters", "create", "--tag", "oops", code=2)
    assert "KEY=VALUE" in done.stderr
    done = simba.run("meters", "get", str(uuid4()), code=1)
    assert "does not exist" in done.stderr


def test_a_request_comes_from_standard_input(simba: Simba) -> None:
    code = f"north-{uuid4().hex}"
    given = {"node": {"hierarchy": "HIERARCHY_PLACE", "kind": "region", "code": code}}
    made = simba.json("tree", "create", "--from", "-", "--display-name", "North", text=json.dumps(given))
    assert made["node"]["displayName"] == "North"
    assert simba.json("tree", "list", "--hierarchy", "place", "--code", code) == [made["node"]]


def test_a_tree_is_drawn(simba: Simba) -> None:
    code = f"r-{uuid4().hex}"

    def node(kind: str, name: str, parent: str = "") -> str:
        under = ["--parent-id", parent] if parent else []
        words = ["--hierarchy", "place", "--kind", kind, "--code", f"{code}-{name}", "--display-name", name]
        made: str = simba.json("tree", "create", *words, *under)["node"]["nodeId"]
        return made

    region = node("region", "Region")
    district = node("district", "District", region)
    node("building", "Old [House]", district)
    drawn = simba.run("tree", "show", "--hierarchy", "place").stdout
    assert "Old [House]" in drawn
    assert drawn.index("Region") < drawn.index("District") < drawn.index("Old [House]")
    nested = {one["nodeId"]: one for one in simba.json("tree", "show")}
    assert nested[region]["children"][0]["children"][0]["displayName"] == "Old [House]"


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_explains_itself(group: str) -> None:
    done = CliRunner().invoke(app, [group, "--help"])
    assert done.exit_code == 0, done.output
    assert "Commands" in done.stdout
    assert {"list", "exceptions", "get", "query"} & set(done.stdout.split())
