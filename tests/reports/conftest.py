"""The servers of the other rooms' tests, and a small recording."""

from pathlib import Path

import pytest

from tests.cli.console import wav
from tests.services.conftest import guarded, moto, profile, rclone, seaweed, secrets

__all__ = ["guarded", "moto", "profile", "rclone", "seaweed", "secrets"]


@pytest.fixture(scope="session")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of 19 KB, one part."""
    return wav(tmp_path_factory.mktemp("short") / "short.wav", seconds=0.1, seed=1)
