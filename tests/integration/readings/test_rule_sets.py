"""Rule sets through gRPC: versions, assignments, and what holds for a series."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import grpc
import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp

from server.platform.caller import acting_as
from server.readings.rule_sets.app import RuleSets
from server.readings.rule_sets.domain import TargetKind
from server.readings.rule_sets.parameters import BUILT_IN
from simba.common.v1 import types_pb2 as common
from simba.readings.v1 import rule_set_pb2, vee_service_pb2
from simba.readings.v1 import rule_set_service_pb2 as pb
from simba.readings.v1.rule_set_service_pb2_grpc import RuleSetServiceStub
from tests.support.platform import error_of, make_tenant
from tests.support.readings_api import Caller, make_home

NOW = datetime(2025, 6, 1, tzinfo=UTC)


def at(when: datetime) -> Timestamp:
    made = Timestamp()
    made.FromDatetime(when)
    return made


class Desk:
    """A caller of the service, with a home."""

    def __init__(self, tenant, channel, home):
        self.tenant, self.home = tenant, home
        self.api = RuleSetServiceStub(channel)

    async def make(self, start: datetime | None = None, **spike: str) -> rule_set_pb2.RuleSet:
        made = rule_set_pb2.RuleSet(
            display_name=uuid4().hex, rules=[rule_set_pb2.RuleSetting(rule="V11", parameters=spike)]
        )
        request = pb.CreateRuleSetRequest(rule_set=made, effective_from=start and at(start))
        return (await self.api.CreateRuleSet(request)).rule_set

    async def assign(self, one: rule_set_pb2.RuleSet, **others) -> rule_set_pb2.RuleSetAssignment:
        target = rule_set_pb2.RuleSetTarget(**others.pop("target"))
        wanted = rule_set_pb2.RuleSetAssignment(rule_set_id=one.rule_set_id, target=target, **others)
        return (await self.api.AssignRuleSet(pb.AssignRuleSetRequest(assignment=wanted))).assignment

    async def resolve(self, **asked) -> pb.ResolveRuleSetResponse:
        asked.setdefault("series", self.home.series)
        return await self.api.ResolveRuleSet(pb.ResolveRuleSetRequest(time=at(NOW), **asked))


@pytest.fixture
async def desk(lone_platform, lone_server) -> Desk:
    tenant = await make_tenant(lone_platform)
    channel = lone_server.channel(tenant.secret)
    return Desk(tenant, channel, await make_home(Caller(channel)))


async def test_a_change_is_a_new_version_and_the_old_ones_stay(desk):
    made = await desk.make(spike_per_cent="150")
    assert (made.version, made.effective_from.seconds) == (1, 0)
    assert len(made.rules) == 25
    spike = made.rules[0]
    assert (spike.rule, spike.enabled, spike.parameters["spike_per_cent"]) == ("V11", True, "150")
    assert spike.parameters["least_values"] == "20"
    assert spike.severity == vee_service_pb2.VEE_SEVERITY_ISSUE
    renamed = rule_set_pb2.RuleSet(rule_set_id=made.rule_set_id, description="only a word", etag=made.etag)
    after = (await desk.api.UpdateRuleSet(pb.UpdateRuleSetRequest(rule_set=renamed))).rule_set
    assert (after.version, after.description) == (1, "only a word")
    stricter = rule_set_pb2.RuleSet(
        rule_set_id=made.rule_set_id,
        rules=[rule_set_pb2.RuleSetting(rule="V11", parameters={"spike_per_cent": "99"})],
    )
    request = pb.UpdateRuleSetRequest(
        rule_set=stricter, update_mask=FieldMask(paths=["rules"]), effective_from=at(NOW)
    )
    tried = (
        await desk.api.UpdateRuleSet(
            pb.UpdateRuleSetRequest(
                rule_set=stricter, update_mask=FieldMask(paths=["rules"]), validate_only=True
            )
        )
    ).rule_set
    assert tried.version == 2
    second = (await desk.api.UpdateRuleSet(request)).rule_set
    assert (second.version, second.effective_from) == (2, at(NOW))
    versions = (
        await desk.api.ListRuleSetVersions(pb.ListRuleSetVersionsRequest(rule_set_id=made.rule_set_id))
    ).versions
    assert [(one.version, one.rules[0].parameters["spike_per_cent"]) for one in versions] == [
        (2, "99"),
        (1, "150"),
    ]
    assert versions[0].version_id > versions[1].version_id > 0
    assert all(one.created_by.startswith("api-keys/") for one in versions)


async def test_what_is_wrong_is_named(desk):
    wrong = rule_set_pb2.RuleSet(
        display_name="x",
        rules=[
            rule_set_pb2.RuleSetting(rule="V11", parameters={"spike_per_cent": "many"}),
            rule_set_pb2.RuleSetting(rule="V26"),
        ],
    )
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await desk.api.CreateRuleSet(pb.CreateRuleSetRequest(rule_set=wrong))
    assert refused.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert dict(error_of(refused.value)[2]) == {
        "rule_set.rules[0].parameters[spike_per_cent]": "'many' is not a number",
        "rule_set.rules[1].rule": "'V26' is no rule of the catalogue",
    }


async def test_what_holds_and_why(desk):
    assert (await desk.resolve()).reason == "nothing is assigned: the built-in set"
    tenant, electric, source, model, point = [await desk.make() for _ in range(5)]
    await desk.assign(tenant, target={"tenant": True})
    await desk.assign(electric, target={"commodity": common.COMMODITY_ELECTRICITY})
    await desk.assign(source, target={"source": "hes"})
    await desk.assign(model, target={"device_model_id": desk.home.meter.device_model_id})
    found = await desk.resolve(source="hes")
    assert [one.assignment.rule_set_id for one in found.candidates] == [
        one.rule_set_id for one in (model, source, electric, tenant)
    ]
    assert found.version.rule_set_id == model.rule_set_id
    assert "more specific than the source 'hes'" in found.reason
    mine = await desk.assign(
        point,
        target={"usage_point_id": desk.home.point.usage_point_id},
        effective_from=at(NOW),
        effective_to=at(NOW + timedelta(days=1)),
    )
    by_point = await desk.resolve(series=0, usage_point_id=desk.home.point.usage_point_id)
    assert by_point.version.rule_set_id == point.rule_set_id
    # Ended the moment before, the one of the model holds again.
    await desk.api.RemoveRuleSetAssignment(
        pb.RemoveRuleSetAssignmentRequest(assignment_id=mine.assignment_id)
    )
    assert (await desk.resolve()).version.rule_set_id == model.rule_set_id


async def test_versions_take_effect_at_their_time(desk, lone_platform):
    made = await desk.make(spike_per_cent="150")
    patch = rule_set_pb2.RuleSet(
        rule_set_id=made.rule_set_id,
        rules=[rule_set_pb2.RuleSetting(rule="V11", parameters={"spike_per_cent": "50"})],
    )
    later = NOW + timedelta(days=1)
    await desk.api.UpdateRuleSet(pb.UpdateRuleSetRequest(rule_set=patch, effective_from=at(later)))
    await desk.assign(made, target={"tenant": True})
    assert (await desk.resolve()).version.version == 1
    rule_sets = RuleSets(lone_platform.uow, subjects=None)
    keys = {TargetKind.COMMODITY: frozenset({"ELECTRICITY"})}
    with acting_as(desk.tenant.caller):
        tenant_id = desk.tenant.caller.tenant_id
        today = await rule_sets.resolve(tenant_id, keys, NOW)
        tomorrow = await rule_sets.resolve(tenant_id, keys, later)
        table = await rule_sets.columns(tenant_id, [tomorrow.id, 0, today.id, 0])
    assert (today.v11_spike_per_mille, tomorrow.v11_spike_per_mille) == (1500, 500)
    assert table.column("rule_set_version").to_pylist() == [0, today.id, tomorrow.id]
    assert table.column("v11_spike_per_mille").to_pylist() == [BUILT_IN.v11_spike_per_mille, 1500, 500]


async def test_what_is_assigned_is_not_archived(desk):
    made = await desk.make()
    name = pb.ArchiveRuleSetRequest(rule_set_id=made.rule_set_id)
    held = await desk.assign(made, target={"source": "hes"})
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await desk.api.ArchiveRuleSet(name)
    assert error_of(refused.value)[0] == "RESOURCE_IN_USE"
    ended = pb.RemoveRuleSetAssignmentRequest(assignment_id=held.assignment_id, effective_to=at(NOW))
    assert (await desk.api.RemoveRuleSetAssignment(ended)).assignment.effective_to == at(NOW)
    assert (await desk.api.ArchiveRuleSet(name)).rule_set.archived
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await desk.assign(made, target={"source": "hes"})
    assert error_of(refused.value)[0] == "RESOURCE_ARCHIVED"


@pytest.mark.parametrize("target", [{"device_model_id": str(uuid4())}, {"usage_point_id": str(UUID(int=7))}])
async def test_whom_nobody_knows_is_assigned_nothing(desk, target):
    made = await desk.make()
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await desk.assign(made, target=target)
    assert refused.value.code() == grpc.StatusCode.NOT_FOUND
    assert error_of(refused.value)[0] == "RESOURCE_NOT_FOUND"


async def test_an_end_before_the_beginning_is_refused(desk):
    made = await desk.make()
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await desk.assign(made, target={"tenant": True}, effective_from=at(NOW), effective_to=at(NOW))
    assert [field for field, _ in error_of(refused.value)[2]] == ["assignment.effective_to"]
