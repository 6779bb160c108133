"""Rows of rule sets."""

from tests.support.rpcs.rows import Fields, Kind, row, text
from tests.support.rpcs.rows_readings import home
from tests.support.rpcs.world import World

SERVICE = "readings.RuleSetService"

SETS = Kind(
    SERVICE,
    "rule_set",
    lambda _: {
        "display_name": text(),
        "rules": [{"rule": "V11", "parameters": {"spike_per_cent": "150"}}],
    },
    {"description": "stricter than usual"},
).enter("Create", "Get", "List", "Update", "Archive")


@row(f"{SERVICE}.GetRuleCatalogue")
def catalogue(_: World) -> Fields:
    return {}


@row(f"{SERVICE}.ListRuleSetVersions")
def versions(world: World) -> Fields:
    def three() -> Fields:
        name = {"rule_set_id": SETS.id(world)}
        for count in ("30", "40"):
            rules = [{"rule": "V11", "parameters": {"least_values": count}}]
            world.do(f"{SERVICE}.UpdateRuleSet", rule_set={**name, "rules": rules})
        return name

    return world.kept("versions of a rule set", three)


def _assignment(world: World) -> Fields:
    return {"rule_set_id": SETS.one(world).rule_set_id, "target": {"source": text()}}


@row(f"{SERVICE}.AssignRuleSet")
def assignment(world: World) -> Fields:
    return {"assignment": _assignment(world)}


@row(f"{SERVICE}.ListRuleSetAssignments")
def assignments(world: World) -> Fields:
    world.kept(
        "three assignments",
        lambda: [world.do(f"{SERVICE}.AssignRuleSet", assignment=_assignment(world)) for _ in range(3)],
    )
    return {}


@row(f"{SERVICE}.RemoveRuleSetAssignment")
def removal(world: World) -> Fields:
    made = world.do(f"{SERVICE}.AssignRuleSet", assignment=_assignment(world))
    return {"assignment_id": made.assignment.assignment_id}


@row(f"{SERVICE}.ResolveRuleSet")
def resolved(world: World) -> Fields:
    return {"series": home(world).series, "time": home(world).start}
