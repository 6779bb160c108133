"""Which services are groups of commands, under which name, and which columns their tables have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

import typer
from google.protobuf.descriptor import MethodDescriptor

from stack.cli.resources.commands import command_of
from stack.cli.resources.files import add_file_commands
from stack.cli.resources.model_files import add_model_files
from stack.cli.resources.tree import add_show
from stack.cli.vee import BY_HAND, add_edits, add_vee
from tools.contract import Contract, first_sentence

_DESCRIPTORS: Final = Path(__file__).resolve().parents[3] / "api" / "gen" / "simba.binpb"


@dataclass(frozen=True, slots=True)
class Group:
    """One group of commands."""

    service: str
    """Full name."""
    noun: str
    """Message of the resource: what method names repeat and commands need not."""
    columns: Sequence[str]
    """Fields that a table shows, as paths of JSON names."""
    inventory_kind: str = ""
    """Where there is an import and an export of files: the rows of a CSV file."""
    only: frozenset[str] = frozenset()
    """Methods, where a service serves several groups; empty: all."""
    verbs: Mapping[str, str] = field(default_factory=dict)
    """Names of commands that are not those of their methods without the noun."""
    files_of_models: bool = False
    """Whether `import` and `export` are those of a library of models, not what the contract makes."""
    help: str = ""
    """What the group is about; empty: what the contract says of the service."""


_DEVICE: Final = ("state", "displayName", "lastSeenTime")
_ACCESS: Final = "simba.access.v1."
_DEVICES: Final = "simba.devices.v1."
_READINGS: Final = "simba.readings.v1."


def _methods(text: str) -> frozenset[str]:
    return frozenset(text.split())


GROUPS: Final[dict[str, Group]] = {
    "meters": Group(
        _DEVICES + "MeterService",
        "Meter",
        ("meterId", "serialNumber", "devEui", *_DEVICE),
        "METERS",
    ),
    "gateways": Group(
        _DEVICES + "GatewayService", "Gateway", ("gatewayId", "gatewayEui", *_DEVICE), "GATEWAYS"
    ),
    "concentrators": Group(
        _DEVICES + "ConcentratorService",
        "Concentrator",
        ("concentratorId", "serialNumber", "identity", *_DEVICE),
        "CONCENTRATORS",
    ),
    "pulse-modules": Group(
        _DEVICES + "PulseModuleService",
        "PulseModule",
        ("pulseModuleId", "serialNumber", "devEui", *_DEVICE),
        "PULSE_MODULES",
    ),
    "models": Group(
        _DEVICES + "DeviceModelService",
        "DeviceModel",
        ("deviceModelId", "manufacturer", "model", "commodity", "adapter"),
        files_of_models=True,
    ),
    "dead-letter": Group(
        "simba.readings.v1.DeadLetterService",
        "DeadReading",
        ("source", "channel", "time", "value", "unit", "reason"),
    ),
    "vee": Group(
        _READINGS + "VeeService",
        "VeeException",
        ("rule", "severity", "state", "series", "day", "intervalCount", "assignee", "description"),
        verbs={
            "ListVeeExceptions": "exceptions",
            "GetVeeExceptionSummary": "summary",
            "ListVeeExceptionHistory": "history",
        },
    ),
    "rule-sets": Group(
        _READINGS + "RuleSetService",
        "RuleSet",
        ("ruleSetId", "displayName", "version", "effectiveFrom"),
    ),
    "edits": Group(
        _READINGS + "ReadingEditService",
        "Edit",
        ("editId", "kind", "state", "reasonCode", "author", "createTime", "valueCount"),
        verbs={"EditReadings": "make", "EstimateReadings": "estimate"},
    ),
    "frames": Group(
        _READINGS + "FrameService",
        "Frame",
        ("frameId", "devEui", "state", "reason", "receiveTime", "description"),
        only=_methods("GetFrame ListFrames ReplayFrames"),
    ),
    "demand": Group(
        _READINGS + "DemandService",
        "Demand",
        (
            "series",
            "period.start",
            "value",
            "unit",
            "state",
            "maximum.period.start",
            "maximum.value",
            "maximum.unit",
            "incompleteWindowCount",
        ),
        verbs={"QueryDemand": "query", "QueryMaximumDemand": "maximum"},
    ),
    "derived": Group(
        _READINGS + "DerivedSeriesService",
        "DerivedSeries",
        (
            "derivedSeriesId",
            "displayName",
            "formula",
            "version",
            "period.start",
            "value",
            "unit",
            "state",
        ),
    ),
    "factors": Group(
        _READINGS + "FactorSetService",
        "FactorSet",
        ("factorSetId", "displayName", "unit", "startTime", "endTime", "value", "version"),
        verbs={
            "GiveFactorValues": "give",
            "ListFactorValues": "values",
            "ListFactorValueVersions": "value-versions",
        },
    ),
    "supply": Group(
        "simba.readings.v1.SupplyQualityService",
        "SupplyQuality",
        (
            "code",
            "usagePointId",
            "channel",
            "period.start",
            "count",
            "mean",
            "minimum",
            "maximum",
            "outsideShare",
        ),
    ),
    "retention": Group(
        "simba.readings.v1.RetentionService",
        "RetentionRun",
        ("retentionRunId", "legalHoldId", "state", "active", "reason", "deletedRows", "createTime"),
    ),
    "points": Group(
        _DEVICES + "UsagePointService",
        "UsagePoint",
        ("usagePointId", "code", "commodity", "timeZone", "meterId", "displayName"),
        "USAGE_POINTS",
    ),
    "tree": Group(
        _DEVICES + "HierarchyService", "Node", ("nodeId", "hierarchy", "kind", "code", "displayName"), "NODES"
    ),
    "config-profiles": Group(
        _DEVICES + "ConfigProfileService", "ConfigProfile", ("configProfileId", "displayName")
    ),
    "health": Group(
        _DEVICES + "NetworkHealthService",
        "DeviceHealth",
        ("deviceId", "address", "lastSeenTime", "silent", "rssiDbm", "batteryLevel"),
    ),
    "reconciliations": Group(
        _DEVICES + "ProvisioningService",
        "Reconciliation",
        ("reconciliationId", "adapter", "state", "compared", "differenceCount", "repairedCount"),
        only=_methods("StartReconciliation GetReconciliation ListReconciliations"),
    ),
    "principals": Group(
        _ACCESS + "PrincipalService",
        "Principal",
        ("principalId", "kind", "displayName", "roles", "state"),
        only=_methods(
            "CreatePrincipal GetPrincipal ListPrincipals UpdatePrincipal ArchivePrincipal SuspendPrincipal"
            " ResumePrincipal WhoAmI TestPermissions"
        ),
    ),
    "keys": Group(
        _ACCESS + "PrincipalService",
        "ApiKey",
        ("apiKeyId", "displayName", "roles", "prefix", "lastUsedTime", "expireTime", "revokeTime"),
        only=_methods("CreateApiKey GetApiKey ListApiKeys UpdateApiKey RotateApiKey RevokeApiKey"),
        help="API keys: the credentials of programs. A secret is shown once, when it is made.",
    ),
    "roles": Group(_ACCESS + "RoleService", "Role", ("roleId", "code", "displayName", "builtIn")),
    "tenants": Group(_ACCESS + "TenantService", "Tenant", ("tenantId", "code", "displayName", "state")),
    "changes": Group(
        _ACCESS + "AuditService",
        "Change",
        ("sequence", "time", "principalName", "action", "resourceKind", "resourceId"),
    ),
    "operations": Group(
        "simba.system.v1.OperationLogService",
        "Operation",
        ("time", "principalId", "method", "resourceId", "status", "duration"),
    ),
}


def group(name: str) -> typer.Typer:
    """The group of that name with all its commands."""
    spec, contract = GROUPS[name], _contract()
    service = next(one for one in contract.services if one.full_name == spec.service)
    app = typer.Typer(
        name=name,
        add_completion=False,
        no_args_is_help=True,
        rich_markup_mode="markdown",
        help=spec.help or contract.comment(service),
    )
    app.callback()(_nothing)
    for method in service.methods:
        if _is_command(method, spec):
            verb, function = command_of(contract, method, spec.noun, spec.columns)
            app.command(
                spec.verbs.get(method.name, verb), short_help=first_sentence(contract.comment(method))
            )(function)
    if spec.inventory_kind:
        add_file_commands(app, name, spec.inventory_kind)
    if spec.files_of_models:
        add_model_files(app)
    if spec.noun == "Node":
        add_show(app)
    if spec.noun == "VeeException":
        add_vee(app)
    if spec.noun == "Edit":
        add_edits(app)
    return app


def _nothing() -> None:
    """Keeps a group with a single command a group."""


def _is_command(method: MethodDescriptor, spec: Group) -> bool:
    if method.client_streaming or method.server_streaming:
        return False
    if spec.files_of_models and method.name.startswith("Import"):
        return False
    if spec.noun == "VeeException" and method.name in BY_HAND:
        return False
    return not spec.only or method.name in spec.only


@cache
def _contract() -> Contract:
    return Contract.load(_DESCRIPTORS)


def __getattr__(name: str) -> typer.Typer:
    """`groups.meters` and the like, for the table of commands."""
    try:
        return group(name.replace("_", "-"))
    except KeyError:
        raise AttributeError(name) from None
