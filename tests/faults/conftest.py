"""The servers, a bad network before them, and the small recordings that the fault tests send.

All of it ends with the package: the replica and the driver's monitors look as long as they run, and the tests of other
packages would pay for it.
"""

from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import pytest

from callup_desktop.config.profile import Profile, load_profile
from callup_desktop.sandbox.embedded import Sandbox
from callup_desktop.services.secrets import open_secrets
from tests.cli.console import wav
from tests.engine.world import World
from tests.faults.laptop import Network, OneSession, network_before
from tests.faults.outcome import Ground, Servers, servers_of
from tests.faults.roads import GatewayRoad, Road, StraightRoad
from tests.faults.through_gateway import GatewayWays, ways_to_gateway


@pytest.fixture(scope="package", autouse=True)
def impatient_driver() -> Iterator[None]:
    """PyMongo lets half a second pass before it looks again for a server that was gone: half a minute in all."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pymongo.common.MIN_HEARTBEAT_INTERVAL", 0.02)
        patch.setattr("pymongo.network_layer._POLL_TIMEOUT", 0.02)
        yield


@pytest.fixture(scope="package")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """Servers of these tests' own, because they are killed."""
    sandbox = Sandbox(tmp_path_factory.mktemp("ground"))
    with sandbox as running:
        yield Ground(sandbox, running)


@pytest.fixture(scope="package")
def straight(ground: Ground) -> Profile:
    """The profile that leads past the proxies."""
    return load_profile(ground.running.profile)


@pytest.fixture(scope="package")
def keys(ground: Ground, straight: Profile) -> OneSession:
    return OneSession(open_secrets(straight, ground.running.profile))


@pytest.fixture(scope="package")
def servers(ground: Ground) -> Iterator[Servers]:
    with servers_of(ground) as servers:
        yield servers


@pytest.fixture(scope="package")
def proxies(straight: Profile) -> Iterator[Network]:
    with network_before(straight) as network:
        yield network


@pytest.fixture
def network(proxies: Network) -> Iterator[Network]:
    """The proxies, without any harm before and after."""
    proxies.forget()
    yield proxies
    proxies.forget()


@pytest.fixture(scope="package")
def all_ways(ground: Ground, straight: Profile, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayWays]:
    with ways_to_gateway(ground, straight, tmp_path_factory.mktemp("through")) as ways:
        yield ways


@pytest.fixture
def ways(all_ways: GatewayWays) -> Iterator[GatewayWays]:
    """Good ways to a gateway before and after."""
    all_ways.forget()
    yield all_ways
    all_ways.come_back()
    all_ways.forget()


@pytest.fixture(params=["straight", "gateway"])
def road(
    request: pytest.FixtureRequest, network: Network, keys: OneSession, ways: GatewayWays, servers: Servers
) -> Road:
    """Both roads, one after the other."""
    return StraightRoad(servers, network, keys) if request.param == "straight" else GatewayRoad(servers, ways)


@pytest.fixture
def short(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A recording of 19 KB, one part, that no other test sends: a gateway would tell of it as a colleague's."""
    return wav(tmp_path_factory.mktemp("short") / "short.wav", seconds=0.1, seed=crc32(request.node.nodeid.encode()))


@pytest.fixture
def long(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """Another one, of 11 MiB, three parts."""
    return wav(tmp_path_factory.mktemp("long") / "long.wav", seconds=60, seed=crc32(request.node.nodeid.encode()))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A laptop whose clock the test moves, and servers in memory."""
    made = World(tmp_path)
    yield made
    made.close()
