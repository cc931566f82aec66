"""Turns a job into the row that is painted: words, bar, buttons. No Qt; owned by the main thread."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from callup_desktop.calls.metadata import Details, problems_of
from callup_desktop.engine.errors import Actor, Code
from callup_desktop.engine.events import JobProgress, ProbeProgress
from callup_desktop.engine.job import Command, Job, State, Trouble, offers
from callup_desktop.files.errors import Wait
from callup_desktop.presentation.language import Translatable
from callup_desktop.presentation.messages import Messages, actor_of
from callup_desktop.presentation.stages import Stages
from callup_desktop.presentation.view_state import Phase, ViewState, phase_of

_DOT = " · "
_WHOLE = 1000


class Tab(StrEnum):
    """The three lists."""

    LIVE = "live"
    NEEDS = "needs"
    SENT = "sent"


class Tone(StrEnum):
    """How a chip, a banner or a dot looks; its words say the same."""

    PLAIN = "plain"
    ACCENT = "accent"
    OK = "ok"
    WARNING = "warning"
    BAD = "bad"


class Action(StrEnum):
    """What a rep can do with one call."""

    PAUSE = "pause"
    RESUME = "resume"
    RETRY = "retry"
    SEND_ANYWAY = "send_anyway"
    LOCATE = "locate"
    COPY_ID = "copy_id"
    SHOW_FILE = "show_file"
    COPY_FOR_IT = "copy_for_it"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call as it is painted. The bar is in permille; `acknowledged` is None where there is a chip instead.

    `figures` are percent, rate and time left, as far as they are known.
    """

    id: str
    badge: str
    name: str
    meta: str
    stage: str
    tone: Tone
    advice: str
    figures: tuple[str, ...]
    acknowledged: int | None
    in_flight: int
    buttons: tuple[Action, ...]
    spoken: str


def actions_of(job: Job) -> tuple[Action, ...]:
    """Everything that may be done with the call now, most likely first: what the job offers, as a rep would say it."""
    offered = offers(job)
    stuck = phase_of(job) is Phase.NEEDS_REP
    possible = {
        Action.SEND_ANYWAY: Command.SEND in offered and job.question is not None,
        Action.PAUSE: Command.PAUSE in offered and not stuck,
        Action.RESUME: Command.RESUME in offered,
        Action.LOCATE: Command.RELOCATE in offered,
        Action.RETRY: Command.RETRY in offered and Command.RESUME not in offered and job.trouble is not None,
        Action.COPY_ID: job.submitted_at is not None,
        Action.SHOW_FILE: True,
        Action.COPY_FOR_IT: for_it(job),
        Action.REMOVE: Command.FORGET in offered or removable(job),
    }
    return tuple(action for action, offer in possible.items() if offer)


def for_it(job: Job) -> bool:
    """Whether the call waits for what only IT can put right."""
    return job.state is not State.DONE and job.trouble is not None and actor_of(job.trouble) is Actor.IT


def toggled(jobs: Iterable[Job]) -> tuple[Action, tuple[str, ...]] | None:
    """What the space bar does to these calls: pause whatever moves, else start whatever stands."""
    found = {job.id: actions_of(job) for job in jobs}
    for action in (Action.PAUSE, Action.RESUME, Action.RETRY):
        if ids := tuple(job_id for job_id, offered in found.items() if action in offered):
            return action, ids
    return None


def removable(job: Job) -> bool:
    """Whether a call that is not sent may still be taken back."""
    return Command.CANCEL in offers(job) and job.state is not State.CANCELLED and job.cancel_asked_at is None


def matches(job: Job, search: str) -> bool:
    """Whether the search's words are all found in the call's name or details, as the Sent tab would."""
    wanted = search.lower().strip()
    if not wanted:
        return True
    details = job.details
    text = " ".join((job.path.name, details.company_name, details.contact_email, details.call_type, job.id)).lower()
    return wanted in text


@lru_cache(maxsize=4096)
def described(details: Details, call_types: tuple[str, ...]) -> bool:
    """Whether the details are ready to be sent."""
    return not problems_of(details, call_types)


class RowWriter(Translatable):
    """Writes rows in one language."""

    def __init__(self, messages: Messages, call_types: tuple[str, ...], now: Callable[[], datetime]) -> None:
        """Speak as the messages do; `call_types` is the admin's list, `now` the wall clock in UTC."""
        super().__init__(messages.language)
        self._messages = messages
        self._stages = Stages(messages)
        self._call_types = call_types
        self._now = now

    def row(self, job: Job, state: ViewState) -> CallRow:
        """The row of a job."""
        progress = state.progress.get(job.id)
        became = state.became.get(job.id, "uploaded")
        checking = state.checking.get(job.id)
        stage = self._stage(job, became)
        if checking is not None and checking.fetched:
            stage = self._messages.fetching(str(job.path.parent))
        acknowledged, in_flight = self._bar(job, progress, checking)
        figures = self._figures(job, progress, acknowledged)
        name, meta, advice = job.path.name, self._meta(job), self._advice(job)
        spoken = ". ".join(part for part in (name, meta, stage, advice, _DOT.join(figures)) if part)
        return CallRow(
            id=job.id,
            badge=self.badge(job),
            name=name,
            meta=meta,
            stage=stage,
            tone=_tone(job, became, self._call_types),
            advice=advice,
            figures=figures,
            acknowledged=acknowledged,
            in_flight=in_flight,
            buttons=_buttons(job),
            spoken=spoken,
        )

    def label(self, action: Action) -> str:
        """What an action is called."""
        labels = {
            Action.PAUSE: self.tr("Pause"),
            Action.RESUME: self.tr("Resume"),
            Action.RETRY: self.tr("Try again"),
            Action.SEND_ANYWAY: self.tr("Send anyway"),
            Action.LOCATE: self.tr("Find the file…"),
            Action.COPY_ID: self.tr("Copy call ID"),
            Action.SHOW_FILE: self.tr("Show file"),
            Action.COPY_FOR_IT: self.tr("Copy for IT…"),
            Action.REMOVE: self.tr("Remove"),
        }
        return labels[action]

    def badge(self, job: Job) -> str:
        """Four letters at most: the format, or the file's extension while it is not known."""
        found = job.recording.format.value if job.recording else job.path.suffix.lstrip(".")
        return found[:4].upper() or "?"

    def measure(self, job: Job) -> str:
        """Length and size: "48:12 · 486 MB"."""
        if job.recording is None:
            return self._messages.units.size(job.identity.size) if job.identity else ""
        seconds = job.recording.duration_seconds
        length = "" if seconds is None else self._messages.units.duration(seconds)
        return _DOT.join(part for part in (length, self._messages.units.size(job.recording.size)) if part)

    def _meta(self, job: Job) -> str:
        when = self._messages.units.when(job.announced_at, self._now()) if job.announced_at else ""
        parts = (job.details.company_name.strip(), job.details.call_type.strip(), self.measure(job), when)
        return _DOT.join(part for part in parts if part)

    def _stage(self, job: Job, became: str) -> str:
        if job.state is State.DONE:
            return self._stages.became(became)
        return self._stages.stage(job, described=described(job.details, self._call_types))

    def _bar(self, job: Job, progress: JobProgress | None, checking: ProbeProgress | None) -> tuple[int | None, int]:
        if job.state is State.DRAFT and job.recording is None and job.trouble is None:
            return (_permille(checking.done, checking.size) if checking else 0), 0
        if not _sends(job):
            return None, 0
        done = _permille(job.stored, job.size)
        flying = _permille(progress.in_flight, job.size) if progress else 0
        return done, min(flying, _WHOLE - done)

    def _figures(self, job: Job, progress: JobProgress | None, acknowledged: int | None) -> tuple[str, ...]:
        if acknowledged is None:
            return ()
        percent = self.tr("{percent}%").format(percent=acknowledged // 10)
        if job.state is State.DRAFT or job.state is State.PAUSED:
            return (percent,) if acknowledged else ()
        if job.state is State.QUEUED:
            return (self.tr("{percent}% kept").format(percent=acknowledged // 10),) if job.stored else ()
        if progress is None or progress.rate <= 0:
            return (percent,)
        parts = (
            percent,
            self._messages.units.rate(progress.rate),
            self._messages.units.time_left(progress.seconds_left),
        )
        return tuple(part for part in parts if part)

    def _advice(self, job: Job) -> str:
        if job.state is State.DONE or job.trouble is None or phase_of(job) is not Phase.NEEDS_REP:
            return ""
        return self._messages.advice(job.trouble)

    def tip(self, job: Job) -> str:
        """What is said where the mouse rests: the question, the trouble, or where the file lies."""
        question = self.question(job)
        if question:
            return question
        return self.trouble(job) or str(job.path)

    def trouble(self, job: Job) -> str:
        """What is wrong with the call and how long it waits, "" if nothing is."""
        if job.trouble is None:
            return ""
        if job.trouble.code == Code.CONNECTION and job.retry_at is not None:
            return self._messages.dropped((job.retry_at - self._now()).total_seconds())
        asked = job.send_asked_at is not None
        return self._messages.of_call(job.trouble.code, job.trouble.params, send_asked=asked)

    def question(self, job: Job) -> str:
        """What the rep is asked before this draft can go, "" if nothing."""
        if job.question is None or job.recording is None:
            return ""
        if job.duplicate_of is not None:
            return self._messages.duplicate(job.duplicate_of)
        return self._messages.doubt(job.recording.warnings[0])


def _sends(job: Job) -> bool:
    """Whether bytes are on their way, or wait to be: the row shows a bar."""
    if job.etag is not None or job.cancel_asked_at is not None:
        return False
    if job.state is State.QUEUED:
        return phase_of(job) is Phase.WAITING
    return job.state in {State.RUNNING, State.PAUSED}


def _buttons(job: Job) -> tuple[Action, ...]:
    """The actions that have a place on the row itself."""
    if job.state is State.DONE:
        return (Action.COPY_ID,)
    shown = {Action.RETRY, Action.RESUME, Action.REMOVE, Action.LOCATE}
    if job.etag is None:
        shown |= {Action.PAUSE}
    if job.state is State.DRAFT or phase_of(job) is Phase.WAITING:
        shown -= {Action.RETRY}
    return tuple(action for action in actions_of(job) if action in shown)


def _tone(job: Job, became: str, call_types: tuple[str, ...]) -> Tone:
    match job.state:
        case State.DONE:
            return Tone.ACCENT if became in {"transcribing", "analyzing"} else Tone.OK
        case State.FAILED:
            return Tone.BAD
        case State.DRAFT if job.recording is not None:
            ready = job.question is None and described(job.details, call_types)
            return Tone.OK if ready else Tone.WARNING
    if job.trouble is not None:
        return _trouble_tone(job.trouble)
    if job.state is State.QUEUED and job.etag is not None:
        return Tone.WARNING
    return Tone.ACCENT


def _trouble_tone(trouble: Trouble) -> Tone:
    if actor_of(trouble) is Actor.NOBODY or trouble.code in set(Wait):
        return Tone.WARNING
    return Tone.BAD


def _permille(part: int, whole: int) -> int:
    return min(_WHOLE, part * _WHOLE // whole) if whole > 0 else 0
