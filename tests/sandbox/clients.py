"""Plain clients of one sandbox, as any other program would make them."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
import pymongo
from botocore.config import Config
from pymongo.collection import Collection

from callup_desktop.sandbox.embedded import Running

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_sqs import SQSClient


@dataclass(frozen=True, slots=True)
class Clients:
    """One client for each of the servers."""

    s3: "S3Client"
    sqs: "SQSClient"
    calls: Collection[dict[str, Any]]


@contextmanager
def clients_of(running: Running) -> Iterator[Clients]:
    """Clients that ask once and hold no connection after the context."""
    session = boto3.Session(running.access_key_id, running.secret_access_key, region_name="us-east-1")
    once = Config(retries={"total_max_attempts": 1})
    with (
        closing(session.client("s3", endpoint_url=running.s3_endpoint, config=once)) as s3,
        closing(session.client("sqs", endpoint_url=running.sqs_endpoint, config=once)) as sqs,
        pymongo.MongoClient[dict[str, Any]](running.mongo_uri, serverSelectionTimeoutMS=5000) as mongo,
    ):
        yield Clients(s3, sqs, mongo[running.database]["calls"])
