"""The routes of direct uploads: small JSON bodies, read only once the caller is known. Event loop."""

import gzip
from collections.abc import Awaitable, Callable
from enum import Enum
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Depends, FastAPI, Path, Request, Response
from pydantic import BaseModel, ValidationError
from starlette.responses import JSONResponse

from callup_desktop.calls.documents import Receipt
from callup_desktop.engine.errors import Code
from callup_desktop.gateway.body import Body, SenderGoneError
from callup_desktop.gateway.callers import Caller
from callup_desktop.gateway.gateway import Gateway
from callup_desktop.gateway.openapi import (
    ANNOUNCE_RESPONSES,
    BEGUN_RESPONSES,
    COMPLETE_RESPONSES,
    COMPLETION_EXAMPLE,
    DECLARED_EXAMPLE,
    EDIT_EXAMPLE,
    EDIT_RESPONSES,
    LOOK_RESPONSES,
    PARTS_EXAMPLE,
    REGISTER_RESPONSES,
    REGISTRATION_EXAMPLE,
    SIGNED_RESPONSES,
    json_body,
    responses,
)
from callup_desktop.gateway.problems import FieldError, ProblemError, bad_query, problem
from callup_desktop.gateway.settings import SEND
from callup_desktop.services.direct_shapes import (
    Announced,
    Completion,
    Declared,
    Described,
    Edit,
    PartsWanted,
    Registration,
    SignedParts,
    UploadStage,
    UploadView,
)

UUID_PATTERN = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
_LARGEST_JSON = 64 * 1024
_ASK_AGAIN = 3
"""Seconds until the sender of an upload that is being completed should ask again."""
_NOT_KEPT = {"Cache-Control": "no-store"}
"""Of answers with secrets."""
_TAGS: list[str | Enum] = ["direct uploads"]

M = TypeVar("M", bound=BaseModel)


def add_direct_uploads(
    app: FastAPI, gateway: Gateway, prefix: str, calls: str, caller: Callable[..., Awaitable[Caller]]
) -> None:
    """The routes below `prefix`; `calls` is where calls are, and `caller` tells who asks."""
    Sender = Annotated[Caller, Depends(caller)]  # noqa: N806 - a type
    CallId = Annotated[str, Path(pattern=UUID_PATTERN, description="a UUID that the sender makes")]  # noqa: N806
    direct, registered = gateway.direct, gateway.registered

    async def told(request: Request, model: type[M], unless_said: bytes = b"") -> M:
        return await _json_of(request, gateway, model, unless_said)

    @app.put(
        f"{prefix}/{{call_id}}",
        response_model=UploadView,
        responses=BEGUN_RESPONSES,
        openapi_extra={"requestBody": json_body(Declared, DECLARED_EXAMPLE)},
        summary="Begin a direct upload",
        tags=_TAGS,
    )
    async def begin(request: Request, who: Sender, call_id: CallId) -> Response:
        """Opens the upload in storage; the same one however often it is asked for, with the parts that are stored.

        A recording that is one part gets its URL at once, which is a secret.
        """
        who.require(SEND)
        view, is_new = await direct.begin(who, plain_id(call_id), await told(request, Declared))
        return JSONResponse(view.model_dump(mode="json"), 201 if is_new else 200, _NOT_KEPT)

    @app.post(
        f"{prefix}/{{call_id}}/parts",
        response_model=SignedParts,
        responses=SIGNED_RESPONSES,
        openapi_extra={"requestBody": json_body(PartsWanted, PARTS_EXAMPLE)},
        summary="Get URLs for parts",
        tags=_TAGS,
    )
    async def sign(request: Request, who: Sender, call_id: CallId) -> Response:
        """One request for each part, which stores just its bytes. The URLs are secrets, and can be asked for again."""
        who.require(SEND)
        signed = await direct.sign(who, plain_id(call_id), await told(request, PartsWanted))
        return _compact(request, signed)

    @app.get(
        f"{prefix}/{{call_id}}",
        response_model=UploadView,
        responses=LOOK_RESPONSES,
        summary="Look at a direct upload",
        tags=_TAGS,
    )
    async def look(who: Sender, call_id: CallId) -> UploadView:
        """Its stage, and the parts that storage holds."""
        who.require(SEND)
        return await direct.look(who, plain_id(call_id))

    @app.post(
        f"{prefix}/{{call_id}}/complete",
        status_code=201,
        response_model=Receipt,
        responses=COMPLETE_RESPONSES,
        openapi_extra={"requestBody": json_body(Completion, COMPLETION_EXAMPLE, required=False)},
        summary="Complete a direct upload",
        tags=_TAGS,
    )
    async def complete(request: Request, who: Sender, call_id: CallId) -> Response:
        """Makes the parts one object; where the details are known, checks it whole and registers the call.

        A repeat gets the same answer.
        """
        who.require(SEND)
        sent = await told(request, Completion, b"{}")
        return _done(await direct.complete(who, plain_id(call_id), sent, request.state.request_id), calls)

    @app.post(
        f"{prefix}/{{call_id}}/register",
        status_code=201,
        response_model=Receipt,
        responses=REGISTER_RESPONSES,
        openapi_extra={"requestBody": json_body(Registration, REGISTRATION_EXAMPLE)},
        summary="Register a stored recording",
        tags=_TAGS,
    )
    async def register(request: Request, who: Sender, call_id: CallId) -> Response:
        """For an upload that was begun without details: checks all of it, and registers it with these."""
        who.require(SEND)
        asked = await told(request, Registration)
        return _done(await direct.register(who, plain_id(call_id), asked, request.state.request_id), calls)

    @app.post(
        f"{prefix}/{{call_id}}/announce",
        status_code=202,
        response_model=Announced,
        responses=ANNOUNCE_RESPONSES,
        summary="Ask for a call's message",
        tags=_TAGS,
    )
    async def announce(who: Sender, call_id: CallId) -> Announced:
        """The message of a registered call is sent until the queue has it; one older than a minute is sent again."""
        who.require(SEND)
        return await registered.announce(who, plain_id(call_id))

    @app.patch(
        f"{calls}/{{call_id}}",
        response_model=Described,
        responses=EDIT_RESPONSES,
        openapi_extra={"requestBody": json_body(Edit, EDIT_EXAMPLE)},
        summary="Change a call's details",
        tags=["calls"],
    )
    async def edit(request: Request, who: Sender, call_id: CallId) -> Described:
        """Only while its status is `uploaded`; the answer is what the call has then. Every sender's own calls."""
        who.require(SEND)
        return await registered.edit(who, plain_id(call_id), await told(request, Edit))

    @app.delete(
        f"{prefix}/{{call_id}}",
        status_code=204,
        responses=responses(400, 401, 403, 404, 409, 429, 503),
        summary="Take a direct upload back",
        tags=_TAGS,
    )
    async def remove(who: Sender, call_id: CallId) -> Response:
        """Leaves nothing of it, until the call is registered."""
        who.require(SEND)
        await direct.remove(who, plain_id(call_id))
        return Response(status_code=204)


def _compact(request: Request, answer: BaseModel) -> Response:
    """Compressed for whoever can read that: URLs of one upload are nearly the same."""
    headers, data = {**_NOT_KEPT, "Vary": "Accept-Encoding"}, answer.model_dump_json().encode()
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        data = gzip.compress(data, mtime=0)
    return Response(data, media_type="application/json", headers=headers)


def _done(answer: Receipt | UploadView, calls: str) -> Response:
    """A receipt, an upload as it stands, or that it takes longer."""
    if isinstance(answer, Receipt):
        return JSONResponse(answer.model_dump(), 201, {"Location": f"{calls}/{answer.call_id}"})
    if answer.stage is not UploadStage.COMPLETING:
        return JSONResponse(answer.model_dump(mode="json"))
    return JSONResponse(answer.model_dump(mode="json"), 202, {"Retry-After": str(_ASK_AGAIN)})


def plain_id(call_id: str) -> str:
    """The id in the one way in which it is kept."""
    return str(UUID(call_id))


async def _json_of(request: Request, gateway: Gateway, model: type[M], unless_said: bytes) -> M:
    """The body as this model, `unless_said` for one that is empty.

    Raises ProblemError 400 for any other, and 408 for a sender that is too slow.
    """
    body = Body(
        request.receive,
        silence_timeout=gateway.settings.silence_timeout,
        least_a_minute=gateway.settings.least_a_minute,
    )
    request.state.body = body
    data = b""
    try:
        while piece := await body.read():
            gateway.telemetry.metrics.received.inc(len(piece))
            data += piece
            if len(data) > _LARGEST_JSON:
                raise ProblemError(bad_query(FieldError("body", "too_long", f"at most {_LARGEST_JSON} bytes")))
    except SenderGoneError as exc:
        raise problem(Code.SENDER_TOO_SLOW) from exc
    try:
        return model.model_validate_json(data or unless_said)
    except ValidationError as exc:
        errors = exc.errors(include_url=False, include_context=False, include_input=False)
        told = (FieldError(".".join(map(str, e["loc"])) or "body", e["type"], e["msg"]) for e in errors)
        raise ProblemError(bad_query(*told)) from exc
