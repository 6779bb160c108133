"""What a node may be, and below what: the levels of places, and those of each network."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from server.platform.errors import FieldViolation

ROOT: Final = ""
"""Stands for "nothing above" among the kinds that a kind may hang below."""

PLACE: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "region": frozenset({ROOT, "region"}),
        "district": frozenset({ROOT, "region", "district", "settlement"}),
        "settlement": frozenset({ROOT, "region", "district", "settlement"}),
        "building": frozenset({ROOT, "region", "district", "settlement"}),
        "premises": frozenset({ROOT, "settlement", "building", "premises"}),
    }
)
"""Region, district, settlement, building, premises: levels may be left out, a city may have districts."""

GRID: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        # Electricity: a feeder leaves a substation or a transformer, and may feed further ones of both.
        "substation": frozenset({ROOT, "substation", "feeder"}),
        "transformer": frozenset({ROOT, "substation", "feeder"}),
        "feeder": frozenset({ROOT, "substation", "transformer", "feeder"}),
        "phase": frozenset({"transformer", "feeder"}),
        # Zones: any network, water (district metered areas), gas (what a gas distribution station feeds),
        # heat (central heating points and what they feed).
        "zone": frozenset({ROOT, "zone"}),
        "dma": frozenset({ROOT, "zone", "dma"}),
        "grs_zone": frozenset({ROOT, "zone", "grs_zone"}),
        "heat_node": frozenset({ROOT, "zone", "heat_node"}),
    }
)
"""Substation, transformer, feeder, phase; zones of water, gas and heat networks, each within its own kind."""

HIERARCHIES: Final[Mapping[str, Mapping[str, frozenset[str]]]] = MappingProxyType(
    {"PLACE": PLACE, "GRID": GRID}
)


def kind_violations(hierarchy: str, kind: str) -> Iterator[FieldViolation]:
    """The kind must be one of the tree's."""
    known = HIERARCHIES[hierarchy]
    if kind not in known:
        yield FieldViolation(
            "node.kind", f"{kind!r} is no kind of the tree {hierarchy}; it has {', '.join(known)}", "node.kind"
        )


def parent_violations(hierarchy: str, kind: str, parent_kind: str) -> Iterator[FieldViolation]:
    """A node of this kind must be able to hang below one of that; ``ROOT``: below none."""
    above = HIERARCHIES[hierarchy].get(kind, frozenset())
    if parent_kind not in above:
        what = f"below a {parent_kind}" if parent_kind else "without a parent"
        wanted = ", ".join(sorted(above - {ROOT}))
        yield FieldViolation(
            "node.parent_id", f"a {kind} cannot be {what}; it may be below {wanted}", "node.parent_kind"
        )
