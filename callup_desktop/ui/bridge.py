"""Carries events to the main thread: `post` runs on any thread, `reported` on that of its receiver."""

from PySide6.QtCore import QObject, Signal

from callup_desktop.engine.events import Event


class EngineBridge(QObject):
    """Connect `reported` to a `@Slot(object)` of a QObject that lives on the main thread."""

    reported = Signal(object)
    """An Event."""

    def post(self, event: Event) -> None:
        """Send the event; returns at once, from any thread."""
        self.reported.emit(event)
