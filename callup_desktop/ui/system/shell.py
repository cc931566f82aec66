"""The file browser, the web browser and the clipboard of the desktop. Main thread."""

import sys
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication


class DesktopShell(Protocol):
    """The programs of the desktop that the window uses."""

    def show_file(self, path: Path) -> None:
        """Open the folder of the file; the file is selected where the system can do that."""
        ...

    def open_folder(self, path: Path) -> None:
        """Open a folder."""
        ...

    def play(self, file: Path) -> str | None:
        """Open a recording; the player's name, "" if it is not known, None if nothing on this computer plays it."""
        ...

    def open_page(self, url: str) -> None:
        """Open a web page."""
        ...

    def copy(self, text: str) -> None:
        """Put the text on the clipboard."""
        ...


class SystemShell:
    """The desktop of this computer."""

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

    def play(self, file: Path) -> str | None:
        """See DesktopShell."""
        from callup_desktop.ui.system.player import player_of

        player = player_of(file)
        is_opened = player is not None and QDesktopServices.openUrl(QUrl.fromLocalFile(str(file)))
        return player if is_opened else None

    def open_page(self, url: str) -> None:
        """See DesktopShell."""
        QDesktopServices.openUrl(QUrl(url))

    def copy(self, text: str) -> None:
        """See DesktopShell."""
        QGuiApplication.clipboard().setText(text)
