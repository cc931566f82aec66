"""The servers, a bad network before them, and the small recordings that the fault tests send."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pymongo.collection import Collection

from callup_desktop.profile import Profile, load_profile
from callup_desktop.sandbox.embedded import Running
from callup_desktop.services.secrets import open_secrets
from tests.cli.console import wav
from tests.faults.laptop import Network, OneSession, network_before
from tests.faults.outcome import Servers

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_sqs import SQSClient


@pytest.fixture(scope="session")
def straight(sandbox: Running) -> Profile:
    """The profile that leads past the proxies."""
    return load_profile(sandbox.profile)


@pytest.fixture(scope="session")
def keys(sandbox: Running, straight: Profile) -> OneSession:
    return OneSession(open_secrets(straight, sandbox.profile))


@pytest.fixture(scope="session")
def servers(sandbox: Running, s3: "S3Client", sqs: "SQSClient", calls: Collection[dict[str, Any]]) -> Servers:
    return Servers(s3, sqs, calls, sandbox.bucket, sandbox.queue_url)


@pytest.fixture(scope="session")
def proxies(straight: Profile) -> Iterator[Network]:
    with network_before(straight) as network:
        yield network


@pytest.fixture
def network(proxies: Network) -> Iterator[Network]:
    """The proxies, without any harm before and after."""
    proxies.forget()
    yield proxies
    proxies.forget()


@pytest.fixture(scope="session")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of 19 KB, one part."""
    return wav(tmp_path_factory.mktemp("short") / "short.wav", seconds=0.1, seed=1)


@pytest.fixture(scope="session")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of 11 MiB, three parts."""
    return wav(tmp_path_factory.mktemp("long") / "long.wav", seconds=60, seed=2)
