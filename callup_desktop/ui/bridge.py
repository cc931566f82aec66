"""Carries the engine's events to the main thread: `post` on the engine's, `reported` heard on the receiver's."""

from PySide6.QtCore import QObject, Signal

from callup_desktop.engine.events import Event


class EngineBridge(QObject):
    """One signal with one typed payload; connect it to a `@Slot(object)` of a QObject in the main thread."""

    reported = Signal(object)

    def post(self, event: Event) -> None:
        """Hand the event over; returns at once, from any thread."""
        self.reported.emit(event)
