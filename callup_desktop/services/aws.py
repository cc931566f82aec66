"""What the S3 and SQS services share: a client made once, signing by the server's clock, newer keys. Any thread."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from threading import Lock
from typing import Any, Generic, TypeVar

from botocore.auth import AUTH_TYPE_MAPS, SIGV4_TIMESTAMP, S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth
from botocore.awsrequest import AWSPreparedRequest, AWSRequest, AWSResponse
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    HTTPClientError,
    InvalidRegionError,
    LoginError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    RefreshWithMFAUnsupportedError,
    SSOError,
    TokenRetrievalError,
)
from botocore.exceptions import ConnectionError as BotoConnectionError
from botocore.parsers import ResponseParserError

from callup_desktop import __version__
from callup_desktop.engine.errors import AccountError, CallError, Cancelled, Code, TransientError
from callup_desktop.services.transport import Transport, chain_of, connection_code
from callup_desktop.services.wrong_clock import CLOCK_TOLERANCE, moment_of

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
"""Refusals that newer keys may end."""
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
"""Refusals that a wrong clock may cause."""
_BODILESS = frozenset({"400", "403"})
"""HeadObject's refusal has no body, so it may be either of the two above."""

_DENIED_STATUSES = frozenset({401, 403})
_SERVER_ERROR = 500
_THROTTLED = frozenset({"Throttling", "ThrottlingException", "TooManyRequestsException", "SlowDown"})

_OFFSET = "callup_clock_offset"
_LONGEST_NUMBER = 12
"""Digits of a Retry-After that are read; what is longer is as good as for ever."""

C = TypeVar("C")
R = TypeVar("R")


class ServerClock:
    """How far the servers' clock is ahead of this computer's: zero until an answer shows otherwise. Any thread."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now
        self._lock = Lock()
        self._offset = timedelta(0)
        self._heard = False

    @property
    def offset(self) -> timedelta:
        """What is added to this computer's time before signing."""
        with self._lock:
            return self._offset

    @property
    def heard(self) -> bool:
        """Whether any answer was seen, so that nobody need ask for the time."""
        with self._lock:
            return self._heard

    def learn(self, date: str) -> None:
        """Take over the time of an answer's Date header that is more than CLOCK_TOLERANCE from ours as corrected."""
        with self._lock:
            self._heard = True
        if (server_time := moment_of(date)) is None:
            return
        offset = server_time - self._now()
        with self._lock:
            if abs(offset - self._offset) > CLOCK_TOLERANCE:
                self._offset = offset


class AwsClient(Generic[C]):
    """One boto3 client: made by `make` at the first call, which reads the keys of that moment.

    A call is repeated at once with newer keys, and once with the server's clock. These repetitions are not failures,
    so they are not counted; all other waiting and trying again is the engine's.
    """

    def __init__(self, make: Callable[[], C], transport: Transport, clock: ServerClock) -> None:
        self._make = make
        self._transport = transport
        self._clock = clock
        self._lock = Lock()
        self._client: C | None = None
        self._renewals = 0

    def call(self, operation: Callable[[C], R]) -> R:
        """What `operation` returns; raises what botocore raises, CallError and Cancelled.

        `operation` may run up to three times, and once more for each `renew_credentials` while its answer is awaited.
        """
        renewed = corrected = False
        while True:
            client, renewals = self._current()
            signed_with = self._clock.offset
            try:
                return operation(client)
            except ClientError as exc:
                code = code_of(exc)
                if self._were_renewed_since(renewals) and _blames_credentials(exc):
                    continue
                if not corrected and code in SKEWED | _BODILESS and self._clock_differs(signed_with, exc):
                    corrected = True
                elif not renewed and code in EXPIRED | _BODILESS:
                    renewed = True
                    self._forget(client)
                else:
                    raise

    def hear_time(self, operation: Callable[[C], object]) -> bool:
        """Do the cheap `operation` unless an answer told the server's time already; whether it was done.

        A refusal tells the time as well, so it is no failure. Raises what else botocore raises, CallError, Cancelled.
        """
        if self._clock.heard:
            return False
        with suppress(ClientError):
            operation(self._current()[0])
        return True

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

    def _clock_differs(self, signed_with: timedelta, exc: ClientError) -> bool:
        """Whether the request would be signed by another time now: by this answer, or by one to another thread."""
        self._clock.learn(header_of(exc, "date"))
        return self._clock.offset != signed_with

    def _forget(self, client: C) -> None:
        """Make the next call read the keys again, unless another thread has done so already."""
        with self._lock:
            if self._client is client:
                self._client = None


def install_transport(client: Any, transport: Transport, clock: ServerClock) -> None:
    """Make the client send over `transport` and sign by `clock`."""
    events, service = client.meta.events, client.meta.service_model.service_id.hyphenize()

    def choose_signer(context: dict[str, Any], signature_version: str, **_: object) -> str | None:
        context[_OFFSET] = clock.offset
        if signature_version == f"s3v4{_QUERY}":
            return f"{_S3_SIGNER}{_QUERY}"
        if signature_version not in {"v4", "s3v4"}:
            return None
        return _S3_SIGNER if service == "s3" else _SIGNER

    def send(request: AWSPreparedRequest, event_name: str = "", **_: object) -> AWSResponse:
        response = transport.send(request, event_name)
        clock.learn(response.headers.get("date", ""))
        return response

    events.register(f"before-send.{service}", send)
    events.register(f"choose-signer.{service}", choose_signer)


def base_config(connections: int, endpoint: str | None) -> Config:
    """No retries and no checksums of botocore's own: the engine alone waits, and the store names its checksums.

    Where calls go says the profile, which names the `endpoint` or means AWS: what this user's AWS configuration says of
    addresses is for other programs, and some of it would fail beside an endpoint.
    """
    addresses: dict[str, Any] = {"ignore_configured_endpoint_urls": True, "defaults_mode": "legacy"}
    if endpoint:
        addresses |= {"use_fips_endpoint": False, "use_dualstack_endpoint": False}
    return Config(
        retries={"total_max_attempts": 1, "mode": "standard"},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        max_pool_connections=connections,
        user_agent=f"callup-desktop/{__version__}",
        **addresses,
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


def told(answer: Mapping[str, Any], name: str, connection: Code = Code.CONNECTION) -> Any:
    """What the answer says by this name; raises TransientError where it does not, as then AWS did not give it."""
    value = answer.get(name)
    if not value:
        raise TransientError(connection, f"the answer has no {name}, so it is not a service's")
    return value


def retry_after_of(exc: ClientError) -> float | None:
    """The seconds of a Retry-After header, which may also be a date; None if there is none."""
    return retry_after_in(header_of(exc, "retry-after"))


def retry_after_in(header: str) -> float | None:
    """The seconds that a Retry-After header names, which may also be a date; None if there is none."""
    value = header.strip()
    # Not isdigit: that takes "²", which is no number.
    if value.isascii() and value.isdecimal():
        return float(value[:_LONGEST_NUMBER])
    try:
        moment = parsedate_to_datetime(value)
        return max(0.0, (moment - datetime.now(moment.tzinfo)).total_seconds())
    except (ValueError, OverflowError):
        return None


def translate_chain(exc: Exception) -> CallError | Cancelled:
    """What went wrong while the AWS SDK's chain looked for keys: whatever it is, no call of the account can be signed.

    The chain runs programs and reads files of this computer, so it may raise anything.
    """
    for error in chain_of(exc):
        if isinstance(error, CallError | Cancelled):
            return error
    match exc:
        case ProfileNotFound() | NoCredentialsError():
            return AccountError(Code.NO_CREDENTIALS, type(exc).__name__)
        case CredentialRetrievalError() | TokenRetrievalError() | SSOError() | LoginError():
            return AccountError(Code.SIGN_IN, type(exc).__name__)
        case RefreshWithMFAUnsupportedError():
            return AccountError(Code.SIGN_IN, type(exc).__name__)
        case ClientError() if code_of(exc) in EXPIRED:
            return AccountError(Code.SIGN_IN, detail_of(exc))
        case ClientError() if status_of(exc) in _DENIED_STATUSES:
            return AccountError(Code.ACCESS_DENIED, detail_of(exc))
        case ClientError() if status_of(exc) >= _SERVER_ERROR or code_of(exc) in _THROTTLED:
            return TransientError(Code.STORAGE_BUSY, detail_of(exc), retry_after=retry_after_of(exc))
        case HTTPClientError() | BotoConnectionError():
            return TransientError(connection_code(exc), type(exc).__name__)
        case _:
            return AccountError(Code.KEY_SOURCE_FAILED, type(exc).__name__)


def translate_local(exc: BotoCoreError | ResponseParserError, connection: Code) -> CallError | Cancelled:
    """What went wrong before AWS could refuse: keys, sign-in, connection. Raises the exception again if it is a bug."""
    for error in chain_of(exc):
        if isinstance(error, CallError | Cancelled):
            return error
    match exc:
        case NoCredentialsError() | PartialCredentialsError():
            return AccountError(Code.NO_CREDENTIALS, type(exc).__name__)
        case HTTPClientError() | BotoConnectionError():
            code = connection_code(exc)
            return TransientError(code if code is Code.OFFLINE else connection, type(exc).__name__)
        case ResponseParserError() | InvalidRegionError():
            # No profile has a region of another form, so an answer named it.
            return TransientError(connection, "the answer was cut off or is not AWS's")
        case _:
            raise exc


class _S3Signer(S3SigV4Auth):
    """Signs S3 requests by the server's clock, in Python: through awscrt it is slower for bodies that are unsigned."""

    def _modify_request_before_signing(self, request: AWSRequest) -> None:
        _correct_time(request)
        super()._modify_request_before_signing(request)  # type: ignore[misc]  # the stubs leave it out


class _S3UrlSigner(S3SigV4QueryAuth):
    """Signs URLs of S3 by the server's clock, from which their time counts."""

    def _modify_request_before_signing(self, request: AWSRequest) -> None:
        _correct_time(request)
        super()._modify_request_before_signing(request)  # type: ignore[misc]  # the stubs leave it out


class _Signer(SigV4Auth):
    """Signs the other services' requests by the server's clock."""

    def _modify_request_before_signing(self, request: AWSRequest) -> None:
        _correct_time(request)
        super()._modify_request_before_signing(request)  # type: ignore[misc]  # the stubs leave it out


def _correct_time(request: AWSRequest) -> None:
    signed_at = datetime.strptime(request.context["timestamp"], SIGV4_TIMESTAMP).replace(tzinfo=UTC)
    request.context["timestamp"] = (signed_at + request.context[_OFFSET]).strftime(SIGV4_TIMESTAMP)


_S3_SIGNER, _SIGNER = "callup-s3v4", "callup-v4"
_QUERY = "-query"
"""What botocore adds to the name of a signer for URLs."""
AUTH_TYPE_MAPS |= {_S3_SIGNER: _S3Signer, f"{_S3_SIGNER}{_QUERY}": _S3UrlSigner, _SIGNER: _Signer}
