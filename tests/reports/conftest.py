"""What the reports share: the servers of the services' tests, a small recording, a world of fakes for the engine."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.cli.console import wav
from tests.engine.world import World
from tests.services.conftest import guarded, moto, profile, rclone, seaweed, secrets

__all__ = ["guarded", "in_memory", "moto", "profile", "rclone", "seaweed", "secrets", "short", "world"]

_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - each test gets a folder of its own


@contextmanager
def in_memory() -> Iterator[Path]:
    """A folder on a disk in memory where there is one: hours pass there with thousands of transactions."""
    with TemporaryDirectory(dir=_MEMORY) as folder:
        yield Path(folder)


@pytest.fixture
def world() -> Iterator[World]:
    with in_memory() as folder:
        made = World(folder)
        yield made
        made.close()


@pytest.fixture(scope="session")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of 19 KB, one part."""
    return wav(tmp_path_factory.mktemp("short") / "short.wav", seconds=0.1, seed=1)
