"""From a file on the console to S3, MongoDB and SQS, read back by plain clients."""

import base64
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from awscrt import checksums
from pymongo.collection import Collection

from callup_desktop.sandbox.embedded import Running
from tests.cli.console import DETAILS, RUN_WITHIN, Callup, open_uploads, profile_with, until, wav

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_sqs import SQSClient

UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def messages(sqs: "SQSClient", queue_url: str) -> Iterator[Any]:
    """All messages that wait in the queue."""
    while batch := sqs.receive_message(
        QueueUrl=queue_url, MaxNumberOfMessages=10, MessageAttributeNames=["All"], VisibilityTimeout=600
    ).get("Messages"):
        yield from batch


def test_a_recording_arrives_exactly_as_the_contract_says(
    callup: Callup,
    sandbox: Running,
    s3: "S3Client",
    sqs: "SQSClient",
    calls: Collection[dict[str, Any]],
    tmp_path: Path,
) -> None:
    path = wav(tmp_path / "Acme quarterly review.wav", seconds=2)
    before = datetime.now(UTC) - timedelta(seconds=1)
    answer = callup("send", path, *DETAILS, "--json")
    assert answer.code == 0, answer.err
    (told,) = answer.values
    call_id, key = told["call_id"], told["s3_key"]
    assert UUID4.fullmatch(call_id)
    data = path.read_bytes()
    crc = base64.b64encode(checksums.crc64nvme(data).to_bytes(8, "big")).decode()
    assert told == {
        "file": str(path),
        "call_id": call_id,
        "status": "uploaded",
        "message": "Audio file uploaded successfully. Processing will begin shortly.",
        "s3_bucket": sandbox.bucket,
        "s3_key": f"{datetime.now(UTC):%Y/%m/%d}/{call_id}.wav",
        "checksum": f"CRC64NVME:{crc}",
        "message_id": told["message_id"],
    }

    stored = s3.get_object(Bucket=sandbox.bucket, Key=key)
    assert stored["Body"].read() == data
    assert (stored["ContentType"], stored["ServerSideEncryption"]) == ("audio/wav", "AES256")

    document = calls.find_one({"call_id": call_id})
    assert document is not None
    moments = {document.pop(name) for name in ("uploaded_at", "created_at", "updated_at")}
    assert all(before <= moment <= datetime.now(UTC) for moment in moments)
    assert document == {
        "_id": call_id,
        "call_id": call_id,
        "status": "uploaded",
        "audio": {
            "s3_bucket": sandbox.bucket,
            "s3_key": key,
            "format": "wav",
            "file_size_bytes": len(data),
            "duration_seconds": None,
        },
        "metadata": {"company_name": "Acme Corp", "contact_email": "john@acme.com", "call_type": "demo"},
        **({"uploaded_by": document["uploaded_by"]} if "uploaded_by" in document else {}),
    }

    (message,) = [found for found in messages(sqs, sandbox.queue_url) if call_id in found["Body"]]
    body = json.loads(message["Body"])
    assert datetime.fromisoformat(body.pop("timestamp")) in moments
    assert body == {"call_id": call_id, "s3_bucket": sandbox.bucket, "s3_key": key, "format": "wav"}
    attributes = {
        name: (value["DataType"], value["StringValue"]) for name, value in message["MessageAttributes"].items()
    }
    assert attributes == {"task_type": ("String", "transcription"), "priority": ("String", "normal")}
    assert message["MessageId"] == told["message_id"]


def test_without_json_stdout_is_one_receipt_a_file(callup: Callup, tmp_path: Path) -> None:
    files = [wav(tmp_path / f"call-{number}.wav", seed=number) for number in range(3)]
    answer = callup("send", *files, *DETAILS)
    assert answer.code == 0, answer.err
    assert len({receipt.pop("call_id") for receipt in answer.values}) == 3
    assert [sorted(receipt) for receipt in answer.values] == [["call_id", "message", "status"]] * 3


def test_a_large_recording_goes_in_parts_with_a_full_object_checksum(
    callup: Callup, sandbox: Running, s3: "S3Client", tmp_path: Path
) -> None:
    others = open_uploads(s3, sandbox.bucket)
    path = wav(tmp_path / "long.wav", seconds=60)
    answer = callup("send", path, *DETAILS, "--json")
    assert answer.code == 0, answer.err
    (told,) = answer.values
    head = s3.head_object(Bucket=sandbox.bucket, Key=told["s3_key"], ChecksumMode="ENABLED")
    assert head["ETag"].endswith('-3"')
    assert head["ContentLength"] == path.stat().st_size
    assert told["checksum"] == f"CRC64NVME:{head['ChecksumCRC64NVME']}"
    steps = [entry["step"] for entry in callup.log() if entry["event"] == "step done"]
    assert steps == ["check", "check", "create", "upload", "upload", "upload", "complete", "register", "announce"]
    assert open_uploads(s3, sandbox.bucket) <= others


def test_a_call_that_cannot_be_sent_now_is_kept_and_resumed_later(
    callup: Callup, sandbox: Running, s3: "S3Client", tmp_path: Path
) -> None:
    path = wav(tmp_path / "call.wav", seconds=3)
    nowhere = profile_with(tmp_path / "nowhere", sandbox, endpoint="http://127.0.0.1:9")
    kept = Callup(callup.home, nowhere)("send", path, *DETAILS, "--json", "--patience", "5")
    assert kept.code == 75
    assert kept.values[0]["error"]["code"] == "connection"
    (waiting,) = callup("list", "--json").values
    assert (waiting["state"], waiting["file"]) == ("queued", str(path))
    resumed = callup("resume", "--json")
    assert resumed.code == 0, resumed.err
    assert resumed.values[0]["call_id"] == waiting["call_id"]
    assert s3.head_object(Bucket=sandbox.bucket, Key=resumed.values[0]["s3_key"])


def test_sending_a_kept_file_again_does_not_make_a_second_call(
    callup: Callup, sandbox: Running, calls: Collection[dict[str, Any]], tmp_path: Path
) -> None:
    path = wav(tmp_path / "call.wav")
    nowhere = profile_with(tmp_path / "nowhere", sandbox, endpoint="http://127.0.0.1:9")
    assert Callup(callup.home, nowhere)("send", path, *DETAILS, "--patience", "1").code == 75
    (waiting,) = callup("list", "--json").values
    again = callup("send", path, *DETAILS, "--json")
    assert again.code == 0, again.err
    assert again.values[0]["call_id"] == waiting["call_id"]
    assert calls.count_documents({"_id": waiting["call_id"]}) == 1
    assert len(callup("list", "--json").values) == 1


def test_a_piped_list_has_one_line_a_call(callup: Callup, tmp_path: Path) -> None:
    name = "a recording with quite a long name, as they come out of meetings.wav"
    assert callup("send", wav(tmp_path / name), *DETAILS).code == 0
    _titles, line = callup("list").out.splitlines()
    assert name in line
    assert "Acme Corp" in line


def test_pause_and_cancel_work_without_a_running_program(callup: Callup, sandbox: Running, tmp_path: Path) -> None:
    path = wav(tmp_path / "call.wav")
    nowhere = Callup(callup.home, profile_with(tmp_path / "nowhere", sandbox, endpoint="http://127.0.0.1:9"))
    assert nowhere("send", path, *DETAILS, "--patience", "1").code == 75
    assert nowhere("pause").code == 0
    (paused,) = callup("list", "--json").values
    assert paused["state"] == "paused"
    cancelled = callup("cancel", paused["call_id"])
    assert (cancelled.code, cancelled.values[0]["status"]) == (0, "cancelled")
    assert callup("list", "--json").out == ""
    assert callup("cancel", paused["call_id"]).code == 1


def test_a_second_process_hands_its_files_to_the_running_one(callup: Callup, sandbox: Running, tmp_path: Path) -> None:
    slow = Callup(callup.home, profile_with(tmp_path / "slow", sandbox, bandwidth_limit=100_000))
    long = slow.start("send", wav(tmp_path / "long.wav", seconds=50), *DETAILS, "--json", "--patience", "5")
    until(lambda: slow.log(), long)
    second = slow("send", wav(tmp_path / "short.wav", seconds=0.1, seed=5), *DETAILS, "--json")
    assert second.code == 0, second.err
    assert long.poll() is None
    paused = slow("pause")
    assert [row["status"] for row in paused.values] == ["paused"]
    out, err = long.communicate(timeout=RUN_WITHIN)
    assert long.returncode == 75, out + err
    assert callup("resume", paused.values[0]["call_id"], "--json").code == 0


@pytest.mark.parametrize("missing", ["--company", "--email", "--type"])
def test_a_missing_field_is_a_sentence_and_nothing_is_created(callup: Callup, tmp_path: Path, missing: str) -> None:
    at = DETAILS.index(missing)
    answer = callup("send", wav(tmp_path / "call.wav"), *DETAILS[:at], *DETAILS[at + 2 :], "--json")
    assert answer.code == 1
    assert answer.values[0]["error"]["message"].endswith("to send this recording.")
    assert callup("list", "--json").out == ""


def test_a_wrong_email_is_a_sentence(callup: Callup, tmp_path: Path) -> None:
    answer = callup("send", wav(tmp_path / "call.wav"), "--company", "A", "--email", "john@acme", "--type", "demo")
    assert answer.code == 1
    assert "Enter a full email address" in answer.err
