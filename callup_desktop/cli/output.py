"""What the console prints: results on stdout, one line each; sentences and bars on stderr. Main thread."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

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
from rich.table import Table

from callup_desktop.calls.documents import Receipt
from callup_desktop.instance.client import StartError
from callup_desktop.instance.messages import CallStatus
from callup_desktop.presentation.messages import Messages

_PIPED_WIDTH = 400
"""Columns of a table where no terminal tells: one call a line."""


class Printer:
    """Prints in people's words, or as one JSON object a line."""

    def __init__(self, messages: Messages, *, as_json: bool) -> None:
        """`as_json` writes every result, errors too, as JSON."""
        self.messages = messages
        self.as_json = as_json

    def line(self, text: str) -> None:
        """One line on stdout."""
        sys.stdout.write(text + "\n")
        sys.stdout.flush()

    def values(self, values: dict[str, Any]) -> None:
        """One JSON object on stdout."""
        self.line(json.dumps(values, ensure_ascii=False))

    def say(self, sentence: str) -> None:
        """One sentence on stderr."""
        sys.stderr.write(sentence + "\n")
        sys.stderr.flush()

    def sent(self, status: CallStatus) -> None:
        """The receipt of a call that arrived."""
        receipt = Receipt(call_id=status.call_id).model_dump()
        if not self.as_json:
            self.values(receipt)
            return
        places = {"s3_bucket": status.s3_bucket, "s3_key": status.s3_key, "checksum": status.checksum}
        self.values({"file": status.file, **receipt, **places, "message_id": status.message_id})

    def error(self, file: str, code: str, sentence: str, detail: str = "") -> None:
        """Why a file was not sent, or not yet; or why nothing was done, where no file is named."""
        if self.as_json:
            told = {"code": code, "message": sentence}
            self.values({"file": file, "error": {**told, "detail": detail} if detail else told})
        else:
            self.say("\n".join(part for part in (f"{file}: {sentence}" if file else sentence, detail) if part))

    def start_error(self, error: StartError) -> None:
        """Why the command cannot be run."""
        sentence = self.messages.start_error(error.code, error.params, error.problems)
        self.error("", error.code, sentence, error.detail)

    def trouble(self, status: CallStatus) -> None:
        """Why a call did not arrive, in the window's words."""
        file = status.file or status.call_id
        if status.code is None:
            self.error(file, "kept", self.messages.kept())
        else:
            self.error(file, status.code, self._reason(status))

    def _reason(self, status: CallStatus) -> str:
        if status.code is None:
            return ""
        return self.messages.of_call(status.code, status.params, send_asked=status.send_asked)

    def table(self, calls: Sequence[CallStatus]) -> None:
        """The calls as a table for people."""
        table = Table(box=None, pad_edge=False)
        table.add_column("call id", no_wrap=True)
        for title in ("file", "company"):
            table.add_column(title, overflow="fold")
        for title in ("state", "stored"):
            table.add_column(title, no_wrap=True)
        table.add_column("", overflow="fold")
        for status in calls:
            stored = (
                f"{status.stored / status.size:.0%} of {self.messages.units.size(status.size)}" if status.size else ""
            )
            table.add_row(
                status.call_id, Path(status.file).name, status.company, status.state, stored, self._reason(status)
            )
        # Names come from outside: brackets and colons in them are no markup.
        width = None if sys.stdout.isatty() else _PIPED_WIDTH
        Console(width=width, markup=False, emoji=False).print(table)


class Bars:
    """One bar a file on stderr, where that is a terminal."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
            disable=not sys.stderr.isatty(),
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

    def show(self, calls: Sequence[CallStatus]) -> None:
        """The bars as the calls are now."""
        for status in calls:
            if status.call_id not in self._tasks:
                self._tasks[status.call_id] = self._progress.add_task(Path(status.file).name, total=None)
            self._progress.update(
                self._tasks[status.call_id], total=status.size or None, completed=status.stored + status.in_flight
            )
