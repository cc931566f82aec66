"""The message box that says why the program cannot start. Main thread."""

from PySide6.QtWidgets import QMessageBox

from callup_desktop.ui.application import Application
from callup_desktop.ui.widgets.plain_text import plain_box


def show_start_error(application: Application, sentence: str, detail: str) -> None:
    """Show the sentence in a box; returns when it is closed. Shows nothing on a platform without a screen."""
    if application.platformName() not in {"offscreen", "minimal"}:
        start_error_box(application, sentence, detail).exec()


def start_error_box(application: Application, sentence: str, detail: str) -> QMessageBox:
    """The box, not shown yet; `detail` is the last output of a server, "" without one."""
    box = plain_box(QMessageBox.Icon.Warning, application.applicationDisplayName(), sentence)
    box.setDetailedText(detail)
    return box
