"""The QApplication: style, colours, language, and files that the system opens with it. Main thread."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import (
    QEvent,
    QLibraryInfo,
    QLocale,
    QMessageLogContext,
    Qt,
    QtMsgType,
    QTranslator,
    Signal,
    Slot,
    qInstallMessageHandler,
)
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from callup_desktop.choice import ExitCode
from callup_desktop.engine.errors import Code
from callup_desktop.presentation.messages import Messages
from callup_desktop.resource_files import RESOURCES
from callup_desktop.standard_streams import write_lines
from callup_desktop.ui.qt_language import QtLanguage
from callup_desktop.ui.widgets.colours import colours_for, palette_of
from callup_desktop.ui.widgets.icons import app_icon


class Application(QApplication):
    """Fusion style in the window's own colours, light or dark like the system."""

    files_opened = Signal(object)
    """Files that were dropped on the dock icon or opened with this program (tuple[Path, ...])."""

    def __init__(self, arguments: Sequence[str] = (), locale: QLocale | None = None) -> None:
        """`locale` None means the system's; its language needs a translation, else texts are English."""
        with _no_screen_told():
            super().__init__(["callup-desktop", *arguments])
        self._locale = locale or QLocale.system()
        QLocale.setDefault(self._locale)
        self.setApplicationName("CallUp Desktop")
        self.setApplicationDisplayName("CallUp Desktop")
        self.setDesktopFileName("callup-desktop")
        self.setWindowIcon(app_icon())
        self.setStyle("Fusion")
        self.setQuitOnLastWindowClosed(False)
        self.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)
        self._on_scheme_changed(self.styleHints().colorScheme())
        self._translators = self._install_translators()

    def messages(self) -> Messages:
        """Sentences in the language of this application."""
        return Messages(QtLanguage(self._locale))

    def event(self, event: QEvent) -> bool:
        """Send `files_opened` for a file that the system opens with this program."""
        if isinstance(event, QFileOpenEvent) and event.file():
            self.files_opened.emit((Path(event.file()),))
            return True
        return super().event(event)

    @Slot(Qt.ColorScheme)
    def _on_scheme_changed(self, scheme: Qt.ColorScheme) -> None:
        self.setPalette(palette_of(colours_for(scheme)))

    def _install_translators(self) -> tuple[QTranslator, ...]:
        """Install the texts of Qt and of this program; Qt does not keep the translators alive."""
        ours, english = str(RESOURCES / "translations"), QLocale(QLocale.Language.English)
        qts = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        # Qt asks the last one first. English comes first, because only its plural forms are needed.
        sources = ((english, "callup", ours), (self._locale, "qtbase", qts), (self._locale, "callup", ours))
        installed = []
        for locale, name, folder in sources:
            translator = QTranslator(self)
            if translator.load(locale, name, "_", folder):
                self.installTranslator(translator)
                installed.append(translator)
        return tuple(installed)


@contextmanager
def _no_screen_told() -> Iterator[None]:
    """End the process in a sentence where Qt finds no screen; by itself it aborts, and leaves a core."""
    said: list[str] = []

    def hear(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        said.append(text)
        if kind is QtMsgType.QtFatalMsg:
            # Without any display there is no more to say; else it may be a library that is missing.
            reasons = said if {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys() else ()
            write_lines([Messages().start_error(Code.NO_SCREEN, {}), *reasons], sys.stderr)
            os._exit(ExitCode.CONFIG)

    before = qInstallMessageHandler(hear)
    try:
        yield
    finally:
        qInstallMessageHandler(before)
    write_lines(said, sys.stderr)
