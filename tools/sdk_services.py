"""The SDK's thin layer: one method for each call, synchronous and asynchronous, and a table of all calls."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from typing import Final

from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor, ServiceDescriptor

from tools.contract import Contract, first_sentence, words
from tools.sdk_types import Names, Parameter, alias, parameter, single

HEADER: Final = '''\
"""{title} Generated from the contract; do not edit."""

# ruff: noqa
from __future__ import annotations

'''
_WIDTH = 96


@dataclass(frozen=True, slots=True)
class Flavour:
    """What differs between the synchronous and the asynchronous form."""

    prefix: str
    transport: str
    define: str
    wait: str
    pages: str
    stream: str


SYNC = Flavour("", "Transport", "def", "", "Pages", "Stream")
ASYNC = Flavour("Async", "AsyncTransport", "async def", "await ", "AsyncPages", "AsyncStream")


UNCOUNTED = {
    "Audit",
    "Coverage",
    "Exchange",
    "Hierarchy",
    "Ingest",
    "NetworkHealth",
    "Portal",
    "ServerInfo",
    "Vee",
}
"""Nouns of services that have no plural."""


def attribute(service: ServiceDescriptor) -> str:
    """The service's name at the client: `meters` for MeterService, `hierarchy` for HierarchyService."""
    noun = service.name.removesuffix("Service")
    name = words(noun).replace(" ", "_")
    if noun in UNCOUNTED:
        return name
    return re.sub("([^aeiou])y$", r"\1ie", name) + "s"


def modules(contract: Contract) -> dict[str, str]:
    """Generated modules by their path below the generated package."""
    made = {"services/__init__.py": HEADER.format(title="Thin services.")}
    areas: dict[str, list[ServiceDescriptor]] = {}
    for service in contract.services:
        areas.setdefault(alias(service.file.package), []).append(service)
    for area, services in areas.items():
        made[f"services/{area}.py"] = _services(contract, services)
    made["services/clients.py"] = _clients(contract, areas)
    made["methods.py"] = _methods(contract)
    return made


def _services(contract: Contract, services: list[ServiceDescriptor]) -> str:
    names = Names()
    classes = [_class(contract, names, service, flavour) for service in services for flavour in (SYNC, ASYNC)]
    body = "\n\n".join(classes)
    # Only what is used is imported: the type checker of the SDK is strict.
    core = {
        "simba_metering._pages": ("AsyncPages", "Pages"),
        "simba_metering._streams": ("AsyncStream", "Stream"),
        "simba_metering._transport": ("AsyncTransport", "Metadata", "Transport"),
        "simba_metering._requests": ("field_mask", "new_request_id", "present"),
    }
    lines = ["import datetime"] if "datetime." in body else []
    abstract = ("AsyncIterator", "Iterator", "Mapping", "Sequence")
    collections = [name for name in abstract if re.search(rf"\b{name}\[", body)]
    if collections:
        lines.append(f"from collections.abc import {', '.join(collections)}")
    lines.append("")
    for module, wanted in core.items():
        used = [name for name in wanted if re.search(rf"\b{name}\b", body)]
        if used:
            lines.append(f"from {module} import {', '.join(used)}")
    lines += ["", "from .. import methods", *names.imports("..")]
    title = f"Calls of `{services[0].file.package}`."
    return HEADER.format(title=title) + "\n".join(lines) + "\n\n\n" + body


def _class(contract: Contract, names: Names, service: ServiceDescriptor, flavour: Flavour) -> str:
    doc = _docstring(contract.comment(service), 4)
    head = (
        f"class {flavour.prefix}{service.name}:\n{doc}\n\n"
        f"    def __init__(self, transport: {flavour.transport}) -> None:\n"
        f"        self._transport = transport\n"
    )
    bodies = [_Method(contract, names, method, flavour).text() for method in service.methods]
    return head + "\n" + "\n".join(bodies)


class _Method:
    """One method of one flavour."""

    def __init__(self, contract: Contract, names: Names, method: MethodDescriptor, flavour: Flavour) -> None:
        self._contract = contract
        self._names = names
        self._method = method
        self._flavour = flavour
        self._constant = f"methods.{constant(method)}"
        self._rows = rows_of(method)
        self._request = names.of(method.input_type)

    def text(self) -> str:
        """The method's definition."""
        method, flavour = self._method, self._flavour
        if method.client_streaming:
            return self._with_many_requests()
        parameters = [parameter(self._contract, self._names, field) for field in method.input_type.fields]
        request = self._request_expression(parameters)
        indent = " " * 8
        prelude = ""
        if any(each.name == "request_id" for each in parameters):
            keep = (
                " and not validate_only" if any(each.name == "validate_only" for each in parameters) else ""
            )
            fill = f"{indent}    request_id = new_request_id()\n"
            prelude = f"{indent}if not request_id{keep}:\n{fill}"
        if method.server_streaming:
            define, returns, last = "def", *self._stream(request)
        elif self._rows is not None:
            define, returns, last = "def", *self._pages(request)
        else:
            define, returns, last = flavour.define, *self._unary(request)
        return (
            f"    {define} {snake(method.name)}(\n{_signature(parameters)}    ) -> {returns}:\n"
            f"{_docstring(self._contract.comment(method), 8, parameters)}\n{prelude}{last}"
        )

    def _request_expression(self, parameters: list[Parameter]) -> str:
        given = "".join(f"{each.name}={each.expression}, " for each in parameters)
        return f"{self._request}({given.removesuffix(', ')})"

    def _unary(self, request: str) -> tuple[str, str]:
        flavour, output = self._flavour, self._method.output_type
        arguments = f"{self._constant}, {request}, rpc_timeout, rpc_metadata"
        call = f"{flavour.wait}self._transport.unary({arguments})"
        inner = sole_field(output)
        if not output.fields:
            return "None", f"        {call}\n"
        if inner is None:
            return self._names.of(output), f"        return {call}\n"
        one = single(self._names, inner)
        if inner.is_repeated:
            return f"list[{one}]", f"        return ({call}).{inner.name}\n"
        if inner.message_type is not None:
            return one, f"        return present(({call}).{inner.name}, {inner.name!r})\n"
        return one, f"        return ({call}).{inner.name}\n"

    def _pages(self, request: str) -> tuple[str, str]:
        assert self._rows is not None
        pick = f"lambda page: page.{self._rows.name}"
        return self._lazy(self._flavour.pages, single(self._names, self._rows), request, pick)

    def _lazy(self, kind: str, one: str, request: str, pick: str) -> tuple[str, str]:
        arguments = f"self._transport, {self._constant}, {request}, {pick}, rpc_timeout, rpc_metadata"
        return f"{kind}[{one}]", f"        return {kind}({arguments})\n"

    def _stream(self, request: str) -> tuple[str, str]:
        output = self._method.output_type
        rows = [field for field in output.fields if field.is_repeated]
        others = {field.name for field in output.fields} - {"resume_token", "heartbeat"}
        inner = sole_field(output)
        if len(rows) == 1 and others == {rows[0].name}:
            one, pick = single(self._names, rows[0]), f"lambda said: said.{rows[0].name}"
        elif inner is not None and inner.message_type is not None:
            one = single(self._names, inner)
            pick = f"lambda said: [present(said.{inner.name}, {inner.name!r})]"
        else:
            one, pick = self._names.of(output), "lambda said: [said]"
        return self._lazy(self._flavour.stream, one, request, pick)

    def _with_many_requests(self) -> str:
        method, flavour = self._method, self._flavour
        source = "Iterator" if flavour is SYNC else "AsyncIterator"
        output = self._names.of(method.output_type)
        if method.server_streaming:
            define, returns, call, wait = "def", f"{source}[{output}]", "stream_stream", ""
        else:
            define, returns, call, wait = flavour.define, output, "stream_unary", flavour.wait
        return (
            f"    {define} {snake(method.name)}(self, requests: {source}[{self._request}], *,"
            f" rpc_timeout: float | None = None, rpc_metadata: Metadata = ()) -> {returns}:\n"
            f"{_docstring(self._contract.comment(method), 8)}\n"
            f"        return {wait}self._transport.{call}(\n"
            f"            {self._constant}, requests, rpc_timeout, rpc_metadata)\n"
        )


def rows_of(method: MethodDescriptor) -> FieldDescriptor | None:
    """The field with a page's rows, if the call gives pages."""
    output, request = method.output_type, method.input_type
    if "next_page_token" not in output.fields_by_name or "page_token" not in request.fields_by_name:
        return None
    rows = [field for field in output.fields if field.is_repeated]
    return rows[0] if len(rows) == 1 else None


def sole_field(message: Descriptor) -> FieldDescriptor | None:
    """The one field of a wrapper."""
    return message.fields[0] if len(message.fields) == 1 else None


def snake(name: str) -> str:
    """`InstallMeter` → `install_meter`; `WhoAmI` → `who_am_i`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def constant(method: MethodDescriptor) -> str:
    """`METER_SERVICE_GET_METER`."""
    assert method.containing_service is not None
    return f"{snake(method.containing_service.name)}_{snake(method.name)}".upper()


def _signature(parameters: list[Parameter]) -> str:
    first = [each for each in parameters if not each.default]
    rest = [each for each in parameters if each.default]
    lines = ["self", *(f"{each.name}: {each.type}" for each in first), "*"]
    lines += [f"{each.name}: {each.type} = {each.default}" for each in rest]
    lines += ["rpc_timeout: float | None = None", "rpc_metadata: Metadata = ()"]
    return "".join(f"        {line},\n" for line in lines)


def _docstring(text: str, indent: int, parameters: list[Parameter] | None = None) -> str:
    space = " " * indent
    paragraphs = [
        "\n".join(textwrap.wrap(line, _WIDTH - indent, subsequent_indent="   " if line[:1].isdigit() else ""))
        for paragraph in text.split("\n\n")
        for line in paragraph.split("\n")
    ]
    joined = "\n\n".join(paragraphs)
    if parameters:
        wrap = textwrap.TextWrapper(_WIDTH - indent, initial_indent="    ", subsequent_indent=" " * 8)
        told = [wrap.fill(f"{each.name}: {each.comment}") for each in parameters]
        joined += "\n\nArgs:\n" + "\n".join(told)
    escaped = joined.replace("\\", "\\\\")
    body = textwrap.indent(f'"""{escaped}', space)
    return body + (f'\n{space}"""' if "\n" in joined else '"""')


def _clients(contract: Contract, areas: dict[str, list[ServiceDescriptor]]) -> str:
    parts = []
    for flavour in (SYNC, ASYNC):
        lines = [
            f"class {flavour.prefix}Services:",
            '    """Every service, by its name at the client."""',
            "",
            f"    def __init__(self, transport: {flavour.transport}) -> None:",
        ]
        for area, services in areas.items():
            for service in services:
                made = f"{area}.{flavour.prefix}{service.name}(transport)"
                lines.append(f"        self.{attribute(service)} = {made}")
                lines.append(f'        """{first_sentence(contract.comment(service))}."""')
        parts.append("\n".join(lines) + "\n")
    core = "from simba_metering._transport import AsyncTransport, Transport\n\n"
    imports = f"{core}from . import {', '.join(sorted(areas))}"
    return HEADER.format(title="All services together.") + imports + "\n\n\n" + "\n\n".join(parts)


def _methods(contract: Contract) -> str:
    names = Names()
    lines = []
    for service in contract.services:
        for method in service.methods:
            safe = any(rule.verb == "get" for rule in contract.http(method))
            repeatable = safe or "request_id" in method.input_type.fields_by_name
            flags = [
                f"{name}=True"
                for name, value in (
                    ("client_streaming", method.client_streaming),
                    ("server_streaming", method.server_streaming),
                    ("repeatable", repeatable),
                )
                if value
            ]
            types = names.of(method.input_type), names.of(method.output_type)
            arguments = [f'"{service.full_name}"', f'"{method.name}"', *types, *flags]
            lines.append(f"{constant(method)} = Method({', '.join(arguments)})")
    everything = ", ".join(constant(method) for service in contract.services for method in service.methods)
    return (
        HEADER.format(title="Every call of the contract.")
        + "from simba_metering._method import Method\n\n"
        + "\n".join(names.imports("."))
        + "\n\n"
        + "\n".join(lines)
        + f"\n\nALL = ({everything})\n"
    )
