"""A replica of the gateway on the sandbox's real servers, and recordings to post.

A replica and a way to the servers end with the package: they look for work as long as they run, and the tests of other
packages would pay for it.
"""

import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from callup_desktop.config.profile import Profile, load_profile
from callup_desktop.sandbox.embedded import Running
from tests.cli.console import wav
from tests.faults.laptop import Network, network_before
from tests.gateway.look import Look
from tests.gateway.replica import ROOT, Replica, replica, write_profile

QUICK = {"relay_interval": 0.5, "registry_timeout": 1, "tries": 2, "lease": 8, "settle_after": 1}
"""Settings of replicas whose tests wait for what happens by itself."""
SMALL = 4 * 1024 * 1024
OUTAGE_CALLS = "calls_of_outages"


@pytest.fixture(scope="package")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("gateway")


@pytest.fixture(scope="session")
def profile(sandbox: Running) -> Profile:
    return load_profile(sandbox.profile)


@pytest.fixture(scope="package")
def gateway(sandbox: Running, folder: Path) -> Iterator[Replica]:
    """A replica as an operator starts it, only that it looks sooner for what is due."""
    with replica(sandbox.profile, folder / "plain", **QUICK) as running:
        yield running


@pytest.fixture(scope="package")
def proxies(profile: Profile) -> Iterator[Network]:
    with network_before(profile) as network:
        yield network


@pytest.fixture(scope="package")
def small_gateway(sandbox: Running, folder: Path) -> Iterator[Replica]:
    """A replica for which little is too much, so that a client who sends all of it has soon done so."""
    with replica(sandbox.profile, folder / "small", largest_recording=SMALL, **QUICK) as running:
        yield running


@pytest.fixture(scope="package")
def outage_gateway(sandbox: Running, folder: Path, proxies: Network) -> Iterator[Replica]:
    """A replica whose way to each server can be cut; nobody else does its work, as its collection is another."""
    profile = proxies.profile.model_copy(update={"collection": OUTAGE_CALLS})
    path = write_profile(folder / "proxied", profile, sandbox.profile)
    # Where nobody can tell that the lease was renewed, an object is rolled back only as long as it is certain to last.
    with replica(path, folder / "proxied", **{**QUICK, "lease": 30}) as running:
        yield running


@pytest.fixture
def network(proxies: Network) -> Iterator[Network]:
    """Good ways before and after."""
    yield proxies
    proxies.forget()
    proxies.come_back()


@pytest.fixture(scope="package")
def look(sandbox: Running) -> Iterator[Look]:
    """The servers as others see them."""
    with Look.at(sandbox) as found:
        yield found


@pytest.fixture(scope="package")
def outage_look(look: Look) -> Look:
    """The same, and the calls of `outage_gateway`."""
    return replace(look, calls=look.calls.database[OUTAGE_CALLS])


@pytest.fixture(scope="session")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """One whole recording of each format, by its name in the contract."""
    made = tmp_path_factory.mktemp("recordings")
    sound = wav(made / "call.wav", seconds=2)
    files = {"wav": sound, "mp3": ROOT / "resources" / "sample.mp3"}
    for name, codec in (("m4a", "aac"), ("flac", "flac")):
        files[name] = made / f"call.{name}"
        subprocess.run(
            ["ffmpeg", "-v", "error", "-i", str(sound), "-c:a", codec, str(files[name])],  # noqa: S607 - setup.sh brings it
            check=True,
        )
    return files


@pytest.fixture(scope="session")
def long_call(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of 22 MiB: two whole parts and a third."""
    return wav(tmp_path_factory.mktemp("long") / "long.wav", seconds=120, seed=7)
