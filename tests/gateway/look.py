"""The three servers as anybody else sees them: what is stored, registered and announced."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self, cast

import boto3
from botocore.config import Config
from pymongo import MongoClient
from pymongo.collection import Collection

from callup_desktop.sandbox.embedded import Running
from tests.gateway.replica import eventually

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_sqs import SQSClient

Document = dict[str, Any]


@dataclass
class Look:
    """Plain clients, past every proxy. Messages that were taken off the queue are kept here."""

    s3: "S3Client"
    sqs: "SQSClient"
    calls: Collection[Document]
    uploads: Collection[Document]
    bucket: str
    queue_url: str
    announced: list[Document] = field(default_factory=list)

    @classmethod
    @contextmanager
    def at(cls, running: Running) -> Iterator[Self]:
        config = Config(retries={"total_max_attempts": 5, "mode": "standard"}, proxies={})
        session = boto3.Session(running.access_key_id, running.secret_access_key, region_name="us-east-1")
        with (
            closing(session.client("s3", endpoint_url=running.s3_endpoint, config=config)) as s3,
            closing(session.client("sqs", endpoint_url=running.sqs_endpoint, config=config)) as sqs,
            MongoClient[Document](running.mongo_uri, tz_aware=True) as client,
        ):
            database = client[running.database]
            yield cls(s3, sqs, database["calls"], database["callup_uploads"], running.bucket, running.queue_url)

    def stored_keys(self) -> set[str]:
        """All finished objects."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket)
        return {found["Key"] for page in pages for found in page.get("Contents", [])}

    def open_uploads(self) -> set[str]:
        """The keys of all open multipart uploads."""
        return {each["Key"] for each in self.s3.list_multipart_uploads(Bucket=self.bucket).get("Uploads", [])}

    def content(self, key: str) -> bytes:
        """An object's bytes."""
        return self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()

    def document(self, call_id: str) -> Document:
        """The call in the registry."""
        (found,) = self.calls.find({"call_id": call_id})
        return found

    def unfinished(self) -> list[Document]:
        """Rows of the gateway that are not registered and wait for a replica, not for a sender who is away."""
        waiting = {"registered_at": {"$exists": False}, "due_at": {"$exists": True}}
        resting = {"rests_until": {"$exists": True}, "owner": "", "dropped_at": {"$exists": False}}
        return list(self.uploads.find({**waiting, "$nor": [resting]}))

    def messages(self, call_id: str) -> list[Document]:
        """The messages about a call that were sent so far."""
        while batch := self.sqs.receive_message(
            QueueUrl=self.queue_url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        ).get("Messages"):
            self.announced += [
                {**json.loads(each["Body"]), "attributes": each.get("MessageAttributes")} for each in batch
            ]
            taken = [{"Id": str(at), "ReceiptHandle": each["ReceiptHandle"]} for at, each in enumerate(batch)]
            self.sqs.delete_message_batch(QueueUrl=self.queue_url, Entries=cast(Any, taken))
            if len(batch) < 10:
                break
        return [message for message in self.announced if message["call_id"] == call_id]

    def message(self, call_id: str) -> Document:
        """The first message about a call, waited for."""
        return eventually(lambda: self.messages(call_id), f"a message about {call_id}")[0]


@dataclass(frozen=True)
class Before:
    """What there was before, to see that nothing was added; what others leave may go meanwhile."""

    look: Look
    things: frozenset[str]

    @classmethod
    def of(cls, look: Look) -> Self:
        return cls(look, cls._things(look))

    def assert_nothing_added(self) -> None:
        """No object, no open upload, no document and no row."""
        assert self._things(self.look) <= self.things

    def wait_until_nothing_is_added(self) -> None:
        """Where a client may hear its answer before all is cleaned up."""
        eventually(lambda: self._things(self.look) <= self.things, "nothing is left")

    @staticmethod
    def _things(look: Look) -> frozenset[str]:
        documents = {f"document {found['_id']}" for found in look.calls.find({}, {"_id": True})}
        rows = {f"row {found['_id']}" for found in look.uploads.find({}, {"_id": True})}
        uploads = {f"upload {key}" for key in look.open_uploads()}
        return frozenset(look.stored_keys() | uploads | documents | rows)
