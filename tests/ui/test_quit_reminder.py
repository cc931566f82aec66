"""Quit reminds of recordings that were never sent, and the title says how far all are."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from tests.ui.conftest import WITHIN, Rig

Make = Callable[..., tuple[Path, ...]]


def test_quit_reminds_of_drafts_and_stays_by_enter(rig: Rig, recordings: Make) -> None:
    rig.start().drop(*recordings("a.wav", "b.wav"))
    rig.wait_jobs(2)
    rig.window.close_policy.quit()
    box = rig.dialog
    assert isinstance(box, QMessageBox)
    assert box.informativeText() == "2 recordings are not sent yet. They stay on the list."

    rig.key(box, Qt.Key.Key_Return)
    assert not rig.window.close_policy.has_quit
    assert rig.window.isVisible()


def test_quit_in_spite_of_drafts_quits_and_keeps_them(rig: Rig, recordings: Make) -> None:
    rig.start().drop(*recordings("a.wav"))
    rig.wait_jobs(1)
    rig.window.close_policy.quit()
    box = rig.dialog
    assert isinstance(box, QMessageBox)
    rig.click(next(button for button in box.buttons() if button.text() == "Quit"))

    rig.qtbot.waitUntil(lambda: rig.gone, timeout=WITHIN)
    assert len(rig.engine.jobs) == 1


def test_without_drafts_nothing_is_asked(rig: Rig) -> None:
    rig.start().window.close_policy.quit()

    assert rig.window.close_policy.has_quit


def test_the_bar_and_the_title_say_how_far_all_calls_are(rig: Rig, recordings: Make) -> None:
    rig.start().drop(*recordings("a.wav"))
    rig.wait_jobs(1)
    assert rig.window.windowTitle() == "CallUp Desktop"
    rig.type_form()
    rig.click(rig.page.form.send_button)
    (job_id,) = rig.engine.jobs
    rig.engine.upload(job_id, 500, rate=50.0)
    rig.settle()

    assert rig.window.status_bar.line.overall == "50% · 10 s left"
    assert rig.window.windowTitle() == "50% · CallUp Desktop"
    rig.engine.finish(job_id)
    rig.settle()
    assert (rig.window.status_bar.line.overall, rig.window.windowTitle()) == ("", "CallUp Desktop")


@pytest.mark.skipif(sys.platform != "linux", reason="the session bus is that of Linux desktops")
def test_a_dock_on_the_session_bus_shows_how_far_all_calls_are(home: Path) -> None:
    command = ["dbus-run-session", "--", sys.executable, "-m", "tests.ui.dock"]
    run = subprocess.run(
        command,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "CALLUP_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=WITHIN / 1000,
    )

    assert run.returncode == 0, run.stderr
    program = "application://callup-desktop.desktop"
    assert json.loads(run.stdout) == [
        {"program": program, "progress": "0.5", "progress-visible": "true"},
        {"program": program, "progress": "0", "progress-visible": "false"},
    ]
