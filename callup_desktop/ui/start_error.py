"""The message box that says why the program cannot start. Main thread."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from callup_desktop.ui.application import Application


def show_start_error(application: Application, sentence: str, detail: str) -> None:
    """Show the sentence in a box; returns when it is closed. Shows nothing on a platform without a screen."""
    if application.platformName() not in {"offscreen", "minimal"}:
        start_error_box(application, sentence, detail).exec()


def start_error_box(application: Application, sentence: str, detail: str) -> QMessageBox:
    """The box, not shown yet; `detail` is the last output of a server, "" without one."""
    box = QMessageBox(QMessageBox.Icon.Warning, application.applicationDisplayName(), "")
    # Names of files and keys come from outside, so they are not read as markup.
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(sentence)
    box.setDetailedText(detail)
    return box
