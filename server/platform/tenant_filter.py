"""Every query of ClickHouse says whose rows it wants: ClickHouse has no row-level security of its own.

:class:`server.platform.telemetry_store.TelemetryStore` asks here before each statement, so that one that
forgot the tenant never reaches the engine.
"""

import re

TENANT_TABLES = frozenset(
    {
        "channel_span",
        "dead_reading",
        "event_history",
        "ingest_touch",
        "measurement",
        "measurement_day",
        "operation",
        "raw_reading",
        "usage_day",
        "vee_exception",
        "vee_scope",
    }
)
"""Tables with rows of several tenants. Tables of a run belong to one tenant, whose id is in their names."""

_ANY = "|".join(sorted(TENANT_TABLES))
_FROM = re.compile(rf"\b(?:FROM|JOIN)\s+`?(?:{_ANY})\b`?", re.IGNORECASE)
_OF_TENANT = re.compile(
    r"(?:\s+FINAL)?(?:\s+AS\s+\w+)?"
    # A table of the run itself, which has rows of one tenant only.
    r"(?:\s+INNER\s+JOIN\s+vee_\w+\s+AS\s+\w+\s+ON\s+[\w.]+\s*=\s*[\w.]+)?"
    r"\s+WHERE\s+(?:\w+\.)?tenant_id(?:\s*=\s*\{\w+:UUID\}|\s+IN\s+\{\w+:Array\(UUID\)\})",
    re.IGNORECASE,
)
_INTO = re.compile(rf"\bINSERT\s+INTO\s+(?:{_ANY})\b(.*)", re.IGNORECASE | re.DOTALL)
_CHANGED = re.compile(
    rf"\b(?:TRUNCATE(?:\s+TABLE)?|ALTER\s+TABLE|DELETE\s+FROM|UPDATE)\s+(?:{_ANY})(?:_local)?\b",
    re.IGNORECASE,
)
_ONE_DELETED = (
    r"DELETE\s+IN\s+PARTITION\s+ID\s+'\w+'\s+WHERE\s+tenant_id\s*=\s*\{tenant:UUID\}\s+AND\s+\([^;]*?\)"
)
_DELETED = re.compile(
    rf"\s*ALTER\s+TABLE\s+(?:{_ANY})(?:_local\s+ON\s+CLUSTER\s+'\w+')?\s+{_ONE_DELETED}(?:,\s*{_ONE_DELETED})*\s*",
    re.IGNORECASE,
)
_NOT_OF_TENANT = re.compile(
    r"\bDELETE\b(?!\s+IN\s+PARTITION\s+ID\s+'\w+'\s+WHERE\s+tenant_id\s*=\s*\{tenant:UUID\})", re.IGNORECASE
)


class TenantMissing(ValueError):
    """A statement over a table of all tenants whose conditions do not begin with the tenant: a defect."""

    def __init__(self, statement: str) -> None:
        super().__init__(f"no tenant in {' '.join(statement.split())[:200]!r}")


def check_tenant(statement: str) -> None:
    """Raises TenantMissing unless each mention of a table of all tenants is narrowed to its tenant.

    That is: right after ``FROM <table>`` comes ``WHERE tenant_id = {tenant:UUID}`` (or ``IN`` an array), and
    what is inserted by a SELECT gets its ``tenant_id`` from the parameter ``tenant``. Rows are changed by
    nothing but ``ALTER TABLE … DELETE IN PARTITION ID '…' WHERE tenant_id = {tenant:UUID} AND (…)``.
    """
    if _CHANGED.search(statement) and (not _DELETED.fullmatch(statement) or _NOT_OF_TENANT.search(statement)):
        raise TenantMissing(statement)
    for mention in _FROM.finditer(statement):
        if _OF_TENANT.match(statement, mention.end()) is None:
            raise TenantMissing(statement)
    for inserted in _INTO.finditer(statement):
        if "{tenant:UUID}" not in inserted[1]:
            raise TenantMissing(statement)
