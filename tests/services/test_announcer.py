"""The queue's contract, over the fake and over a real SQS server (moto's)."""

import json
import uuid
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from callup_desktop.calls.documents import TranscriptionTask
from callup_desktop.engine.errors import AccountError, Code
from callup_desktop.engine.ports import Announcer
from callup_desktop.profile import Profile
from callup_desktop.services.secrets import Secrets
from callup_desktop.services.sqs import SqsAnnouncer
from tests.fakes.announcer import FakeAnnouncer

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

Take = Callable[[str], list[str]]
"""The bodies of all messages about a call."""


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
    """Subclasses bring the fixtures `announcer` and `take`."""

    def test_the_message_is_that_of_the_contract(self, announcer: Announcer, take: Take, call_id: str) -> None:
        announcer.announce(task(call_id))

        assert [json.loads(body) for body in take(call_id)] == [
            {
                "call_id": call_id,
                "s3_bucket": "audio",
                "s3_key": f"2025/11/04/{call_id}.mp3",
                "format": "mp3",
                "timestamp": "2025-11-04T10:30:00Z",
            }
        ]

    def test_announcing_again_brings_at_least_one_message(self, announcer: Announcer, take: Take, call_id: str) -> None:
        assert announcer.announce(task(call_id))
        announcer.reset()
        assert announcer.announce(task(call_id))

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
