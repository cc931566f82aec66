"""Keeps windows inside the screen. Main thread."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Slot
from PySide6.QtWidgets import QWidget

from callup_desktop.ui.timers import repeating
from callup_desktop.ui.widgets.measures import em

_LOOK_INTERVAL = 100
"""Milliseconds between two looks at a window's frame: the window manager draws and moves it in its own time."""
_SIDES, _TITLE_BAR = 1.0, 2.5
"""Line heights that a window manager takes of the screen for a window's frame; a little more than it is."""
_LOOKS = 20
"""Looks after the window was shown or its screen changed; after them the rep may push it where they want."""


def within_screen(window: QWidget, size: QSize) -> QSize:
    """The size, as far as the window's screen has room for it and for the frame, which nobody knows before it is there.

    A window that reaches beyond the screen with its frame would be made smaller after its first painting.
    """
    frame = QSize(em(window, _SIDES), em(window, _TITLE_BAR))
    return size.boundedTo(window.screen().availableGeometry().size() - frame)


class ScreenFit(QObject):
    """Keeps a window with its frame inside the room that its screen leaves, also when that room becomes smaller."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._is_followed = False
        self._looks_left = 0
        self._timer = repeating(self, _LOOK_INTERVAL, self._on_look)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look again once the window is shown."""
        if watched is self._window and event.type() is QEvent.Type.Show:
            self._follow()
            self._look()
        return super().eventFilter(watched, event)

    def _follow(self) -> None:
        handle = self._window.windowHandle()
        if handle is None or self._is_followed:
            return
        self._is_followed = True
        handle.screenChanged.connect(self._on_screen_changed)
        self._on_screen_changed()

    @Slot()
    def _on_screen_changed(self) -> None:
        self._window.screen().availableGeometryChanged.connect(self._look)
        self._look()

    @Slot()
    def _look(self) -> None:
        self._looks_left = _LOOKS
        self._timer.start()

    @Slot()
    def _on_look(self) -> None:
        self._looks_left -= 1
        if self._looks_left <= 0:
            self._timer.stop()
        self._fit()

    def _fit(self) -> None:
        """Make the window smaller, and move it, as far as it reaches beyond the screen."""
        window = self._window
        if not window.isVisible() or window.isMinimized() or window.isMaximized() or window.isFullScreen():
            return
        room, frame = window.screen().availableGeometry(), window.frameGeometry()
        size = window.size().boundedTo(room.size() - (frame.size() - window.size()))
        if size != window.size():
            frame.setSize(frame.size() - (window.size() - size))
            window.resize(size)
        place = _moved_into(room, frame)
        if place != window.frameGeometry().topLeft():
            window.move(place)


def _moved_into(room: QRect, frame: QRect) -> QPoint:
    """Where the frame's corner has to be; a frame that is too large begins where the room begins."""
    left = max(room.left(), min(frame.left(), room.right() + 1 - frame.width()))
    top = max(room.top(), min(frame.top(), room.bottom() + 1 - frame.height()))
    return QPoint(left, top)
