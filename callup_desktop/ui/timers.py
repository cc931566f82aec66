"""Makes timers. Main thread."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


def repeating(parent: QObject, interval: int, slot: Callable[[], object]) -> QTimer:
    """A timer that calls the slot every `interval` milliseconds once it is started."""
    timer = QTimer(parent)
    timer.setInterval(interval)
    timer.timeout.connect(slot)
    return timer


def single_shot(parent: QObject, interval: int, slot: Callable[[], object]) -> QTimer:
    """A timer that calls the slot once, `interval` milliseconds after its last start."""
    timer = repeating(parent, interval, slot)
    timer.setSingleShot(True)
    return timer
