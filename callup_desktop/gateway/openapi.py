"""What the OpenAPI description says beyond types: the form, the problems, examples. Constants."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from callup_desktop.calls.documents import SENT_MESSAGE
from callup_desktop.calls.metadata import FieldProblem
from callup_desktop.engine.errors import Code
from callup_desktop.files.errors import Refusal
from callup_desktop.gateway.problems import MEDIA_TYPE, FieldError, Problem
from callup_desktop.presentation.messages import Messages
from callup_desktop.recordings.recording import MAX_SIZE
from callup_desktop.services.direct_shapes import UploadView

_EMAIL = "contact_email"
_WRONG_EMAIL = FieldProblem.INVALID_EMAIL
_WRONG_FIELD = Problem(
    Code.FORM_FIELDS,
    {"fields": _EMAIL},
    (FieldError(_EMAIL, _WRONG_EMAIL, Messages().field_problem(_EMAIL, _WRONG_EMAIL, "john")),),
)
_CALL_ID = "550e8400-e29b-41d4-a716-446655440000"
_MESSAGE_ID = "9f1c2d6e-6a54-4d0e-9a07-4b8f6f6f3c21"
_NOW = "2026-11-27T09:30:00Z"


class ProblemField(BaseModel):
    """What is wrong with one field."""

    field: str
    code: str
    detail: str


class ProblemDetails(BaseModel):
    """RFC 9457; `type` is the error code."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str
    call_id: str | None = None
    cause: str | None = None
    errors: list[ProblemField] | None = None


CALL_EXAMPLE: dict[str, Any] = {
    "call_id": _CALL_ID,
    "status": "uploaded",
    "uploaded_at": _NOW,
    "uploaded_by": "rep@company.com",
    "audio": {
        "s3_bucket": "calls",
        "s3_key": f"2026/11/27/{_CALL_ID}.mp3",
        "format": "mp3",
        "file_size_bytes": 15728640,
        "duration_seconds": None,
    },
    "metadata": {"company_name": "Acme Corp", "contact_email": "john@acme.com", "call_type": "demo"},
    "created_at": _NOW,
    "updated_at": _NOW,
}
_ETAG = "5d41402abc4b2a76b9719d911017c592"
_LATER = "2026-12-11T09:30:00Z"
_CHECKSUM = "FUdc+KLDVAg="
_PART = 8 * 1024 * 1024
DECLARED_EXAMPLE: dict[str, Any] = {
    "size": _PART + 1000,
    "format": "mp3",
    "crc64nvme": _CHECKSUM,
    "part_size": _PART,
    "metadata": {"company_name": "Acme Corp", "contact_email": "john@acme.com", "call_type": "demo"},
}
REGISTRATION_EXAMPLE: dict[str, Any] = {
    "metadata": {"company_name": "Acme Corp", "contact_email": "john@acme.com", "call_type": "demo"},
    "uploaded_by": "rep@company.com",
}
EDIT_EXAMPLE: dict[str, Any] = {
    "metadata": {"company_name": "Acme Corp", "contact_email": "mary@acme.com", "call_type": "sales"},
    "edited_at": "2026-11-27T09:32:00Z",
}
COMPLETION_EXAMPLE: dict[str, Any] = {"parts": [{"number": 1, "etag": _ETAG}, {"number": 2, "etag": _ETAG}]}
PARTS_EXAMPLE: dict[str, Any] = {"numbers": [2], "lengths": [1000], "checksums": [_CHECKSUM]}
_VIEW_EXAMPLE: dict[str, Any] = {
    "call_id": _CALL_ID,
    "stage": "open",
    "size": _PART + 1000,
    "crc64nvme": _CHECKSUM,
    "part_size": _PART,
    "parts": [{"number": 1, "size": _PART, "etag": _ETAG, "checksum": _CHECKSUM}],
    "kept_until": _LATER,
}

PROBLEMS: Mapping[int, tuple[str, Problem | None]] = {
    304: ("Nothing changed since the given ETag", None),
    400: ("The recording, a field, the form or the query cannot be taken", _WRONG_FIELD),
    401: ("No token, or one that is not accepted", Problem(Code.SIGN_IN_REFUSED)),
    403: ("The token does not allow this", Problem(Code.NOT_PERMITTED)),
    404: ("There is no such call, or it is another caller's", Problem(Code.NO_SUCH_CALL)),
    408: ("The sender fell silent or is too slow", Problem(Code.SENDER_TOO_SLOW)),
    409: (
        "Another request for this call is under way, or the call is too far for this one",
        Problem(Code.SAME_KEY_UNDER_WAY),
    ),
    413: (
        "The recording is larger than 1 GiB",
        Problem(Refusal.TOO_LARGE, {"size": MAX_SIZE + MAX_SIZE // 2, "limit": MAX_SIZE}),
    ),
    422: ("This Idempotency-Key, or this call_id, belongs to another call", Problem(Code.KEY_OF_ANOTHER_CALL)),
    429: ("The caller has too many uploads under way", Problem(Code.CALLER_BUSY)),
    431: ("The request's headers are too large", Problem(Code.HEADERS_TOO_LARGE)),
    500: (
        "Storage or registry failed and nothing was kept; send it again",
        Problem(Code.NOT_STORED, call_id=_CALL_ID, cause=Code.STORAGE_BUSY),
    ),
    503: (
        "This replica has no room, or a service behind it does not answer; send it again",
        Problem(Code.GATEWAY_BUSY),
    ),
}
_JSON = "application/json"
_RETRIED = frozenset({409, 429, 500, 503})


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems that a route may answer with."""
    return {status: _response(status) for status in statuses}


def _response(status: int) -> dict[str, Any]:
    description, example = PROBLEMS[status]
    if example is None:
        return {"description": description}
    content = {
        "schema": {"$ref": "#/components/schemas/ProblemDetails"},
        "example": example.as_json(Messages(), "5a1f0c"),
    }
    told: dict[str, Any] = {"description": description, "model": ProblemDetails, "content": {MEDIA_TYPE: content}}
    if status in _RETRIED:
        told["headers"] = {"Retry-After": {"description": "seconds", "schema": {"type": "integer"}}}
    return told


def as_answered(description: dict[str, Any]) -> dict[str, Any]:
    """The description without what FastAPI adds by itself and the gateway never answers: errors in plain JSON."""
    for operation in (operation for path in description["paths"].values() for operation in path.values()):
        answers = operation["responses"]
        for content in (answer.get("content", {}) for answer in answers.values()):
            if MEDIA_TYPE in content:
                content.pop(_JSON, None)
        if MEDIA_TYPE not in answers.get("422", {}).get("content", {MEDIA_TYPE: {}}):
            del answers["422"]
    for name in ("HTTPValidationError", "ValidationError"):
        description["components"]["schemas"].pop(name, None)
    return description


UPLOAD_RESPONSES: dict[int | str, dict[str, Any]] = {
    201: {
        "description": "Stored and registered; announced, or about to be",
        "headers": {"Location": {"description": "the call", "schema": {"type": "string"}}},
        "content": {_JSON: {"example": {"call_id": _CALL_ID, "status": "uploaded", "message": SENT_MESSAGE}}},
    },
    **responses(400, 401, 403, 408, 409, 413, 422, 429, 431, 500, 503),
}

UPLOAD_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["company_name", "contact_email", "call_type", "file"],
                "properties": {
                    "company_name": {"type": "string", "minLength": 1, "maxLength": 200, "example": "Acme Corp"},
                    "contact_email": {"type": "string", "format": "email", "example": "john@acme.com"},
                    "call_type": {"type": "string", "description": "one of the profile's", "example": "demo"},
                    "file": {
                        "type": "string",
                        "format": "binary",
                        "description": "MP3, WAV, M4A or FLAC by content, 1 byte to 1 GiB; the last part of the form",
                    },
                },
            }
        }
    },
}


def json_body(model: type[BaseModel], example: Mapping[str, Any], *, required: bool = True) -> dict[str, Any]:
    """A request's body of this model, described where it stands: FastAPI never sees the model."""
    whole = model.model_json_schema()
    schema = _inlined(whole, whole.pop("$defs", {}))
    return {"required": required, "content": {_JSON: {"schema": schema, "example": dict(example)}}}


def _inlined(schema: Any, definitions: Mapping[str, Any]) -> Any:
    """The schema without references: each definition stands where it is used."""
    if isinstance(schema, list):
        return [_inlined(each, definitions) for each in schema]
    if not isinstance(schema, dict):
        return schema
    name = str(schema.get("$ref", "")).removeprefix("#/$defs/")
    rest = {key: _inlined(value, definitions) for key, value in schema.items() if key != "$ref"}
    return {**rest, **_inlined(definitions[name], definitions)} if name else rest


def _shown(description: str, example: Mapping[str, Any], **headers: str) -> dict[str, Any]:
    """An answer that succeeds."""
    told = {
        name.replace("_", "-"): {"description": text, "schema": {"type": "string"}} for name, text in headers.items()
    }
    return {"description": description, "headers": told, "content": {_JSON: {"example": dict(example)}}}


CALL_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: _shown("The call", CALL_EXAMPLE),
    **responses(304, 400, 401, 404, 503),
}
LIST_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: _shown(
        "A page of calls; with `ids` or `crc64nvme` what those ask for", {"calls": [CALL_EXAMPLE], "next_cursor": None}
    ),
    **responses(304, 400, 401, 503),
}
EDIT_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: _shown("What the call has now", {"call_id": _CALL_ID, "metadata": EDIT_EXAMPLE["metadata"]}),
    **responses(400, 401, 403, 404, 408, 429, 431, 503),
}
ANNOUNCE_RESPONSES: dict[int | str, dict[str, Any]] = {
    202: _shown("The last message, if one was sent", {"call_id": _CALL_ID, "message_id": _MESSAGE_ID}),
    **responses(400, 401, 403, 404, 429, 503),
}
LOOK_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: _shown("The upload as it stands", _VIEW_EXAMPLE),
    **responses(400, 401, 403, 404, 409, 429, 503),
}
BEGUN_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: _shown("It was begun before", _VIEW_EXAMPLE),
    201: {**_shown("It is begun", {**_VIEW_EXAMPLE, "parts": []}), "model": UploadView},
    **responses(400, 401, 403, 404, 408, 409, 413, 422, 429, 431, 503),
}

SIGNED_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: _shown(
        "PUT the bytes of each part to its URL, with its headers",
        {
            "parts": [
                {
                    "number": 2,
                    "url": "https://calls.s3.eu-central-1.amazonaws.com/...&X-Amz-Signature=...",
                    "headers": {"Content-Length": "1000", "x-amz-checksum-crc64nvme": _CHECKSUM},
                    "expires_at": "2026-11-27T09:45:00Z",
                }
            ]
        },
    ),
    **responses(400, 401, 403, 404, 408, 409, 429, 431, 503),
}

_TAKES_LONGER: dict[str, Any] = {
    **_shown(
        "It takes longer and goes on; ask again",
        {**_VIEW_EXAMPLE, "stage": "completing", "parts": []},
        Retry_After="seconds",
    ),
    "model": UploadView,
}
REGISTER_RESPONSES: dict[int | str, dict[str, Any]] = {
    201: UPLOAD_RESPONSES[201],
    202: _TAKES_LONGER,
    **responses(400, 401, 403, 404, 408, 409, 413, 429, 431, 503),
}
COMPLETE_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        **_shown("It was begun without details, and is stored", {**_VIEW_EXAMPLE, "stage": "stored", "etag": _ETAG}),
        "model": UploadView,
    },
    201: UPLOAD_RESPONSES[201],
    202: _TAKES_LONGER,
    **responses(400, 401, 403, 404, 408, 409, 413, 429, 431, 503),
}
