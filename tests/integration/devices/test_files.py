"""The inventory as files: in, out, in again; bad rows beside good ones; nothing twice."""

import csv
import io
import json
from collections.abc import Sequence
from uuid import uuid4

import grpc
import pytest
from openpyxl import Workbook, load_workbook

from simba.common.v1 import error_reason_pb2, types_pb2
from simba.devices.v1 import hierarchy_service_pb2 as node_pb
from simba.devices.v1 import inventory_service_pb2 as pb
from simba.devices.v1 import inventory_service_pb2_grpc as rpc
from simba.devices.v1 import meter_service_pb2 as meter_pb
from simba.devices.v1 import node_pb2
from simba.devices.v1 import usage_point_service_pb2 as point_pb
from tests.support.inventory import Inventory, a_model, at, register, stamp
from tests.support.platform import RunningServer, error_of, make_tenant

NODES, POINTS, METERS = (
    pb.INVENTORY_KIND_NODES,
    pb.INVENTORY_KIND_USAGE_POINTS,
    pb.INVENTORY_KIND_METERS,
)
CSV, JSON, XLSX = pb.INVENTORY_FORMAT_CSV, pb.INVENTORY_FORMAT_JSON, pb.INVENTORY_FORMAT_XLSX
DONE, FAILED = types_pb2.WORK_STATE_SUCCEEDED, types_pb2.WORK_STATE_FAILED
Rows = Sequence[dict[str, str]]


class Files:
    """Imports and exports of one tenant."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self.calls = rpc.InventoryServiceStub(channel)
        self.inventory = Inventory(channel)

    async def bring(
        self, name: str, content: bytes, *, kind: int = 0, validate_only: bool = False
    ) -> pb.InventoryImport:
        wanted = pb.InventoryImport(file_name=name, kind=kind, validate_only=validate_only)  # type: ignore[arg-type]
        made = await self.calls.CreateInventoryImport(
            pb.CreateInventoryImportRequest(inventory_import=wanted, content=content)
        )
        request = pb.WatchInventoryImportRequest(
            inventory_import_id=made.inventory_import.inventory_import_id
        )
        async for step in self.calls.WatchInventoryImport(request):
            job = step.inventory_import
        return job

    async def errors(self, job: pb.InventoryImport) -> list[pb.InventoryImportError]:
        found: list[pb.InventoryImportError] = []
        request = pb.ListInventoryImportErrorsRequest(
            inventory_import_id=job.inventory_import_id, page_size=2
        )
        while True:
            page = await self.calls.ListInventoryImportErrors(request)
            found += page.errors
            if not page.next_page_token:
                return found
            request.page_token = page.next_page_token

    async def fetch(self, file_format: int, kind: int = 0, **narrowed: object) -> bytes:
        wanted = pb.InventoryExport(format=file_format, kind=kind, **narrowed)  # type: ignore[arg-type]
        made = await self.calls.CreateInventoryExport(
            pb.CreateInventoryExportRequest(inventory_export=wanted)
        )
        named = {"inventory_export_id": made.inventory_export.inventory_export_id}
        while (
            job := (
                await self.calls.GetInventoryExport(pb.GetInventoryExportRequest(**named))
            ).inventory_export
        ).state != DONE:
            assert not job.error
        parts = self.calls.DownloadInventoryExport(pb.DownloadInventoryExportRequest(**named))
        content = b"".join([part.chunk async for part in parts])
        whole = await self.calls.GetInventoryExportFile(pb.GetInventoryExportFileRequest(**named))
        assert whole.document.data == content
        assert job.size == len(content)
        return content


@pytest.fixture
async def files(server: RunningServer, platform, worker: None) -> Files:
    """In a tenant of its own: exports hold all that there is."""
    tenant = await make_tenant(platform)
    return Files(server.channel(tenant.secret))


def table(rows: Rows) -> bytes:
    text = io.StringIO()
    heading = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(text, heading, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def book(sheets: dict[str, Rows]) -> bytes:
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        heading = list(dict.fromkeys(key for row in rows for key in row))
        sheet.append(heading)
        for row in rows:
            sheet.append([row.get(key) for key in heading])
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def counts(job: pb.InventoryImport) -> tuple[int, int, int, int]:
    return job.created, job.updated, job.unchanged, job.rejected


TREE: Rows = [
    # Children stand before what they hang below.
    {"hierarchy": "place", "node_kind": "building", "code": "b-1", "parent_code": "r-1", "tags": "a=1; b=2"},
    {"hierarchy": "place", "node_kind": "region", "code": "r-1", "external_ids": "gis=R1"},
    {"hierarchy": "grid", "node_kind": "feeder", "code": "f-1", "parent_code": "s-1"},
    {"hierarchy": "grid", "node_kind": "substation", "code": "s-1", "display_name": "Süd"},
]
PLACES: Rows = [
    {
        "code": f"UP-{number}",
        "commodity": "electricity",
        "time_zone": "Europe/London",
        "place_code": "b-1",
        "grid_code": "f-1",
        "phases": "a;b;c",
        "address": f"{number} Mill Lane",
        "external_ids": f"cis=P{number}",
    }
    for number in range(3)
]


async def test_a_whole_inventory_goes_in_out_and_in_again(files: Files, server, platform) -> None:
    model = a_model(manufacturer="Maker", model="M1")
    await files.inventory.model(manufacturer="Maker", model="M1")
    meters = [
        {
            "manufacturer": "Maker",
            "model": "M1",
            "serial_number": f"{number}",
            "external_ids": f"cis=M{number}",
        }
        for number in range(100, 103)
    ]
    installed = [
        {
            "usage_point_code": "UP-0",
            "manufacturer": "Maker",
            "serial_number": "100",
            "install_time": "2025-01-01T00:00:00+00:00",
            "remove_time": "2025-03-01T00:00:00+00:00",
        },
        {
            "usage_point_code": "UP-0",
            "manufacturer": "Maker",
            "serial_number": "101",
            "install_time": "2025-03-01T00:00:00+00:00",
            "multiplier": "40",
        },
    ]
    content = book(
        {
            "Installations": installed,
            "meters": meters,
            "usage points": PLACES,
            "nodes": TREE,
            "gateways": [{"gateway_eui": "00000000000000a1", "place_code": "b-1", "latitude": 51.5}],
            "concentrators": [{"serial_number": "C1", "adapter": "wum", "grid_code": "s-1"}],
        }
    )
    job = await files.bring("all.xlsx", content)
    assert not await files.errors(job)
    assert (job.state, counts(job), job.progress.done, job.progress.total) == (DONE, (14, 0, 0, 0), 14, 14)
    assert counts(await files.bring("all.xlsx", content)) == (0, 0, 14, 0)

    out = await files.fetch(JSON)
    rows = [json.loads(line) for line in out.splitlines()]
    assert len(rows) == 14
    assert [row["kind"] for row in rows[:4]] == ["nodes"] * 4
    assert {row["code"]: row.get("parent_code") for row in rows[:4]} == {
        "r-1": None, "b-1": "r-1", "s-1": None, "f-1": "s-1",
    }  # fmt: skip
    assert counts(await files.bring("again.jsonl", out)) == (0, 0, 14, 0)
    sheets = load_workbook(io.BytesIO(await files.fetch(XLSX)), read_only=True)
    assert [sheet.title for sheet in sheets.worksheets][:3] == ["nodes", "usage_points", "gateways"]
    assert counts(await files.bring("again.xlsx", await files.fetch(XLSX))) == (0, 0, 14, 0)
    points = await files.fetch(CSV, POINTS)
    assert [row["address"] for row in read(points)] == ["0 Mill Lane", "1 Mill Lane", "2 Mill Lane"]

    # What was written here can be read elsewhere.
    other = Files(server.channel((await make_tenant(platform)).secret))
    await other.inventory.model(manufacturer="Maker", model="M1")
    assert counts(await other.bring("moved.jsonl", out)) == (14, 0, 0, 0)
    again = await other.fetch(JSON)
    assert [json.loads(line) for line in again.splitlines()] == rows
    assert model.model == "M1"


async def test_rows_change_what_is_known_and_only_what_they_say(files: Files) -> None:
    await files.bring("nodes.csv", table(TREE), kind=NODES)
    await files.bring("points.csv", table(PLACES), kind=POINTS)
    changed = [
        {"external_ids": "cis=P0", "code": "UP-NEW", "display_name": "Cellar"},
        {"code": "UP-1", "place_code": "r-1"},
        {"code": "UP-2"},
        {"code": "UP-2", "display_name": "twice"},
        {"code": "UP-3", "commodity": "gas", "time_zone": "UTC"},
    ]
    job = await files.bring("points.csv", table(changed), kind=POINTS)
    assert counts(job) == (1, 2, 1, 1)
    [twice] = await files.errors(job)
    assert (twice.line, twice.column, twice.value) == (5, "code", "UP-2")
    assert "line 4" in twice.description
    page = await files.inventory.points.ListUsagePoints(point_pb.ListUsagePointsRequest())
    first, second, third, fourth = page.usage_points
    assert (first.code, first.display_name, first.address) == ("UP-NEW", "Cellar", "0 Mill Lane")
    assert second.place_id != third.place_id
    assert (third.display_name, fourth.commodity) == ("", types_pb2.COMMODITY_GAS)

    moved = [{"hierarchy": "place", "code": "b-1", "parent_code": "", "display_name": "Mill"}]
    assert counts(await files.bring("nodes.csv", table(moved), kind=NODES)) == (0, 1, 0, 0)
    fixed = [{"code": "UP-1", "commodity": "gas"}]
    job = await files.bring("points.csv", table(fixed), kind=POINTS)
    assert counts(job) == (0, 0, 0, 1)
    [error] = await files.errors(job)
    assert (error.column, error.value) == ("commodity", "gas")


async def test_three_bad_rows_of_ten_thousand(files: Files) -> None:
    await files.bring("nodes.csv", table(TREE), kind=NODES)
    rows = [
        {"code": f"P{number}", "commodity": "gas", "time_zone": "UTC", "place_code": "b-1"}
        for number in range(10_000)
    ]
    rows[17]["time_zone"] = "Mars/Base"
    rows[5_000]["place_code"] = "nowhere"
    rows[9_999]["commodity"] = "beer"
    tried = await files.bring("points.csv", table(rows), kind=POINTS, validate_only=True)
    assert counts(tried) == (9_997, 0, 0, 3)
    assert not (await files.inventory.points.ListUsagePoints(point_pb.ListUsagePointsRequest())).usage_points
    job = await files.bring("points.csv", table(rows), kind=POINTS)
    assert counts(job) == (9_997, 0, 0, 3)
    told = [(one.line, one.column, one.value, one.reason) for one in await files.errors(job)]
    assert told == [
        (19, "time_zone", "Mars/Base", error_reason_pb2.ERROR_REASON_INVALID_FIELD),
        (5_002, "place_code", "nowhere", error_reason_pb2.ERROR_REASON_NODE_NOT_FOUND),
        (10_001, "commodity", "beer", error_reason_pb2.ERROR_REASON_INVALID_FIELD),
    ]
    assert [one.line for one in await files.errors(tried)] == [19, 5_002, 10_001]
    rows[17]["time_zone"], rows[5_000]["place_code"], rows[9_999]["commodity"] = "UTC", "b-1", "gas"
    assert counts(await files.bring("points.csv", table(rows), kind=POINTS)) == (3, 0, 9_997, 0)


async def test_every_flaw_names_line_column_and_value(files: Files) -> None:
    await files.inventory.model(manufacturer="Maker", model="M1")
    known = {"manufacturer": "Maker", "model": "M1"}
    rows = [
        {**known, "serial_number": "1", "dev_eui": "0018B2"},
        {"manufacturer": "Maker", "model": "M2", "serial_number": "2"},
        {**known},
        {**known, "serial_number": "4", "external_ids": "no name"},
        {**known, "serial_number": "5", "dev_eui": "00000000000000b5"},
        {**known, "serial_number": "6", "dev_eui": "00000000000000b5"},
        {**known, "serial_number": "7", "colour": "blue"},
        {**known, "serial_number": "8", "concentrator_serial": "C9"},
    ]
    job = await files.bring("meters.csv", table(rows), kind=METERS)
    told = {one.line: (one.column, one.value) for one in await files.errors(job)}
    assert told == {
        2: ("dev_eui", "0018B2"),
        3: ("model", "M2"),
        4: ("serial_number", ""),
        5: ("external_ids", "no name"),
        7: ("dev_eui", "00000000000000b5"),
        8: ("colour", "blue"),
        9: ("concentrator_serial", "C9"),
    }
    assert counts(job) == (1, 0, 0, 7)
    found = await files.inventory.meters.ListMeters(meter_pb.ListMetersRequest())
    assert [one.serial_number for one in found.meters] == ["5"]


async def test_modules_and_keys_come_in_and_keys_never_go_out(files: Files) -> None:
    pulses = register(quantity=types_pb2.QUANTITY_PULSE_COUNT, unit="1", codec_unit="", codec_path="total")
    await files.inventory.model(manufacturer="Maker", model="PM", channel_templates=[pulses])
    await files.inventory.concentrator(serial_number="C7")
    row = {
        "manufacturer": "Maker",
        "model": "PM",
        "serial_number": "0042",
        "dev_eui": "00000000000000c4",
        "nwk_key": "00112233445566778899aabbccddeeff",
    }
    job = await files.bring("modules.csv", table([row]), kind=pb.INVENTORY_KIND_PULSE_MODULES)
    assert not await files.errors(job)
    out = await files.fetch(CSV, pb.INVENTORY_KIND_PULSE_MODULES)
    [told] = read(out)
    assert (told["serial_number"], told["model"]) == ("0042", "PM")
    assert b"00112233" not in out
    linked = [{**row, "concentrator_serial": "C7", "nwk_key": "ff" * 16}]
    job = await files.bring("modules.csv", table(linked), kind=pb.INVENTORY_KIND_PULSE_MODULES)
    assert counts(job) == (0, 1, 0, 0)
    assert read(await files.fetch(CSV, pb.INVENTORY_KIND_PULSE_MODULES))[0]["concentrator_serial"] == "C7"
    node = await files.inventory.node()
    below = await files.fetch(CSV, pb.INVENTORY_KIND_PULSE_MODULES, node_id=node.node_id)
    assert read(below) == []


async def test_meters_and_installations_below_a_node(files: Files) -> None:
    await files.bring("nodes.csv", table(TREE), kind=NODES)
    await files.bring("points.csv", table(PLACES), kind=POINTS)
    model = await files.inventory.model()
    meter = await files.inventory.meter(model.device_model_id, dev_eui="", serial_number="I1")
    page = await files.inventory.points.ListUsagePoints(point_pb.ListUsagePointsRequest(code="UP-1"))
    await files.inventory.install(page.usage_points[0].usage_point_id, meter.meter_id, at(5, 1))
    feeder = page.usage_points[0].grid_node_id
    assert [row["serial_number"] for row in read(await files.fetch(CSV, METERS, node_id=feeder))] == ["I1"]
    [row] = read(await files.fetch(CSV, pb.INVENTORY_KIND_INSTALLATIONS, node_id=feeder))
    assert (row["usage_point_code"], row["multiplier"]) == ("UP-1", "1")
    early = {"node_id": feeder, "as_of": stamp(at(4, 1))}
    assert read(await files.fetch(CSV, METERS, **early)) == []
    away = [{**row, "remove_time": "2099-01-01T00:00:00Z"}]
    wrong = [{**row, "install_time": "yesterday"}, {**row, "serial_number": "I2"}, {**row, "multiplier": "7"}]
    kind = pb.INVENTORY_KIND_INSTALLATIONS
    job = await files.bring("i.csv", table(wrong), kind=kind)
    assert [(one.line, one.column) for one in await files.errors(job)] == [
        (2, "install_time"),
        (3, "serial_number"),
        (4, "multiplier"),
    ]
    assert counts(await files.bring("i.csv", table(away), kind=kind)) == (0, 1, 0, 0)
    assert counts(await files.bring("i.csv", table(away), kind=kind)) == (0, 0, 1, 0)


async def test_trees_as_of_and_below_a_node(files: Files) -> None:
    await files.bring("nodes.csv", table(TREE), kind=NODES)
    await files.bring("points.csv", table(PLACES), kind=POINTS)
    [region] = (
        await files.inventory.nodes.ListNodes(
            node_pb.ListNodesRequest(code="r-1", hierarchy=node_pb2.HIERARCHY_PLACE)
        )
    ).nodes
    below = read(await files.fetch(CSV, NODES, node_id=region.node_id))
    assert {row["code"] for row in below} == {"r-1", "b-1"}
    assert len(read(await files.fetch(CSV, POINTS, node_id=region.node_id))) == 3
    other = await files.inventory.node(code="r-2")
    assert read(await files.fetch(CSV, POINTS, node_id=other.node_id)) == []


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"\xff\xfe,", "not UTF-8"),
        ("a.csv", b"code,code\n1,2\n", "more than once"),
        ("a.xlsx", b"no workbook", "not a workbook"),
    ],
)
async def test_a_file_that_is_none_fails_as_a_whole(
    files: Files, name: str, content: bytes, said: str
) -> None:
    job = await files.bring(name, content, kind=POINTS)
    assert job.state == FAILED
    assert said in job.error


async def test_lines_that_are_no_rows_cost_only_themselves(files: Files) -> None:
    good = json.dumps({"kind": "nodes", "hierarchy": "place", "node_kind": "region", "code": uuid4().hex})
    lines = ["{", "[1]", '{"kind": "cars"}', good, ""]
    job = await files.bring("mixed.jsonl", "\n".join(lines).encode())
    assert counts(job) == (1, 0, 0, 3)
    assert [one.line for one in await files.errors(job)] == [1, 2, 3]
    job = await files.bring("more.xlsx", book({"cars": [{"a": "1"}]}))
    assert (await files.errors(job))[0].sheet == "cars"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"file_name": "a.pdf"}, "inventory_import.format"),
        ({"file_name": "a.csv"}, "inventory_import.kind"),
    ],
)
async def test_what_nobody_can_read_is_refused_at_once(
    files: Files, changed: dict[str, str], field: str
) -> None:
    request = pb.CreateInventoryImportRequest(inventory_import=pb.InventoryImport(**changed), content=b"x")
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await files.calls.CreateInventoryImport(request)
    assert error_of(raised.value)[2][0][0] == field


async def test_formulas_and_odd_characters_stay_what_they_are(files: Files) -> None:
    names = ["=1+1", "a;b", 'say "hi"', "line\nbreak", "Ünïcode ✓", "007"]
    rows = [
        {"hierarchy": "place", "node_kind": "region", "code": f"c{number}", "display_name": name}
        for number, name in enumerate(names)
    ]
    assert counts(await files.bring("n.csv", table(rows), kind=NODES)) == (6, 0, 0, 0)
    for file_format, name in ((CSV, "n.csv"), (JSON, "n.jsonl"), (XLSX, "n.xlsx")):
        job = await files.bring(name, await files.fetch(file_format, NODES), kind=NODES)
        assert counts(job) == (0, 0, 6, 0)
