"""The parameters of one version of a rule set, as integers for the engine."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from server.readings.rule_sets.catalogue import DEFAULTS, LIMITS, METHODS, RULES
from server.readings.rule_sets.domain import Content

VERSION_COLUMN: Final = "rule_set_version"
"""The column of a table of parameters that holds their id."""
BUILT_IN_ID: Final = 0
_PLACES: Final = {name: place for place, name in enumerate(DEFAULTS)}


@dataclass(frozen=True, slots=True)
class Parameters:
    """One integer for each column of the catalogue, read as attributes: ``parameters.v11_spike_per_mille``.

    ``v11_place`` is the rule's place in the order, 0 where it is off; ``e04_place`` that of a method.
    """

    id: int
    """Id of the version, stable and small; 0 is the built-in set."""
    values: tuple[int, ...]
    """In the order of ``catalogue.DEFAULTS``."""

    def __getattr__(self, name: str) -> int:
        """The integer of a column."""
        try:
            return self.values[_PLACES[name]]
        except KeyError:
            raise AttributeError(f"no rule, method or limit has {name!r}") from None

    def __getitem__(self, column: str) -> int:
        """The integer of a column."""
        return self.values[_PLACES[column]]


def parameters_of(version_id: int, content: Content) -> Parameters:
    """The integers of a version; what its content does not name is as in the built-in set."""
    found = dict(DEFAULTS)
    for place, setting in enumerate(content.rules, start=1):
        rule, prefix = RULES[setting.rule], setting.rule.lower()
        found[f"{prefix}_place"] = place if setting.enabled else 0
        found[f"{prefix}_severity"] = int(setting.severity)
        for one in rule.parameters:
            if one.name in setting.parameters:
                found[f"{prefix}_{one.column}"] = one.stored(setting.parameters[one.name])
    for name in METHODS:
        found[f"{name.lower()}_place"] = 0
    for place, step in enumerate(content.methods, start=1):
        prefix = step.method.lower()
        found[f"{prefix}_place"] = place
        for one in METHODS[step.method].parameters:
            if one.name in step.parameters:
                found[f"{prefix}_{one.column}"] = one.stored(step.parameters[one.name])
    for name, text in content.limits.items():
        if name in LIMITS:
            found[LIMITS[name].column] = LIMITS[name].stored(text)
    return Parameters(version_id, tuple(found.values()))


def table_of(distinct: Iterable[Parameters]) -> pa.Table:
    """One row a version: ``rule_set_version`` and every column of the catalogue, all Int64."""
    rows = list(distinct)
    ids: Mapping[str, pa.Array] = {VERSION_COLUMN: pa.array([one.id for one in rows], pa.int64())}
    columns = {
        name: pa.array([one.values[place] for one in rows], pa.int64()) for name, place in _PLACES.items()
    }
    return pa.table({**ids, **columns})


BUILT_IN: Final = Parameters(BUILT_IN_ID, tuple(DEFAULTS.values()))
"""What holds where nothing is assigned."""
