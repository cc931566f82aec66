"""A window that the rep has quit ends, whatever its own threads wait for."""

import threading
from collections.abc import Iterator, Mapping

import pytest
from pytestqt.qtbot import QtBot

from callup_desktop.engine.ports import CheckResult
from callup_desktop.ui.application import Application
from callup_desktop.ui.shutdown import Shutdown
from callup_desktop.ui.system.environment import Environment
from tests.ui.conftest import WITHIN, FakeDesktop, Rig, end
from tests.ui.fake_connection import FakeConnection


class HungConnection(FakeConnection):
    """Its keyring does not answer until the test is over."""

    def __init__(self) -> None:
        super().__init__()
        self.over = threading.Event()
        self.asked = threading.Event()

    def proxy(self) -> str:
        return ""

    def stored(self) -> Mapping[str, str]:
        self.asked.set()
        self.over.wait()
        return {}


class DyingConnection(FakeConnection):
    """Its check ends in a bug."""

    def run_checks(self) -> Iterator[CheckResult]:
        raise RuntimeError("a bug")


def test_the_time_to_end_runs_from_the_click_while_a_keyring_hangs(qtbot: QtBot, qapp: Application) -> None:
    work = HungConnection()
    rig = Rig(qtbot, qapp, Environment(desktop=FakeDesktop(), connection=work)).start()
    shutdown = Shutdown(rig.window, rig.engine)
    rig.window.open_connection()
    assert work.asked.wait(WITHIN / 1000)

    rig.window.close_policy.quit_now()

    assert shutdown.is_ending
    assert not rig.gone
    work.over.set()
    qtbot.waitUntil(lambda: rig.gone, timeout=WITHIN)
    shutdown._force.stop()
    end(rig)


@pytest.mark.qt_log_ignore("This plugin does not support", "Error calling Python override")
def test_a_check_that_died_does_not_keep_the_window_from_ending(qtbot: QtBot, qapp: Application) -> None:
    rig = Rig(qtbot, qapp, Environment(desktop=FakeDesktop(), connection=DyingConnection())).start()
    with qtbot.captureExceptions():
        rig.window.open_connection()
        page = rig.window.connection
        assert page is not None
        assert page.check_panel is not None
        panel = page.check_panel
        qtbot.waitUntil(lambda: panel.check_button.isEnabled(), timeout=WITHIN)
        rig.window.close_policy.quit_now()
        qtbot.waitUntil(lambda: rig.gone, timeout=WITHIN)
    end(rig)
