"""The queue's contract, over the fake and over a real SQS server (moto's)."""

import json
import uuid
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from callup_desktop.calls.documents import TranscriptionTask
from callup_desktop.config.profile import Profile
from callup_desktop.engine.errors import AccountError, CallError, Code, JobError, TransientError
from callup_desktop.engine.ports import Announcer
from callup_desktop.sandbox.embedded import Running
from callup_desktop.services.secrets import Secrets
from callup_desktop.services.sqs import LARGEST_BATCH, SqsAnnouncer
from tests.fakes.announcer import FakeAnnouncer
from tests.services.front import Front, Reply, front_of, page

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

Take = Callable[[str], list[str]]
"""The bodies of all messages about a call."""
Ready = Callable[[str], TranscriptionTask]


def task(call_id: str) -> TranscriptionTask:
    return TranscriptionTask(
        call_id=call_id,
        s3_bucket="audio",
        s3_key=f"2025/11/04/{call_id}.mp3",
        format="mp3",
        timestamp="2025-11-04T10:30:00Z",
    )


@pytest.fixture
def call_id() -> str:
    return str(uuid.uuid4())


class AnnouncerContract:
    """Subclasses bring the fixtures `announcer` and `take`; `ready` is a call that can be announced."""

    @pytest.fixture
    def ready(self) -> Ready:
        return task

    def test_the_message_is_that_of_the_contract(
        self, announcer: Announcer, ready: Ready, take: Take, call_id: str
    ) -> None:
        call = ready(call_id)
        announcer.announce(call)

        assert [json.loads(body) for body in take(call_id)] == [
            {
                "call_id": call_id,
                "s3_bucket": call.s3_bucket,
                "s3_key": call.s3_key,
                "format": call.format,
                "timestamp": call.timestamp,
            }
        ]

    def test_announcing_again_brings_at_least_one_message(
        self, announcer: Announcer, ready: Ready, take: Take, call_id: str
    ) -> None:
        call = ready(call_id)
        assert announcer.announce(call)
        announcer.reset()
        assert announcer.announce(call)

        assert len(take(call_id)) >= 1

    def test_the_announcer_goes_on_after_its_credentials_were_renewed(
        self, announcer: Announcer, ready: Ready, take: Take, call_id: str
    ) -> None:
        announcer.renew_credentials()
        call = ready(call_id)
        assert announcer.announce(call)
        announcer.renew_credentials()
        call = ready(call_id)
        assert announcer.announce(call)

        assert len(take(call_id)) >= 1


class TestFakeAnnouncer(AnnouncerContract):
    @pytest.fixture
    def announcer(self) -> FakeAnnouncer:
        return FakeAnnouncer()

    @pytest.fixture
    def take(self, announcer: FakeAnnouncer) -> Take:
        return lambda call_id: [sent.model_dump_json() for sent in announcer.messages if sent.call_id == call_id]


@pytest.fixture(params=["calls", "calls.fifo"])
def queue(request: pytest.FixtureRequest, sqs: "SQSClient") -> "Iterator[str]":
    attributes: Any = {"FifoQueue": "true"} if request.param.endswith(".fifo") else {}
    url = sqs.create_queue(QueueName=request.param, Attributes=attributes)["QueueUrl"]
    yield url
    sqs.delete_queue(QueueUrl=url)


def received(sqs: "SQSClient", queue: str) -> list[Any]:
    """All messages in the queue, with all that was sent beside them."""
    messages: list[Any] = []
    while found := sqs.receive_message(
        QueueUrl=queue, MaxNumberOfMessages=10, MessageAttributeNames=["All"], AttributeNames=["All"]
    ).get("Messages"):
        messages += found
    return messages


class TestSqsAnnouncer(AnnouncerContract):
    @pytest.fixture
    def announcer(self, profile: Profile, secrets: Secrets, queue: str) -> SqsAnnouncer:
        return SqsAnnouncer(profile.model_copy(update={"queue_url": queue}), secrets)

    @pytest.fixture
    def take(self, sqs: "SQSClient", queue: str) -> Take:
        return lambda call_id: [str(sent["Body"]) for sent in received(sqs, queue) if call_id in sent["Body"]]

    def test_a_batch_is_as_many_messages_of_the_contract(
        self, announcer: SqsAnnouncer, sqs: "SQSClient", queue: str
    ) -> None:
        tasks = [task(str(uuid.uuid4())) for _ in range(LARGEST_BATCH)]

        sent = announcer.announce_all(tasks)

        arrived = {message["MessageId"]: message for message in received(sqs, queue)}
        assert set(sent) == {each.call_id for each in tasks}
        for each in tasks:
            message = arrived[sent[each.call_id]]
            assert json.loads(message["Body"]) == each.model_dump()
            assert message["MessageAttributes"]["task_type"]["StringValue"] == "transcription"
            if queue.endswith(".fifo"):
                assert message["Attributes"]["MessageGroupId"] == each.call_id

    def test_the_attributes_are_strings_and_a_fifo_queue_keeps_calls_apart(
        self, announcer: SqsAnnouncer, sqs: "SQSClient", queue: str, call_id: str
    ) -> None:
        message_id = announcer.announce(task(call_id))

        (sent,) = received(sqs, queue)
        assert sent["MessageId"] == message_id
        assert sent["MessageAttributes"] == {
            "task_type": {"DataType": "String", "StringValue": "transcription"},
            "priority": {"DataType": "String", "StringValue": "normal"},
        }
        order = {name: sent["Attributes"].get(name) for name in ("MessageDeduplicationId", "MessageGroupId")}
        wanted = call_id if queue.endswith(".fifo") else None
        assert order == {"MessageDeduplicationId": wanted, "MessageGroupId": wanted}


def test_a_queue_that_is_not_there_is_for_the_admin(profile: Profile, secrets: Secrets, call_id: str) -> None:
    missing = profile.model_copy(update={"queue_url": profile.queue_url + "-missing"})

    with pytest.raises(AccountError) as caught:
        SqsAnnouncer(missing, secrets).announce(task(call_id))

    assert caught.value.code is Code.QUEUE_DENIED


def refused(status: int, code: str, query_code: str = "") -> Reply:
    """How SQS refuses: in JSON, with its older name of the error beside it."""
    headers = {"Content-Type": "application/x-amz-json-1.0", "x-amzn-RequestId": "R1"}
    if query_code:
        headers["x-amzn-query-error"] = f"{query_code};Sender"
    body = json.dumps({"__type": f"com.amazonaws.sqs#{code}", "message": "secret words"}).encode()
    return Reply(status, headers, body)


@pytest.fixture
def front(sandbox: Running) -> Iterator[Front]:
    with front_of(sandbox.sqs_endpoint) as front:
        yield front


@pytest.fixture
def behind(profile: Profile, front: Front) -> Profile:
    path = urlsplit(profile.queue_url).path
    return profile.model_copy(update={"queue_url": front.endpoint + path})


@pytest.mark.parametrize(
    ("reply", "kind", "expected"),
    [
        (refused(400, "QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"), AccountError, Code.QUEUE_DENIED),
        (refused(400, "AccessDeniedException", "AccessDenied"), AccountError, Code.QUEUE_DENIED),
        (refused(400, "KmsAccessDenied", "KMS.AccessDeniedException"), AccountError, Code.QUEUE_DENIED),
        (refused(400, "KmsDisabled", "KMS.DisabledException"), AccountError, Code.QUEUE_DENIED),
        (refused(403, "SignatureDoesNotMatch"), AccountError, Code.KEYS_WRONG),
        (refused(403, "InvalidClientTokenId"), AccountError, Code.KEYS_REVOKED),
        (refused(403, "ExpiredTokenException"), AccountError, Code.SIGN_IN),
        (
            refused(400, "RequestThrottled", "AWS.SimpleQueueService.RequestThrottled"),
            TransientError,
            Code.QUEUE_UNREACHABLE,
        ),
        (refused(400, "KmsThrottled", "KMS.ThrottlingException"), TransientError, Code.QUEUE_UNREACHABLE),
        (refused(500, "InternalFailure"), TransientError, Code.QUEUE_UNREACHABLE),
        (refused(503, "ServiceUnavailable"), TransientError, Code.QUEUE_UNREACHABLE),
        (refused(400, "InvalidMessageContents"), JobError, Code.QUEUE_REFUSED),
        (page(200), AccountError, Code.CAPTIVE_PORTAL),
    ],
    ids=lambda value: json.loads(value.body)["__type"] if isinstance(value, Reply) and value.body[:1] == b"{" else None,
)
def test_a_refused_message_is_told_by_who_has_to_act(
    reply: Reply, kind: type[CallError], expected: Code, behind: Profile, secrets: Secrets, front: Front, call_id: str
) -> None:
    front.answer("SendMessage", reply, times=2)  # ended keys are asked for once more

    with pytest.raises(kind) as caught:
        SqsAnnouncer(behind, secrets).announce(task(call_id))

    assert caught.value.code is expected
    assert "secret words" not in str(caught.value)


def test_keys_that_ended_are_renewed_before_the_message_is_sent(
    behind: Profile, secrets: Secrets, front: Front, call_id: str
) -> None:
    front.answer("SendMessage", refused(403, "ExpiredTokenException"))

    assert SqsAnnouncer(behind, secrets).announce(task(call_id))
    assert front.count("SendMessage") == 2


def test_a_lost_reply_brings_the_message_at_least_once(
    behind: Profile, secrets: Secrets, front: Front, sqs: "SQSClient", profile: Profile, call_id: str
) -> None:
    announcer = SqsAnnouncer(behind, secrets)
    front.lose("SendMessage", acts=True)
    with pytest.raises(TransientError) as caught:
        announcer.announce(task(call_id))

    announcer.announce(task(call_id))

    assert caught.value.code is Code.QUEUE_UNREACHABLE
    assert sum(call_id in sent["Body"] for sent in received(sqs, profile.queue_url)) >= 1


def test_another_message_than_ours_acknowledged_is_not_believed(
    behind: Profile, secrets: Secrets, front: Front, call_id: str
) -> None:
    told = json.dumps({"MD5OfMessageBody": "0" * 32, "MessageId": "m"}).encode()
    front.answer("SendMessage", Reply(200, {"Content-Type": "application/x-amz-json-1.0"}, told))

    with pytest.raises(TransientError) as caught:
        SqsAnnouncer(behind, secrets).announce(task(call_id))

    assert caught.value.code is Code.QUEUE_UNREACHABLE
