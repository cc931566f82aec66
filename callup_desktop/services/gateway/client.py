"""JSON requests to a gateway, each with the token of now, and what its answers mean. Any thread."""

import zlib
from collections.abc import Set
from dataclasses import dataclass
from typing import TypeVar

from botocore.awsrequest import AWSRequest, AWSResponse
from pydantic import BaseModel, ValidationError

from callup_desktop.config.profile import GatewayProfile
from callup_desktop.engine.errors import AccountError, CallError, Code, JobError, TransientError
from callup_desktop.files.errors import Refusal
from callup_desktop.services.aws import ServerClock, retry_after_in
from callup_desktop.services.gateway_tokens import GatewaySecrets
from callup_desktop.services.transport import LONGEST_ANSWER, Transport

API = "/api/v1"
REFUSALS = frozenset({Code.NOT_AS_DECLARED, *Refusal})
"""Why a gateway did not take what was stored; nothing of it is there any more."""
_UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND, _TIMED_OUT, _CONFLICT, _TOO_MANY = 401, 403, 404, 408, 409, 429
_PASSING = frozenset({_TIMED_OUT, _CONFLICT, _TOO_MANY})
_ERROR, _SERVER_ERROR = 400, 500

_GZIP = 16
"""Has zlib read gzip's own header."""

M = TypeVar("M", bound=BaseModel)


class _Problem(BaseModel):
    """RFC 9457, as far as it is read: `type` is an error code, `cause` the one beneath it."""

    type: str = ""
    cause: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Meaning:
    """By which codes one kind of request fails: while the gateway is `busy`, and where it `refused`."""

    busy: Code
    refused: Code


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gateway said; `problem` is the code of a problem, "" for none, `retry_after` in seconds."""

    status: int
    content: bytes
    problem: str
    detail: str
    retry_after: float | None

    def read(self, model: type[M]) -> M:
        """The content as this model; raises AccountError where no gateway has said it."""
        try:
            return model.model_validate_json(self.content)
        except ValidationError as exc:
            raise AccountError(Code.GATEWAY_ADDRESS, "what answers there is no gateway") from exc


class GatewayClient:
    """Asks one gateway. A token that it no longer takes is renewed and the request repeated, which is no failure."""

    def __init__(
        self,
        profile: GatewayProfile,
        secrets: GatewaySecrets,
        transport: Transport,
        meaning: Meaning,
        clock: ServerClock | None = None,
    ) -> None:
        self._address = profile.gateway
        self._tokens = secrets.tokens
        self._transport = transport
        self._meaning = meaning
        self.clock = clock or ServerClock()

    def ask(
        self,
        operation: str,
        method: str,
        path: str,
        body: BaseModel | None = None,
        *,
        expected: Set[str] = frozenset(),
    ) -> Answer:
        """The answer; problems of the `expected` codes are for the caller to read, all others raise CallError."""
        token = self._tokens.bearer()
        response = self._send(operation, method, path, body, token)
        if response.status_code == _UNAUTHORIZED:
            self._tokens.renew(token)
            response = self._send(operation, method, path, body, self._tokens.bearer())
        answer = _answer_of(operation, response)
        if answer.status < _ERROR or answer.problem in expected:
            return answer
        raise self._translated(answer)

    def hear_time(self) -> None:
        """Learn the gateway's time from whatever it answers to somebody without a token."""
        self._exchange("hear_time", AWSRequest(method="GET", url=f"{self._address}/health/live"))

    def _send(self, operation: str, method: str, path: str, body: BaseModel | None, token: str) -> AWSResponse:
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json", "Accept-Encoding": "gzip"}
        data = b""
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = body.model_dump_json(exclude_none=True).encode()
        request = AWSRequest(method=method, url=f"{self._address}{API}{path}", headers=headers, data=data)
        return self._exchange(operation, request)

    def _exchange(self, operation: str, request: AWSRequest) -> AWSResponse:
        try:
            response = self._transport.send(request.prepare(), f"gateway.{operation}")
        except AccountError as exc:
            raise _at_gateway(exc) from exc
        self.clock.learn(response.headers.get("date", ""))
        return response

    def _translated(self, answer: Answer) -> CallError:
        if answer.status == _UNAUTHORIZED:
            return AccountError(Code.TOKEN_REFUSED, answer.detail)
        if answer.status == _FORBIDDEN:
            return AccountError(Code.ACCESS_DENIED, answer.detail)
        if answer.problem == Code.UPLOAD_UNDER_WAY:
            return TransientError(Code.UPLOAD_UNDER_WAY, answer.detail, retry_after=answer.retry_after)
        if answer.status >= _SERVER_ERROR or answer.status in _PASSING:
            return TransientError(self._meaning.busy, answer.detail, retry_after=answer.retry_after)
        if answer.status == _NOT_FOUND and answer.problem != Code.NO_SUCH_CALL:
            return AccountError(Code.GATEWAY_ADDRESS, answer.detail)
        return JobError(self._meaning.refused, answer.detail)


def still_under_way(answer: Answer) -> TransientError:
    """What a call is that the gateway goes on with by itself."""
    return TransientError(Code.UPLOAD_UNDER_WAY, answer.detail, retry_after=answer.retry_after)


def _at_gateway(exc: AccountError) -> AccountError:
    """The error where it names the bucket of a storage: here it is the gateway whose address is wrong."""
    return AccountError(Code.GATEWAY_ADDRESS, exc.detail) if exc.code is Code.WRONG_BUCKET else exc


def _answer_of(operation: str, response: AWSResponse) -> Answer:
    problem = _Problem()
    if response.status_code >= _ERROR:
        try:
            problem = _Problem.model_validate_json(_content_of(response))
        except ValidationError:
            problem = _Problem()  # something before the gateway has answered
    said = " ".join(filter(None, (problem.type, problem.cause)))
    detail = f"{operation}: {said or 'no problem told'} (HTTP {response.status_code}, request {problem.request_id})"
    retry_after = retry_after_in(response.headers.get("retry-after", ""))
    return Answer(response.status_code, _content_of(response), problem.type, detail, retry_after)


def _content_of(response: AWSResponse) -> bytes:
    """The content, unpacked as far as any answer goes; as it is where it is no gzip after all."""
    if response.headers.get("content-encoding", "") != "gzip":
        return response.content
    unpack = zlib.decompressobj(zlib.MAX_WBITS | _GZIP)
    try:
        return unpack.decompress(response.content, LONGEST_ANSWER)
    except zlib.error:
        return response.content
