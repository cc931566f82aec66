"""Runs `callup-desktop` in this process and plays a rep through a day, or through the morning after it.

    python -m tests.ui.rep_of_a_day day|morning FOLDER

Mouse, keys and drops come as a system sends them. One JSON line is written for each thing that the rep has seen or
wants of the network; the process exits as the program does. Main thread.
"""

import inspect
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl, Slot
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QMessageBox, QWidget

from callup_desktop.app import main
from callup_desktop.engine.job import Job, State
from callup_desktop.presentation.queue_summary import Remedy
from callup_desktop.presentation.rows import Action, Tab, Tone
from callup_desktop.ui.connection.page import ConnectionPage
from callup_desktop.ui.first_start import FirstStart
from callup_desktop.ui.form.each_dialog import EachDialog
from callup_desktop.ui.form.pane import FormPane
from callup_desktop.ui.main_window import MainWindow
from tests.ui.looking_rep import LookingRep

_CTRL = Qt.KeyboardModifier.ControlModifier
Script = Iterator[Callable[[], object]]


def told(what: str, **seen: object) -> None:
    """Write what the rep saw."""
    sys.stdout.write(json.dumps({"did": what, **seen}) + "\n")
    sys.stdout.flush()


def click(widget: QWidget) -> None:
    """A rep clicks what he sees: Qt would lose a click on anything else without a word."""
    assert widget.isVisible(), widget
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key as the keyboard sends it: to the window in front, which knows who has the focus."""
    window = (QApplication.activePopupWidget() or QApplication.activeModalWidget() or main_window()).windowHandle()
    QTest.keyClick(window, key, modifiers)


def type_into(widget: QWidget, text: str) -> None:
    click(widget)
    QTest.keyClick(widget, Qt.Key.Key_A, _CTRL)
    QTest.keyClicks(widget, text)


def drop(window: QMainWindow, *files: Path) -> None:
    """A drag as a file browser carries it: files, and their paths as text."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    data.setText("\n".join(map(str, files)))
    place, actions = window.rect().center(), Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for event in (
        QDragEnterEvent(place, actions, data, buttons, keys),
        QDragMoveEvent(place, actions, data, buttons, keys),
        QDropEvent(QPointF(place), actions, data, buttons, keys),
    ):
        QApplication.sendEvent(window.windowHandle(), event)


def row_is_seen(row: int = 0) -> bool:
    view = main_window().page.lists.view
    return view.isVisible() and row < view.model().rowCount()


def click_row(row: int = 0) -> None:
    assert row_is_seen(row)
    view = main_window().page.lists.view
    place = view.visualRect(view.model().index(row, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


def top_level(kind: type) -> QWidget | None:
    shown = (known for known in QApplication.topLevelWidgets() if known.isVisible())
    return next((known for known in shown if isinstance(known, kind)), None)


def main_window() -> MainWindow:
    window = top_level(MainWindow)
    assert isinstance(window, MainWindow)
    return window


def box() -> QMessageBox | None:
    shown = QApplication.activeModalWidget()
    return shown if isinstance(shown, QMessageBox) else None


def answer(text: str) -> None:
    shown = box()
    assert shown is not None
    click(next(button for button in shown.buttons() if button.text() == text))


def jobs() -> list[Job]:
    return list(main_window()._state.jobs.values())


def named(name: str) -> Job | None:
    return next((job for job in jobs() if job.path.name == name), None)


def is_read(name: str) -> bool:
    job = named(name)
    return job is not None and job.recording is not None


def sent_count() -> int:
    status = main_window()._state.status
    return status.sent if status else 0


def form() -> FormPane:
    return main_window().page.form


def choose_type(text: str) -> None:
    click(next(button for button in form().call_type.buttons if button.text() == text))


def day(folder: Path) -> Script:
    yield lambda: top_level(FirstStart)
    yield from first_start(folder)
    yield from keys(folder)
    yield from first_call(folder)
    yield from completed_call(folder)
    yield from calls_of_several_companies(folder)
    yield from long_call(folder)
    yield from edit_after_arrival()
    yield from remove_and_undo(folder)
    yield from search()
    yield from quit_with_a_draft()


def first_start(folder: Path) -> Script:
    """Drop the profile that IT sent, look at what it would do, import it."""
    window = top_level(FirstStart)
    assert isinstance(window, FirstStart)
    drop(window, folder / "day.callup")
    yield lambda: (shown := window.page.import_dialog) is not None and shown.import_button.isVisible()
    dialog = window.page.import_dialog
    assert dialog is not None
    click(dialog.import_button)
    yield lambda: top_level(MainWindow)
    told("imported")


def keys(folder: Path) -> Script:
    """The rep stands before the first key, types both by keyboard, and comes back to the calls once it is green."""
    page = main_window().connection
    assert isinstance(page, ConnectionPage)
    assert page.fields is not None
    first, second = list(page.fields.secrets.values())[:2]
    yield first.hasFocus
    told("asked for keys", dot=main_window().status_bar.line.tone)
    given = json.loads((folder / "keys.json").read_text(encoding="utf-8"))
    QTest.keyClicks(first, given["access_key_id"])
    press(Qt.Key.Key_Tab)
    yield second.hasFocus
    QTest.keyClicks(second, given["secret_access_key"])
    assert page.check_panel is not None
    click(page.check_panel.save_button)
    yield lambda: page.summary is not None and page.summary[0] is Tone.OK and page.close_button.isVisible()
    click(page.close_button)
    yield main_window().page.isVisible
    told("connected", place=main_window().status_bar.line.place)


def first_call(folder: Path) -> Script:
    drop(main_window(), folder / "rec_001.wav")
    yield lambda: is_read("rec_001.wav") and form().isVisible()
    type_into(form().company, "Acme Corp")
    type_into(form().email, "john@acme.com")
    choose_type("Demo")
    click(form().send_button)
    yield lambda: sent_count() == 1
    told("sent")


def completed_call(folder: Path) -> Script:
    """Half a word, and Enter on the entry of the list: it is taken and nothing is sent; Enter again sends."""
    drop(main_window(), folder / "rec_002.wav")
    yield lambda: is_read("rec_002.wav") and form().isVisible()
    click(form().company)
    QTest.keyClicks(form().company, "ac")
    popup = form().company.completer().popup()
    assert popup is not None
    yield popup.isVisible
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    yield lambda: form().company.text() == "Acme Corp"
    job = named("rec_002.wav")
    told("took the entry", state=job.state if job else "gone")
    choose_type("Support")
    yield lambda: form().email.text() == "john@acme.com"
    click(form().email)
    press(Qt.Key.Key_Return)
    yield lambda: sent_count() == 2


def calls_of_several_companies(folder: Path) -> Script:
    drop(main_window(), folder / "Globex-001.wav", folder / "Initech-002.wav")
    yield lambda: is_read("Globex-001.wav") and is_read("Initech-002.wav") and row_is_seen(1)
    click(main_window().page.lists.view.viewport())
    press(Qt.Key.Key_A, _CTRL)
    yield form().offers.each.button.isVisible
    click(form().offers.each.button)
    yield lambda: isinstance(QApplication.activeModalWidget(), EachDialog)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, EachDialog)
    click(dialog.fill_button)
    yield lambda: form().company.placeholderText() == "several values"
    type_into(form().email, "mary@both.com")
    choose_type("Sales")
    press(Qt.Key.Key_Return, _CTRL)
    yield lambda: sent_count() == 4


def long_call(folder: Path) -> Script:
    """Paused by the button of the bar, resumed without a network, and arrived after that came back."""
    drop(main_window(), folder / "long.wav")
    yield lambda: is_read("long.wav") and form().isVisible()
    type_into(form().company, "Hooli")
    type_into(form().email, "gavin@hooli.com")
    choose_type("Demo")
    click(form().send_button)
    bar = main_window().status_bar
    yield lambda: (job := named("long.wav")) is not None and job.stored > 0 and bar.pause_all.isVisible()
    told("sending", overall=bar.line.overall, title=main_window().windowTitle())
    click(bar.pause_all)
    yield lambda: (job := named("long.wav")) is not None and job.state is State.PAUSED
    told("paused", stored=getattr(named("long.wav"), "stored", 0))
    told("network down")
    yield lambda: not (Path(os.environ["CALLUP_HOME"]) / "network").exists() and bar.resume_all.isVisible()
    click(bar.resume_all)
    yield lambda: (status := main_window()._state.status) is not None and not status.online
    yield main_window().banner.isVisible
    told("offline", says=getattr(main_window().banner.alert, "lead", ""))
    told("network back")
    yield lambda: sent_count() == 5
    yield lambda: not main_window().banner.isVisible()
    told("online")


def edit_after_arrival() -> Script:
    page = main_window().page
    press(Qt.Key.Key_3, _CTRL)
    yield lambda: page.lists.tab is Tab.SENT and page.lists.sent.job_at(0) and row_is_seen()
    click_row()
    yield page.detail_pane.buttons[Action.EDIT].isVisible
    click(page.detail_pane.buttons[Action.EDIT])
    yield form().isVisible
    type_into(form().company, "Hooli XYZ")
    press(Qt.Key.Key_Return)
    yield lambda: (job := page.lists.sent.job_at(0)) is not None and job.edited_at is not None
    told("edited")


def remove_and_undo(folder: Path) -> Script:
    press(Qt.Key.Key_1, _CTRL)
    drop(main_window(), folder / "tomorrow.wav")
    yield lambda: is_read("tomorrow.wav") and form().isVisible()
    type_into(form().company, "Umbrella")
    yield lambda: (job := named("tomorrow.wav")) is not None and job.details.company_name == "Umbrella"
    click(form().remove_button)
    yield box
    answer("Remove")
    yield lambda: named("tomorrow.wav") is None
    undo = main_window().notice_banner.buttons[Remedy.UNDO]
    yield undo.isVisible
    click(undo)
    yield lambda: is_read("tomorrow.wav")
    told("undone")


def search() -> Script:
    lists = main_window().page.lists
    press(Qt.Key.Key_3, _CTRL)
    press(Qt.Key.Key_F, _CTRL)
    yield lists.search.hasFocus
    QTest.keyClicks(lists.search, "globex sales")
    yield lambda: lists.sent.search == "globex sales" and lists.sent.rowCount() == 1 and lists.sent.job_at(0)
    job = lists.sent.job_at(0)
    told("found", file=job.path.name if job else "")
    press(Qt.Key.Key_Escape)
    yield lambda: lists.sent.rowCount() == 5


def quit_with_a_draft() -> Script:
    press(Qt.Key.Key_Q, _CTRL)
    yield box
    shown = box()
    told("reminded", text=shown.informativeText() if shown else "")
    answer("Quit")


def morning(_folder: Path) -> Script:
    """The queue is back, with what was typed; the keys are, too."""
    yield lambda: top_level(MainWindow)
    yield lambda: is_read("tomorrow.wav") and sent_count() == 5 and row_is_seen()
    click_row()
    yield form().isVisible
    told("back", company=form().company.text(), rows=main_window().page.lists.view.model().rowCount())
    yield from quit_with_a_draft()


class Rep(LookingRep):
    """Looks from time to time whether what is waited for is there, and does what comes next."""

    def __init__(self, script: Script) -> None:
        super().__init__()
        self._script = script
        self._awaited: Callable[[], object] = lambda: True

    @Slot()
    def look(self) -> None:
        # The program, which only tells such errors, has begun by now.
        sys.excepthook = give_up
        if not self._awaited():
            return
        try:
            self._awaited = next(self._script)
        except StopIteration:
            self.deleteLater()


def place_in(script: object) -> str:
    """The lines at which a script waits, from the outer one to the inner one."""
    lines = []
    while inspect.isgenerator(script) and script.gi_frame is not None:
        lines.append(f"{script.gi_code.co_name}:{script.gi_frame.f_lineno}")
        script = script.gi_yieldfrom
    return " > ".join(lines)


def give_up(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """End the process here and now: Qt goes on after an error in a slot."""
    sys.__excepthook__(kind, error, trace)
    os._exit(1)


if __name__ == "__main__":
    played = {"day": day, "morning": morning}[sys.argv[1]](Path(sys.argv[2]))
    signal.signal(signal.SIGUSR1, lambda *_: give_up(TimeoutError, TimeoutError(place_in(played)), None))
    rep = Rep(played)
    rep.wait()
    sys.exit(main([]))
