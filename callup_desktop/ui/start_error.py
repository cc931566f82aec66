"""The dialog that says why the program cannot start. Main thread."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from callup_desktop.ui.application import Application
from callup_desktop.ui.system.shell import SystemShell
from callup_desktop.ui.widgets.button import Button
from callup_desktop.ui.widgets.framed_dialog import FramedDialog
from callup_desktop.ui.widgets.label import Label
from callup_desktop.ui.widgets.measures import em, fixed_width
from callup_desktop.ui.widgets.text_sheet import TextSheet

_DETAIL_HEIGHT = 9
"""Line heights of what a server said."""


class StartErrorDialog(FramedDialog):
    """Shows the sentence and, below it, what a server said last; both can be copied for IT."""

    copied = Signal(object)
    """The text (str). The dialog stays: on some systems a copied text is gone with its program."""

    def __init__(self, title: str, sentence: str, detail: str, parent: QWidget | None = None) -> None:
        """`title` is the program's name; `detail` is "" where no server said anything."""
        super().__init__(title, parent, width=32)
        self.sentence = Label(sentence, self)
        self.copy_button = Button(self.tr("Copy for IT"), self)
        self.copy_button.clicked.connect(self._on_copy)
        self.close_button = Button(self.tr("Close"), self, primary=True)
        self.close_button.clicked.connect(self.reject)
        for button in (self.copy_button, self.close_button):
            self.buttons.addWidget(button)
        self.body.addWidget(Label(self.tr("CallUp can't start"), self, size=1.15, bold=True))
        self.body.addWidget(self.sentence)
        self._told = sentence
        if detail:
            sheet = TextSheet(detail, self.tr("Details"), self, font=fixed_width(self.font(), 0.9))
            sheet.setFixedHeight(em(self, _DETAIL_HEIGHT))
            self.body.addWidget(sheet)
            self._told += f"\n\n{detail}"
        self.close_button.setFocus()

    @Slot()
    def _on_copy(self) -> None:
        self.copied.emit(self._told)


def show_start_error(application: Application, sentence: str, detail: str) -> None:
    """Show the sentence in a dialog; returns when it is closed. Shows nothing on a platform without a screen."""
    if application.platformName() not in {"offscreen", "minimal"}:
        dialog = StartErrorDialog(application.applicationDisplayName(), sentence, detail)
        # Qt does not keep what it calls.
        shell = SystemShell()
        dialog.copied.connect(shell.copy)
        dialog.exec()
