"""How far all calls that are on their way are, together. No Qt; owned by the main thread."""

from collections.abc import Iterable
from dataclasses import dataclass

from callup_desktop.engine.job import Job
from callup_desktop.presentation.language import Translatable
from callup_desktop.presentation.messages import Messages
from callup_desktop.presentation.view_state import Change, Phase, ViewState, phase_of

_ON_THE_WAY = frozenset({Phase.SENDING, Phase.REGISTERING, Phase.WAITING})


@dataclass(frozen=True, slots=True)
class _Bytes:
    """What the store has acknowledged of a call, and its size."""

    stored: int
    size: int


class OverallProgress(Translatable):
    """Adds up the bytes of the calls that are on their way, and of those that arrived since any were."""

    def __init__(self, messages: Messages) -> None:
        super().__init__(messages.language)
        self._messages = messages
        self._calls: dict[str, _Bytes] = {}
        self._stored = 0
        self._size = 0
        self._arrived = 0

    def take(self, changes: Iterable[Change], state: ViewState) -> None:
        """Bring the sums up to date; costs what changed, however many calls there are."""
        for change in changes:
            if change.reset:
                self._forget()
                self._count(state.jobs, state)
            self._count((*change.touched, *change.arrived, *change.left), state)
            if change.sent is not None:
                self._arrived += change.sent.size
        if not self._calls:
            self._forget()

    @property
    def percent(self) -> int | None:
        """Of all bytes, how many are acknowledged; None while nothing is on its way."""
        whole = self._size + self._arrived
        return (self._stored + self._arrived) * 100 // whole if self._calls and whole else None

    def text(self, state: ViewState) -> str:
        """Percent, and time left while bytes move: "42% · about 3 min left"; "" while nothing is on its way."""
        percent = self.percent
        if percent is None:
            return ""
        # As in the rows, what is under way is not waited for again.
        in_flight = sum(row.in_flight for row in state.progress.values())
        left = max(0, self._size - self._stored - in_flight) / state.rate if state.rate > 0 else None
        parts = (self.tr("{percent}%").format(percent=percent), self._messages.units.time_left(left))
        return " · ".join(part for part in parts if part)

    def _count(self, job_ids: Iterable[str], state: ViewState) -> None:
        for job_id in job_ids:
            before = self._calls.pop(job_id, _Bytes(0, 0))
            job = state.jobs.get(job_id)
            now = _Bytes(0, 0) if job is None else _bytes_of(job)
            if now.size:
                self._calls[job_id] = now
            self._stored += now.stored - before.stored
            self._size += now.size - before.size

    def _forget(self) -> None:
        self._calls.clear()
        self._stored = self._size = self._arrived = 0


def _bytes_of(job: Job) -> _Bytes:
    if phase_of(job) not in _ON_THE_WAY:
        return _Bytes(0, 0)
    return _Bytes(job.size if job.etag is not None else min(job.stored, job.size), job.size)
