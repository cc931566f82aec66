"""Somebody purged the queue, and the calls that were in it were never transcribed.

Other programs only offered to upload everything again, which made every call twice. The recording and the document are
there; only the message is missing.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from callup_desktop.engine.errors import Rejection
from callup_desktop.sandbox.embedded import Running
from tests.cli.console import DETAILS, Callup, profile_with
from tests.cli.test_send import messages
from tests.sandbox.clients import Clients, clients_of

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient


@pytest.fixture
def callup(tmp_path: Path, sandbox: Running) -> Callup:
    return Callup(tmp_path / "home", profile_with(tmp_path, sandbox))


@pytest.fixture
def clients(sandbox: Running) -> Iterator[Clients]:
    with clients_of(sandbox) as clients:
        yield clients


def waiting_for(call_id: str, sqs: "SQSClient", sandbox: Running) -> int:
    return sum(call_id in message["Body"] for message in messages(sqs, sandbox.queue_url))


def test_the_message_alone_is_sent_again_by_a_later_console(
    callup: Callup, sandbox: Running, clients: Clients, short: Path
) -> None:
    (sent,) = callup("send", short, *DETAILS, "--json").values
    call_id = sent["call_id"]
    clients.sqs.purge_queue(QueueUrl=sandbox.queue_url)
    assert waiting_for(call_id, clients.sqs, sandbox) == 0

    answer = callup("announce", call_id, "--json")

    assert answer.code == 0, answer.err
    (told,) = answer.values
    assert told["message_id"] != sent["message_id"]
    assert {**told, "message_id": ""} == {**sent, "message_id": ""}
    assert waiting_for(call_id, clients.sqs, sandbox) == 1
    assert clients.calls.count_documents({"_id": call_id}) == 1


def test_a_call_that_is_not_here_or_went_elsewhere_is_said_to_be(
    callup: Callup, sandbox: Running, short: Path, tmp_path: Path
) -> None:
    (sent,) = callup("send", short, *DETAILS, "--json").values
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    other = Callup(callup.home, profile_with(elsewhere, sandbox, bucket="another-bucket"))

    unknown = callup("announce", "nobody", "--json")
    moved = other("announce", sent["call_id"], "--json")

    assert (unknown.code, unknown.values[0]["error"]["code"]) == (1, Rejection.UNKNOWN)
    assert (moved.code, moved.values[0]["error"]["code"]) == (1, Rejection.OTHER_DESTINATION)
