"""What the window asks of the desktop around it: show a file, open a page, the clipboard. Main thread."""

import sys
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication


class DesktopShell(Protocol):
    """The computer's own file browser, web browser and clipboard."""

    def show_file(self, path: Path) -> None:
        """Open the folder of the file, with the file selected where that is possible."""
        ...

    def open_folder(self, path: Path) -> None:
        """Open a folder."""
        ...

    def open_page(self, url: str) -> None:
        """Open a web page."""
        ...

    def copy(self, text: str) -> None:
        """Put the text on the clipboard."""
        ...


class SystemShell:
    """The desktop this runs on."""

    def show_file(self, path: Path) -> None:
        """See DesktopShell."""
        if sys.platform == "win32":
            QProcess.startDetached("explorer", [f"/select,{path}"])
        elif sys.platform == "darwin":
            QProcess.startDetached("open", ["-R", str(path)])
        else:
            self.open_folder(path.parent)

    def open_folder(self, path: Path) -> None:
        """See DesktopShell."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def open_page(self, url: str) -> None:
        """See DesktopShell."""
        QDesktopServices.openUrl(QUrl(url))

    def copy(self, text: str) -> None:
        """See DesktopShell."""
        QGuiApplication.clipboard().setText(text)
