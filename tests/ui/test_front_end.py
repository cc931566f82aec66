"""`callup-desktop` as a process: it opens, a second start hands over its files, a signal ends it in good order."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QPlainTextEdit
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from callup_desktop.config.paths import home as home_of
from callup_desktop.config.profile import load_profile
from callup_desktop.config.profile_problems import ProfileError
from callup_desktop.engine.errors import Code
from callup_desktop.logs import FILE_NAME
from callup_desktop.sandbox.embedded import Running
from callup_desktop.services.connection import ProfileImport
from callup_desktop.ui.application import Application
from callup_desktop.ui.first_start import FirstStart
from callup_desktop.ui.shutdown import RESTART
from callup_desktop.ui.start_error import StartErrorDialog
from callup_desktop.ui.widgets.button import Button
from callup_desktop.ui.widgets.label import Label
from tests.cli.console import Callup, profile_with, start_window, until, wav

WITHIN = 60


@pytest.mark.skipif(sys.platform == "win32", reason="signals are a matter of POSIX")
def test_a_second_start_hands_its_files_over_and_a_signal_ends_the_first_in_good_order(
    home: Path, sandbox: Running, tmp_path: Path
) -> None:
    first = start_window(home, "--profile", sandbox.profile)
    try:
        until((home / "owner.json").exists, first)
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


def test_importing_another_profile_comes_back_with_the_calls_after_a_check(
    home: Path, sandbox: Running, tmp_path: Path
) -> None:
    here = home_of()
    here.make()
    here.profile.write_bytes(sandbox.profile.read_bytes())
    (here.config / "keys.json").write_bytes((sandbox.profile.parent / "keys.json").read_bytes())
    other = profile_with(tmp_path / "other", sandbox, name="Other", collection="others")
    path = wav(tmp_path / "Acme.wav")

    program = subprocess.run(
        [sys.executable, "-m", "tests.ui.switching_rep", str(other), str(path)],
        env={**os.environ, "CALLUP_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=2 * WITHIN,
    )

    assert program.returncode == 0, program.stderr
    first, second = map(json.loads, program.stdout.splitlines())
    assert first["place"].endswith("not checked yet")
    assert second["calls"] == first["calls"] == ["Acme.wav"], "the file of the command line is added once"
    assert second["in view"]
    assert second["place"].startswith("Connected to Other")
    assert "checked at" in second["place"]


def test_a_profile_that_cannot_be_used_is_a_sentence_and_an_exit_code(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "bad.callup"
    path.write_text("name = 'x'\ncolour = 'red'\n", encoding="utf-8")
    window = start_window(home, "--profile", path)
    _out, err = window.communicate(timeout=WITHIN)
    assert window.returncode == 78
    assert "'colour' is not known" in err
    assert "Traceback" not in err


def test_the_reason_why_there_is_no_window_is_in_the_rep_s_language(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    path = tmp_path / "bad.callup"
    path.write_text("name = 'x'\ncolour = 'red'\n", encoding="utf-8")
    window = start_window(home, "--profile", path)
    _out, err = window.communicate(timeout=WITHIN)
    assert window.returncode == 78
    # Before it, Qt may say that this computer lacks the locale.
    sentence = err.splitlines()[-1]
    assert sentence.startswith(f"Das Profil {path} kann nicht verwendet werden: ")
    assert "der Schlüssel 'colour' ist nicht bekannt" in sentence
    assert sentence.endswith("Bitte schicken Sie das an die IT.")


def test_the_box_that_says_why_shows_names_as_they_are_and_keeps_a_server_s_last_words(
    qtbot: QtBot,
) -> None:
    sentence = "The profile <b>acme</b>.callup can't be used: there is no such file. Please send this to IT."

    dialog = StartErrorDialog("CallUp", sentence, "its last line")
    qtbot.addWidget(dialog)
    dialog.show()

    assert (dialog.sentence.text(), dialog.sentence.textFormat()) == (sentence, Qt.TextFormat.PlainText)
    assert [sheet.toPlainText() for sheet in dialog.findChildren(QPlainTextEdit)] == ["its last line"]
    with qtbot.waitSignal(dialog.copied) as copied:
        dialog.copy_button.click()
    assert copied.args == [f"{sentence}\n\nits last line"]
    assert dialog.isVisible()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_every_button_of_the_box_that_says_why_is_one_of_the_window_s(qtbot: QtBot) -> None:
    dialog = StartErrorDialog("CallUp", "There is no such file.", "")
    qtbot.addWidget(dialog)
    assert {type(button) for button in dialog.findChildren(QAbstractButton)} == {Button}
    assert dialog.findChildren(QPlainTextEdit) == []


def test_a_file_that_is_no_profile_is_refused_on_the_page_in_the_console_s_words(
    qtbot: QtBot, qapp: Application, tmp_path: Path
) -> None:
    path = tmp_path / "bad.callup"
    path.write_text("name = 'x'\ncolour = 'red'\n", encoding="utf-8")
    with pytest.raises(ProfileError) as raised:
        load_profile(path)
    sentence = qapp.messages().start_error(Code.BAD_PROFILE, {"file": str(path)}, raised.value.problems)
    window = FirstStart(qapp.messages(), ProfileImport(home_of()))
    window.show()
    qtbot.waitExposed(window)

    window.page.take_file(path)

    qtbot.waitUntil(
        lambda: sentence in [label.text() for label in window.page.findChildren(Label)], timeout=WITHIN * 1000
    )
    window.close()


def test_the_first_start_asks_for_a_profile_and_begins_again_with_it(
    qtbot: QtBot, qapp: Application, sandbox: Running
) -> None:
    here = home_of()
    window = FirstStart(qapp.messages(), ProfileImport(here))
    window.show()
    qtbot.waitExposed(window)
    codes: list[int] = []

    def agree() -> None:
        if window.page.import_dialog is not None:
            agreeing.stop()
            window.page.import_dialog.import_button.click()

    agreeing = QTimer(window)
    agreeing.timeout.connect(agree)
    agreeing.start(20)
    QTimer.singleShot(0, lambda: window.page.take_file(sandbox.profile))
    codes.append(QCoreApplication.exec())
    assert codes == [RESTART]
    assert here.profile.read_bytes() == sandbox.profile.read_bytes()
    assert not isValid(window)


def test_the_first_start_offers_the_import_and_hides_nothing_else_that_the_tab_key_would_reach(
    qtbot: QtBot, qapp: Application
) -> None:
    window = FirstStart(qapp.messages(), ProfileImport(home_of()))
    window.show()
    qtbot.waitExposed(window)

    assert [button.text() for button in window.findChildren(Button) if button.isVisible()] == ["Import a .callup file…"]
    QTimer.singleShot(0, window.close)
    assert QCoreApplication.exec() == 0


def test_a_window_that_is_not_connected_yet_is_raised_tells_the_console_and_can_be_asked_to_quit(home: Path) -> None:
    window = start_window(home)
    try:
        until((home / "owner.json").exists, window)
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
