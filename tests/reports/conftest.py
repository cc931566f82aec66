"""What the reports share: a small world of fakes for what the engine alone does."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.engine.world import World

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
