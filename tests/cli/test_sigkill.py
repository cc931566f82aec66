"""The battery dies: SIGKILL of the real program at any moment, then a restart; the call arrives once, whole.

`CALLUP_KILLS=40 pytest tests/cli/test_sigkill.py` kills more often.
"""

import os
import random
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pymongo.collection import Collection

from callup_desktop.sandbox.embedded import Running
from tests.cli.console import DETAILS, Callup, kill, open_uploads, profile_with, wav
from tests.cli.test_send import messages

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_sqs import SQSClient

KILLS = int(os.environ.get("CALLUP_KILLS", "8"))
STEPS = ("check", "create", "upload", "complete", "register")
"""The program is killed as soon as its log tells one of these; which part of "upload" is drawn."""
_POLL_INTERVAL = 0.005


def held_parts(s3: "S3Client", bucket: str, others: frozenset[tuple[str, str]]) -> set[int]:
    """The numbers of the parts that the store holds of the one upload that is open beside the others."""
    uploads = open_uploads(s3, bucket) - others
    assert len(uploads) <= 1, "more than one upload is open"
    return {
        part["PartNumber"]
        for key, upload_id in uploads
        for part in s3.list_parts(Bucket=bucket, Key=key, UploadId=upload_id).get("Parts", [])
    }


def sent_parts(callup: Callup, since: int) -> set[int]:
    entries = callup.log()[since:]
    return {entry["part"] for entry in entries if entry.get("step") == "upload" and entry["event"] == "step done"}


def wait_for_step(callup: Callup, process: Any, since: int, step: str, times: int) -> None:
    """Return once the log tells the step this many times, or the program has ended."""
    while process.poll() is None:
        done = [entry for entry in callup.log()[since:] if entry.get("step") == step and entry["event"] == "step done"]
        if len(done) >= times:
            return
        with suppress(subprocess.TimeoutExpired):
            process.wait(_POLL_INTERVAL)


@pytest.mark.timeout(500)
def test_killed_at_any_moment_the_call_arrives_once_and_whole(
    home: Path,
    sandbox: Running,
    s3: "S3Client",
    sqs: "SQSClient",
    calls: Collection[dict[str, Any]],
    tmp_path: Path,
) -> None:
    chance, others = random.Random(20261120), open_uploads(s3, sandbox.bucket)
    callup = Callup(home, profile_with(tmp_path / "slow", sandbox, bandwidth_limit=12_000_000))
    path = wav(tmp_path / "call.wav", seconds=190)
    arguments: tuple[Any, ...] = ("send", path, *DETAILS)
    for number in range(KILLS):
        held, since = held_parts(s3, sandbox.bucket, others), len(callup.log())
        process = callup.start(*arguments)
        step = STEPS[number % len(STEPS)] if number % 2 else "upload"
        wait_for_step(callup, process, since, step, chance.randint(1, 2))
        with suppress(subprocess.TimeoutExpired):
            process.wait(chance.random() * 0.3)
        kill(process)
        assert not held & sent_parts(callup, since), "a part that the store held was sent again"
        if callup("list", "--json").values:
            arguments = ("resume",)
    held, since = held_parts(s3, sandbox.bucket, others), len(callup.log())
    last = callup(*arguments, "--json")
    assert last.code == 0, last.err
    assert not held & sent_parts(callup, since), "a part that the store held was sent again"

    (row,) = callup("list", "--json").values
    assert row["state"] == "done"
    call_id, key = row["call_id"], row["s3_key"]
    assert s3.get_object(Bucket=sandbox.bucket, Key=key)["Body"].read() == path.read_bytes()
    listed = s3.list_objects_v2(Bucket=sandbox.bucket).get("Contents", [])
    assert [found["Key"] for found in listed if call_id in found["Key"]] == [key]
    assert calls.count_documents({"call_id": call_id}) == 1
    assert any(call_id in message["Body"] for message in messages(sqs, sandbox.queue_url))
    assert open_uploads(s3, sandbox.bucket) <= others
