"""Ctrl-C and SIGTERM as an event, so that whoever waits for it ends in good order. Main thread."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType


@contextmanager
def stop_signal() -> Iterator[Event]:
    """An event that SIGINT and SIGTERM set, instead of ending this process, while the context lasts."""
    stopped = Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopped.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
