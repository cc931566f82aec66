"""A drag from another program, as the screen's server carries it: one that ends well, and one whose program dies."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint

from tests.ui.conftest import WITHIN, Rig
from tests.ui.drag_source import SIDE
from tests.ui.on_screen.conftest import Open
from tests.ui.on_screen.test_hand import click, hand, point_at

STEPS = 6
"""How many places a hand passes on its way."""


@pytest.fixture
def rig(task_bar: object, open_window: Open) -> Rig:  # noqa: ARG001 - the window has to be on a desktop
    """A window with calls in it."""
    return open_window()


def has(rig: Rig, file: Path) -> bool:
    return any(job.path == file for job in rig.engine.jobs.values())


@contextmanager
def drag_of(rig: Rig, file: Path) -> Iterator[subprocess.Popen[str]]:
    """A drag of this file that another program began and a hand holds over the rows."""
    command = [sys.executable, "-m", "tests.ui.drag_source", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as source:
        try:
            assert source.stdout is not None
            assert source.stdout.readline() == "shown\n"
            hand("mousemove", str(SIDE // 2), str(SIDE // 2), "mousedown", "1")
            rows = rig.lists.view
            for step in range(STEPS):
                point_at(rows, rows.rect().center() + QPoint(0, step))
                rig.settle()
            rig.qtbot.waitUntil(lambda: rig.page.drop_zone.is_highlighted, timeout=WITHIN)
            yield source
        finally:
            source.kill()
            hand("mouseup", "1")


def test_a_drag_that_another_program_wants_to_move_is_a_copy(rig: Rig, tmp_path: Path) -> None:
    file = tmp_path / "dragged.mp3"
    file.write_bytes(b"x" * 1000)
    with drag_of(rig, file) as source:
        hand("mouseup", "1")
        rig.qtbot.waitUntil(lambda: has(rig, file), timeout=WITHIN)

        assert source.stdout is not None
        assert source.stdout.readline() == "CopyAction\n"
    assert not rig.page.drop_zone.is_highlighted


def test_the_window_goes_on_after_the_program_of_a_drag_has_died(rig: Rig, tmp_path: Path) -> None:
    file = tmp_path / "dragged.mp3"
    file.write_bytes(b"x" * 1000)
    with drag_of(rig, file) as source:
        source.kill()
        source.wait()

        rig.qtbot.waitUntil(lambda: not rig.page.drop_zone.is_highlighted, timeout=WITHIN)

    click(rig.lists.search)
    hand("type", "acme")
    rig.qtbot.waitUntil(lambda: rig.lists.search.text() == "acme", timeout=WITHIN)
    with drag_of(rig, file):
        hand("mouseup", "1")
        rig.qtbot.waitUntil(lambda: has(rig, file), timeout=WITHIN)
