"""A field of the form: its label, its editor with completions, and the problem below it. Main thread."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPointF, QSignalBlocker, QStringListModel, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QCompleter, QVBoxLayout, QWidget

from callup_desktop.presentation.rows import Tone
from callup_desktop.ui.widgets.label import Label
from callup_desktop.ui.widgets.measures import em
from callup_desktop.ui.widgets.text_field import TextField

_X11 = "xcb"
"""The platform on which Qt takes the press that closes a list; on the others what is under the mouse gets it."""


class CompletingField(TextField):
    """A text field that completes values of past calls; the down key lists all of them while it is empty."""

    entered = Signal(object)
    """The name of the field (str): its text is another one, whether it was typed, picked or set by a screen reader."""
    picked = Signal(object)
    """The name of the field (str): its text was taken from the list of completions."""
    focus_left = Signal(object)
    """The name of the field (str): the focus moved to another widget of the window.

    Qt's own editingFinished is not sent while the list of completions is open.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """`name` is the field's name in Details."""
        super().__init__(parent)
        self._name = name
        self._completions = QStringListModel(self)
        self._values: tuple[str, ...] = ()
        self._pressed: QWidget | None = None
        completer = QCompleter(self._completions, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCompleter(completer)
        popup = completer.popup()
        if popup is not None:
            # After the completer's own, so that this one is asked first.
            popup.installEventFilter(self)
        completer.activated.connect(self._on_activated)
        self.textChanged.connect(self._on_text_changed)

    def show_text(self, text: str) -> None:
        """Show a text that nobody entered; `entered` is not sent."""
        with QSignalBlocker(self):
            self.setText(text)

    def set_completions(self, values: Sequence[str]) -> None:
        """Complete these values from now on; a list that is open stays as it is until it is closed."""
        self._values = tuple(values)
        popup = self.completer().popup()
        if popup is None or not popup.isVisible():
            self._take_values()

    def _take_values(self) -> None:
        if self._completions.stringList() != list(self._values):
            self._completions.setStringList(self._values)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Send `focus_left`, but not for a menu, a list of completions or another window."""
        super().focusOutEvent(event)
        if event.reason() not in {Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason}:
            self.focus_left.emit(self._name)

    @Slot(str)
    def _on_activated(self, text: str) -> None:
        # Qt sets the text as well, but only after this slot.
        self.setText(text)
        self.picked.emit(self._name)

    @Slot(str)
    def _on_text_changed(self, _text: str) -> None:
        self.entered.emit(self._name)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click beside the open list closes it and reaches what is under the mouse, on X11 as elsewhere."""
        popup = self.completer().popup()
        if watched is not popup or not isinstance(event, QMouseEvent) or QGuiApplication.platformName() != _X11:
            return super().eventFilter(watched, event)
        if event.type() is QEvent.Type.MouseButtonPress:
            self._pressed = None
            if not popup.rect().contains(event.position().toPoint()):
                popup.hide()
                self._pressed = _press(event)
                return True
        elif event.type() is QEvent.Type.MouseButtonRelease and self._pressed is not None:
            # A quick one: the window under the mouse gets a slow one itself.
            pressed, self._pressed = self._pressed, None
            QApplication.sendEvent(pressed, _moved(event, pressed.mapFromGlobal(event.globalPosition())))
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The down key in an empty field lists all completions; Enter on one of them only takes it."""
        popup = self.completer().popup()
        is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if is_enter and popup is not None and popup.isVisible() and popup.currentIndex().isValid():
            # Qt asks the field first, and takes the completion where the field does not want the key.
            event.ignore()
            return
        if popup is None or not popup.isVisible():
            self._take_values()
        if event.key() == Qt.Key.Key_Down and not self.text() and self._completions.rowCount():
            self.completer().setCompletionPrefix("")
            self.completer().complete()
            return
        super().keyPressEvent(event)
        self._close_needless_list()

    def _close_needless_list(self) -> None:
        """A list that offers what is typed already offers nothing, and would take the next click."""
        completer, popup = self.completer(), self.completer().popup()
        if completer.completionCount() == 1 and completer.currentCompletion() == self.text() and popup is not None:
            popup.hide()


def _press(event: QMouseEvent) -> QWidget | None:
    """Press what is under the mouse, as if no list had been open; returns it."""
    under = QApplication.widgetAt(event.globalPosition().toPoint())
    window = under.window().windowHandle() if under is not None else None
    if window is not None:
        # To the window, which remembers what is pressed until the release.
        QApplication.sendEvent(window, _moved(event, window.mapFromGlobal(event.globalPosition())))
    return under


def _moved(event: QMouseEvent, place: QPointF) -> QMouseEvent:
    """The event as another receiver gets it, in whose coordinates it is at this place."""
    return QMouseEvent(event.type(), place, event.globalPosition(), event.button(), event.buttons(), event.modifiers())


class LabelledField(QWidget):
    """A label above an editor, and below it the problem with its value."""

    def __init__(self, label: str, editor: QWidget, parent: QWidget | None = None) -> None:
        """The label also names the editor for screen readers."""
        super().__init__(parent)
        self._editor = editor
        name = Label(label, self, size=0.93, bold=True)
        editor.setAccessibleName(label)
        self._problem = Label(parent=self, size=0.95, tone=Tone.BAD)
        self._problem.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(em(self, 0.4))
        layout.addWidget(name)
        layout.addWidget(editor)
        layout.addWidget(self._problem)

    @property
    def problem(self) -> str:
        """The sentence below the editor, "" without a problem."""
        return self._problem.text() if not self._problem.isHidden() else ""

    def show_problem(self, sentence: str) -> None:
        """Show the sentence below the editor; "" means no problem."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
        self._editor.setAccessibleDescription(sentence)
        if isinstance(self._editor, TextField):
            self._editor.set_wrong(wrong=bool(sentence))
