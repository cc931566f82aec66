"""A rep who is played within the program's own process: he looks from time to time, and does what comes next."""

from abc import abstractmethod

from PySide6.QtCore import QMetaObject, QObject, Qt, QTimer, Slot

_LOOK_INTERVAL = 20


class LookingRep(QObject):
    """Subclasses say what he does at a look. Main thread."""

    def wait(self) -> None:
        """Begin once there is an application."""
        QMetaObject.invokeMethod(self, "begin", Qt.ConnectionType.QueuedConnection)

    @Slot()
    def begin(self) -> None:
        timer = QTimer(self)
        timer.timeout.connect(self.look)
        timer.start(_LOOK_INTERVAL)

    @abstractmethod
    def look(self) -> None:
        """Do the next thing, if it can be done yet."""
