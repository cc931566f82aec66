"""The transcription queue: engine.ports.Announcer over SQS. Any thread; one client, made by the first call."""

import hashlib
from collections.abc import Callable, Mapping, Sequence, Set
from typing import TYPE_CHECKING, Any, TypeVar, cast

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from callup_desktop.calls.documents import TranscriptionTask
from callup_desktop.config.profile import Profile
from callup_desktop.engine.errors import AccountError, CallError, Code, JobError, TransientError
from callup_desktop.services.aws import (
    AwsClient,
    ServerClock,
    base_config,
    code_of,
    detail_of,
    install_transport,
    retry_after_of,
    status_of,
    told,
    translate_local,
)
from callup_desktop.services.queue_address import address_of
from callup_desktop.services.secrets import Secrets
from callup_desktop.services.transport import STALL_TIMEOUT, Transport

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

R = TypeVar("R")

_CONNECTIONS = 16
"""As many as recordings may be sent side by side; none is opened before it is needed."""
LARGEST_BATCH = 10
"""Messages that SQS takes in one request."""

_SIGN_IN = frozenset({"ExpiredToken", "ExpiredTokenException", "InvalidToken", "TokenRefreshRequired"})
_REVOKED = frozenset({"InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException"})
_WRONG = frozenset({"SignatureDoesNotMatch", "InvalidSignatureException"})
_SKEWED = frozenset({"RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture"})
_DENIED = frozenset(
    {"AccessDenied", "AccessDeniedException", "InvalidSecurity"}
    | {"QueueDoesNotExist", "NonExistentQueue", "QueueDeletedRecently", "InvalidAddress", "OptInRequired"}
    | {"KmsAccessDenied", "KmsDisabled", "KmsInvalidKeyUsage", "KmsInvalidState", "KmsNotFound", "KmsOptInRequired"}
)
_NOT_ALLOWED = frozenset({"AccessDenied", "AccessDeniedException"})
_BUSY = frozenset(
    {"RequestThrottled", "KmsThrottled", "Throttling", "ThrottlingException", "OverLimit", "ServiceUnavailable"}
)
_BUSY_STATUSES = frozenset({408, 429})


class SqsAnnouncer:
    """The queue of the profile. `clock` may be shared with the store; `stall_timeout` is seconds without a byte."""

    def __init__(
        self,
        profile: Profile,
        secrets: Secrets,
        clock: ServerClock | None = None,
        *,
        stall_timeout: float = STALL_TIMEOUT,
    ) -> None:
        transport = Transport(connections=_CONNECTIONS, stall_timeout=stall_timeout, way=secrets.way)
        signing = clock or ServerClock()
        self._profile = profile
        self._client: AwsClient[SQSClient] = AwsClient(
            lambda: queue_client(profile, secrets, transport, signing), transport, signing
        )

    def prepare(self) -> None:
        """Make the client now, so that the first message need not wait for it; raises CallError without keys."""
        self._call(lambda _sqs: None)

    def announce(self, task: TranscriptionTask) -> str:
        """Send the message; its message id. On a FIFO queue a repetition within 5 minutes is dropped by SQS."""
        message = self._message(task)
        answer = self._call(lambda sqs: sqs.send_message(QueueUrl=self._profile.queue_url, **message))
        if answer.get("MD5OfMessageBody") != _md5(message):
            raise TransientError(Code.QUEUE_UNREACHABLE, "SendMessage: another message was acknowledged")
        return str(told(answer, "MessageId", Code.QUEUE_UNREACHABLE))

    def announce_all(self, tasks: Sequence[TranscriptionTask]) -> dict[str, str]:
        """Send up to LARGEST_BATCH messages at once; the message id of each call_id that the queue took.

        Raises as `announce` does where it took none because of the request as a whole.
        """
        messages = {str(at): self._message(task) for at, task in enumerate(tasks)}
        entries: list[Any] = [{"Id": at, **message} for at, message in messages.items()]
        answer = self._call(lambda sqs: sqs.send_message_batch(QueueUrl=self._profile.queue_url, Entries=entries))
        taken = {str(sent.get("Id")): sent for sent in answer.get("Successful", [])}
        return {
            tasks[int(at)].call_id: str(told(taken[at], "MessageId", Code.QUEUE_UNREACHABLE))
            for at, message in messages.items()
            if at in taken and taken[at].get("MD5OfMessageBody") == _md5(message)
        }

    def _message(self, task: TranscriptionTask) -> dict[str, Any]:
        fifo_args = {"MessageDeduplicationId": task.call_id, "MessageGroupId": task.call_id}
        return {
            "MessageBody": task.model_dump_json(),
            "MessageAttributes": {"task_type": _text("transcription"), "priority": _text("normal")},
            **(fifo_args if self._profile.queue_is_fifo else {}),
        }

    def queue_arn(self) -> str:
        """The queue's ARN, or "" where its attributes may not be read, which no call needs; else as `announce`."""
        try:
            answer = self._call(
                lambda sqs: sqs.get_queue_attributes(QueueUrl=self._profile.queue_url, AttributeNames=["QueueArn"]),
                expected=_NOT_ALLOWED,
            )
        except ClientError:
            return ""
        found: Mapping[str, Any] = {str(name): value for name, value in answer.get("Attributes", {}).items()}
        return str(told(found, "QueueArn", Code.QUEUE_UNREACHABLE))

    def reset(self) -> None:
        """Drop all connections; calls under way end in TransientError."""
        self._client.reset()

    def renew_credentials(self) -> None:
        """Make the next call read the keys again; calls under way are not cut."""
        self._client.renew_credentials()

    def _call(self, operation: "Callable[[SQSClient], R]", expected: Set[str] = frozenset()) -> R:
        """The answer; a refusal with one of the `expected` codes stays a ClientError, for the caller to handle."""
        try:
            return self._client.call(operation)
        except TransientError as exc:
            if exc.code is Code.CLOCK_WRONG:
                raise
            raise TransientError(Code.QUEUE_UNREACHABLE, exc.detail) from exc
        except ClientError as exc:
            if code_of(exc) in expected:
                raise
            raise translate(exc) from exc
        except (BotoCoreError, ResponseParserError) as exc:
            raise translate_local(exc, Code.QUEUE_UNREACHABLE) from exc


def translate(exc: ClientError) -> CallError:
    """What SQS's refusal means, by who has to act; by code alone, never by message."""
    detail = detail_of(exc)
    # SQS answers in JSON now, but still under its older names: "AWS.SimpleQueueService.NonExistentQueue".
    family, _, code = code_of(exc).rpartition(".")
    if code in _SIGN_IN:
        return AccountError(Code.SIGN_IN, detail)
    if code in _REVOKED:
        return AccountError(Code.KEYS_REVOKED, detail)
    if code in _WRONG:
        return AccountError(Code.KEYS_WRONG, detail)
    if code in _SKEWED:
        return TransientError(Code.CLOCK_WRONG, detail)
    if code in _BUSY or status_of(exc) in _BUSY_STATUSES or status_of(exc) >= 500:
        return TransientError(Code.QUEUE_UNREACHABLE, detail, retry_after=retry_after_of(exc))
    if code in _DENIED or family == "KMS" or status_of(exc) == 403:
        return AccountError(Code.QUEUE_DENIED, detail)
    return JobError(Code.QUEUE_REFUSED, detail)


def queue_client(profile: Profile, secrets: Secrets, transport: Transport, clock: ServerClock) -> "SQSClient":
    """A client for the server that the queue's URL names, in the region that it names."""
    address = address_of(profile.queue_url, profile.region)
    made = secrets.session().create_client(
        "sqs",
        region_name=address.region,
        endpoint_url=address.endpoint,
        config=base_config(_CONNECTIONS, address.endpoint),
    )
    install_transport(made, transport, clock)
    return cast("SQSClient", made)


def _md5(message: dict[str, Any]) -> str:
    return hashlib.md5(message["MessageBody"].encode(), usedforsecurity=False).hexdigest()


def _text(value: str) -> Any:
    return {"DataType": "String", "StringValue": value}
