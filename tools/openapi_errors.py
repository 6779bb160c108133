"""How refusals look: `google.rpc.Status` with its details, and which answers a call can give."""

from __future__ import annotations

from typing import Any

from tools.contract import Contract

REASONS = "simba.common.v1.ErrorReason"
_PREFIX = "ERROR_REASON_"
_TYPE = "type.googleapis.com/google.rpc."

Schema = dict[str, Any]


def schemas(contract: Contract) -> dict[str, Schema]:
    """Schemas of errors, by name."""
    values = [value for value in contract.enum(REASONS).values if value.number]
    names = [value.name.removeprefix(_PREFIX) for value in values]
    told = [f"- `{name}`: {contract.comment(value)}" for name, value in zip(names, values, strict=True)]
    return {
        "ErrorReason": {
            "type": "string",
            "description": "\n".join(["Why a call was refused; scripts may rely on it.", "", *told]),
            "enum": names,
        },
        "Error": {
            "type": "object",
            "description": "How every refusal looks, whoever refuses (`google.rpc.Status`).",
            "properties": {
                "code": {
                    "type": "integer",
                    "format": "int32",
                    "description": "Code of `google.rpc.Code`; the HTTP status follows from it.",
                    "examples": [5],
                },
                "message": {
                    "type": "string",
                    "description": "For people, in English.",
                    "examples": [_MISSING],
                },
                "details": {
                    "type": "array",
                    "description": "One `ErrorInfo`, and what else is known.",
                    "items": {
                        "anyOf": [
                            {"$ref": f"#/components/schemas/{name}"}
                            for name in ("ErrorInfo", "BadRequest", "RetryInfo", "ErrorDetail")
                        ]
                    },
                },
            },
            "required": ["code", "message", "details"],
        },
        "ErrorInfo": _detail(
            "Why, for machines.",
            "ErrorInfo",
            {
                "reason": {"$ref": "#/components/schemas/ErrorReason"},
                "domain": {"type": "string", "const": "simba"},
                "metadata": {
                    "type": "object",
                    "description": "What it is about: ids, values, limits.",
                    "additionalProperties": {"type": "string"},
                },
            },
            ["reason", "domain"],
        ),
        "BadRequest": _detail(
            "Which fields broke which rules.",
            "BadRequest",
            {
                "fieldViolations": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {
                            "field": {
                                "type": "string",
                                "description": "Path of the field, in the contract's names.",
                                "examples": ["meter.serial_number"],
                            },
                            "description": {"type": "string", "description": "The rule, in words."},
                            "reason": {"type": "string", "description": "The rule's name."},
                        },
                        "required": ["field", "description"],
                    },
                }
            },
            ["fieldViolations"],
        ),
        "RetryInfo": _detail(
            "When to try again.",
            "RetryInfo",
            {
                "retryDelay": {
                    "type": "string",
                    "description": "Seconds with the letter s.",
                    "examples": ["1s"],
                }
            },
            ["retryDelay"],
        ),
        "ErrorDetail": {
            "type": "object",
            "description": "A detail of another kind, to be skipped by those who do not know it.",
            "properties": {"@type": {"type": "string"}},
            "required": ["@type"],
            "additionalProperties": True,
        },
    }


_ID = "0190f3a8-7b1c-7c3a-9d52-3f6b8a1e4c70"
_MISSING = f"meter {_ID} does not exist"
_ANSWERS: dict[str, tuple[str, Schema]] = {
    "400": (
        "The request breaks a rule, or does not fit the state of things.",
        {
            "code": 3,
            "message": "meter.dev_eui: value does not match regex pattern `^[0-9a-f]{16}$`",
            "details": [
                {"@type": f"{_TYPE}ErrorInfo", "reason": "INVALID_FIELD", "domain": "simba", "metadata": {}},
                {
                    "@type": f"{_TYPE}BadRequest",
                    "fieldViolations": [
                        {
                            "field": "meter.dev_eui",
                            "description": "value does not match regex pattern `^[0-9a-f]{16}$`",
                            "reason": "string.pattern",
                        }
                    ],
                },
            ],
        },
    ),
    "401": (
        "No credential, or one that is not valid (any more).",
        {
            "code": 16,
            "message": "no credential: send an API key as x-api-key, or a bearer token",
            "details": [
                {
                    "@type": f"{_TYPE}ErrorInfo",
                    "reason": "CREDENTIAL_MISSING",
                    "domain": "simba",
                    "metadata": {},
                }
            ],
        },
    ),
    "403": (
        "The caller lacks the permission that the call names.",
        {
            "code": 7,
            "message": "permission devices.meters.write is missing",
            "details": [
                {
                    "@type": f"{_TYPE}ErrorInfo",
                    "reason": "PERMISSION_MISSING",
                    "domain": "simba",
                    "metadata": {"permission": "devices.meters.write"},
                }
            ],
        },
    ),
    "404": (
        "There is no such resource, or it belongs to another tenant.",
        {
            "code": 5,
            "message": _MISSING,
            "details": [
                {
                    "@type": f"{_TYPE}ErrorInfo",
                    "reason": "METER_NOT_FOUND",
                    "domain": "simba",
                    "metadata": {"meter_id": _ID},
                }
            ],
        },
    ),
    "409": (
        "Something exists already, or changed in the meantime (another `etag`).",
        {
            "code": 10,
            "message": 'etag "2" is not that of the stored resource',
            "details": [
                {"@type": f"{_TYPE}ErrorInfo", "reason": "ETAG_MISMATCH", "domain": "simba", "metadata": {}}
            ],
        },
    ),
    "429": (
        "Too much at once. The header `retry-after` and the `RetryInfo` say when to try again.",
        {
            "code": 8,
            "message": "More requests than the limit allows. Try again after a second.",
            "details": [
                {"@type": f"{_TYPE}ErrorInfo", "reason": "OVERLOADED", "domain": "simba", "metadata": {}},
                {"@type": f"{_TYPE}RetryInfo", "retryDelay": "1s"},
            ],
        },
    ),
    "503": (
        "No server could take the call, or an engine behind it is away. Try again later.",
        {
            "code": 14,
            "message": "No server could take the request. Try again after a second.",
            "details": [
                {
                    "@type": f"{_TYPE}ErrorInfo",
                    "reason": "ENGINE_UNAVAILABLE",
                    "domain": "simba",
                    "metadata": {},
                },
                {"@type": f"{_TYPE}RetryInfo", "retryDelay": "1s"},
            ],
        },
    ),
}
_NAMES = {
    "400": "InvalidRequest",
    "401": "Unauthenticated",
    "403": "PermissionMissing",
    "404": "NotFound",
    "409": "Conflict",
    "429": "TooMany",
    "503": "Unavailable",
}


def responses() -> dict[str, Schema]:
    """`components.responses`."""
    made = {_NAMES[status]: _response(text, sample) for status, (text, sample) in _ANSWERS.items()}
    made["Error"] = _response("Any other refusal.", None)
    return made


def answers(*, names_a_resource: bool, changes: bool) -> dict[str, Schema]:
    """The refusals that a call can give, by HTTP status."""
    left_out = {*(() if names_a_resource or changes else ("404",)), *(() if changes else ("409",))}
    chosen = {status: name for status, name in _NAMES.items() if status not in left_out}
    return {
        status: {"$ref": f"#/components/responses/{name}"}
        for status, name in [*chosen.items(), ("default", "Error")]
    }


def _response(description: str, sample: Schema | None) -> Schema:
    content: Schema = {"schema": {"$ref": "#/components/schemas/Error"}}
    if sample is not None:
        content["example"] = sample
    return {"description": description, "content": {"application/json": content}}


def _detail(description: str, name: str, properties: Schema, required: list[str]) -> Schema:
    return {
        "type": "object",
        "description": description,
        "properties": {"@type": {"type": "string", "const": _TYPE + name}, **properties},
        "required": ["@type", *required],
    }
