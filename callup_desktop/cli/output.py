"""What the console prints: results on stdout, one line each; sentences and bars on stderr. Main thread.

JSON is ASCII, whatever the stream's encoding. Names that come from outside are written out for people where a terminal
would act on them.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any, Self, TextIO, cast

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
from callup_desktop.engine.errors import Rejection
from callup_desktop.engine.job import State
from callup_desktop.instance.client import StartError
from callup_desktop.instance.messages import CallStatus
from callup_desktop.presentation.messages import Messages
from callup_desktop.standard_streams import Output, printable

_PIPED_WIDTH = 400
"""Columns of a table where no terminal tells: one call a line."""


class Printer:
    """Prints in people's words, or as one JSON object a line. Printing never fails."""

    def __init__(self, messages: Messages, *, as_json: bool) -> None:
        """`as_json` writes every result, errors too, as JSON."""
        self.messages = messages
        self.as_json = as_json
        self._out, self._err = Output(sys.stdout), Output(sys.stderr)

    def line(self, text: str) -> None:
        """One line on stdout."""
        self._out.write(printable(text) + "\n")
        self._out.flush()

    def values(self, values: dict[str, Any]) -> None:
        """One JSON object on stdout."""
        self.line(json.dumps(values))

    def say(self, sentence: str) -> None:
        """A sentence on stderr; each line of it is one there."""
        for line in sentence.splitlines():
            self._err.write(printable(line) + "\n")
        self._err.flush()

    def sent(self, file: str, status: CallStatus) -> None:
        """The receipt of a call that arrived."""
        receipt = Receipt(call_id=status.call_id).model_dump()
        if not self.as_json:
            self.values(receipt)
            if status.video_size:
                self.say(self.messages.sound_of(printable(PurePath(file).name), status.video_size, status.size))
            return
        places = {"s3_bucket": status.s3_bucket, "s3_key": status.s3_key, "checksum": status.checksum}
        self.values({"file": file, **receipt, **places, "message_id": status.message_id})

    def error(self, file: str, code: str, sentence: str, detail: str = "", **more: object) -> None:
        """Why a file was not sent, or not yet; or, without a file, why nothing was done. `more` goes into JSON."""
        if self.as_json:
            told = {"code": code, "message": sentence}
            self.values({"file": file, "error": {**told, "detail": detail} if detail else told, **more})
        else:
            self.say(
                "\n".join(part for part in (f"{printable(file)}: {sentence}" if file else sentence, detail) if part)
            )

    def start_error(self, error: StartError) -> None:
        """Why the command cannot be run."""
        sentence = self.messages.start_error(error.code, error.params, error.problems)
        self.error("", error.code, sentence, error.detail)

    def trouble(self, file: str, status: CallStatus) -> None:
        """Why a call did not arrive, in the window's words."""
        if status.code is not None:
            self.error(file, status.code, self._reason(status))
        elif status.kept:
            self.error(file, "kept", self.messages.kept())
        else:
            self.not_taken(file)

    def not_taken(self, file: str) -> None:
        """Nobody keeps the file: it is not in the journal."""
        self.error(file, Rejection.NOT_TAKEN, self.messages.of_code(Rejection.NOT_TAKEN))

    def sent_before(self, file: str, status: CallStatus, code: Rejection) -> None:
        """The recording had a call already, and is not sent once more."""
        sentence, earlier = self.messages.of_code(code, status.params), status.duplicate_of or status.call_id
        self.error(file, code, sentence, duplicate_of=earlier, sent_at=status.sent_before_at)

    def _reason(self, status: CallStatus) -> str:
        if status.code is None:
            return ""
        return self.messages.of_call(
            status.code, status.params, send_asked=status.send_asked, edit_asked=status.edit_asked
        )

    def table(self, calls: Iterable[CallStatus]) -> None:
        """The calls as a table for people."""
        table = Table(box=None, pad_edge=False)
        table.add_column("call id", no_wrap=True)
        for title in ("file", "company"):
            table.add_column(title, overflow="fold")
        for title in ("state", "stored"):
            table.add_column(title, no_wrap=True)
        table.add_column("", overflow="fold")
        for status in calls:
            cells = (
                status.call_id,
                status.name,
                status.company,
                status.state,
                self._stored(status),
                self._reason(status),
            )
            table.add_row(*map(printable, cells))
        # Names come from outside: brackets and colons in them are no markup.
        width = None if self._out.isatty() else _PIPED_WIDTH
        Console(file=cast(TextIO, self._out), width=width, markup=False, emoji=False).print(table)
        self._out.flush()

    def _stored(self, status: CallStatus) -> str:
        if not status.size:
            return ""
        part = min(1.0, status.stored / status.size)
        return f"{part:.0%} of {self.messages.units.size(status.size)}"


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
