"""The window stands inside the screen with its frame, whatever the screen, and where it was left."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSplitter, QWidget

from callup_desktop.config.preferences import PreferencesFile
from callup_desktop.ui.application import Application
from tests.ui.conftest import WITHIN, Rig, end
from tests.ui.on_screen.conftest import Desktop, Open


def assert_inside(rig: Rig) -> None:
    # Qt rounds a frame of half a pixel up.
    frame, room = rig.window.frameGeometry(), rig.window.screen().availableGeometry().adjusted(-1, -1, 1, 1)
    assert room.contains(frame), (room, frame)


def wait_inside(rig: Rig) -> None:
    def is_framed_and_inside() -> None:
        assert rig.window.frameGeometry().height() > rig.window.height()
        assert_inside(rig)

    rig.qtbot.waitUntil(is_framed_and_inside, timeout=WITHIN)


def splitter_of(rig: Rig) -> QSplitter:
    splitter = rig.page.findChild(QSplitter)
    assert splitter is not None
    return splitter


def pane_width(rig: Rig) -> int:
    return splitter_of(rig).sizes()[1]


@pytest.mark.usefixtures("task_bar")
def test_the_first_window_is_no_larger_than_the_screen(open_window: Open) -> None:
    rig = open_window()

    wait_inside(rig)


@pytest.mark.usefixtures("task_bar")
def test_size_place_and_pane_are_those_of_the_last_time(open_window: Open) -> None:
    rig = open_window()
    wait_inside(rig)
    rig.window.resize(880, 450)
    rig.window.move(40, 30)
    rig.qtbot.waitUntil(lambda: rig.window.pos() == QPoint(40, 30), timeout=WITHIN)
    rig.qtbot.waitUntil(lambda: rig.window.size() == QSize(880, 450), timeout=WITHIN)
    before = pane_width(rig)
    grip = splitter_of(rig).handle(1)
    middle = grip.rect().center()
    QTest.mousePress(grip, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
    QTest.mouseMove(grip, middle - QPoint(30, 0))
    QTest.mouseRelease(grip, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    wider = pane_width(rig)
    assert wider > before
    rig.window.close()
    end(rig)

    again = open_window()

    again.qtbot.waitUntil(lambda: again.window.pos() == QPoint(40, 30), timeout=WITHIN)
    assert again.window.size() == QSize(880, 450)
    assert pane_width(again) == wider


@pytest.mark.usefixtures("task_bar")
def test_a_maximised_window_is_maximised_the_next_time_and_after_it_was_minimised(open_window: Open) -> None:
    rig = open_window()
    wait_inside(rig)
    rig.window.showMaximized()
    rig.qtbot.waitUntil(rig.window.isMaximized, timeout=WITHIN)
    end(rig)

    again = open_window()
    again.qtbot.waitUntil(again.window.isMaximized, timeout=WITHIN)
    again.window.showMinimized()
    again.qtbot.waitUntil(lambda: not again.window.windowHandle().isExposed(), timeout=WITHIN)
    again.window.come_forward()

    again.qtbot.waitUntil(lambda: again.window.windowHandle().isExposed(), timeout=WITHIN)
    assert again.window.isMaximized()
    assert not again.window.isMinimized()


@pytest.mark.usefixtures("task_bar")
def test_a_window_that_was_left_on_a_screen_which_is_gone_comes_back_inside_this_one(
    open_window: Open, qapp: Application, tmp_path: Path
) -> None:
    left = QWidget()
    left.setGeometry(3000, 1900, 2400, 1500)
    place = bytes(left.saveGeometry().toBase64().data()).decode()
    assert qapp.primaryScreen().geometry().width() < 2400
    PreferencesFile(tmp_path / "preferences.toml").change(window_place=place)

    wait_inside(open_window())


def test_a_task_bar_that_comes_later_makes_the_window_smaller(open_window: Open, desktop_comes: Desktop) -> None:
    rig = open_window()
    whole = rig.window.screen().geometry()
    rig.window.setGeometry(whole)
    rig.settle()

    def is_smaller() -> None:
        assert rig.window.screen().availableGeometry() != whole
        assert_inside(rig)

    with desktop_comes():
        rig.qtbot.waitUntil(is_smaller, timeout=WITHIN)
    end(rig)
