"""Fixtures of the sandbox's tests."""

from pathlib import Path

import pytest


@pytest.fixture
def damaged_folder(tmp_path: Path) -> Path:
    """A data folder that the MongoDB server cannot read."""
    (tmp_path / "mongo").mkdir()
    (tmp_path / "mongo" / "WiredTiger.turtle").write_bytes(b"not what WiredTiger wrote")
    (tmp_path / "mongo" / "WiredTiger").write_bytes(b"WiredTiger\n")
    return tmp_path
