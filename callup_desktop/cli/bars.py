"""The bars of `callup send` while recordings move, on stderr. Main thread."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self, TextIO, cast

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from callup_desktop.engine.job import State
from callup_desktop.instance.messages import CallStatus
from callup_desktop.standard_streams import Output, printable


class Bars:
    """One bar for each file that moves, on stderr, where that is a terminal."""

    def __init__(self) -> None:
        output = Output(sys.stderr)
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=Console(file=cast(TextIO, output)),
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
            disable=not output.isatty(),
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        """Start drawing."""
        self._progress.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Take the bars away."""
        self._progress.stop()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Make room for lines that stay."""
        self._progress.stop()
        try:
            yield
        finally:
            self._progress.start()

    def show(self, status: CallStatus) -> None:
        """The call's bar as it is now; there is none for a call that waits, or is over."""
        if status.state != State.RUNNING:
            if (task := self._tasks.pop(status.call_id, None)) is not None:
                self._progress.remove_task(task)
            return
        if status.call_id not in self._tasks:
            self._tasks[status.call_id] = self._progress.add_task(printable(status.name), total=None)
        # A part that is sent once more is under way twice.
        done = min(status.stored + status.in_flight, status.size)
        self._progress.update(self._tasks[status.call_id], total=status.size or None, completed=done)
