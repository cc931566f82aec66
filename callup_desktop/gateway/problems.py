"""RFC 9457 problem details: each error code with its HTTP status, in the words that the window has. Any thread."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from callup_desktop.engine.errors import Code, Rejection
from callup_desktop.engine.job import Trouble
from callup_desktop.files.errors import Params, Refusal, RefusedError
from callup_desktop.presentation.messages import Messages

MEDIA_TYPE = "application/problem+json"
LEAST_RETRY_AFTER = 1

_STATUSES: Mapping[str, int] = {
    Code.NOT_SIGNED_IN: 401,
    Code.SIGN_IN_REFUSED: 401,
    Code.NOT_PERMITTED: 403,
    Code.NO_SUCH_CALL: 404,
    Code.NO_SUCH_PAGE: 404,
    Code.WRONG_METHOD: 405,
    Code.SENDER_TOO_SLOW: 408,
    Code.SAME_KEY_UNDER_WAY: 409,
    Code.UPLOAD_UNDER_WAY: 409,
    Code.UPLOAD_NOT_OPEN: 409,
    Code.PARTS_MISSING: 409,
    Rejection.REGISTERED: 409,
    Refusal.TOO_LARGE: 413,
    Code.KEY_OF_ANOTHER_CALL: 422,
    Code.OTHER_CONTENT: 422,
    Code.CALLER_BUSY: 429,
    Code.HEADERS_TOO_LARGE: 431,
    Code.NOT_STORED: 500,
    Code.NOT_REGISTERED: 500,
    Code.GATEWAY_BUG: 500,
    Code.GATEWAY_BUSY: 503,
    Code.UPLOAD_WAITS: 503,
    Code.REGISTRY_UNREACHABLE: 503,
}
_OTHERS = 400


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field of the form or one filter."""

    field: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a request was not carried out; `cause` is the code beneath a failure, for support."""

    code: str
    params: Params = field(default_factory=dict)
    errors: tuple[FieldError, ...] = ()
    retry_after: float | None = None
    call_id: str | None = None
    cause: str | None = None

    @property
    def status(self) -> int:
        """The HTTP status."""
        return _STATUSES.get(self.code, _OTHERS)

    @property
    def headers(self) -> dict[str, str]:
        """What the status needs beside the body."""
        headers = {}
        if self.retry_after is not None:
            headers["Retry-After"] = str(max(LEAST_RETRY_AFTER, math.ceil(self.retry_after)))
        if self.status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        return headers

    def as_json(self, messages: Messages, request_id: str) -> dict[str, Any]:
        """The body; `type` is the error code."""
        trouble = Trouble(self.code, datetime.now(UTC), params=self.params)
        members: dict[str, Any] = {
            "type": str(self.code),
            "title": messages.chip(trouble),
            "status": self.status,
            "detail": messages.sentence(trouble),
            "request_id": request_id,
            "call_id": self.call_id,
            "cause": self.cause,
            "errors": [{"field": e.field, "code": e.code, "detail": e.detail} for e in self.errors] or None,
        }
        return {name: value for name, value in members.items() if value is not None}


class ProblemError(Exception):
    """Raised when a request ends in a problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem.code))
        self.problem = problem


def bad_query(*errors: FieldError) -> Problem:
    """What is told of values in an address or a body that are not right."""
    return Problem(Code.BAD_QUERY, {"fields": ", ".join(error.field for error in errors)}, errors)


def bad_value(field: str, detail: str) -> ProblemError:
    """Likewise of one value, to be raised."""
    return ProblemError(bad_query(FieldError(field, "unknown", detail)))


def problem(code: str, *, retry_after: float | None = None, **params: str | float) -> ProblemError:
    """The error of this code; `params` fill its sentence."""
    return ProblemError(Problem(code, params, retry_after=retry_after))


def refusal(exc: RefusedError) -> ProblemError:
    """What the probe's refusal is over HTTP."""
    return ProblemError(Problem(exc.code, exc.params))
