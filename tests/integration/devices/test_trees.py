"""The two trees through time: moves, what is below what and when, batches, what cannot be."""

import asyncio
import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import grpc
import pytest

from simba.common.v1 import types_pb2
from simba.devices.v1 import hierarchy_service_pb2 as pb
from simba.devices.v1 import node_pb2, tag_pb2, usage_point_pb2
from simba.devices.v1 import usage_point_service_pb2 as point_pb
from tests.support.inventory import Inventory, stamp
from tests.support.platform import error_of

# The night in which clocks go forward in Europe.
SPRING = datetime(2013, 3, 31, tzinfo=UTC)


def hour(number: float) -> datetime:
    return SPRING + timedelta(hours=number)


def new(code: str, parent: str = "", **others: Any) -> node_pb2.Node:
    values = {
        "hierarchy": node_pb2.HIERARCHY_PLACE,
        "kind": "region",
        "code": code,
        "parent_id": parent,
        **others,
    }
    return node_pb2.Node(**values)


async def moved(inventory: Inventory, node_id: str, parent_id: str, time: datetime) -> node_pb2.Node:
    request = pb.MoveNodeRequest(node_id=node_id, parent_id=parent_id, effective_from=stamp(time))
    return (await inventory.nodes.MoveNode(request)).node


async def below(inventory: Inventory, node_id: str, as_of: datetime | None = None) -> set[str]:
    request = pb.ListNodesRequest(under_id=node_id, page_size=1000)
    if as_of is not None:
        request.as_of.CopyFrom(stamp(as_of))
    return {one.node_id for one in (await inventory.nodes.ListNodes(request)).nodes}


async def refused(call: Any) -> tuple[str, Any]:
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await call
    reason, metadata, violations = error_of(raised.value)
    return reason, violations or metadata


async def test_a_node_is_moved_from_an_instant_with_all_below_it(inventory: Inventory) -> None:
    north, south = await inventory.node(), await inventory.node()
    town = await inventory.node(parent_id=north.node_id)
    house = await inventory.node(parent_id=town.node_id, kind="building")
    assert list(house.ancestor_ids) == [north.node_id, town.node_id]

    await moved(inventory, town.node_id, south.node_id, hour(1))
    for time, there, elsewhere in ((hour(0.99), north, south), (hour(1), south, north), (None, south, north)):
        assert await below(inventory, there.node_id, time) == {there.node_id, town.node_id, house.node_id}
        assert await below(inventory, elsewhere.node_id, time) == {elsewhere.node_id}
        request = pb.GetNodeRequest(node_id=house.node_id)
        if time is not None:
            request.as_of.CopyFrom(stamp(time))
        found = (await inventory.nodes.GetNode(request)).node
        assert list(found.ancestor_ids) == [there.node_id, town.node_id]

    request = pb.ListNodeParentsRequest(node_id=town.node_id, page_size=1)
    first = await inventory.nodes.ListNodeParents(request)
    request.page_token = first.next_page_token
    last = await inventory.nodes.ListNodeParents(request)
    assert [one.parent_id for one in (*first.node_parents, *last.node_parents)] == [
        south.node_id,
        north.node_id,
    ]
    assert first.node_parents[0].period.start.ToDatetime(tzinfo=UTC) == hour(1)
    assert last.node_parents[0].period.end == first.node_parents[0].period.start
    assert not last.next_page_token


async def test_a_move_that_is_known_ahead_happens_by_itself(inventory: Inventory) -> None:
    north, south = await inventory.node(), await inventory.node()
    town = await inventory.node(parent_id=north.node_id)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    shown = await moved(inventory, town.node_id, south.node_id, tomorrow)
    assert shown.parent_id == north.node_id
    assert town.node_id in await below(inventory, north.node_id)
    assert town.node_id in await below(inventory, south.node_id, tomorrow)
    # What hangs below it only tomorrow keeps it from being archived today.
    reason, _ = await refused(inventory.nodes.ArchiveNode(pb.ArchiveNodeRequest(node_id=south.node_id)))
    assert reason == "RESOURCE_IN_USE"


async def test_no_circle_at_any_time(inventory: Inventory) -> None:
    top = await inventory.node()
    middle = await inventory.node(parent_id=top.node_id)
    low = await inventory.node(parent_id=middle.node_id)
    for parent in (top, middle, low):
        reason, _ = await refused(moved(inventory, top.node_id, parent.node_id, hour(0)))
        assert reason == "HIERARCHY_CYCLE"
    # It leaves in five hours: until then it is below the top, which cannot go below it even later than that,
    # for before the move back it would be too.
    await moved(inventory, middle.node_id, "", hour(5))
    assert (await refused(moved(inventory, top.node_id, low.node_id, hour(4))))[0] == "HIERARCHY_CYCLE"
    await moved(inventory, top.node_id, low.node_id, hour(5))
    assert await below(inventory, middle.node_id, hour(6)) == {middle.node_id, low.node_id, top.node_id}
    assert await below(inventory, top.node_id, hour(4)) == {middle.node_id, low.node_id, top.node_id}


async def test_of_two_moves_at_once_that_close_a_circle_one_is_refused(inventory: Inventory) -> None:
    one, other = await inventory.node(), await inventory.node()
    calls = [
        moved(inventory, one.node_id, other.node_id, hour(0)),
        moved(inventory, other.node_id, one.node_id, hour(0)),
    ]
    outcome = await asyncio.gather(*calls, return_exceptions=True)
    failed = [each for each in outcome if isinstance(each, grpc.aio.AioRpcError)]
    assert [error_of(each)[0] for each in failed] == ["HIERARCHY_CYCLE"]


async def test_random_moves_agree_with_a_model(inventory: Inventory) -> None:
    """Twenty nodes, eighty moves at random hours, and at each hour everybody's subtree."""
    chance = random.Random(20130331)
    request = pb.BatchCreateNodesRequest(nodes=[new(f"n{number}-{uuid4().hex}") for number in range(20)])
    made = (await inventory.nodes.BatchCreateNodes(request)).items
    ids = [item.node.node_id for item in made]
    hours = 12
    parents: list[dict[str, str]] = [dict.fromkeys(ids, "") for _ in range(hours)]
    for _ in range(80):
        node, parent, when = chance.choice(ids), chance.choice([*ids, ""]), chance.randrange(hours)
        until = when
        while until < hours and parents[until][node] == parents[when][node]:
            until += 1
        would = [{**parents[now], node: parent} for now in range(when, until)]
        # What lies behind the last hour of the model is as in that hour.
        circle = any(_circle(one, node) for one in would)
        call = moved(inventory, node, parent, hour(when))
        if circle:
            assert (await refused(call))[0] == "HIERARCHY_CYCLE"
        else:
            await call
            parents[when:until] = would
    for now in range(hours):
        for top in ids:
            expected = {node for node in ids if top in _up(parents[now], node)}
            assert await below(inventory, top, hour(now)) == expected, (now, top)


def _up(parents: Mapping[str, str], node: str) -> list[str]:
    path = [node]
    while parents[path[-1]] and parents[path[-1]] not in path:
        path.append(parents[path[-1]])
    return path


def _circle(parents: Mapping[str, str], node: str) -> bool:
    above, seen = parents[node], {node}
    while above:
        if above in seen:
            return True
        seen.add(above)
        above = parents[above]
    return False


async def test_a_batch_of_nodes_keeps_the_good_ones(inventory: Inventory) -> None:
    root, child, leaf = str(uuid4()), str(uuid4()), str(uuid4())
    grid = await inventory.node(hierarchy=node_pb2.HIERARCHY_GRID, kind="substation")
    wrong, orphan = str(uuid4()), str(uuid4())
    taken = await inventory.node()
    nodes = [
        new("leaf" + leaf, child, node_id=leaf, kind="building"),
        new("child" + child, root, node_id=child),
        new("root" + root, node_id=root),
        new("bad kind", kind="No Kind"),
        new("below grid", grid.node_id),
        new(taken.code, node_id=wrong),
        new("below the refused", wrong, node_id=orphan),
        new(
            "below itself",
            "11111111-1111-7111-8111-111111111111",
            node_id="11111111-1111-7111-8111-111111111111",
        ),
        new("below nobody", str(uuid4())),
    ]
    tried = await inventory.nodes.BatchCreateNodes(
        pb.BatchCreateNodesRequest(nodes=nodes, validate_only=True)
    )
    assert tried.created == 0
    assert (await refused(inventory.nodes.GetNode(pb.GetNodeRequest(node_id=root))))[0] == "NODE_NOT_FOUND"
    answer = await inventory.nodes.BatchCreateNodes(pb.BatchCreateNodesRequest(nodes=nodes))
    assert answer.created == 3
    for said in (tried, answer):
        assert [len(item.node.ancestor_ids) for item in said.items[:3]] == [2, 1, 0]
        assert [_what(item.error) for item in said.items[3:]] == [
            ("INVALID_FIELD", "nodes[3].kind"),
            ("INVALID_FIELD", "nodes[4].parent_id"),
            ("ALREADY_EXISTS", "nodes[5].code"),
            ("NODE_NOT_FOUND", ""),
            ("HIERARCHY_CYCLE", ""),
            ("NODE_NOT_FOUND", ""),
        ]
    assert await below(inventory, root) == {root, child, leaf}


def _what(error: Any) -> tuple[str, str]:
    from simba.common.v1 import error_reason_pb2

    reason = error_reason_pb2.ErrorReason.Name(error.reason).removeprefix("ERROR_REASON_")
    return reason, error.violations[0].field if error.violations else ""


async def test_a_node_of_later_has_nothing_below_it_before(inventory: Inventory) -> None:
    estate = await inventory.node(effective_from=stamp(hour(3)))
    reason, violations = await refused(inventory.node(parent_id=estate.node_id))
    assert (reason, violations[0][0]) == ("INVALID_FIELD", "node.effective_from")
    house = await inventory.node(parent_id=estate.node_id, effective_from=stamp(hour(4)))
    assert await below(inventory, estate.node_id, hour(2)) == set()
    assert await below(inventory, estate.node_id, hour(3)) == {estate.node_id}
    assert await below(inventory, estate.node_id) == {estate.node_id, house.node_id}
    reason, violations = await refused(moved(inventory, house.node_id, "", hour(3)))
    assert (reason, violations[0][0]) == ("INVALID_FIELD", "effective_from")


async def test_an_archived_node_comes_back_once_its_parent_is_there(inventory: Inventory) -> None:
    top = await inventory.node()
    low = await inventory.node(parent_id=top.node_id)
    archive, undelete = inventory.nodes.ArchiveNode, inventory.nodes.UndeleteNode
    assert (await refused(archive(pb.ArchiveNodeRequest(node_id=top.node_id))))[0] == "RESOURCE_IN_USE"
    await archive(pb.ArchiveNodeRequest(node_id=low.node_id))
    await archive(pb.ArchiveNodeRequest(node_id=top.node_id))
    back = undelete(pb.UndeleteNodeRequest(node_id=low.node_id))
    assert (await refused(back))[0] == "RESOURCE_ARCHIVED"
    await undelete(pb.UndeleteNodeRequest(node_id=top.node_id))
    assert (await undelete(pb.UndeleteNodeRequest(node_id=low.node_id))).node.parent_id == top.node_id
    assert (await refused(undelete(pb.UndeleteNodeRequest(node_id=low.node_id))))[
        0
    ] == "STATE_TRANSITION_INVALID"


async def test_lists_of_nodes(inventory: Inventory) -> None:
    root = await inventory.node(tags={"zone": "A"})
    child = await inventory.node(
        parent_id=root.node_id, kind="district", external_ids=[types_pb2.ExternalId(system="gis", value="7")]
    )
    wanted = {
        root.node_id: [
            {"roots_only": True},
            {"tag": tag_pb2.Tag(key="zone", value="A")},
            {"tag": tag_pb2.Tag(key="zone")},
        ],
        child.node_id: [
            {"parent_id": root.node_id},
            {"kind": "district"},
            {"code": child.code},
            {"external_id": types_pb2.ExternalId(system="gis", value="7")},
        ],
    }
    for node_id, filters in wanted.items():
        for one in filters:
            found = (await inventory.nodes.ListNodes(pb.ListNodesRequest(**one))).nodes
            assert [each.node_id for each in found] == [node_id], one


async def points(inventory: Inventory, **which: Any) -> list[str]:
    found = await inventory.points.ListUsagePoints(point_pb.ListUsagePointsRequest(**which))
    return [one.usage_point_id for one in found.usage_points]


async def test_a_usage_point_moves_through_both_trees(inventory: Inventory) -> None:
    north, south = await inventory.node(), await inventory.node()
    house = await inventory.node(parent_id=north.node_id, kind="building")
    grid = {"hierarchy": node_pb2.HIERARCHY_GRID}
    station, other = (
        await inventory.node(kind="substation", **grid),
        await inventory.node(kind="substation", **grid),
    )
    feeder = await inventory.node(kind="feeder", parent_id=station.node_id, **grid)
    point = await inventory.point(
        place_id=house.node_id, grid_node_id=feeder.node_id, phases=[usage_point_pb2.PHASE_A]
    )
    mine = point.usage_point_id
    request = point_pb.MoveUsagePointRequest(
        usage_point_id=mine,
        place_id=south.node_id,
        grid_node_id=other.node_id,
        phases=[usage_point_pb2.PHASE_C, usage_point_pb2.PHASE_B],
        effective_from=stamp(hour(1)),
    )
    shown = (await inventory.points.MoveUsagePoint(request)).usage_point
    assert (shown.place_id, list(shown.phases)) == (south.node_id, [2, 3])
    before, after = stamp(hour(0.99)), stamp(hour(1))
    for node, time in ((north, before), (house, before), (south, after), (south, None)):
        assert await points(inventory, place_id=node.node_id, as_of=time) == [mine]
    assert await points(inventory, place_id=north.node_id) == []
    assert await points(inventory, grid_node_id=station.node_id, as_of=before) == [mine]
    assert await points(inventory, grid_node_id=other.node_id, phase=usage_point_pb2.PHASE_B) == [mine]
    assert await points(inventory, grid_node_id=other.node_id, phase=usage_point_pb2.PHASE_A) == []
    listed = await inventory.points.ListUsagePointPositions(
        point_pb.ListUsagePointPositionsRequest(usage_point_id=mine)
    )
    assert [(one.place_id, list(one.phases)) for one in listed.positions] == [
        (south.node_id, [2, 3]),
        (house.node_id, [1]),
    ]
    # A node that a usage point is at, or was at and will not be again, can or cannot be archived.
    archive = inventory.nodes.ArchiveNode
    assert (await refused(archive(pb.ArchiveNodeRequest(node_id=south.node_id))))[0] == "RESOURCE_IN_USE"
    await archive(pb.ArchiveNodeRequest(node_id=house.node_id))
    request.place_id = house.node_id
    assert (await refused(inventory.points.MoveUsagePoint(request)))[0] == "RESOURCE_ARCHIVED"
    request.place_id = other.node_id
    reason, violations = await refused(inventory.points.MoveUsagePoint(request))
    assert (reason, violations[0][0]) == ("INVALID_FIELD", "usage_point.place_id")


async def test_a_batch_of_usage_points_keeps_the_good_ones(inventory: Inventory) -> None:
    there = await inventory.point()

    def one(**changed: Any) -> usage_point_pb2.UsagePoint:
        values = {
            "code": uuid4().hex,
            "commodity": types_pb2.COMMODITY_ELECTRICITY,
            "time_zone": "Europe/London",
            **changed,
        }
        return usage_point_pb2.UsagePoint(**values)

    given = [
        one(contract_capacity="15.5", contract_capacity_unit="kW"),
        one(code=there.code),
        one(time_zone="Europe/Atlantis"),
        one(place_id=str(uuid4())),
        one(commodity=0),
        one(),
    ]
    request = point_pb.BatchCreateUsagePointsRequest(usage_points=given)
    answer = await inventory.points.BatchCreateUsagePoints(request)
    assert answer.created == 2
    assert answer.items[0].usage_point.contract_capacity == "15.5"
    assert [_what(item.error) for item in answer.items[1:5]] == [
        ("ALREADY_EXISTS", "usage_points[1].code"),
        ("INVALID_FIELD", "usage_points[2].time_zone"),
        ("NODE_NOT_FOUND", ""),
        ("INVALID_FIELD", "usage_points[4].commodity"),
    ]
    archived = await inventory.points.ArchiveUsagePoint(
        point_pb.ArchiveUsagePointRequest(usage_point_id=there.usage_point_id)
    )
    assert archived.usage_point.archived
    back = await inventory.points.UndeleteUsagePoint(
        point_pb.UndeleteUsagePointRequest(usage_point_id=there.usage_point_id)
    )
    assert not back.usage_point.archived
