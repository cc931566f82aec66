"""The box that says why the program cannot start. Main thread."""

from PySide6.QtWidgets import QMessageBox

from callup_desktop.ui.application import Application


def show_start_error(application: Application, sentence: str) -> None:
    """Show the sentence until the rep has read it; nothing where there is no screen to read it on."""
    if application.platformName() in {"offscreen", "minimal"}:
        return
    box = QMessageBox(QMessageBox.Icon.Warning, application.applicationDisplayName(), sentence)
    box.exec()
