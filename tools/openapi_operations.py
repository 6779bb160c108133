"""Calls as OpenAPI operations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor, ServiceDescriptor

from tools import openapi_errors
from tools.contract import Contract, HttpRule, first_sentence, is_map, lower_camel, words
from tools.openapi_examples import sample
from tools.openapi_schemas import Components

Schema = dict[str, Any]
_STREAM = """\
The answer is a stream: one JSON object a line, each as soon as it is known. It ends when the work is over or
the caller goes; one that breaks off is resumed with the last `resumeToken`, where there is one."""
HTTP_BODY = "google.api.HttpBody"
DOCUMENTS = {
    "Pdf": ("application/pdf",),
    "File": (
        "text/csv",
        "application/x-ndjson",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}
"""What methods that answer with a document give, by the ending of their name."""


def tag_of(service: ServiceDescriptor) -> str:
    """`Devices: usage point` for `simba.devices.v1.UsagePointService`."""
    area = service.file.package.split(".")[1]
    return f"{area.capitalize()}: {words(service.name.removesuffix('Service'))}"


class Operations:
    """Every call that REST reaches."""

    def __init__(self, contract: Contract, components: Components) -> None:
        self._contract = contract
        self._components = components
        names = Counter(method.name for service in contract.services for method in service.methods)
        self._shared_names = {name for name, count in names.items() if count > 1}

    def paths(self) -> dict[str, Schema]:
        """`paths`, in the order of the contract."""
        paths: dict[str, Schema] = {}
        for service in self._contract.services:
            for method in service.methods:
                for number, rule in enumerate(self._contract.http(method)):
                    path, operation = self._operation(service, method, rule, number)
                    if rule.verb in paths.setdefault(path, {}):
                        raise ValueError(f"{method.full_name}: {rule.verb} {path} is taken already")
                    paths[path][rule.verb] = operation
        return paths

    def tags(self) -> Iterator[Schema]:
        """One tag a service, with what cannot be reached over REST."""
        for service in self._contract.services:
            hidden = [method.name for method in service.methods if not self._contract.http(method)]
            if len(hidden) == len(service.methods) and not hidden:
                continue
            description = self._contract.comment(service)
            if hidden:
                calls = ", ".join(f"`{name}`" for name in hidden)
                description += f"\n\nOver gRPC only: {calls} of `{service.full_name}`."
            yield {"name": tag_of(service), "description": description}

    def _operation(
        self, service: ServiceDescriptor, method: MethodDescriptor, rule: HttpRule, number: int
    ) -> tuple[str, Schema]:
        comment = self._contract.comment(method)
        path = rule.path
        for variable in rule.variables:
            path = path.replace("{" + variable + "}", "{" + _parameter_name(variable) + "}")
        changes = rule.verb != "get"
        notes = [comment]
        permission = self._contract.permission(method)
        if permission:
            notes.append(f"Needs the permission `{permission}`.")
        if method.server_streaming:
            notes.append(_STREAM)
        operation: Schema = {
            "operationId": self._operation_id(service, method, number),
            "tags": [tag_of(service)],
            "summary": first_sentence(comment),
            "description": "\n\n".join(notes),
        }
        parameters = list(self._parameters(method.input_type, rule))
        if parameters:
            operation["parameters"] = parameters
        if rule.body:
            operation["requestBody"] = {
                "required": True,
                "content": {"application/json": self._body(method, rule)},
            }
        operation["responses"] = {
            "200": self._answer(method, rule),
            **openapi_errors.answers(names_a_resource=bool(rule.variables), changes=changes),
        }
        operation["x-permission"] = permission
        operation["x-grpc"] = f"{service.full_name}/{method.name}"
        if method.server_streaming:
            operation["x-streaming"] = "newline-delimited"
        return path, operation

    def _operation_id(self, service: ServiceDescriptor, method: MethodDescriptor, number: int) -> str:
        name = method.name if method.name not in self._shared_names else service.name + method.name
        return name[0].lower() + name[1:] + (str(number + 1) if number else "")

    def _parameters(self, message: Descriptor, rule: HttpRule) -> Iterator[Schema]:
        for variable in rule.variables:
            schema = self._components.field(_resolve(message, variable))
            described = schema.pop("description", "")
            description = "Which one." if "." in variable else described
            schema.pop("readOnly", None)
            if schema.get("pattern", "").startswith("^$|"):  # in a path it cannot be empty
                schema["pattern"] = schema["pattern"].removeprefix("^$|")
            yield {
                "name": _parameter_name(variable),
                "in": "path",
                "required": True,
                "description": description,
                "schema": schema,
            }
        if rule.body != "*":
            yield from self._query(message, "", {*rule.variables, rule.body})

    def _query(self, message: Descriptor, prefix: str, taken: set[str]) -> Iterator[Schema]:
        for field in message.fields:
            path = prefix + field.name
            if path in taken:
                continue
            schema = self._components.field(field)
            if "$ref" in schema and field.message_type is not None:
                if not field.is_repeated:
                    yield from self._query(field.message_type, f"{path}.", taken)
                continue
            if is_map(field) or (field.is_repeated and field.message_type is not None):
                continue  # no query string can say it
            description = schema.pop("description", "")
            parameter: Schema = {
                "name": lower_camel(path),
                "in": "query",
                "required": not prefix and self._is_required(field),
                "description": description,
                "schema": schema,
            }
            if field.is_repeated:
                parameter |= {"style": "form", "explode": True}
            yield parameter

    def _is_required(self, field: FieldDescriptor) -> bool:
        return "REQUIRED" in self._contract.behaviors(field) or bool(self._contract.rules(field).required)

    def _body(self, method: MethodDescriptor, rule: HttpRule) -> Schema:
        message = method.input_type
        shown = sample(self._contract, method.name, message)
        if rule.body != "*":
            field = message.fields_by_name[rule.body]
            return {"schema": self._components.field(field), "example": shown.get(field.json_name, {})}
        in_path = {variable for variable in rule.variables if "." not in variable}
        if not in_path:
            return {"schema": self._components.reference(message), "example": shown}
        rest = [field for field in message.fields if field.name not in in_path]
        names = {field.json_name for field in rest}
        return {
            "schema": self._components.object(message, rest),
            "example": {name: value for name, value in shown.items() if name in names},
        }

    def _answer(self, method: MethodDescriptor, rule: HttpRule) -> Schema:
        message = method.output_type
        description = self._contract.comment(message) or "Done."
        document = message.fields_by_name[rule.response_body] if rule.response_body else None
        if (
            document is not None
            and document.message_type is not None
            and document.message_type.full_name == HTTP_BODY
        ):
            kinds = next(kinds for ending, kinds in DOCUMENTS.items() if method.name.endswith(ending))
            return {"description": description, "content": {kind: {"schema": {}} for kind in kinds}}
        if method.server_streaming:
            description += " One JSON object a line."
        schema = self._components.reference(message)
        return {"description": description, "content": {"application/json": {"schema": schema}}}


def _parameter_name(variable: str) -> str:
    """`meter.meter_id` → `meterId`."""
    return lower_camel(variable.rpartition(".")[2])


def _resolve(message: Descriptor, path: str) -> FieldDescriptor:
    *outer, last = path.split(".")
    for name in outer:
        inner = message.fields_by_name[name].message_type
        if inner is None:
            raise ValueError(f"{message.full_name}.{name} has no fields, {path} cannot be resolved")
        message = inner
    return message.fields_by_name[last]
