"""`callup-desktop` as a process: it opens, a second start hands over its files, a signal ends it in good order."""

import signal
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QTimer
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from callup_desktop.config.paths import home as home_of
from callup_desktop.logs import FILE_NAME
from callup_desktop.sandbox.embedded import Running
from callup_desktop.services.connection import ProfileImport
from callup_desktop.ui.application import Application
from callup_desktop.ui.first_start import FirstStart
from callup_desktop.ui.shutdown import RESTART
from tests.cli.console import Callup, start_window, wav

WITHIN = 60


@pytest.mark.skipif(sys.platform == "win32", reason="signals are a matter of POSIX")
def test_a_second_start_hands_its_files_over_and_a_signal_ends_the_first_in_good_order(
    home: Path, sandbox: Running, tmp_path: Path
) -> None:
    first = start_window(home, "--profile", sandbox.profile)
    try:
        while not (home / "owner.json").exists():
            assert first.poll() is None, first.communicate()
        path = wav(tmp_path / "Acme.wav")
        second = start_window(home, path)
        assert second.wait(WITHIN) == 0, second.communicate()
        second.communicate()
        callup = Callup(home, sandbox.profile)
        while not (rows := callup("list", "--json").values) or not rows[0]["size"]:
            assert first.poll() is None, first.communicate()
        assert (rows[0]["file"], rows[0]["state"]) == (str(path), "draft")
    finally:
        first.send_signal(signal.SIGTERM)
        ended = threading.Timer(WITHIN, first.kill)
        ended.start()
        out, err = first.communicate()
        ended.cancel()
    assert first.returncode == 0, (out, err)
    assert not (home / "owner.json").exists(), (home / "logs" / FILE_NAME).read_text(encoding="utf-8")


def test_a_profile_that_cannot_be_used_is_a_sentence_and_an_exit_code(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "bad.callup"
    path.write_text("name = 'x'\ncolour = 'red'\n", encoding="utf-8")
    window = start_window(home, "--profile", path)
    _out, err = window.communicate(timeout=WITHIN)
    assert window.returncode == 78
    assert "'colour' is not known" in err
    assert "Traceback" not in err


def test_the_first_start_asks_for_a_profile_and_begins_again_with_it(
    qtbot: QtBot, qapp: Application, sandbox: Running
) -> None:
    here = home_of()
    window = FirstStart(qapp.messages(), ProfileImport(here))
    window.show()
    qtbot.waitExposed(window)
    codes: list[int] = []
    QTimer.singleShot(0, lambda: window.page.take_file(sandbox.profile))
    codes.append(QCoreApplication.exec())
    assert codes == [RESTART]
    assert here.profile.read_bytes() == sandbox.profile.read_bytes()
    assert not isValid(window)


def test_a_window_that_is_not_connected_yet_is_raised_tells_the_console_and_can_be_asked_to_quit(home: Path) -> None:
    window = start_window(home)
    try:
        while not (home / "owner.json").exists():
            assert window.poll() is None, window.communicate()
        second = start_window(home)
        assert second.wait(WITHIN) == 0, second.communicate()
        second.communicate()
        listed = Callup(home, home / "profile.callup")("list")
        assert (listed.code, listed.out) == (78, "")
        assert listed.err.startswith("CallUp is not connected yet.")
    finally:
        quitting = start_window(home, "--quit")
        assert quitting.wait(WITHIN) == 0, quitting.communicate()
        quitting.communicate()
        assert window.wait(WITHIN) == 0, window.communicate()
        window.communicate()
    assert not (home / "owner.json").exists()
