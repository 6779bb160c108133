"""Envoy's own errors as `google.rpc.Status` in JSON."""

from __future__ import annotations

from stack.edge.parts import Json, part

ERROR_DOMAIN = "simba"
"""`domain` of every `google.rpc.ErrorInfo`."""


def local_replies(max_request_bytes: int) -> Json:
    """The `local_reply_config` of a connection manager."""
    replies = part("replies", {"max_request_bytes": max_request_bytes})
    return {"mappers": [_mapper(reply) for reply in replies]}


def _mapper(reply: Json) -> Json:
    body = status(reply["code"], reply["reason"], reply.get("message", "%LOCAL_REPLY_BODY%"))
    body["details"][0]["metadata"]["details"] = "%RESPONSE_CODE_DETAILS%"
    mapper: Json = {"filter": {"and_filter": {"filters": [_status_is(reply["status"]), _not_grpc()]}}}
    if "retry_after" in reply:
        seconds = reply["retry_after"]
        body["details"].append(
            {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": f"{seconds}s"}
        )
        mapper["headers_to_add"] = [
            {
                "header": {"key": "retry-after", "value": str(seconds)},
                "append_action": "OVERWRITE_IF_EXISTS_OR_ADD",
            }
        ]
    mapper["body_format_override"] = {"json_format": body, "content_type": "application/json"}
    return mapper


def status(code: int, reason: str, message: str) -> Json:
    """A `google.rpc.Status` as the transcoder would print it."""
    info = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": reason,
        "domain": ERROR_DOMAIN,
        "metadata": {"source": "edge"},
    }
    return {"code": code, "message": message, "details": [info]}


def _status_is(status: int) -> Json:
    return {
        "status_code_filter": {
            "comparison": {
                "op": "EQ",
                "value": {"default_value": status, "runtime_key": f"edge.reply_{status}"},
            }
        }
    }


def _not_grpc() -> Json:
    """True unless the caller sent gRPC. A transcoded request looks so too, but a header has its old path."""
    grpc = {
        "name": "content-type",
        "string_match": {"prefix": "application/grpc"},
        "invert_match": True,
        "treat_missing_header_as_empty": True,
    }
    transcoded = {"name": "x-envoy-original-path", "present_match": True}
    return {
        "or_filter": {
            "filters": [{"header_filter": {"header": grpc}}, {"header_filter": {"header": transcoded}}]
        }
    }
