"""ClickHouse schema files: rendered for one node or for a cluster, and cut into statements."""

import re
from collections.abc import Iterator

_PLACEHOLDER = re.compile(r"\{(on_cluster|engine|local|distributed|dedup_window)(?::([^{}]+))?\}")
_ALTER = re.compile(r"\{alter:(\w+)\}(.*?);[ \t]*(?=\n|$)", re.DOTALL)
_PATH = "'/clickhouse/tables/{shard}/{database}/{table}', '{replica}'"


class BadPlaceholder(ValueError):
    """A schema file uses a placeholder without the argument that it needs."""


def render(text: str, cluster: str = "") -> str:
    """The SQL with its placeholders replaced; see README.md for what there is."""

    def alter(match: re.Match[str]) -> str:
        table, change = match[1], match[2]
        if not cluster:
            return f"ALTER TABLE {table}{change};"
        # The table that spreads the rows has columns of its own, which follow nothing.
        return "\n".join(
            f"ALTER TABLE {name} ON CLUSTER '{cluster}'{change};" for name in (f"{table}_local", table)
        )

    def replace(match: re.Match[str]) -> str:
        name, argument = match[1], match[2] or ""
        if name != "on_cluster" and not argument:
            raise BadPlaceholder(match[0])
        return _RENDERERS[name](argument, cluster)

    return _PLACEHOLDER.sub(replace, _ALTER.sub(alter, text))


def statements(text: str) -> Iterator[str]:
    """The statements of a file: each ends with a semicolon at the end of a line; comments are dropped."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("--")]
    for part in re.split(r";[ \t]*(?:\n|$)", "\n".join(lines)):
        if part.strip():
            yield part.strip()


def everywhere(engine: str, cluster: str = "") -> str:
    """The engine of a small table that each node of a cluster has whole, whatever its shard."""
    if not cluster:
        return engine
    return f"Replicated{engine}('/clickhouse/tables/all/{{database}}/{{table}}', '{{shard}}-{{replica}}')"


def _on_cluster(_: str, cluster: str) -> str:
    return f"ON CLUSTER '{cluster}'" if cluster else ""


def _engine(argument: str, cluster: str) -> str:
    if not cluster:
        return argument
    name, _, rest = argument.partition("(")
    rest = rest.removesuffix(")").strip()
    return f"Replicated{name.strip()}({_PATH}{', ' + rest if rest else ''})"


def _local(argument: str, cluster: str) -> str:
    return f"{argument}_local" if cluster else argument


def _distributed(argument: str, cluster: str) -> str:
    if not cluster:
        return ""
    name, _, key = argument.partition(":")
    return (
        f"CREATE TABLE IF NOT EXISTS {name} ON CLUSTER '{cluster}' AS {name}_local "
        f"ENGINE = Distributed('{cluster}', currentDatabase(), {name}_local, {key})"
    )


def _dedup_window(argument: str, cluster: str) -> str:
    kind = "replicated" if cluster else "non_replicated"
    return f"{kind}_deduplication_window = {argument}"


_RENDERERS = {
    "on_cluster": _on_cluster,
    "engine": _engine,
    "local": _local,
    "distributed": _distributed,
    "dedup_window": _dedup_window,
}
