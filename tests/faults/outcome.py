"""The promise, asked of the servers themselves: whole and once, or nothing at all."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pymongo.collection import Collection

from callup_desktop.engine.job import Job

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_sqs import SQSClient

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Servers:
    """Plain clients of the three servers, past every proxy."""

    s3: "S3Client"
    sqs: "SQSClient"
    calls: Collection[Document]
    bucket: str
    queue_url: str

    def keys_of(self, job: Job) -> list[str]:
        """The finished objects of the call."""
        listed = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=job.key).get("Contents", [])
        return [found["Key"] for found in listed]

    def open_uploads_of(self, job: Job) -> list[str]:
        """The ids of the call's open uploads."""
        listed = self.s3.list_multipart_uploads(Bucket=self.bucket, Prefix=job.key).get("Uploads", [])
        return [upload["UploadId"] for upload in listed]

    def documents_of(self, job: Job) -> list[Document]:
        """The call in the registry."""
        return list(self.calls.find({"call_id": job.id}))

    def messages(self) -> list[Document]:
        """Take all messages off the queue."""
        found: list[Document] = []
        while batch := self.sqs.receive_message(
            QueueUrl=self.queue_url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        ).get("Messages"):
            for message in batch:
                found.append(json.loads(message["Body"]))
                self.sqs.delete_message(QueueUrl=self.queue_url, ReceiptHandle=message["ReceiptHandle"])
        return found

    def arrived_whole_and_once(self, job: Job, path: Path, messages: list[Document] | None = None) -> None:
        """One object equal to the file, one document, a message, no open upload."""
        assert self.keys_of(job) == [job.key]
        assert self.s3.get_object(Bucket=self.bucket, Key=job.key)["Body"].read() == path.read_bytes()
        assert self.open_uploads_of(job) == []
        (document,) = self.documents_of(job)
        assert document["audio"]["s3_key"] == job.key
        assert document["audio"]["file_size_bytes"] == path.stat().st_size
        told = [message for message in messages or self.messages() if message["call_id"] == job.id]
        assert told, "nobody told the transcription queue"
        assert {message["s3_key"] for message in told} == {job.key}

    def nothing_is_left(self, job: Job) -> None:
        """Of a call that was taken back."""
        assert self.keys_of(job) == []
        assert self.open_uploads_of(job) == []
        assert self.documents_of(job) == []
        assert not [message for message in self.messages() if message["call_id"] == job.id]
