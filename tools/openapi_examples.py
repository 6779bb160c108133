"""Examples: of fields by what their comments or their names tell, of requests by `openapi_samples.json`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from tools.contract import Contract, is_map, words

UUID = "0190f3a8-7b1c-7c3a-9d52-3f6b8a1e4c70"
_BY_NAME: dict[str, Any] = {
    "account_number": "A-1001",
    "amount": "12.34",
    "code": "energy_import",
    "correlation_id": "outage-2026-01-31",
    "currency": "EUR",
    "dev_eui": "0018b20000000001",
    "display_name": "Harbour Street 5",
    "email": "billing@utility.example",
    "file_name": "january.csv",
    "gateway_eui": "0016c001f1500812",
    "issuer_id": "cis",
    "issuer_tracking_id": "WO-48151623",
    "manufacturer": "Example Meters",
    "percent": "20",
    "reason": "non-payment",
    "serial_number": "73041958",
    "start_time": "2026-01-01T00:00:00Z",
    "end_time": "2026-02-01T00:00:00Z",
    "start": "2026-01-01T00:00:00Z",
    "end": "2026-02-01T00:00:00Z",
    "time_zone": "Europe/Berlin",
    "time_column": "time",
    "unit": "kWh",
    "value": "1.234",
    "value_column": "kwh",
}

_NUMBERS = {"channel": "17", "sequence": "1", "series": "42"}
_MOMENTS = {"google.protobuf.Timestamp": "2026-01-31T12:00:00Z", "google.protobuf.Duration": "900s"}
SAMPLES: dict[str, dict[str, Any]] = json.loads(
    Path(__file__).with_name("openapi_samples.json").read_text(encoding="utf-8")
)
"""Good requests by the name of the call, written by hand. Those of calls not in here are made up."""
_NOT_SHOWN = {"etag", "request_id", "validate_only", "update_mask", "external_ids", "display_name"}
"""What a first call does without; the fields are documented all the same."""
_DEEPEST = 6


def sample(contract: Contract, call: str, message: Descriptor) -> dict[str, Any]:
    """A good request of a call."""
    return SAMPLES[call] if call in SAMPLES else _made_up(contract, message, 0)


def _made_up(contract: Contract, message: Descriptor, depth: int) -> dict[str, Any]:
    """What is required, and what has a telling example."""
    made: dict[str, Any] = {}
    own_id = words(message.name).replace(" ", "_") + "_id"
    for field in message.fields:
        behaviors = contract.behaviors(field)
        required = "REQUIRED" in behaviors or bool(contract.rules(field).required)
        oneof = field.containing_oneof
        if "OUTPUT_ONLY" in behaviors or is_map(field) or field.name in _NOT_SHOWN:
            continue
        if field.name == own_id and not required:
            continue
        if oneof is not None and (oneof.fields[0] != field or not contract.oneof_required(oneof)):
            continue
        value = _sample_value(
            contract, field, depth, wanted=required or oneof is not None or field.is_repeated
        )
        if value not in (None, {}, []):
            made[field.json_name] = value
    return made


def _sample_value(contract: Contract, field: FieldDescriptor, depth: int, *, wanted: bool) -> Any:
    rules = contract.rules(field)
    if field.is_repeated:
        needed = rules.WhichOneof("type") == "repeated" and rules.repeated.min_items
        if not (needed and field.message_type is not None and depth < _DEEPEST):
            return None
        return [_made_up(contract, field.message_type, depth + 1)]
    known = example(field, contract.comment(field))
    if field.message_type is not None:
        if field.message_type.full_name in _MOMENTS:
            return known if wanted else None
        return _made_up(contract, field.message_type, depth + 1) if wanted and depth < _DEEPEST else None
    if known is None and wanted:
        return {FieldDescriptor.CPPTYPE_STRING: "text", FieldDescriptor.CPPTYPE_BOOL: True}.get(
            field.cpp_type, 1
        )
    # Ids of other things would have to exist first.
    return known if wanted or not field.name.endswith("_id") else None


def example(field: FieldDescriptor, comment: str) -> Any:
    """One good value of the field, or None where nothing better than the type's own is known."""
    if field.is_repeated:
        return None
    if field.message_type is not None:
        moment = _MOMENTS.get(field.message_type.full_name)
        return moment and _BY_NAME.get(field.name, moment)
    if field.enum_type is not None:
        return next((value.name for value in field.enum_type.values if value.number), None)
    if field.cpp_type == FieldDescriptor.CPPTYPE_STRING:
        said = re.search(r"for example `([^`…]+)`", comment)
        known = said[1] if said else _BY_NAME.get(field.name)
        return UUID if known is None and field.name.endswith("_id") else known
    if field.cpp_type in {FieldDescriptor.CPPTYPE_INT64, FieldDescriptor.CPPTYPE_UINT64}:
        return _NUMBERS.get(field.name)
    return None
