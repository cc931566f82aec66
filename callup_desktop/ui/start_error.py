"""The box that says why the program cannot start. Main thread."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from callup_desktop.ui.application import Application


def show_start_error(application: Application, sentence: str, detail: str) -> None:
    """Show the sentence until the rep has read it; nothing where there is no screen to read it on."""
    if application.platformName() not in {"offscreen", "minimal"}:
        start_error_box(application, sentence, detail).exec()


def start_error_box(application: Application, sentence: str, detail: str) -> QMessageBox:
    """The box, not shown yet; `detail` is what a server said last, "" if nothing did."""
    box = QMessageBox(QMessageBox.Icon.Warning, application.applicationDisplayName(), "")
    # The names of files and keys come from outside and are never read as markup.
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(sentence)
    box.setDetailedText(detail)
    return box
