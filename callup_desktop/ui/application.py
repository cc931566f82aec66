"""The QApplication: style, colours of the system, language, and files that the system hands over. Main thread."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QLibraryInfo, QLocale, Qt, QTranslator, Signal, Slot
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from callup_desktop.presentation.messages import Messages
from callup_desktop.ui.qt_language import QtLanguage
from callup_desktop.ui.widgets.colours import palette_of, wanted
from callup_desktop.ui.widgets.icons import RESOURCES, app_icon


class Application(QApplication):
    """Fusion in the window's own colours, light or dark as the system is."""

    files_opened = Signal(object)
    """tuple[Path, ...]: dropped on the dock icon, or opened with us."""

    def __init__(self, arguments: Sequence[str] = (), locale: QLocale | None = None) -> None:
        """Speak the locale's language where there is a translation, or the system's."""
        super().__init__(["callup-desktop", *arguments])
        self._locale = locale or QLocale.system()
        QLocale.setDefault(self._locale)
        self.setApplicationName("CallUp Desktop")
        self.setApplicationDisplayName("CallUp Desktop")
        self.setDesktopFileName("callup-desktop")
        self.setWindowIcon(app_icon())
        self.setStyle("Fusion")
        self.setQuitOnLastWindowClosed(False)
        self.styleHints().colorSchemeChanged.connect(self._on_scheme)
        self._on_scheme(self.styleHints().colorScheme())
        self._translators = self._install_translators()

    def messages(self) -> Messages:
        """Sentences in the language of this application."""
        return Messages(QtLanguage(self._locale))

    def event(self, event: QEvent) -> bool:
        """Take files that the system hands over."""
        if isinstance(event, QFileOpenEvent) and event.file():
            self.files_opened.emit((Path(event.file()),))
            return True
        return super().event(event)

    @Slot(Qt.ColorScheme)
    def _on_scheme(self, scheme: Qt.ColorScheme) -> None:
        self.setPalette(palette_of(wanted(scheme)))

    def _install_translators(self) -> tuple[QTranslator, ...]:
        """Qt's own words and ours; kept here, because Qt does not."""
        ours, english = str(RESOURCES / "translations"), QLocale(QLocale.Language.English)
        qts = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        # English first, for its plural forms: the last one installed is asked first.
        places = ((english, "callup", ours), (self._locale, "qtbase", qts), (self._locale, "callup", ours))
        installed = []
        for locale, name, folder in places:
            translator = QTranslator(self)
            if translator.load(locale, name, "_", folder):
                self.installTranslator(translator)
                installed.append(translator)
        return tuple(installed)
