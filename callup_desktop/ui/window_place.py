"""The window's place on the screen, remembered between two starts. Main thread."""

from contextlib import suppress

from PySide6.QtCore import QByteArray, QObject, QSize
from PySide6.QtWidgets import QWidget

from callup_desktop.config.preferences import PreferencesFile
from callup_desktop.ui.queue_page import PaneSizes, QueuePage
from callup_desktop.ui.widgets.screen_fit import ScreenFit, within_screen


class WindowPlace(QObject):
    """Remembers where the window stands, how large it is, and how large the pane in it."""

    def __init__(self, window: QWidget, page: QueuePage, preferences: PreferencesFile) -> None:
        super().__init__(window)
        self._window = window
        self._page = page
        self._preferences = preferences
        self.fit = ScreenFit(window)

    def restore(self, size: QSize) -> None:
        """Put the window where it was left; without such a place it gets the size, as far as there is room."""
        kept = self._preferences.now
        self._page.set_pane_sizes(PaneSizes(kept.pane_width, kept.pane_height))
        place = QByteArray.fromBase64(kept.window_place.encode())
        if place.isEmpty() or not self._window.restoreGeometry(place):
            self._window.resize(within_screen(self._window, size))

    def keep(self) -> None:
        """Remember the place of this moment, if the window was ever shown."""
        if self._window.windowHandle() is None:
            return
        place = bytes(self._window.saveGeometry().toBase64().data()).decode()
        sizes = self._page.pane_sizes
        # A disk that is full keeps nobody from closing the window.
        with suppress(OSError):
            self._preferences.change(window_place=place, pane_width=sizes.width, pane_height=sizes.height)
