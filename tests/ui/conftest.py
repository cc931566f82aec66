"""A real window over the engine in memory, driven by keys, clicks and drops."""

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QThread, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from callup_desktop.config.profile import AnyProfile
from callup_desktop.ui.application import Application
from callup_desktop.ui.main_window import MainWindow
from callup_desktop.ui.system.environment import Environment
from tests.ui import samples
from tests.ui.fake_engine import NOW, FakeEngine

WITHIN = 30_000
"""Milliseconds in which a test gives up waiting, also on a machine that is busy with something else."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen platform warns of everything that it cannot do; none of it is an error of the window."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support", "systemTrayWindowChanged"))


@pytest.fixture(autouse=True)
def nothing_of_qt_left_behind() -> Iterator[None]:
    """Fails a test that leaves a QThread running or a QTimer ticking."""
    gc.freeze()  # what was there before is not looked at
    yield
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    # By type: isinstance would ask weak proxies for what they no longer have.
    made = [known for known in gc.get_objects() if issubclass(type(known), QThread | QTimer) and isValid(known)]
    gc.unfreeze()
    # This one runs as long as the program, whichever test was the first to ask for it.
    made = [known for known in made if known is not QThread.currentThread()]
    left = [known for known in made if (known.isRunning() if isinstance(known, QThread) else known.isActive())]
    assert not [f"{type(known).__name__} {known.objectName()} of {known.parent()}" for known in left]


class FakeDesktop:
    """Remembers what it was asked."""

    def __init__(self) -> None:
        self.shown: list[Path] = []
        self.opened: list[str] = []
        self.clipboard = ""
        self.played: list[Path] = []
        self.player: str | None = "VLC"

    def show_file(self, path: Path) -> None:
        self.shown.append(path)

    def open_folder(self, path: Path) -> None:
        self.opened.append(str(path))

    def play(self, file: Path) -> str | None:
        self.played.append(file)
        return self.player

    def open_page(self, url: str) -> None:
        self.opened.append(url)

    def copy(self, text: str) -> None:
        self.clipboard = text


class Rig:
    """The window, the engine behind it, and hands."""

    def __init__(
        self,
        qtbot: QtBot,
        app: Application,
        environment: Environment | None = None,
        profile: AnyProfile | None = None,
    ) -> None:
        self.qtbot = qtbot
        self.desktop = FakeDesktop()
        self.engine = FakeEngine(report=self._report, past=samples.PAST)
        self.window = MainWindow(
            self.engine,
            profile=profile or samples.PROFILE,
            messages=app.messages(),
            environment=environment or Environment(desktop=self.desktop),
            now=lambda: NOW,
        )
        self.page = self.window.page
        self.lists = self.page.lists
        self.notice = self.window.notice_banner
        self.gone = False
        self.window.quit_requested.connect(self._on_quit_requested)

    def _on_quit_requested(self) -> None:
        self.gone = True

    def _report(self, event: object) -> None:
        self.window.on_reported(event)  # type: ignore[arg-type]  # as the signal carries it

    def start(self) -> "Rig":
        self.engine.start()
        self.window.show()
        self.qtbot.waitExposed(self.window)
        self.settle()
        return self

    def settle(self) -> None:
        self.window.show_changes()
        QApplication.processEvents()

    def drop(self, *paths: Path, text: str = "", on: QWidget | None = None) -> QDropEvent:
        """A drag as the system sends it: to the window, which knows what lies under the mouse; `on` is its target."""
        data = QMimeData()
        if paths:
            data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
            # As file browsers do.
            data.setText("\n".join(map(str, paths)))
        elif text:
            data.setText(text)
        return self.drop_data(data, on)

    def drop_data(self, data: QMimeData, on: QWidget | None = None) -> QDropEvent:
        target = on or self.window
        place = target.mapTo(self.window, target.rect().center())
        buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        actions = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
        enter = QDragEnterEvent(place, actions, data, buttons, keys)
        QApplication.sendEvent(self.window.windowHandle(), enter)
        assert enter.isAccepted()
        QApplication.sendEvent(self.window.windowHandle(), QDragMoveEvent(place, actions, data, buttons, keys))
        event = QDropEvent(QPointF(place), actions, data, buttons, keys)
        QApplication.sendEvent(self.window.windowHandle(), event)
        return event

    def click(self, widget: QWidget, pos: QPoint | None = None) -> None:
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, pos or QPoint())
        self.settle()

    def key(
        self, widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        QTest.keyClick(widget, key, modifiers)
        self.settle()

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key as the keyboard sends it: to the window, which knows who has the focus or a list open over it."""
        QTest.keyClick(self.window.windowHandle(), key, modifiers)
        self.settle()

    def keys(self, widget: QWidget, text: str) -> None:
        QTest.keyClicks(widget, text)

    def wait_jobs(self, count: int) -> None:
        self.qtbot.waitUntil(lambda: len(self.engine.jobs) == count, timeout=WITHIN)
        self.settle()

    def type_form(self, company: str = "Acme Corp", email: str = "john@acme.com", kind: str = "Demo") -> None:
        form = self.page.form
        for field, text in ((form.company, company), (form.email, email)):
            field.setFocus()
            field.selectAll()
            self.keys(field, text)
        button = next(button for button in form.call_type.buttons if button.text() == kind)
        self.click(button)
        # A screen gives the window back what a list of offers had taken; the offscreen one does not.
        self.window.activateWindow()
        self.settle()

    @property
    def dialog(self) -> QWidget | None:
        """The dialog in front."""
        return QApplication.activeModalWidget()

    def names(self) -> list[str]:
        model = self.lists.view.model()
        return [str(model.index(row, 0).data()) for row in range(model.rowCount())]

    def row(self, job_id: str) -> object:
        model = self.lists.view.model()
        return model.row_at(model.place_of(job_id))  # type: ignore[attr-defined]  # always a CallsModel


def end(rig: Rig) -> None:
    """Leave, wait until every thread of the window is gone, and end the window here and now."""
    if not isValid(rig.window):
        return
    rig.window.close_policy.quit_now()
    # Left may have been asked for already: the window's threads end after that, in their own time.
    rig.qtbot.waitUntil(lambda: rig.gone, timeout=WITHIN)
    rig.window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def rig(qtbot: QtBot, qapp: Application) -> Iterator[Rig]:
    made = Rig(qtbot, qapp)
    yield made
    end(made)


@pytest.fixture
def recordings(tmp_path: Path) -> Callable[..., tuple[Path, ...]]:
    def make(*names: str) -> tuple[Path, ...]:
        paths = tuple(tmp_path / name for name in names)
        for number, path in enumerate(paths):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"x" * (1000 + number))
        return paths

    return make
