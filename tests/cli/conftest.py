"""Fixtures of the console's tests."""

from pathlib import Path

import pytest

from callup_desktop.sandbox.embedded import Running
from tests.cli.console import Callup


@pytest.fixture
def callup(home: Path, sandbox: Running) -> Callup:
    return Callup(home, sandbox.profile)
