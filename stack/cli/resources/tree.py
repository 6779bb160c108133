"""`simba tree show`: a tree as a tree."""

from __future__ import annotations

from collections import defaultdict
from typing import Annotated, Any

import typer

from stack.cli.connection import API_KEY, DATA, DEFAULT_DATA, JSON, SERVER

_LIST = "simba.devices.v1.HierarchyService.ListNodes"


def add_show(app: typer.Typer) -> None:
    """Adds `show` to a group."""

    @app.command("show")
    def show(
        node_id: Annotated[str, typer.Argument(help="Only this node and what hangs below it.")] = "",
        hierarchy: Annotated[str, typer.Option(metavar="place|grid", help="Which tree.")] = "place",
        as_of: Annotated[str, typer.Option(metavar="TIME", help="As it was then, RFC 3339.")] = "",
        server: SERVER = "",
        api_key: API_KEY = "",
        data: DATA = DEFAULT_DATA,
        as_json: JSON = False,
    ) -> None:
        """Draw a tree, or a part of it.

        **Example**: `simba tree show --hierarchy grid --as-of 2026-01-01T00:00:00Z`
        """
        import json

        from rich.console import Console

        from stack.cli.resources.calls import call_pages

        request: dict[str, Any] = {"underId": node_id} if node_id else {}
        if not node_id:
            if hierarchy not in {"place", "grid"}:
                raise typer.BadParameter(f"{hierarchy!r} is none of place, grid", param_hint="--hierarchy")
            request["hierarchy"] = f"HIERARCHY_{hierarchy.upper()}"
        if as_of:
            request["asOf"] = as_of
        nodes = list(call_pages((server, api_key, data), _LIST, request, limit=0))
        if as_json:
            print(json.dumps(_nested(nodes), ensure_ascii=False))
            return
        console = Console()
        for root in _drawn(nodes):
            console.print(root)
        console.print(f"[dim]{len(nodes)} nodes[/]")


def _children(nodes: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], dict[str, list[dict[str, Any]]]]:
    """Nodes whose parent is not among them, and the others by their parent, each by code."""
    known = {one["nodeId"] for one in nodes}
    below: dict[str, list[dict[str, Any]]] = defaultdict(list)
    roots: list[dict[str, Any]] = []
    for node in sorted(nodes, key=lambda one: one["code"]):
        parent = node.get("parentId", "")
        (below[parent] if parent in known else roots).append(node)
    return roots, below


def _drawn(nodes: list[dict[str, Any]]) -> list[Any]:
    from rich.markup import escape
    from rich.tree import Tree

    roots, below = _children(nodes)

    def draw(node: dict[str, Any]) -> Tree:
        name = escape(node.get("displayName") or node["code"])
        tree = Tree(f"[bold]{name}[/] {escape(node['kind'])} [dim]{escape(node['code'])} {node['nodeId']}[/]")
        tree.children = [draw(child) for child in below[node["nodeId"]]]
        return tree

    return [draw(root) for root in roots]


def _nested(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    roots, below = _children(nodes)

    def nest(node: dict[str, Any]) -> dict[str, Any]:
        return {**node, "children": [nest(child) for child in below[node["nodeId"]]]}

    return [nest(root) for root in roots]
