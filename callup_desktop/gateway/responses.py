"""Answers: problems, and what gives each request its id, its line in the log and its metrics. Event loop."""

import asyncio
import json
import re
import time
import uuid
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from starlette.responses import Response

from callup_desktop.engine.errors import Code
from callup_desktop.gateway.problems import MEDIA_TYPE, Problem
from callup_desktop.gateway.telemetry import Telemetry
from callup_desktop.presentation.messages import Messages

REFUSALS = "refusals"
"""By this name in the lifespan's state every connection finds the `Refusals`."""

Headers = Iterable[tuple[bytes, bytes]]
Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_OTHER = "other"
"""Stands in the metrics for every route and method that is not one of ours."""
_METHODS = frozenset({"GET", "POST", "PUT", "DELETE", "HEAD"})
_LINGER = 30.0
_LINGER_SILENCE = 2.0
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")


class Rest(Enum):
    """The part of a request's body that nobody has read."""

    READ = auto()
    """There is none."""
    HELD_BACK = auto()
    """The client waits for "100 Continue" and sends nothing."""
    ON_ITS_WAY = auto()


class ProblemResponse(Response):
    """A problem. Where the client is still sending, the connection ends with it, but not before the client could read.

    A client that only hears of a closed connection while it sends would never see why.
    """

    media_type = MEDIA_TYPE

    def __init__(self, problem: Problem, messages: Messages, request_id: str, rest: "Rest") -> None:
        """`rest` is what became of the request's body."""
        self._linger = rest is Rest.ON_ITS_WAY
        headers = {**problem.headers, **({} if rest is Rest.READ else {"Connection": "close"})}
        super().__init__(json.dumps(problem.as_json(messages, request_id)), problem.status, headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, then let go what still comes."""
        if not self._linger:
            await super().__call__(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": True})
        await _let_go(receive)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _let_go(receive: Receive) -> None:
    """Read and forget until the client ends, falls silent or has had its time."""
    try:
        async with asyncio.timeout(_LINGER):
            while True:
                async with asyncio.timeout(_LINGER_SILENCE):
                    message = await receive()
                if message["type"] == "http.disconnect" or not message.get("more_body", False):
                    return
    except TimeoutError:
        return


class RequestScope:
    """The outermost middleware: a request id, metrics, and a problem in place of a traceback."""

    def __init__(self, app: App, telemetry: Telemetry, messages: Messages) -> None:
        self._app = app
        self._telemetry = telemetry
        self._messages = messages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope["headers"])
        scope.setdefault("state", {})["request_id"] = request_id
        status = 0
        began = time.monotonic()
        # The server leaves the body out.
        asked = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
        told = False

        def tell_once() -> None:
            nonlocal told
            if not told:
                told = True
                route = getattr(asked.get("route"), "path", _OTHER)
                method = scope["method"] if scope["method"] in _METHODS else _OTHER
                _tell(self._telemetry, request_id, route, method, status, time.monotonic() - began)

        async def tagged(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", request_id.encode())]
            else:
                # Whoever has the whole answer finds it counted.
                tell_once()
            await send(message)

        try:
            await self._app(asked, receive, tagged)
        except Exception as exc:  # noqa: BLE001 - the last place where a bug can become an answer
            problem = Problem(Code.GATEWAY_BUG, retry_after=5.0)
            self._telemetry.failed("request failed", exc, request_id=request_id, code=problem.code)
            self._telemetry.metrics.problems.labels(problem.code).inc()
            if not status:
                await ProblemResponse(problem, self._messages, request_id, Rest.HELD_BACK)(scope, receive, tagged)
        finally:
            tell_once()


@dataclass(frozen=True, slots=True)
class Refusals:
    """What a connection refuses before it is a request for the application is told and counted all the same."""

    telemetry: Telemetry
    messages: Messages

    def told(self, problem: Problem, headers: Headers) -> tuple[str, bytes]:
        """The request's id, by the headers that were read of it, and the body of its answer."""
        request_id = _request_id(headers)
        self.telemetry.metrics.problems.labels(str(problem.code)).inc()
        _tell(self.telemetry, request_id, _OTHER, _OTHER, problem.status, 0.0)
        return request_id, json.dumps(problem.as_json(self.messages, request_id)).encode()


def _tell(telemetry: Telemetry, request_id: str, route: str, method: str, status: int, seconds: float) -> None:
    telemetry.metrics.requests.labels(route, method, str(status)).inc()
    if not route.startswith(("/health", "/metrics")):
        telemetry.log.info(
            "request answered", request_id=request_id, route=route, status=status, seconds=round(seconds, 4)
        )


def _request_id(headers: Headers) -> str:
    """The one that a proxy gave, or a new one."""
    given = next((value.decode("latin-1") for name, value in headers if name == b"x-request-id"), "")
    return given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
