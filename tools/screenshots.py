"""Makes pictures of the window at 100 and 200 %, light and dark.

    python -m tools.screenshots [--into FOLDER] [STATE ...]

Without a folder it replaces those in resources/screenshots. The same code makes the same bytes, so that `cmp` compares.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
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
from callup_desktop.ui.application import Application
from callup_desktop.ui.main_window import MainWindow
from callup_desktop.ui.system.environment import Environment
from callup_desktop.ui.widgets.colours import DARK, LIGHT, palette_of
from callup_desktop.ui.widgets.measures import scaled
from tests.ui import samples
from tests.ui.fake_connection import FakeConnection
from tests.ui.fake_engine import NOW, FakeEngine

_FOLDER = Path(__file__).resolve().parents[1] / "resources" / "screenshots"
_WINDOW = QSize(1120, 686)
_POINTS = 9.75
_RECORDERS = tuple(RecorderFolder(name, Path("/home/rep/Documents") / name) for name in ("Zoom", "Teams"))


class Stage:
    """A window over a fake engine."""

    def __init__(self, app: Application) -> None:
        self.app = app
        self.engine = FakeEngine(report=lambda event: self.window.on_reported(event), past=samples.PAST)
        environment = Environment(
            connection=FakeConnection(), profile_file="acme-sales.callup", find_recorders=lambda: _RECORDERS
        )
        self.window = MainWindow(
            self.engine, profile=samples.PROFILE, messages=app.messages(), environment=environment, now=lambda: NOW
        )
        self.window.resize(_WINDOW)

    def show(self) -> None:
        self.engine.start()
        self.window.show()
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


def sent(stage: Stage) -> None:
    stage.engine.sent = samples.sent()
    stage.engine.became = {samples.CALL_ID: "transcribing", "b": "transcribed", "d": "completed"}
    stage.engine.became |= {f"old-{n}": "completed" for n in range(145)}
    stage.show()
    stage.window.page.lists.tabs.choose(Tab.SENT)
    stage.settle()
    stage.window.page.lists.view.select((samples.CALL_ID,))
    stage.settle()


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


def grab(names: list[str], folder: Path, suffix: str) -> None:
    app = Application(locale=QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    font = scaled(app.font(), 1.0)
    font.setPointSizeF(_POINTS)
    app.setFont(font)
    for look, mode in ((LIGHT, "light"), (DARK, "dark")):
        app.setPalette(palette_of(look))
        for name in names:
            stage = Stage(app)
            STATES[name](stage)
            shown = QApplication.activeModalWidget() or stage.window
            shown.grab().save(str(folder / f"{name}-{mode}{suffix}.png"))
            stage.end()


def main() -> None:
    """Grab the states named, or all; twice, because Qt reads the scale when it starts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("states", nargs="*", metavar="STATE", help=f"one of {', '.join(STATES)}; without one, all")
    parser.add_argument("--into", type=Path, default=_FOLDER, metavar="FOLDER")
    options = parser.parse_args()
    names = options.states or list(STATES)
    if os.environ.get("QT_SCALE_FACTOR") is None:
        options.into.mkdir(parents=True, exist_ok=True)
        environ = {**os.environ, "QT_SCALE_FACTOR": "2"}
        command = [sys.executable, "-m", "tools.screenshots", "--into", str(options.into), *names]
        subprocess.run(command, env=environ, check=True)
        grab(names, options.into, "")
    else:
        grab(names, options.into, "@2x")


if __name__ == "__main__":
    main()
