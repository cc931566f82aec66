"""What the S3 and SQS rooms share: clients made once, signing by the server's clock, newer keys. Any thread."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from threading import Lock
from typing import Any, Generic, TypeVar

from botocore.auth import AUTH_TYPE_MAPS, SIGV4_TIMESTAMP, S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    HTTPClientError,
    InvalidConfigError,
    LoginError,
    NoCredentialsError,
    PartialCredentialsError,
    SSOError,
    TokenRetrievalError,
)
from botocore.exceptions import ConnectionError as BotoConnectionError
from botocore.parsers import ResponseParserError

from callup_desktop.engine.errors import AccountError, CallError, Cancelled, Code, TransientError
from callup_desktop.services.transport import Transport, chain_of, connection_code

TOLERATED = timedelta(minutes=5)
"""How wrong a clock may be before AWS refuses what it signs, less a margin (AWS takes 15 minutes)."""

EXPIRED = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "TokenRefreshRequired",
        "InvalidToken",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "UnrecognizedClientException",
    }
)
"""Refusals that newer keys may heal."""
SKEWED = frozenset(
    {
        "RequestTimeTooSkewed",
        "RequestExpired",
        "SignatureDoesNotMatch",
        "InvalidSignatureException",
        "AuthFailure",
        "RequestInTheFuture",
    }
)
"""Refusals that come of a wrong clock, if it is wrong."""
_BODILESS = frozenset({"400", "403"})
"""HeadObject has no body to say why: both kinds are possible."""

_DENIED_STATUSES = frozenset({401, 403})

_OFFSET = "callup_clock_offset"

C = TypeVar("C")
R = TypeVar("R")


class ServerClock:
    """How far the servers' clock is ahead of this computer's; learnt from their answers, used to sign. Any thread."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Trust this computer's clock until a server disagrees."""
        self._now = now
        self._lock = Lock()
        self._offset = timedelta(0)

    @property
    def offset(self) -> timedelta:
        """What is added to this computer's time before signing."""
        with self._lock:
            return self._offset

    def learn(self, date: str) -> None:
        """Take the time of a Date header if it is more than 5 minutes from ours as corrected."""
        try:
            told = parsedate_to_datetime(date)
        except ValueError:
            return
        offset = (told if told.tzinfo else told.replace(tzinfo=UTC)) - self._now()
        with self._lock:
            if abs(offset - self._offset) > TOLERATED:
                self._offset = offset


class AwsClient(Generic[C]):
    """One boto3 client: made at the first call, replayed once with newer keys, and once with the server's clock.

    Replays are not failures, so nobody counts them; all other waiting and trying again is the engine's.
    """

    def __init__(self, make: Callable[[], C], transport: Transport, clock: ServerClock) -> None:
        """`make` builds a client from the keys of now."""
        self._make = make
        self._transport = transport
        self._clock = clock
        self._lock = Lock()
        self._client: C | None = None
        self._renewals = 0

    def call(self, ask: Callable[[C], R]) -> R:
        """What `ask` returns; raises what botocore raises, CallError and Cancelled.

        `ask` may run up to three times, and once more for each `renew_credentials` while its answer is awaited.
        """
        renewed = corrected = False
        while True:
            client, renewals = self._current()
            signed_with = self._clock.offset
            try:
                return ask(client)
            except ClientError as exc:
                code = code_of(exc)
                if self._were_renewed_since(renewals) and _blames_credentials(exc):
                    continue
                if not corrected and code in SKEWED | _BODILESS and self._differs(signed_with, exc):
                    corrected = True
                elif not renewed and code in EXPIRED | _BODILESS:
                    renewed = True
                    self._drop(client)
                else:
                    raise

    def reset(self) -> None:
        """Drop all connections; the client and what was learnt stay."""
        self._transport.reset()

    def renew_credentials(self) -> None:
        """Make the next call read the keys again.

        Calls under way keep their connections; if the earlier keys are refused there, they are repeated with the new.
        """
        with self._lock:
            self._client = None
            self._renewals += 1

    def _current(self) -> tuple[C, int]:
        """The client, and how often credentials were renewed before it was made."""
        with self._lock:
            if self._client is None:
                self._client = self._make()
            return self._client, self._renewals

    def _were_renewed_since(self, renewals: int) -> bool:
        with self._lock:
            return self._renewals != renewals

    def _differs(self, signed_with: timedelta, exc: ClientError) -> bool:
        """Whether it would be signed by another time now: this answer taught it, or one to another thread."""
        self._clock.learn(header_of(exc, "date"))
        return self._clock.offset != signed_with

    def _drop(self, client: C) -> None:
        """Only if no other thread was faster: then its new client is as good."""
        with self._lock:
            if self._client is client:
                self._client = None


def install_transport(client: Any, transport: Transport, clock: ServerClock) -> None:
    """Make the client send over `transport` and sign by `clock`."""
    events, service = client.meta.events, client.meta.service_model.service_id.hyphenize()

    def choose_signer(context: dict[str, Any], signature_version: str, **_: object) -> str | None:
        context[_OFFSET] = clock.offset
        if signature_version not in {"v4", "s3v4"}:
            return None
        return _S3_SIGNER if service == "s3" else _SIGNER

    events.register(f"before-send.{service}", transport.send)
    events.register(f"choose-signer.{service}", choose_signer)


def base_config(connections: int) -> Config:
    """No retries (the engine alone waits), no checksums of botocore's own, one layer of everything."""
    return Config(
        retries={"total_max_attempts": 1, "mode": "standard"},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        max_pool_connections=connections,
        user_agent_extra="callup-desktop",
    )


def code_of(exc: ClientError) -> str:
    """AWS's own name of the error, or the HTTP status where the answer had no body."""
    return str(exc.response.get("Error", {}).get("Code", ""))


def _blames_credentials(exc: ClientError) -> bool:
    """Whether other keys might have had another answer."""
    return code_of(exc) in EXPIRED | _BODILESS or status_of(exc) in _DENIED_STATUSES


def status_of(exc: ClientError) -> int:
    """The HTTP status."""
    return int(exc.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def header_of(exc: ClientError, name: str) -> str:
    """A header of the answer by its lower-case name, or ""."""
    return str(exc.response.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get(name, ""))


def detail_of(exc: ClientError) -> str:
    """What IT needs to find the request at AWS; never AWS's message, which may quote what was signed."""
    request_id = exc.response.get("ResponseMetadata", {}).get("RequestId", "")
    return f"{exc.operation_name}: {code_of(exc)} (HTTP {status_of(exc)}, request {request_id or 'unknown'})"


def retry_after_of(exc: ClientError) -> float | None:
    """The seconds of a Retry-After header, which may also be a date; None if there is none."""
    value = header_of(exc, "retry-after").strip()
    if value.isdigit():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (moment - datetime.now(moment.tzinfo)).total_seconds())


def translate_local(exc: BotoCoreError | ResponseParserError, connection: Code) -> CallError | Cancelled:
    """What went wrong before AWS could refuse: keys, sign-in, connection. Raises the exception again if it is a bug."""
    for link in chain_of(exc):
        if isinstance(link, CallError | Cancelled):
            return link
    match exc:
        case NoCredentialsError() | PartialCredentialsError() | InvalidConfigError():
            return AccountError(Code.NO_CREDENTIALS, type(exc).__name__)
        case HTTPClientError() | BotoConnectionError():
            code = connection_code(exc)
            return TransientError(code if code is Code.OFFLINE else connection, type(exc).__name__)
        case ResponseParserError():
            return TransientError(connection, "the answer was cut off or is not AWS's")
        case CredentialRetrievalError() | TokenRetrievalError() | SSOError() | LoginError():
            return AccountError(Code.SIGN_IN, type(exc).__name__)
        case _:
            raise exc


class _S3Signer(S3SigV4Auth):
    """Signs S3 requests by the server's clock, in Python: through awscrt it is slower for bodies that are unsigned."""

    def _modify_request_before_signing(self, request: AWSRequest) -> None:
        _shift(request)
        super()._modify_request_before_signing(request)  # type: ignore[misc]  # the stubs leave it out


class _Signer(SigV4Auth):
    """Signs the other services' requests by the server's clock."""

    def _modify_request_before_signing(self, request: AWSRequest) -> None:
        _shift(request)
        super()._modify_request_before_signing(request)  # type: ignore[misc]  # the stubs leave it out


def _shift(request: AWSRequest) -> None:
    signed_at = datetime.strptime(request.context["timestamp"], SIGV4_TIMESTAMP).replace(tzinfo=UTC)
    request.context["timestamp"] = (signed_at + request.context[_OFFSET]).strftime(SIGV4_TIMESTAMP)


_S3_SIGNER, _SIGNER = "callup-s3v4", "callup-v4"
AUTH_TYPE_MAPS |= {_S3_SIGNER: _S3Signer, _SIGNER: _Signer}
