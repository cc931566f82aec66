"""Runs the tests of `on_screen/` on screens in memory, each with a window manager of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ui.screen import environ, only_linux, screen

WITHIN = 280
"""Seconds in which all tests of a file have to end, also on a machine that is busy with something else."""
ROOT = Path(__file__).parents[2]


@only_linux
@pytest.mark.timeout(WITHIN + 20)
@pytest.mark.parametrize(
    ("file", "size", "scale"),
    [
        ("test_place.py", "1366x768", "1.25"),
        ("test_place.py", "1920x1080", "2"),
        ("test_tray.py", "1280x800", "1"),
        ("test_hand.py", "1280x800", "1"),
        ("test_drag.py", "1280x800", "1"),
    ],
)
def test_the_window_on_a_real_screen(home: Path, file: str, size: str, scale: str) -> None:
    with screen(size) as display:
        outer = [name for name in os.environ if name.startswith("PYTEST_")]
        environment = environ(display, home, QT_SCALE_FACTOR=scale)
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"tests/ui/on_screen/{file}"],
            cwd=ROOT,
            env={name: value for name, value in environment.items() if name not in outer},
            capture_output=True,
            text=True,
            timeout=WITHIN,
        )

    assert run.returncode == 0, run.stdout + run.stderr
    assert " passed" in run.stdout
    assert "skipped" not in run.stdout
