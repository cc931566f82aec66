"""What the reports share: a small world of fakes for what the engine alone does."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.engine.world import World

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - each test gets a folder of its own


@pytest.fixture
def world() -> Iterator[World]:
    """Hours pass in it with thousands of transactions, so its journal lies in memory where there is such a disk."""
    with TemporaryDirectory(dir=MEMORY) as folder:
        made = World(Path(folder))
        yield made
        made.close()
