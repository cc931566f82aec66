"""What closing the window means follows the tray, which comes and goes as the desktop does."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from tests.ui.conftest import WITHIN, Rig, end
from tests.ui.on_screen.conftest import Desktop, Open


def is_in_tray(rig: Rig) -> bool:
    return rig.window.tray.available and not rig.window.tray._icon.geometry().isEmpty()


def test_a_tray_that_comes_after_the_start_is_noticed_and_one_that_goes_gives_the_window_back(
    open_window: Open, desktop_comes: Desktop
) -> None:
    rig = open_window()
    assert not rig.window.tray.available

    with desktop_comes():
        rig.qtbot.waitUntil(lambda: is_in_tray(rig), timeout=WITHIN)
        rig.window.close()
        assert not rig.window.isVisible()
        assert rig.dialog is None

    rig.qtbot.waitUntil(rig.window.isVisible, timeout=WITHIN)
    assert not rig.gone
    end(rig)


def test_without_a_tray_close_minimises_and_says_so_once(open_window: Open, desktop_comes: Desktop) -> None:
    with desktop_comes(tray=False):
        rig = open_window()
        rig.window.close()
        box = rig.dialog
        assert isinstance(box, QMessageBox)
        assert box.text() == "CallUp stays in the task bar."
        rig.qtbot.waitUntil(lambda: box.windowHandle().isExposed(), timeout=WITHIN)
        QTest.keyClick(box.windowHandle(), Qt.Key.Key_Return)

        rig.qtbot.waitUntil(lambda: not rig.window.windowHandle().isExposed(), timeout=WITHIN)
        assert rig.window.isMinimized()
        rig.window.come_forward()
        rig.qtbot.waitUntil(lambda: rig.window.windowHandle().isExposed(), timeout=WITHIN)
        rig.window.close()

        rig.qtbot.waitUntil(lambda: not rig.window.windowHandle().isExposed(), timeout=WITHIN)
        assert rig.window.isMinimized()
        assert QApplication.activeModalWidget() is None
        assert not rig.gone
        end(rig)
