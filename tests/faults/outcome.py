"""The promise, asked of the servers themselves: whole and once, or nothing at all."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import boto3
from botocore.config import Config
from pymongo import MongoClient
from pymongo.collection import Collection

from callup_desktop.engine.job import Job
from callup_desktop.sandbox.embedded import Running, Sandbox

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_sqs import SQSClient

Document = dict[str, Any]
_AT_ONCE = 10


@dataclass(frozen=True, slots=True)
class Ground:
    """A sandbox whose servers may be killed, and where it runs."""

    sandbox: Sandbox
    running: Running

    @property
    def keys(self) -> dict[str, str]:
        """As the sandbox keeps them beside its profile."""
        return {
            "access_key_id": self.running.access_key_id,
            "secret_access_key": self.running.secret_access_key,
        }


@contextmanager
def servers_of(ground: Ground) -> "Iterator[Servers]":
    """Plain clients, good while the context lasts."""
    running = ground.running
    patient = Config(retries={"total_max_attempts": 5, "mode": "standard"}, proxies={})
    session = boto3.Session(running.access_key_id, running.secret_access_key, region_name="us-east-1")
    with (
        closing(session.client("s3", endpoint_url=running.s3_endpoint, config=patient)) as s3,
        closing(session.client("sqs", endpoint_url=running.sqs_endpoint, config=patient)) as sqs,
        MongoClient[Document](running.mongo_uri, tz_aware=True) as client,
    ):
        yield Servers(ground.sandbox, s3, sqs, client[running.database]["calls"], running.bucket, running.queue_url)


@dataclass(frozen=True, slots=True)
class Servers:
    """Plain clients of the three servers, past every proxy."""

    sandbox: Sandbox
    s3: "S3Client"
    sqs: "SQSClient"
    calls: Collection[Document]
    bucket: str
    queue_url: str

    def keys_of(self, job: Job) -> list[str]:
        """The finished objects of the call."""
        listed = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=job.key).get("Contents", [])
        return [found["Key"] for found in listed]

    def keys_with(self, call_id: str) -> list[str]:
        """The finished objects that bear the call's name, wherever they are."""
        return [key for key in self.all_keys() if call_id in key]

    def all_keys(self) -> list[str]:
        """All finished objects."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket)
        return [found["Key"] for page in pages for found in page.get("Contents", [])]

    def content_of(self, key: str) -> bytes:
        """The bytes of an object."""
        return self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()

    def keep_versions(self, *, on: bool) -> None:
        """Have the bucket keep what is deleted or written over, or keep no more of it from now on."""
        status: Literal["Enabled", "Suspended"] = "Enabled" if on else "Suspended"
        self.s3.put_bucket_versioning(Bucket=self.bucket, VersioningConfiguration={"Status": status})

    def versions_with(self, call_id: str) -> list[tuple[str, str]]:
        """Key and version of whatever can still be read of the call, deleted or not."""
        pages = self.s3.get_paginator("list_object_versions").paginate(Bucket=self.bucket)
        found = (version for page in pages for version in page.get("Versions", []))
        return [(version["Key"], version["VersionId"]) for version in found if call_id in version["Key"]]

    def forget(self, job: Job) -> None:
        """Take away the object, all its versions, and the document of a call that was looked at."""
        for key, version in self.versions_with(job.id):
            self.s3.delete_object(Bucket=self.bucket, Key=key, VersionId=version)
        self.s3.delete_object(Bucket=self.bucket, Key=job.key)
        self.calls.delete_many({"call_id": job.id})

    def open_uploads_of(self, job: Job) -> list[str]:
        """The ids of the call's open uploads."""
        listed = self.s3.list_multipart_uploads(Bucket=self.bucket, Prefix=job.key).get("Uploads", [])
        return [upload["UploadId"] for upload in listed]

    def open_uploads(self) -> list[str]:
        """The keys of all open uploads."""
        listed = self.s3.list_multipart_uploads(Bucket=self.bucket).get("Uploads", [])
        return [upload["Key"] for upload in listed]

    def documents_of(self, job: Job) -> list[Document]:
        """The call in the registry."""
        return list(self.calls.find({"call_id": job.id}))

    def messages(self) -> list[Document]:
        """Take all messages off the queue."""
        found: list[Document] = []
        while batch := self.sqs.receive_message(QueueUrl=self.queue_url, MaxNumberOfMessages=_AT_ONCE).get("Messages"):
            found += [json.loads(message["Body"]) for message in batch]
            taken = [{"Id": str(at), "ReceiptHandle": each["ReceiptHandle"]} for at, each in enumerate(batch)]
            self.sqs.delete_message_batch(QueueUrl=self.queue_url, Entries=cast(Any, taken))
            if len(batch) < _AT_ONCE:
                break  # unlike the real queue, this one tells all that it has
        return found

    def arrived_whole_and_once(self, job: Job, path: Path, messages: list[Document] | None = None) -> None:
        """One object equal to the file, one document, a message, no open upload."""
        assert self.keys_of(job) == [job.key]
        assert self.content_of(job.key) == path.read_bytes()
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
