"""`callup pause` and `callup cancel`: ask for a change of calls, and wait until it is made. Main thread."""

import argparse
import threading
import time
from collections.abc import Callable, Sequence

from callup_desktop.choice import Choice, ExitCode
from callup_desktop.cli.output import Printer
from callup_desktop.cli.owner import asked, changed, in_turn
from callup_desktop.config.paths import Home
from callup_desktop.engine.errors import Rejection
from callup_desktop.engine.job import State
from callup_desktop.instance.client import OwnerClient
from callup_desktop.instance.messages import UNKNOWN_STATE, CallStatus, Verb
from callup_desktop.os_signals import stop_signal


def pause(options: argparse.Namespace, choice: Choice, printer: Printer, here: Home) -> int:
    """Pause calls; the exit code. Raises StartError."""
    return _edit(options, choice, printer, here, lambda status: status.state not in {State.RUNNING, State.QUEUED})


def cancel(options: argparse.Namespace, choice: Choice, printer: Printer, here: Home) -> int:
    """Cancel calls; the exit code. Raises StartError."""
    return _edit(options, choice, printer, here, lambda status: status.gone or status.code == Rejection.REGISTERED)


def _edit(
    options: argparse.Namespace, choice: Choice, printer: Printer, here: Home, is_settled: Callable[[CallStatus], bool]
) -> int:
    settled, left = Editor(choice, here, printer, options.patience).change(
        options.verb, options.ids or None, lambda status: status.state == UNKNOWN_STATE or is_settled(status)
    )
    codes = [_tell_edited(printer, status) for status in settled]
    for status in left:
        printer.trouble(status.file, status)
        codes.append(ExitCode.KEPT)
    return max(codes, default=ExitCode.OK)


def _tell_edited(printer: Printer, status: CallStatus) -> ExitCode:
    if status.state == UNKNOWN_STATE or status.code == Rejection.REGISTERED:
        code = status.code or Rejection.UNKNOWN
        printer.trouble(status.file or status.call_id, status.model_copy(update={"code": code}))
        return ExitCode.FAILED
    printer.values(
        {"call_id": status.call_id, "status": "cancelled" if status.gone else status.state, "file": status.file}
    )
    return ExitCode.OK


class Editor:
    """Asks for a change of calls, and waits until it is made or `patience` seconds are over."""

    def __init__(self, choice: Choice, home: Home, printer: Printer, patience: float) -> None:
        self._choice = choice
        self._home = home
        self._printer = printer
        self._patience = patience
        self._settled: dict[str, CallStatus] = {}
        self._left: dict[str, CallStatus | None] = {}

    def change(
        self, verb: Verb, ids: Sequence[str] | None, is_settled: Callable[[CallStatus], bool]
    ) -> tuple[tuple[CallStatus, ...], tuple[CallStatus, ...]]:
        """The calls that are as they were to be, and those that are not; raises StartError."""
        self._left = dict.fromkeys(ids or ())

        def edit(owner: OwnerClient) -> None:
            begun = bool(self._left or self._settled)
            in_turn(owner, verb, tuple(self._left) if begun else None)
            self._wait(owner, is_settled, interrupted)

        with stop_signal() as interrupted:
            asked(self._choice, self._home, self._printer, edit)
        return tuple(self._settled.values()), tuple(status for status in self._left.values() if status is not None)

    def _wait(self, owner: OwnerClient, is_settled: Callable[[CallStatus], bool], interrupted: threading.Event) -> None:
        until = time.monotonic() + self._patience
        while True:
            for status in changed(owner):
                if is_settled(status):
                    self._left.pop(status.asked_id, None)
                    self._settled[status.asked_id] = status
                elif status.asked_id not in self._settled:
                    self._left[status.asked_id] = status
            if not self._left or time.monotonic() > until or interrupted.wait(owner.poll_interval):
                return
