"""The table's rows: for each method, how a request is made that works.

A row is a function from the world to the fields of a request; it makes what the request needs, so that each
asking gives a request that works once. Resources with the standard verbs get theirs from :class:`Kind`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from tests.support.rpcs.world import World

Fields = dict[str, Any]
Maker = Callable[[World], Fields]

ROWS: dict[str, Maker] = {}
"""Method → its row."""


def row(*names: str) -> Callable[[Maker], Maker]:
    """Enters a row for one or more methods."""

    def enter(maker: Maker) -> Maker:
        for name in names:
            assert name not in ROWS, f"{name} has two rows"
            ROWS[name] = maker
        return maker

    return enter


def text() -> str:
    """A text that nobody has used."""
    return uuid4().hex


@dataclass(frozen=True)
class Kind:
    """A resource with the standard verbs.

    ``draft`` gives the fields of a new one; ``before`` is what must be done before a verb can be, when that
    is not plain from the verb.
    """

    service: str
    name: str
    draft: Maker
    change: Fields
    filters: Maker = field(default=lambda _: {})
    plural: str = ""

    @property
    def camel(self) -> str:
        return "".join(part.capitalize() for part in self.name.split("_"))

    @property
    def id_field(self) -> str:
        return f"{self.name}_id"

    def id(self, world: World, **others: Any) -> str:
        """The id of a new one."""
        return str(getattr(self.new(world, **others), self.id_field))

    def new(self, world: World, **others: Any) -> Any:
        """A new one, as stored."""
        made = world.do(f"{self.service}.Create{self.camel}", **{self.name: {**self.draft(world), **others}})
        return getattr(made, self.name)

    def one(self, world: World) -> Any:
        """One that is there and stays as it is."""
        return world.kept(f"one {self.service}.{self.name}", lambda: self.new(world))

    def three(self, world: World) -> list[Any]:
        """Three of them, for lists; of the first tenant alone."""
        return world.kept(f"three {self.service}.{self.name}", lambda: [self.new(world) for _ in range(3)])

    def enter(self, *verbs: str) -> "Kind":
        """Enters the rows of these verbs."""
        for verb in verbs:
            plain = verb in {"Create", "Get", "List", "Update"}
            maker = getattr(self, f"_{verb.lower()}") if plain else self._after(_BEFORE.get(verb, ""))
            noun = (self.plural or f"{self.camel}s") if verb == "List" else self.camel
            row(f"{self.service}.{verb}{noun}")(maker)
        return self

    def _create(self, world: World) -> Fields:
        return {self.name: self.draft(world)}

    def _get(self, world: World) -> Fields:
        return {self.id_field: getattr(self.one(world), self.id_field)}

    def _list(self, world: World) -> Fields:
        self.three(world)
        return self.filters(world)

    def _update(self, world: World) -> Fields:
        made = self.new(world)
        names = {self.id_field: getattr(made, self.id_field), "etag": made.etag}
        return {self.name: {**names, **self.change}, "update_mask": {"paths": list(self.change)}}

    def _after(self, before: str) -> Maker:
        def make(world: World) -> Fields:
            name = {self.id_field: self.id(world)}
            if before:
                world.do(f"{self.service}.{before}{self.camel}", **name)
            return name

        return make


_BEFORE = {"Undelete": "Archive", "Resume": "Suspend"}
