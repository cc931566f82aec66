"""The routes of the operator's page, and how a browser says who asks. Event loop.

A browser asks its user for a name and a password by itself (HTTP Basic); the password is the very token that a program
sends as a bearer. So there is no session to keep, forge or share among replicas, and a token that was taken away counts
no more at the next request.
"""

import base64
import binascii
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Query, Request, Response
from pydantic import BaseModel
from starlette.responses import JSONResponse

from callup_desktop.calls.days import day_in
from callup_desktop.engine.errors import Code
from callup_desktop.gateway.callers import Caller
from callup_desktop.gateway.day_reports import TenantDay
from callup_desktop.gateway.gateway import Gateway
from callup_desktop.gateway.openapi import responses
from callup_desktop.gateway.operator_page import AS_JSON, PAGE, POLICY, OperatorPage
from callup_desktop.gateway.problems import Problem, ProblemError, bad_value, problem
from callup_desktop.gateway.settings import OPERATE
from callup_desktop.presentation.connection_check import CheckWriter

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_CHALLENGE = 'Basic realm="CallUp operator", charset="UTF-8"'
_ASK_AGAIN = 3
"""Seconds until a report that takes longer should be asked for again."""


class Comparing(BaseModel):
    """The report takes longer; ask again."""

    status: str = "comparing"


def add_operator_page(app: FastAPI, gateway: Gateway, caller: Callable[..., Awaitable[Caller]]) -> None:
    """The page, and the same as JSON; `caller` tells who asks for the latter."""
    Operator = Annotated[Caller, Depends(caller)]  # noqa: N806 - a type
    Day = Annotated[str | None, Query(description="UTC, as YYYY-MM-DD; today if none is given")]  # noqa: N806
    page, words = OperatorPage(), CheckWriter(gateway.messages)

    async def asked(who: Caller, day: str | None) -> tuple[date, TenantDay | None]:
        who.require(OPERATE)
        wanted = _day_of(day)
        if wanted is None:
            raise bad_value("day", page.no_day())
        return wanted, await gateway.day_reports.of(who.tenant, wanted)

    def told_as_page(exc: Problem, day: str | None) -> Response:
        gateway.telemetry.metrics.problems.labels(str(exc.code)).inc()
        if exc.status == 401:
            return _page(page.sign_in(), 401, {"WWW-Authenticate": _CHALLENGE})
        wanted, today = _day_of(day), _today()
        if exc.cause:
            content = page.not_read(words.of_code(exc.cause, {}), wanted, today)
        else:
            told = exc.as_json(gateway.messages, "")
            sentence = exc.errors[0].detail if exc.errors else told["detail"]
            content = page.trouble(told["title"], sentence, wanted, today)
        return _page(content, exc.status, exc.headers)

    @app.get(PAGE, include_in_schema=False)
    async def show(request: Request, day: str | None = None) -> Response:
        if _wants_json(request):
            who = await gateway.callers.caller_of(request.headers.get("authorization"))
            return _as_json(*await asked(who, day))
        try:
            if _is_of_another_site(request):
                raise problem(Code.NOT_PERMITTED)
            who = await gateway.callers.caller_of(_as_bearer(request.headers.get("authorization")))
            wanted, told = await asked(who, day)
        except ProblemError as exc:
            return told_as_page(exc.problem, day)
        if told is None:
            return _page(page.comparing(wanted, _today()), 202, {"Refresh": str(_ASK_AGAIN)})
        return _page(page.report(told, _today()))

    @app.get(
        AS_JSON,
        response_model=TenantDay,
        responses={202: {"model": Comparing, "description": Comparing.__doc__}, **responses(400, 401, 403, 503)},
        summary="Compare a day",
        tags=["operations"],
    )
    async def show_as_json(who: Operator, day: Day = None) -> Response:
        """How many calls of the tenant were sent, stored, registered, announced and transcribed, and which fall out."""
        return _as_json(*await asked(who, day))


def _as_json(_day: date, told: TenantDay | None) -> Response:
    headers: dict[str, str] = {"Cache-Control": "no-store"}
    if told is None:
        return JSONResponse(Comparing().model_dump(), 202, {**headers, "Retry-After": str(_ASK_AGAIN)})
    return Response(told.model_dump_json(), media_type="application/json", headers=headers)


def _page(content: bytes, status: int = 200, headers: dict[str, Any] | None = None) -> Response:
    return Response(content, status, {**_HEADERS, **(headers or {})}, media_type="text/html; charset=utf-8")


def _today() -> date:
    return datetime.now(UTC).date()


def _day_of(text: str | None) -> date | None:
    """The day, today if none is given; None where it is none."""
    try:
        return day_in(text) if text else _today()
    except ValueError:
        return None


def _wants_json(request: Request) -> bool:
    accepted = request.headers.get("accept", "")
    return "application/json" in accepted and "text/html" not in accepted


def _is_of_another_site(request: Request) -> bool:
    """Whether another site's page has the browser fetch it, with what the browser knows; a link is no such thing."""
    headers = request.headers
    return headers.get("sec-fetch-site") == "cross-site" and headers.get("sec-fetch-mode") != "navigate"


def _as_bearer(authorization: str | None) -> str | None:
    """The header as a program would send it: a browser's password is the token, whatever the name is."""
    scheme, _, given = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return authorization
    try:
        _, _, token = base64.b64decode(given.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return f"Bearer {token}"
