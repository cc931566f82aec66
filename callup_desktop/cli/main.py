"""`callup`, the console twin of the window: the same engine and journal, for automation and for tests. Main thread."""

import argparse
import json
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import IntEnum
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

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

from callup_desktop import __version__
from callup_desktop.app import (
    Choice,
    OwnerClient,
    OwnerLeftError,
    StartError,
    call_types_of,
    check_connection,
    look_for_update,
    open_line,
    serve_sandbox,
)
from callup_desktop.calls.documents import Receipt
from callup_desktop.calls.metadata import Details, problems_of
from callup_desktop.config.paths import Home, home
from callup_desktop.engine.job import State, Trouble
from callup_desktop.files.errors import Params
from callup_desktop.instance.handler import UNKNOWN, CallStatus, Request
from callup_desktop.presentation.messages import Messages
from callup_desktop.recordings.recording import Doubt
from callup_desktop.recordings.verdict import verdict_of

_GLANCE = 0.1
_PATIENCE = 30.0
_PIPED_WIDTH = 400
_ANSWERS = frozenset({"kept", UNKNOWN, "registered", "sent", "duplicate", "not_finished", *Doubt})


class Exit(IntEnum):
    """What the shell hears. 75 and 78 are sysexits' EX_TEMPFAIL and EX_CONFIG."""

    OK = 0
    FAILED = 1
    KEPT = 75
    CONFIG = 78


class CallOutcome(IntEnum):
    """How a call stands for the console."""

    UNDER_WAY = 0
    SENT = 1
    REFUSED = 2
    FAILED = 3
    GONE = 4


class Printer:
    """Results on stdout, one line each; sentences on stderr."""

    def __init__(self, texts: Messages, *, as_json: bool) -> None:
        """`as_json` writes every result, errors too, as one JSON object a line."""
        self._texts = texts
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

    def sent(self, row: CallStatus) -> None:
        """The receipt of a call that arrived."""
        receipt = Receipt(call_id=row.call_id).model_dump()
        if not self.as_json:
            self.values(receipt)
            return
        places = {"s3_bucket": row.s3_bucket, "s3_key": row.s3_key, "checksum": row.checksum}
        self.values({"file": row.file, **receipt, **places, "message_id": row.message_id})

    def error(self, file: str, code: str, sentence: str) -> None:
        """Why a file was not sent, or not yet."""
        if self.as_json:
            self.values({"file": file, "error": {"code": code, "message": sentence}})
        else:
            self.say(f"{file}: {sentence}" if file else sentence)

    def trouble(self, row: CallStatus) -> None:
        """Why a call did not arrive, in the window's words."""
        code = row.code or "kept"
        self.error(row.file or row.call_id, code, sentence_of(self._texts, code, row.params))


def sentence_of(texts: Messages, code: str, facts: Params) -> str:
    """What the code means, in the window's words."""
    if code in _ANSWERS:
        return texts.command_refused(code)
    return texts.sentence(Trouble(code, datetime.now(UTC), params=facts))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    options = _parser().parse_args(arguments)
    texts = Messages()
    printer = Printer(texts, as_json=options.json)
    choice = Choice(options.profile, sandbox=options.sandbox)
    try:
        return int(options.run(options, choice, printer, texts, home()))
    except StartError as exc:
        printer.error("", exc.code, exc.sentence)
        return Exit.CONFIG
    except BrokenPipeError:
        return Exit.FAILED


# --- commands -------------------------------------------------------------------------------------------------------


def _send(options: argparse.Namespace, choice: Choice, printer: Printer, texts: Messages, place: Home) -> int:
    details = Details(options.company, options.email, options.type)
    problems = problems_of(details, call_types_of(choice, place))
    for file in options.files if problems else ():
        for field, problem in problems.items():
            printer.error(file, f"{field}_{problem}", texts.field_problem(field, problem))
    if problems:
        return Exit.FAILED
    request = Request(
        do="send",
        files=tuple(str(Path(file).absolute()) for file in options.files),
        company=options.company,
        email=options.email,
        call_type=options.type,
        anyway=options.send_anyway,
    )
    return _Follower(choice, place, printer, options.patience).follow(lambda line: line.ask(request).rows)


def _resume(options: argparse.Namespace, choice: Choice, printer: Printer, _texts: Messages, place: Home) -> int:
    return _Follower(choice, place, printer, options.patience).follow(lambda line: _order(line, options))


def _pause(options: argparse.Namespace, choice: Choice, printer: Printer, _texts: Messages, place: Home) -> int:
    return _edit(options, choice, printer, place, lambda row: row.state not in {State.RUNNING, State.QUEUED})


def _cancel(options: argparse.Namespace, choice: Choice, printer: Printer, _texts: Messages, place: Home) -> int:
    return _edit(options, choice, printer, place, lambda row: row.gone or row.code == "registered")


def _edit(
    options: argparse.Namespace, choice: Choice, printer: Printer, place: Home, settled: Callable[[CallStatus], bool]
) -> int:
    with open_line(choice, place, sending=False) as line, _interruptible() as interrupted:
        ids = tuple(row.call_id for row in _order(line, options))
        until = time.monotonic() + options.patience
        rows = line.ask(Request(do="list", ids=ids)).rows
        while not all(row.state == UNKNOWN or settled(row) for row in rows):
            if time.monotonic() > until or interrupted.wait(_GLANCE):
                break
            rows = line.ask(Request(do="list", ids=ids)).rows
    return max((_tell_edited(printer, row, done=settled(row)) for row in rows), default=Exit.OK)


def _tell_edited(printer: Printer, row: CallStatus, *, done: bool) -> Exit:
    if row.state == UNKNOWN or row.code == "registered":
        code = row.code or UNKNOWN
        printer.trouble(row.model_copy(update={"code": code}))
        return Exit.FAILED
    if not done:
        printer.trouble(row)
        return Exit.KEPT
    printer.values({"call_id": row.call_id, "status": "cancelled" if row.gone else row.state, "file": row.file})
    return Exit.OK


def _order(line: OwnerClient, options: argparse.Namespace) -> tuple[CallStatus, ...]:
    return line.ask(Request(do=options.verb, ids=tuple(options.ids) or None)).rows


def _list(options: argparse.Namespace, choice: Choice, printer: Printer, texts: Messages, place: Home) -> int:
    with open_line(choice, place, sending=False) as line:
        rows = line.ask(Request(do="list")).rows
    if options.json:
        for row in rows:
            printer.values(row.model_dump())
        return Exit.OK
    table = Table(box=None, pad_edge=False)
    table.add_column("call id", no_wrap=True)
    for title in ("file", "company"):
        table.add_column(title, overflow="fold")
    for title in ("state", "stored"):
        table.add_column(title, no_wrap=True)
    table.add_column("", overflow="fold")
    for row in rows:
        why = sentence_of(texts, row.code, row.params) if row.code else ""
        stored = f"{row.stored / row.size:.0%} of {texts.size(row.size)}" if row.size else ""
        table.add_row(row.call_id, Path(row.file).name, row.company, row.state, stored, why)
    # A pipe has no width: one call a line.
    Console(width=None if sys.stdout.isatty() else _PIPED_WIDTH).print(table)
    return Exit.OK


def _probe(options: argparse.Namespace, _choice: Choice, printer: Printer, texts: Messages, _place: Home) -> int:
    code = Exit.OK
    for file in options.files:
        verdict = verdict_of(Path(file).absolute())
        printer.values(verdict.as_json())
        if verdict.code and not options.json:
            printer.say(f"{file}: {sentence_of(texts, verdict.code, verdict.params)}")
        if verdict.verdict == "refused":
            code = Exit.FAILED
    return code


def _check(options: argparse.Namespace, choice: Choice, printer: Printer, texts: Messages, place: Home) -> int:
    code = Exit.OK
    for result in check_connection(choice, place):
        sentence = "" if result.ok else sentence_of(texts, result.code, result.params)
        if not result.ok:
            code = Exit.FAILED
        if options.json:
            values = {"hop": result.hop, "ok": result.ok, "code": result.code, "message": sentence}
            printer.values({**values, "detail": result.detail, "seconds": round(result.seconds, 3)})
        else:
            printer.line(f"{result.hop:<9} {'ok' if result.ok else 'FAILED':<7} {sentence or result.detail}")
    return code


def _update(_options: argparse.Namespace, choice: Choice, printer: Printer, _texts: Messages, place: Home) -> int:
    answer = look_for_update(choice, place)
    if printer.as_json:
        values = {"outcome": answer.outcome, "installed": __version__, "newest": answer.version}
        printer.values({**values, "message": answer.sentence, "detail": answer.detail})
    else:
        printer.line(f"callup {__version__}: {answer.sentence}")
    return Exit.OK if answer.known else Exit.FAILED


def _sandbox(options: argparse.Namespace, _choice: Choice, _printer: Printer, _texts: Messages, place: Home) -> int:
    return serve_sandbox(options.data, place, sys.stdout, sys.stderr)


# --- following calls to their end -----------------------------------------------------------------------------------


class _Follower:
    """Shows bars until every call has an end, or none moves for `patience` seconds; receipts as they come."""

    def __init__(self, choice: Choice, place: Home, printer: Printer, patience: float) -> None:
        """Nothing is told yet."""
        self._choice = choice
        self._place = place
        self._printer = printer
        self._watch = _Watch(patience)
        self._told: dict[str, Exit] = {}

    def follow(self, begin: Callable[[OwnerClient], tuple[CallStatus, ...]]) -> Exit:
        """The exit code, once the calls that `begin` names have an end. Goes on alone where the owner leaves."""
        with _interruptible() as interrupted:
            while True:
                rows: tuple[CallStatus, ...] = ()
                try:
                    with open_line(self._choice, self._place, sending=True) as line:
                        rows = begin(line)
                        return self._to_the_end(line, tuple(row.call_id for row in rows), interrupted)
                except OwnerLeftError:
                    if not rows:
                        raise
                    request = Request(do="list", ids=tuple(row.call_id for row in rows))
                    begin = partial(_ask, request)

    def _to_the_end(self, line: OwnerClient, ids: tuple[str, ...], interrupted: threading.Event) -> Exit:
        left: list[CallStatus] = []
        with _Bars() as bars:
            while len(self._told) < len(ids):
                rows = line.ask(Request(do="list", ids=ids)).rows
                for row in rows:
                    if row.call_id not in self._told and (outcome := outcome_of(row)) is not CallOutcome.UNDER_WAY:
                        with bars.aside():
                            self._told[row.call_id] = _tell_end(line, self._printer, row, outcome)
                bars.show(rows)
                left = [row for row in rows if row.call_id not in self._told]
                if left and (self._watch.has_stood_still(left) or interrupted.wait(_GLANCE)):
                    break
        for row in left:
            self._printer.trouble(row)
        if Exit.FAILED in self._told.values():
            return Exit.FAILED
        return Exit.KEPT if left else Exit.OK


def _ask(request: Request, line: OwnerClient) -> tuple[CallStatus, ...]:
    return line.ask(request).rows


def outcome_of(row: CallStatus) -> CallOutcome:
    """How the call stands: a draft with a code was turned away, unless it only waits for its recorder."""
    match row.state:
        case State.DONE:
            return CallOutcome.SENT
        case State.FAILED:
            return CallOutcome.FAILED
        case _ if row.gone or row.state in {State.CANCELLED, UNKNOWN}:
            return CallOutcome.GONE
        case State.DRAFT if row.code is not None and not row.waiting:
            return CallOutcome.REFUSED
        case _:
            return CallOutcome.UNDER_WAY


def _tell_end(line: OwnerClient, printer: Printer, row: CallStatus, outcome: CallOutcome) -> Exit:
    if outcome is CallOutcome.SENT:
        printer.sent(row)
        return Exit.OK
    if outcome is CallOutcome.REFUSED:
        # Nothing of a file that was turned away stays behind, neither in the list nor anywhere else.
        line.ask(Request(do="cancel", ids=(row.call_id,)))
    printer.trouble(row)
    return Exit.FAILED


class _Watch:
    """Sees whether calls move: a long time without one more byte, while they wait, is the end of patience."""

    def __init__(self, patience: float) -> None:
        """`patience` in seconds."""
        self._patience = patience
        self._last: object = None
        self._since = time.monotonic()

    def has_stood_still(self, rows: Sequence[CallStatus]) -> bool:
        """Whether nothing moved for the whole of the patience, or an admin has to act first."""
        now = time.monotonic()
        position = [(row.state == State.DRAFT, row.stored, row.in_flight, row.s3_key) for row in rows]
        if position != self._last or any(row.state == State.DRAFT and not row.waiting for row in rows):
            self._last, self._since = position, now
        return all(row.blocked for row in rows) or now - self._since > self._patience


class _Bars:
    """One bar a file on stderr, where that is a terminal."""

    def __init__(self) -> None:
        """Nothing is drawn before `show`."""
        self._progress = Progress(
            TextColumn("{task.description}"),
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

    def __enter__(self) -> "_Bars":
        """Start drawing."""
        self._progress.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Take the bars away."""
        self._progress.stop()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Make room for lines that stay."""
        self._progress.stop()
        try:
            yield
        finally:
            self._progress.start()

    def show(self, rows: Sequence[CallStatus]) -> None:
        """The bars as the rows are now."""
        for row in rows:
            if row.call_id not in self._tasks:
                self._tasks[row.call_id] = self._progress.add_task(Path(row.file).name, total=None)
            self._progress.update(
                self._tasks[row.call_id], total=row.size or None, completed=row.stored + row.in_flight
            )


@contextmanager
def _interruptible() -> Iterator[threading.Event]:
    """An event that SIGINT and SIGTERM set, so that the engine is stopped in good order and everything is kept."""
    interrupted = threading.Event()

    def note(_number: int, _frame: FrameType | None) -> None:
        interrupted.set()

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield interrupted
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


# --- the command line -----------------------------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="callup", description="Send call recordings, once and whole.")
    parser.add_argument("--version", action="version", version=f"callup {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    send = _command(commands, "send", _send, "send recordings and wait until they have arrived")
    send.add_argument("files", nargs="+", metavar="FILE")
    send.add_argument("--company", default="", help="the company the call was with")
    send.add_argument("--email", default="", help="the contact's email address")
    send.add_argument("--type", default="", help="the call type, one of the profile's")
    send.add_argument("--send-anyway", action="store_true", help="send recordings that seem cut off or silent, too")
    probe = _command(commands, "probe", _probe, "judge recordings without sending them")
    probe.add_argument("files", nargs="+", metavar="FILE")
    _command(commands, "list", _list, "show the queue and the last sent calls")
    for name, run, text in (
        ("resume", _resume, "let paused or waiting calls go on, and wait until they have arrived"),
        ("retry", _resume, "try failed calls again, and wait until they have arrived"),
        ("pause", _pause, "pause calls; all of them if none is named"),
        ("cancel", _cancel, "cancel a call and clean up what was stored of it"),
    ):
        command = _command(commands, name, run, text)
        command.set_defaults(verb=name)
        command.add_argument("ids", nargs="+" if name == "cancel" else "*", metavar="CALL_ID")
    _command(commands, "check", _check, "walk keyring, clock, TLS, storage, registry and queue")
    _command(commands, "update", _update, "see whether there is a newer version; installs nothing")
    sandbox = _command(commands, "sandbox", _sandbox, "run the embedded S3, SQS and MongoDB until stopped")
    sandbox.add_argument("--data", type=Path, help="where its data is kept (default: in CallUp's own folder)")
    return parser


def _command(commands: Any, name: str, run: Callable[..., int], text: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    command.set_defaults(run=run)
    where = command.add_mutually_exclusive_group()
    where.add_argument("--profile", type=Path, metavar="FILE", help="the .callup file from your IT department")
    where.add_argument("--sandbox", action="store_true", help="use the embedded sandbox on this computer")
    command.add_argument("--json", action="store_true", help="print one JSON object a line")
    command.add_argument(
        "--patience", type=float, default=_PATIENCE, metavar="SECONDS", help="how long to wait while nothing moves"
    )
    return command


if __name__ == "__main__":
    sys.exit(main())
