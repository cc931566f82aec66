"""Follows calls to their end, over whichever process owns them. Main thread."""

import os
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice
from pathlib import Path

from callup_desktop.calls.metadata import Details
from callup_desktop.choice import Choice, ExitCode
from callup_desktop.cli.output import Printer
from callup_desktop.cli.owner import OWNERS, in_turn, open_owner
from callup_desktop.cli.progress import Progress, progress
from callup_desktop.config.paths import Home
from callup_desktop.engine.errors import Rejection, Scope, info_of
from callup_desktop.engine.job import State
from callup_desktop.files.identity import identity_of
from callup_desktop.instance.client import POLL_INTERVAL, OwnerClient, OwnerLeftError, StartError
from callup_desktop.instance.messages import PAGE, UNKNOWN_STATE, CallStatus, NamedFile, Request, Verb
from callup_desktop.os_signals import stop_signal

_QUIET_POLL_INTERVAL = 0.25
_KEPT_TIMEOUT = 1.0
"""Seconds that a console which ends early waits until its files are written down."""
_WORST_FIRST = (ExitCode.FAILED, ExitCode.KEPT, ExitCode.SENT_BEFORE)


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
        case State.DONE if status.code == Rejection.OTHER_DESTINATION:
            return CallOutcome.FAILED
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


@dataclass(frozen=True, slots=True)
class Wish:
    """What a console wants with each of its files."""

    details: Details
    anyway: bool = False
    again: bool = False

    def request(self, files: tuple[NamedFile, ...]) -> Request:
        """The request that sends these."""
        return Request(
            verb="send",
            files=files,
            company=self.details.company_name,
            email=self.details.contact_email,
            call_type=self.details.call_type,
            anyway=self.anyway,
            again=self.again,
        )


def named(path: Path) -> NamedFile:
    """The file with the id of the call that it is to be, if it has none yet."""
    return NamedFile(id=str(uuid.uuid4()), path=os.fsencode(path), identity=identity_of(path))


class Follower:
    """Shows bars until every call has an end, or none moves for `patience` seconds; receipts as they come."""

    def __init__(self, choice: Choice, home: Home, printer: Printer, patience: float) -> None:
        self._choice = choice
        self._home = home
        self._printer = printer
        self._standstill = Standstill(patience)
        self._files: dict[str, NamedFile] = {}
        self._wish: Wish | None = None
        self._verb: Verb = "follow"
        self._left: dict[str, CallStatus | None] = {}
        self._unkept: set[str] = set()
        self._ended: set[str] = set()
        self._followed_as: dict[str, list[str]] = {}
        self._troubled: dict[str, CallStatus] = {}
        self._told: Counter[ExitCode] = Counter()
        self._blocked: str | None = None
        self._told_block: str | None = None
        """What holds up the program itself, as it was last told."""
        self._begun = False
        self._heard = False

    def send(self, files: Sequence[NamedFile], wish: Wish) -> ExitCode:
        """Send the files; the exit code, once their calls have an end."""
        self._files = {file.id: file for file in files}
        self._left = dict.fromkeys(self._files)
        self._unkept = set(self._files)
        self._wish = wish
        return self._follow(self._send_all)

    def command(self, verb: Verb, ids: Sequence[str] | None) -> ExitCode:
        """Let these calls, or all that the verb fits, go on; the exit code, once they have an end."""
        self._verb = verb
        self._left = dict.fromkeys(ids or ())
        return self._follow(lambda owner: in_turn(owner, verb, ids))

    def _follow(self, begin: Callable[[OwnerClient], None]) -> ExitCode:
        """Goes on with the next owner, which may be this process, where one leaves."""
        left: StartError = OwnerLeftError()
        with stop_signal() as interrupted:
            for _ in self._owners():
                try:
                    with open_owner(self._choice, self._home, self._printer, sending=True) as owner:
                        (self._take_up if self._begun else begin)(owner)
                        self._begun = True
                        self._to_the_end(owner, interrupted)
                        return self._tell_left()
                except OwnerLeftError as exc:
                    left = exc
                    interrupted.wait(POLL_INTERVAL)
                except StartError as exc:
                    return self._give_up(exc)
        return self._give_up(left)

    def _owners(self) -> Iterator[None]:
        """One for each owner; there is no end as long as owners answer."""
        silent = 0
        while silent < OWNERS:
            self._heard = False
            yield
            silent = 0 if self._heard else silent + 1

    # --- beginning ------------------------------------------------------------------------------------------------

    def _send_all(self, owner: OwnerClient) -> None:
        self._send_files(owner, self._files.values())

    def _take_up(self, owner: OwnerClient) -> None:
        """What the last owner kept is followed; what it had not written down is sent once more, as the same calls."""
        self._followed_as.clear()
        unkept = []
        for asked_id, status in self._left.items():
            if status is not None and status.kept:
                self._followed_as.setdefault(status.call_id, []).append(asked_id)
            elif asked_id in self._files:
                unkept.append(self._files[asked_id])
        self._send_files(owner, unkept)
        in_turn(owner, self._verb, tuple(self._followed_as))

    def _send_files(self, owner: OwnerClient, files: Iterable[NamedFile]) -> None:
        left = iter(files)
        while self._wish is not None and (some := tuple(islice(left, PAGE))):
            owner.ask(self._wish.request(some))

    # --- following ------------------------------------------------------------------------------------------------

    def _to_the_end(self, owner: OwnerClient, interrupted: threading.Event) -> None:
        self._standstill.begin()
        interval = owner.poll_interval
        with progress() as bars:
            while True:
                # Nothing moves while all wait for a network: then there is no hurry.
                changed = self._hear(owner, bars)
                interval = self._interval(owner) if changed else min(2 * interval, _QUIET_POLL_INTERVAL)
                if not owner.is_loaded():
                    self._standstill.begin()
                if not self._left or self._standstill.reached(self._blocked, len(self._left)):
                    break
                if interrupted.wait(interval):
                    break
            # What was just handed over is about to be written down.
            until = time.monotonic() + _KEPT_TIMEOUT
            while self._unkept and time.monotonic() < until:
                time.sleep(owner.poll_interval)
                self._hear(owner, bars)

    def _interval(self, owner: OwnerClient) -> float:
        """Seconds until the next question while calls move; the more there are, the more each answer costs."""
        return min(owner.poll_interval * max(1, len(self._left)), _QUIET_POLL_INTERVAL)

    def _hear(self, owner: OwnerClient, bars: Progress) -> bool:
        """Take in all that changed; whether anything did."""
        more, changed = True, False
        while more:
            reply = owner.ask(Request(verb="changes"))
            self._heard = True
            more, self._blocked = reply.more, reply.blocked
            changed = changed or bool(reply.calls)
            self._tell_block(bars)
            for status in reply.calls:
                for asked_id in self._followed_as.get(status.asked_id, (status.asked_id,)):
                    if asked_id not in self._ended:
                        self._take(owner, asked_id, status, bars)
        return changed

    def _tell_block(self, bars: Progress) -> None:
        """Say at once what the program itself lacks, as space on the disk: it goes on by itself once that is there."""
        block = self._blocked if self._blocked and info_of(self._blocked).scope is Scope.PROGRAM else None
        if block is not None and block != self._told_block:
            with bars.paused():
                self._printer.say(self._printer.messages.of_code(block))
        self._told_block = block

    def _take(self, owner: OwnerClient, asked_id: str, status: CallStatus, bars: Progress) -> None:
        outcome = outcome_of(status)
        bars.show(status)
        if status.kept:
            self._unkept.discard(asked_id)
        if outcome is CallOutcome.UNDER_WAY:
            self._left[asked_id] = status
            self._standstill.see(asked_id, status)
            if status.code is not None:
                self._troubled[asked_id] = status
            return
        self._ended.add(asked_id)
        self._left.pop(asked_id, None)
        self._unkept.discard(asked_id)
        self._troubled.pop(asked_id, None)
        self._standstill.forget(asked_id)
        with bars.paused():
            self._told[self._tell_end(owner, asked_id, status, outcome)] += 1

    def _tell_end(self, owner: OwnerClient, asked_id: str, status: CallStatus, outcome: CallOutcome) -> ExitCode:
        file = self._file_of(asked_id, status)
        if outcome is CallOutcome.SENT:
            if self._wish is not None and not _is_with(status, self._wish.details):
                self._printer.sent_before(file, status, Rejection.SENT)
                return ExitCode.SENT_BEFORE
            self._printer.sent(file, status)
            return ExitCode.OK
        if outcome is CallOutcome.REFUSED and status.call_id == asked_id:
            # Nothing of a file that was turned away stays behind, neither in the list nor anywhere else.
            owner.ask(Request(verb="cancel", ids=(asked_id,)))
        if outcome is CallOutcome.REFUSED and status.code == Rejection.DUPLICATE:
            self._printer.sent_before(file, status, Rejection.DUPLICATE)
            return ExitCode.SENT_BEFORE
        self._printer.trouble(file, status)
        return ExitCode.FAILED

    def _file_of(self, asked_id: str, status: CallStatus | None) -> str:
        if asked_id in self._files:
            return os.fsdecode(self._files[asked_id].path)
        return (status.file if status else "") or asked_id

    # --- the end --------------------------------------------------------------------------------------------------

    def _tell_left(self) -> ExitCode:
        """Why each call that is left has not arrived, and whether it is kept; the exit code for all."""
        if self._left and self._told_block is not None and self._printer.as_json:
            self._printer.error("", self._told_block, self._printer.messages.of_code(self._told_block))
        for asked_id, status in self._left.items():
            # A call that is being tried just now has no trouble; its last one says why it is not there yet.
            latest = self._troubled.get(asked_id, status)
            file = self._file_of(asked_id, latest)
            if asked_id in self._unkept or latest is None:
                self._printer.not_taken(file)
                self._told[ExitCode.FAILED] += 1
            else:
                self._printer.trouble(file, latest)
                self._told[ExitCode.KEPT] += 1
        return next((code for code in _WORST_FIRST if self._told[code]), ExitCode.OK)

    def _give_up(self, error: StartError) -> ExitCode:
        """No owner can be asked any more; raises the error where nothing was begun."""
        if not self._begun:
            raise error
        self._printer.start_error(error)
        return max(self._tell_left(), ExitCode.FAILED)


def _is_with(status: CallStatus, details: Details) -> bool:
    """Whether the call has these details, as they are sent."""
    told = (status.company, status.email, status.call_type)
    return told == (details.company_name, details.contact_email, details.call_type)


class Standstill:
    """Sees whether calls move: a long time without one more byte, read or stored, is the end of patience."""

    def __init__(self, patience: float) -> None:
        """`patience` in seconds."""
        self._patience = patience
        self._positions: dict[str, tuple[object, ...]] = {}
        self._codes: dict[str, str | None] = {}
        self._waiting_for: Counter[str | None] = Counter()
        self._since = time.monotonic()

    def begin(self) -> None:
        """An owner was found: from now on calls may move."""
        self._since = time.monotonic()

    def see(self, asked_id: str, status: CallStatus) -> None:
        """A call that is under way stands there now."""
        position = (status.is_draft, status.checked, status.stored, status.in_flight, status.s3_key)
        if self._positions.get(asked_id) != position:
            self._positions[asked_id] = position
            self._since = time.monotonic()
        self._stop_waiting(asked_id)
        self._codes[asked_id] = status.code
        self._waiting_for[status.code] += 1

    def forget(self, asked_id: str) -> None:
        """The call has an end, which is a move too."""
        self._since = time.monotonic()
        self._positions.pop(asked_id, None)
        self._stop_waiting(asked_id)

    def _stop_waiting(self, asked_id: str) -> None:
        if asked_id in self._codes:
            self._waiting_for[self._codes.pop(asked_id)] -= 1

    def reached(self, blocked: str | None, left: int) -> bool:
        """Whether nothing moved for the whole of the patience, or somebody has to act before anything can."""
        if blocked is not None and self._waiting_for[blocked] == left:
            return True
        return time.monotonic() - self._since > self._patience
