"""Follows calls to their end, over whichever process owns them. Main thread."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum
from functools import partial

from callup_desktop.cli.output import Bars, Printer
from callup_desktop.compose import Choice, EngineHost, ExitCode, connected
from callup_desktop.config.paths import Home
from callup_desktop.engine.job import State
from callup_desktop.instance.client import POLL_INTERVAL, LocalOwner, OwnerClient, OwnerLeftError, StartError, owned
from callup_desktop.instance.handler import RequestHandler
from callup_desktop.instance.ipc import IpcServer
from callup_desktop.instance.messages import UNKNOWN_STATE, CallStatus, Request
from callup_desktop.os_signals import stop_signal

_READY_TIMEOUT = 30.0
"""Seconds that an engine may take to read its journal."""


class CallOutcome(IntEnum):
    """How a call stands for the console."""

    UNDER_WAY = 0
    SENT = 1
    REFUSED = 2
    FAILED = 3
    GONE = 4


def outcome_of(status: CallStatus) -> CallOutcome:
    """How the call stands; a draft is under way until the rep has to act."""
    match status.state:
        case State.DONE:
            return CallOutcome.SENT
        case State.FAILED:
            return CallOutcome.FAILED
        case _ if status.gone or status.state in {State.CANCELLED, UNKNOWN_STATE}:
            return CallOutcome.GONE
        case State.DRAFT if status.turned_away:
            return CallOutcome.REFUSED
        case _:
            return CallOutcome.UNDER_WAY


@contextmanager
def open_owner(choice: Choice, home: Home, *, sending: bool) -> Iterator[OwnerClient]:
    """The owner of the home: the running program, or an engine of our own until the context ends; raises StartError."""
    with owned(home, choice.where) as remote:
        if remote is not None:
            yield remote
            return
        handler = RequestHandler(choice.where)
        with (
            connected(choice, home) as connection,
            EngineHost(connection, home, report=handler.report, sending=sending) as host,
        ):
            handler.serve(host.commands)
            host.start()
            with IpcServer(home, handler.answer):
                if (code := handler.wait_ready(_READY_TIMEOUT)) is not None:
                    raise StartError(code)
                yield LocalOwner(handler.answer)


class Follower:
    """Shows bars until every call has an end, or none moves for `patience` seconds; receipts as they come."""

    def __init__(self, choice: Choice, home: Home, printer: Printer, patience: float) -> None:
        self._choice = choice
        self._home = home
        self._printer = printer
        self._standstill = Standstill(patience)
        self._told: dict[str, ExitCode] = {}
        self._troubled: dict[str, CallStatus] = {}

    def follow(self, begin: Callable[[OwnerClient], tuple[CallStatus, ...]]) -> ExitCode:
        """The exit code, once the calls that `begin` names have an end. Goes on alone where the owner leaves."""
        with stop_signal() as interrupted:
            while True:
                calls: tuple[CallStatus, ...] = ()
                try:
                    with open_owner(self._choice, self._home, sending=True) as owner:
                        calls = begin(owner)
                        return self._to_the_end(owner, tuple(call.call_id for call in calls), interrupted)
                except OwnerLeftError:
                    if not calls:
                        raise
                    request = Request(verb="list", ids=tuple(call.call_id for call in calls))
                    begin = partial(_ask, request)

    def _to_the_end(self, owner: OwnerClient, ids: tuple[str, ...], interrupted: threading.Event) -> ExitCode:
        left: list[CallStatus] = []
        with Bars() as bars:
            while len(self._told) < len(ids):
                calls = owner.ask(Request(verb="list", ids=ids)).calls
                self._troubled |= {status.call_id: status for status in calls if status.code is not None}
                for status in calls:
                    outcome = outcome_of(status)
                    if status.call_id not in self._told and outcome is not CallOutcome.UNDER_WAY:
                        with bars.paused():
                            self._told[status.call_id] = _tell_end(owner, self._printer, status, outcome)
                bars.show(calls)
                left = [status for status in calls if status.call_id not in self._told]
                if left and (self._standstill.reached(left) or interrupted.wait(POLL_INTERVAL)):
                    break
        for status in left:
            # A call that is being tried just now has no trouble; its last one says why it is not there yet.
            self._printer.trouble(self._troubled.get(status.call_id, status))
        if ExitCode.FAILED in self._told.values():
            return ExitCode.FAILED
        return ExitCode.KEPT if left else ExitCode.OK


def _ask(request: Request, owner: OwnerClient) -> tuple[CallStatus, ...]:
    return owner.ask(request).calls


def _tell_end(owner: OwnerClient, printer: Printer, status: CallStatus, outcome: CallOutcome) -> ExitCode:
    if outcome is CallOutcome.SENT:
        printer.sent(status)
        return ExitCode.OK
    if outcome is CallOutcome.REFUSED:
        # Nothing of a file that was turned away stays behind, neither in the list nor anywhere else.
        owner.ask(Request(verb="cancel", ids=(status.call_id,)))
    printer.trouble(status)
    return ExitCode.FAILED


class Standstill:
    """Sees whether calls move: a long time without one more byte, read or stored, is the end of patience."""

    def __init__(self, patience: float) -> None:
        """`patience` in seconds."""
        self._patience = patience
        self._last: object = None
        self._since = time.monotonic()

    def reached(self, calls: Sequence[CallStatus]) -> bool:
        """Whether nothing moved for the whole of the patience, or somebody has to act before anything can."""
        now = time.monotonic()
        position = [
            (call.state == State.DRAFT, call.checked, call.stored, call.in_flight, call.s3_key) for call in calls
        ]
        if position != self._last:
            self._last, self._since = position, now
        return all(call.blocked for call in calls) or now - self._since > self._patience
