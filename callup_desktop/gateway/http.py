"""The HTTP surface: routes, their OpenAPI description, and errors as problems. Event loop."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPBearer
from fastapi_offline import FastAPIOffline
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from callup_desktop import __version__
from callup_desktop.calls.documents import Receipt
from callup_desktop.calls.metadata import company_as_sent, type_as_sent
from callup_desktop.engine.errors import Code
from callup_desktop.gateway.body import Body
from callup_desktop.gateway.callers import Caller
from callup_desktop.gateway.calls import LARGEST_PAGE, CallPage, CallView, Filters, Status
from callup_desktop.gateway.gateway import Gateway
from callup_desktop.gateway.http_direct import UUID_PATTERN, add_direct_uploads, plain_id
from callup_desktop.gateway.http_operator import add_operator_page
from callup_desktop.gateway.openapi import CALL_RESPONSES, LIST_RESPONSES, UPLOAD_BODY, UPLOAD_RESPONSES, as_answered
from callup_desktop.gateway.problems import FieldError, Problem, ProblemError, bad_query, bad_value
from callup_desktop.gateway.responses import REFUSALS, ProblemResponse, Refusals, RequestScope, Rest
from callup_desktop.gateway.settings import SEND
from callup_desktop.gateway.uploads import UploadRequest
from callup_desktop.presentation.api_description import DESCRIPTION
from callup_desktop.recordings.recording import MAX_SIZE
from callup_desktop.services.direct_shapes import CHECKSUM_PATTERN, MOST_STATUSES, CallStatuses, SameRecordings

CALLS = "/api/v1/calls"
UPLOADS = "/api/v1/uploads"
_BEARER = HTTPBearer(auto_error=False, description="A static token, or a JWT of the configured issuer.")
_TEXT = r"^[^\x00-\x1f\x7f]+$"


class Alive(BaseModel):
    """The process answers."""

    status: str = "ok"


class Ready(BaseModel):
    """Whether it can take calls; `services` has the error code of each that does not work."""

    status: str
    services: dict[str, str]


def build_app(gateway: Gateway, *, multiprocess: bool = False) -> FastAPI:
    """The ASGI application of one replica; `multiprocess`: its metrics are those of all workers on the port."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[dict[str, Refusals]]:
        async with gateway.running():
            yield {REFUSALS: Refusals(gateway.telemetry, gateway.messages)}

    app = FastAPIOffline(
        docs_url="/docs",
        redoc_url=None,
        title="CallUp gateway",
        version=__version__,
        description=DESCRIPTION,
        lifespan=lifespan,
        redirect_slashes=False,
    )
    app.add_middleware(RequestScope, telemetry=gateway.telemetry, messages=gateway.messages)
    _add_calls(app, gateway)
    _add_operations(app, gateway, multiprocess=multiprocess)
    _add_errors(app, gateway)
    described = app.openapi
    app.openapi = lambda: as_answered(described())  # type: ignore[method-assign]  # FastAPI's own way
    return app


def _add_calls(app: FastAPI, gateway: Gateway) -> None:
    async def caller(request: Request, _shown: Annotated[Any, Depends(_BEARER)]) -> Caller:
        return await gateway.callers.caller_of(request.headers.get("authorization"))

    Signed = Annotated[Caller, Depends(caller)]  # noqa: N806 - a type
    add_direct_uploads(app, gateway, UPLOADS, CALLS, caller)
    add_operator_page(app, gateway, caller)

    @app.post(
        f"{CALLS}/upload",
        status_code=201,
        response_model=Receipt,
        responses=UPLOAD_RESPONSES,
        openapi_extra={"requestBody": UPLOAD_BODY},
        summary="Upload a call recording",
        tags=["calls"],
    )
    async def upload(
        request: Request,
        who: Signed,
        idempotency_key: Annotated[
            str | None,
            Header(description="The same key is the same call, however often and wherever it is sent; at most 255"),
        ] = None,
        send_anyway: Annotated[bool, Query(description="take a recording that seems cut off or silent")] = False,  # noqa: FBT002 - FastAPI's way
    ) -> Response:
        """Stores, checks and registers one recording; the fields must stand before the file."""
        who.require(SEND)
        body = Body(
            request.receive,
            silence_timeout=gateway.settings.silence_timeout,
            least_a_minute=gateway.settings.least_a_minute,
        )
        request.state.body = body
        wanted = UploadRequest(
            caller=who,
            content_type=request.headers.get("content-type", ""),
            content_encoding=request.headers.get("content-encoding", ""),
            content_length=_length_of(request),
            idempotency_key=idempotency_key,
            send_anyway=send_anyway,
            request_id=request.state.request_id,
        )
        with gateway.telemetry.metrics.under_way.track_inprogress():
            receipt = await gateway.uploads.upload(wanted, body)
        return JSONResponse(receipt.model_dump(), 201, {"Location": f"{CALLS}/{receipt.call_id}"})

    @app.get(f"{CALLS}/upload", include_in_schema=False)
    async def upload_is_no_call() -> Response:
        raise HTTPException(405, headers={"Allow": "POST"})

    @app.get(
        CALLS,
        response_model=CallPage | CallStatuses | SameRecordings,
        responses=LIST_RESPONSES,
        summary="List calls",
        tags=["calls"],
    )
    async def list_calls(
        request: Request,
        who: Signed,
        cursor: Annotated[str | None, Query(max_length=200, description="`next_cursor` of the page before")] = None,
        limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = 50,
        status: Annotated[Status | None, Query()] = None,
        company: Annotated[str | None, Query(min_length=1, max_length=200, pattern=_TEXT)] = None,
        call_type: Annotated[str | None, Query(min_length=1, max_length=200, pattern=_TEXT)] = None,
        ids: Annotated[
            str | None, Query(description=f"at most {MOST_STATUSES} ids, joined by commas: only the statuses of these")
        ] = None,
        crc64nvme: Annotated[
            str | None,
            Query(
                pattern=CHECKSUM_PATTERN,
                description="of a recording, in base64, with its `size`: only who in the tenant has sent it already",
            ),
        ] = None,
        size: Annotated[int | None, Query(ge=0, le=MAX_SIZE, description="bytes of that recording")] = None,
    ) -> Response:
        """The caller's own calls, newest first; with the role `calls:read` those of everybody in the tenant."""
        if (crc64nvme is None) != (size is None):
            raise bad_value("size" if size is None else "crc64nvme", "crc64nvme and size go together")
        if crc64nvme is not None and size is not None:
            return _tagged(request, await gateway.calls.same_recording(who, crc64nvme, size))
        if ids is not None:
            return _tagged(request, await gateway.calls.statuses(who, ids))
        filters = Filters(status, company and company_as_sent(company), call_type and type_as_sent(call_type))
        page = await gateway.calls.page(who, filters, cursor, limit)
        return _tagged(request, page)

    @app.get(
        f"{CALLS}/{{call_id}}",
        response_model=CallView,
        responses=CALL_RESPONSES,
        summary="Look at one call",
        tags=["calls"],
    )
    async def get_call(request: Request, who: Signed, call_id: Annotated[str, Path(pattern=UUID_PATTERN)]) -> Response:
        """The call as the registry has it now; with `If-None-Match` 304 while nothing changed."""
        return _tagged(request, await gateway.calls.find(who, plain_id(call_id)))


def _add_operations(app: FastAPI, gateway: Gateway, *, multiprocess: bool) -> None:
    @app.get("/health/live", response_model=Alive, summary="Whether the process answers", tags=["operations"])
    async def live() -> Alive:
        return Alive()

    @app.get(
        "/health/ready",
        response_model=Ready,
        responses={503: {"model": Ready, "description": "Send it no calls now"}},
        summary="Whether registry and bucket answer",
        tags=["operations"],
    )
    async def ready() -> Response:
        troubles = await gateway.health.troubles()
        told = Ready(status="unavailable" if troubles else "ok", services=troubles)
        return JSONResponse(told.model_dump(), 503 if troubles else 200)

    @app.get("/metrics", summary="Prometheus metrics", tags=["operations"], response_class=Response)
    async def metrics() -> Response:
        gateway.telemetry.metrics.held.set(gateway.admission.held)
        registry = gateway.telemetry.metrics.registry
        if multiprocess:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # it has no annotations
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def _add_errors(app: FastAPI, gateway: Gateway) -> None:
    def answer(request: Request, told: Problem) -> Response:
        gateway.telemetry.metrics.problems.labels(str(told.code)).inc()
        return ProblemResponse(told, gateway.messages, request.state.request_id, _rest_of(request))

    @app.exception_handler(ProblemError)
    async def on_problem(request: Request, exc: ProblemError) -> Response:
        return answer(request, exc.problem)

    @app.exception_handler(RequestValidationError)
    async def on_bad_query(request: Request, exc: RequestValidationError) -> Response:
        told = (FieldError(str(error["loc"][-1]), str(error["type"]), str(error["msg"])) for error in exc.errors())
        return answer(request, bad_query(*told))

    @app.exception_handler(HTTPException)
    async def on_no_route(request: Request, exc: HTTPException) -> Response:
        response = answer(request, Problem(Code.WRONG_METHOD if exc.status_code == 405 else Code.NO_SUCH_PAGE))
        response.headers.update(exc.headers or {})
        return response


def _length_of(request: Request) -> int | None:
    length = request.headers.get("content-length")
    return int(length) if length and length.isdigit() else None


def _rest_of(request: Request) -> Rest:
    """What became of the request's body, if it announced one."""
    body = getattr(request.state, "body", None)
    if body is not None and body.begun:
        return Rest.READ if body.ended else Rest.ON_ITS_WAY
    if request.headers.get("content-length", "0") == "0" and "transfer-encoding" not in request.headers:
        return Rest.READ
    return Rest.HELD_BACK if request.headers.get("expect", "").lower() == "100-continue" else Rest.ON_ITS_WAY


def _tagged(request: Request, value: BaseModel) -> Response:
    """The value as JSON with its ETag, or 304 where the client has it already."""
    content = value.model_dump_json().encode()
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    known = {known.strip().removeprefix("W/") for known in request.headers.get("if-none-match", "").split(",")}
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="application/json", headers=headers)
