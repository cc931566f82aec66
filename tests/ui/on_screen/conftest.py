"""Tests whose window is on a real screen: `tests/ui/test_on_screen.py` makes the screens and runs them there."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from callup_desktop.config.preferences import PreferencesFile
from callup_desktop.ui.application import Application
from callup_desktop.ui.system.environment import Environment
from tests.ui import samples
from tests.ui.conftest import WITHIN, FakeDesktop, Rig, end
from tests.ui.fake_connection import FakeConnection
from tests.ui.screen import desktop

# Without a real screen there is nothing to run.
collect_ignore_glob = [] if os.environ.get("QT_QPA_PLATFORM") == "xcb" else ["test_*.py"]

Open = Callable[[], Rig]
Desktop = Callable[..., AbstractContextManager[None]]


@pytest.fixture
def open_window(qtbot: QtBot, qapp: Application, tmp_path: Path) -> Iterator[Open]:
    """Opens the window of a rep who worked here before; every window has the same preferences."""
    opened: list[Rig] = []

    def open_one() -> Rig:
        environment = Environment(
            desktop=FakeDesktop(),
            preferences=PreferencesFile(tmp_path / "preferences.toml"),
            connection=FakeConnection(),
        )
        rig = Rig(qtbot, qapp, environment)
        rig.engine.jobs = {job.id: job for job in samples.working()}
        opened.append(rig)
        return rig.start()

    yield open_one
    for rig in opened:
        end(rig)


@pytest.fixture
def desktop_comes(tmp_path: Path) -> Desktop:
    """A window manager with its task bar, as it starts after the program."""
    return partial(desktop, tmp_path, os.environ["DISPLAY"])


@pytest.fixture
def task_bar(qtbot: QtBot, qapp: Application, desktop_comes: Desktop) -> Iterator[None]:
    """A desktop that is there before the program."""
    screen = qapp.primaryScreen()
    with desktop_comes():
        qtbot.waitUntil(lambda: screen.availableGeometry() != screen.geometry(), timeout=WITHIN)
        yield
