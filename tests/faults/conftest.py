"""The servers, a bad network before them, and the small recordings that the fault tests send."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from callup_desktop.config.profile import Profile, load_profile
from callup_desktop.sandbox.embedded import Sandbox
from callup_desktop.services.secrets import open_secrets
from tests.cli.console import wav
from tests.engine.world import World
from tests.faults.laptop import Network, OneSession, network_before
from tests.faults.outcome import Ground, Servers, servers_of


@pytest.fixture(scope="session", autouse=True)
def impatient_driver() -> Iterator[None]:
    """PyMongo lets half a second pass before it looks again for a server that was gone: half a minute in all."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pymongo.common.MIN_HEARTBEAT_INTERVAL", 0.02)
        patch.setattr("pymongo.network_layer._POLL_TIMEOUT", 0.02)
        yield


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """Servers of these tests' own, because they are killed."""
    sandbox = Sandbox(tmp_path_factory.mktemp("ground"))
    with sandbox as running:
        yield Ground(sandbox, running)


@pytest.fixture(scope="session")
def straight(ground: Ground) -> Profile:
    """The profile that leads past the proxies."""
    return load_profile(ground.running.profile)


@pytest.fixture(scope="session")
def keys(ground: Ground, straight: Profile) -> OneSession:
    return OneSession(open_secrets(straight, ground.running.profile))


@pytest.fixture(scope="session")
def servers(ground: Ground) -> Iterator[Servers]:
    with servers_of(ground) as servers:
        yield servers


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


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A laptop whose clock the test moves, and servers in memory."""
    made = World(tmp_path)
    yield made
    made.close()
