"""Makes pictures of the window: light and dark at 100, 125 and 200 %, in German, and on a screen of 1366x768.

    python -m tools.screenshots [--into FOLDER] [STATE ...]

Without a folder it replaces those in resources/screenshots. The same code makes the same bytes, so that `cmp` compares.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Times of day are those of one place, wherever the pictures are made.
os.environ["TZ"] = "UTC"
if hasattr(time, "tzset"):
    time.tzset()

from PySide6.QtCore import QEvent, QLocale, QSize
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication

from callup_desktop.engine.events import JobProgress, Progress
from callup_desktop.files.recorders import RecorderFolder
from callup_desktop.presentation.connection_check import Secret
from callup_desktop.presentation.rows import Tab
from callup_desktop.recordings.waveform import BARS
from callup_desktop.ui.application import Application
from callup_desktop.ui.main_window import MainWindow
from callup_desktop.ui.queue_page import QueuePage
from callup_desktop.ui.system.environment import Environment
from callup_desktop.ui.widgets.colours import DARK, LIGHT, palette_of
from callup_desktop.ui.widgets.measures import scaled
from tests.ui import samples
from tests.ui.fake_connection import FakeConnection
from tests.ui.fake_engine import NOW, FakeEngine

_FOLDER = Path(__file__).resolve().parents[1] / "resources" / "screenshots"
_ENGLISH = QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom)
_GERMAN = QLocale(QLocale.Language.German, QLocale.Country.Germany)
_WINDOW = QSize(1120, 686)
_SCREEN = QSize(4000, 3000)
"""Larger than any window: it would be made to fit."""
_POINTS = 9.75
_RECORDERS = tuple(RecorderFolder(name, Path("/home/rep/Documents") / name) for name in ("Zoom", "Teams"))


class Stage:
    """A window over a fake engine."""

    def __init__(self, app: Application, size: QSize) -> None:
        self.app = app
        self.engine = FakeEngine(report=lambda event: self.window.on_reported(event), past=samples.PAST)
        environment = Environment(
            connection=FakeConnection(),
            profile_file="acme-sales.callup",
            find_recorders=lambda: _RECORDERS,
            logs=Path("/home/rep/.local/state/callup/logs"),
        )
        self.window = MainWindow(
            self.engine, profile=samples.PROFILE, messages=app.messages(), environment=environment, now=lambda: NOW
        )
        self.window.resize(size)
        # The files of the samples are not there to be read.
        self.window.page.waveforms.found.disconnect()

    def show(self) -> None:
        # As in the program: the window is there before it hears of the first call.
        self.window.show()
        self.engine.start()
        # Over the page the mouse would hold up the room of a banner, and light up a row.
        bar = self.window.status_bar
        QCursor.setPos(bar.mapToGlobal(bar.rect().center()))
        self.settle()

    def settle(self) -> None:
        self.window.show_changes()
        for _ in range(5):
            QApplication.processEvents()

    def end(self) -> None:
        gone: list[bool] = []
        self.window.quit_requested.connect(lambda: gone.append(True))
        self.window.close_policy.quit_now()
        while not gone:
            QApplication.processEvents()
        self.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def show_speech(page: QueuePage) -> None:
    """The waveform of two people who take turns, as the pane has it of a WAV."""
    turns = [abs(math.sin(bar * 0.9) * math.sin(bar * 0.13)) * (0.9 if bar // 12 % 2 else 0.6) for bar in range(BARS)]
    page.detail_pane.listen.waveform.show_peaks(tuple(0.05 + turn for turn in turns))


def empty(stage: Stage) -> None:
    stage.show()


def working(stage: Stage) -> None:
    stage.engine.jobs = {job.id: job for job in samples.working()}
    stage.engine.sent = samples.sent()
    stage.show()
    first, second = list(stage.engine.jobs.values())[:2]
    rows = (
        JobProgress(first.id, first.stored, 30 * samples.MIB, 6.1 * samples.MIB, 31.0),
        JobProgress(second.id, second.stored, 3 * samples.MIB, 2.0 * samples.MIB, 5.0),
    )
    stage.window.on_reported(Progress(rows, 8.1 * samples.MIB))
    stage.settle()
    stage.window.page.lists.view.select(("e", "f"))
    form = stage.window.page.form
    form.company.setFocus()
    form.company.setText("Acme")
    form.company.textEdited.emit("Acme")
    form.call_type.buttons[0].click()
    form.email.setText("john@acme")
    form.email.textEdited.emit("john@acme")
    form.email.setFocus()
    form.company.setFocus()
    stage.settle()


def offline(stage: Stage) -> None:
    stage.engine.jobs = {job.id: job for job in samples.offline()}
    stage.engine.sent = samples.sent()
    stage.engine.online = False
    stage.show()
    stage.window.page.lists.view.select((samples.CALL_ID,))
    stage.settle()
    show_speech(stage.window.page)


def sent(stage: Stage) -> None:
    stage.engine.sent = samples.sent()
    stage.engine.became = {samples.CALL_ID: "transcribing", "b": "transcribed", "d": "completed"}
    stage.engine.became |= {f"old-{n}": "completed" for n in range(145)}
    stage.show()
    stage.window.page.lists.tabs.choose(Tab.SENT)
    stage.settle()
    stage.window.page.lists.view.select((samples.CALL_ID,))
    stage.settle()
    show_speech(stage.window.page)


def edit(stage: Stage) -> None:
    stage.engine.sent = samples.sent()
    stage.show()
    stage.window.page.lists.tabs.choose(Tab.SENT)
    stage.settle()
    stage.window.page.lists.view.select(("b",))
    stage.settle()
    stage.window.page.edit(("b",))
    stage.settle()


def connection(stage: Stage) -> None:
    stage.show()
    page = stage.window.connection
    assert page is not None
    assert page.fields is not None
    assert page.check_panel is not None
    page.fields.secrets[Secret.ACCESS_KEY_ID].setText("AKIA••••••••••3F7Q")
    stage.window.open_connection()
    while not page.check_panel.check_button.isEnabled():
        QApplication.processEvents()
    stage.settle()


def settings(stage: Stage) -> None:
    stage.show()
    stage.window.dialogs.open_settings()
    stage.settle()


STATES: dict[str, Callable[[Stage], None]] = {
    "1-empty": empty,
    "2-working": working,
    "3-offline": offline,
    "4-sent": sent,
    "5-connection": connection,
    "6-edit": edit,
    "7-settings": settings,
}


@dataclass(frozen=True, slots=True)
class Variant:
    """One way in which every state is grabbed; its name ends the names of the files. `screen` is in its own pixels."""

    scale: str = "1"
    locale: QLocale = _ENGLISH
    size: QSize = _WINDOW
    screen: QSize = _SCREEN
    dark: bool = True


VARIANTS = {
    "": Variant(),
    "@1.25x": Variant(scale="1.25"),
    "@2x": Variant(scale="2"),
    "-german": Variant(locale=_GERMAN, dark=False),
    # At 125 %, above a task bar of 40 pixels, below a title of 30, between the sides of a frame.
    "-1366x768": Variant(scale="1.25", size=QSize(1088, 558), screen=QSize(1366, 768), dark=False),
    "-german-800x500": Variant(locale=_GERMAN, size=QSize(800, 500), dark=False),
}


def grab(names: list[str], folder: Path, suffix: str) -> None:
    variant = VARIANTS[suffix]
    app = Application(locale=variant.locale)
    font = scaled(app.font(), 1.0)
    font.setPointSizeF(_POINTS)
    app.setFont(font)
    # A blinking one is seen by chance.
    app.setCursorFlashTime(0)
    looks = {"light": LIGHT, "dark": DARK} if variant.dark else {"light": LIGHT}
    for mode, look in looks.items():
        app.setPalette(palette_of(look))
        for name in names:
            stage = Stage(app, variant.size)
            STATES[name](stage)
            shown = QApplication.activeModalWidget() or stage.window
            shown.grab().save(str(folder / f"{name}-{mode}{suffix}.png"))
            stage.end()


def main() -> None:
    """Grab the states named, or all; each variant in a process of its own, because Qt reads the scale at its start."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("states", nargs="*", metavar="STATE", help=f"one of {', '.join(STATES)}; without one, all")
    parser.add_argument("--into", type=Path, default=_FOLDER, metavar="FOLDER")
    parser.add_argument("--variant", help=argparse.SUPPRESS)
    options = parser.parse_args()
    names = options.states or list(STATES)
    if options.variant is not None:
        grab(names, options.into, options.variant)
        return
    options.into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for suffix, variant in VARIANTS.items():
            platform = f"offscreen:configfile={_screen_file(Path(folder), variant.screen)}"
            environ = {**os.environ, "QT_SCALE_FACTOR": variant.scale, "QT_QPA_PLATFORM": platform}
            command = [sys.executable, "-m", "tools.screenshots", "--into", str(options.into), f"--variant={suffix}"]
            subprocess.run([*command, *names], env=environ, check=True)


def _screen_file(folder: Path, size: QSize) -> Path:
    """The settings of Qt's offscreen platform with one screen of this size."""
    screen = {"name": "one", "x": 0, "y": 0, "width": size.width(), "height": size.height(), "logicalDpi": 96, "dpr": 1}
    file = folder / "screens.json"
    file.write_text(json.dumps({"screens": [screen]}), encoding="utf-8")
    return file


if __name__ == "__main__":
    main()
