"""Paths into decoded data: where a codec puts a value.

``energy.total``            names, joined by dots
``history[].volume``        every element of a list
``values[2]``               one element, from 0
``registers[id=1_8_0].v``   the elements in which a field has a value
``'1-0:1.8.0'.value``       a name with dots or brackets in it, in quotes
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_TOKEN = re.compile(
    r"""
      (?P<dot>\.)
    | '(?P<quoted>[^']+)'
    | \[(?P<index>[0-9]*)\]
    | \[(?P<field>[^\[\]=]+)=(?P<wanted>[^\[\]]*)\]
    | (?P<name>[^.\[\]']+)
    """,
    re.VERBOSE,
)


class PathInvalid(ValueError):
    """The text is no path; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Name:
    """A field of an object."""

    name: str


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a list."""

    index: int


@dataclass(frozen=True, slots=True)
class Each:
    """The elements of a list; with ``field``, those in which it has the value."""

    field: str = ""
    wanted: str = ""

    def takes(self, element: Any) -> bool:
        """Whether the element is meant."""
        if not self.field:
            return True
        return isinstance(element, Mapping) and as_text(element.get(self.field)) == self.wanted


Step = Name | Element | Each
Found = tuple[tuple[int, ...], Any]
"""Which element was taken at every ``[]`` on the way, and the value."""


@dataclass(frozen=True, slots=True)
class Path:
    """A parsed path."""

    text: str
    steps: tuple[Step, ...]

    @property
    def lists(self) -> tuple[tuple[Step, ...], ...]:
        """The way to each list of which elements are taken, the list's own step included."""
        return tuple(self.steps[: at + 1] for at, step in enumerate(self.steps) if isinstance(step, Each))

    def find(self, data: Any) -> Iterator[Found]:
        """The values that stand at the path; none where it leads nowhere."""
        yield from _follow(data, self.steps, ())

    def shown(self, taken: tuple[int, ...]) -> str:
        """The path with the elements that were taken, for messages: ``history[3].volume``."""
        left = iter(taken)
        parts = []
        for step in self.steps:
            if isinstance(step, Name):
                parts.append(f".{step.name}")
            else:
                parts.append(f"[{step.index if isinstance(step, Element) else next(left, '')}]")
        return "".join(parts).removeprefix(".")


def parse_path(text: str) -> Path:
    """The path written in ``text``. Raises PathInvalid."""
    steps: list[Step] = []
    at, open_end = 0, True
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            raise PathInvalid(f"{text!r} is no path: {text[at:]!r} is not understood")
        if token["dot"]:
            if open_end:
                raise PathInvalid(f"{text!r} is no path: a name is missing before character {at + 1}")
            open_end = True
        elif token["name"] or token["quoted"]:
            if not open_end:
                raise PathInvalid(f"{text!r} is no path: a dot is missing before character {at + 1}")
            steps.append(Name(token["name"] or token["quoted"]))
            open_end = False
        else:
            steps.append(_bracket(token))
            open_end = False
        at = token.end()
    if open_end:
        raise PathInvalid(f"{text!r} is no path: it ends where a name is expected" if text else "it is empty")
    return Path(text, tuple(steps))


def as_text(value: Any) -> str | None:
    """A plain value as a selector writes it; None for what is no plain value."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, str | int | float) else None


def _bracket(token: re.Match[str]) -> Step:
    if token["field"]:
        return Each(token["field"], token["wanted"])
    return Element(int(token["index"])) if token["index"] else Each()


def _follow(data: Any, steps: tuple[Step, ...], taken: tuple[int, ...]) -> Iterator[Found]:
    if not steps:
        yield taken, data
        return
    step, rest = steps[0], steps[1:]
    if isinstance(step, Name):
        if isinstance(data, Mapping) and step.name in data:
            yield from _follow(data[step.name], rest, taken)
    elif isinstance(data, list | tuple):
        if isinstance(step, Element):
            if step.index < len(data):
                yield from _follow(data[step.index], rest, taken)
            return
        for index, element in enumerate(data):
            if step.takes(element):
                yield from _follow(element, rest, (*taken, index))
