"""Turns a job into the row that a list paints: texts, bar, buttons. No Qt; owned by the main thread."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from callup_desktop.calls.search import SentOrder, is_found, words_of
from callup_desktop.calls.statuses import has_failed
from callup_desktop.engine.errors import Actor, Code, Rejection
from callup_desktop.engine.events import JobProgress, ProbeProgress
from callup_desktop.engine.job import Command, Job, State, Trouble, offers
from callup_desktop.files.errors import Wait
from callup_desktop.presentation.language import Translatable
from callup_desktop.presentation.messages import Messages, actor_of
from callup_desktop.presentation.name_rules import NameRules
from callup_desktop.presentation.stages import Stages
from callup_desktop.presentation.view_state import Phase, ViewState, described, is_ready, phase_of
from callup_desktop.recordings.formats import SUFFIXES, VIDEO_SUFFIXES

_DOT = " · "
_WHOLE = 1000
"""Permille of a full bar."""


class Tab(StrEnum):
    """The three lists."""

    LIVE = "live"
    NEEDS = "needs"
    SENT = "sent"


class Tone(StrEnum):
    """The colour of a chip, a banner or a dot; the text beside it says the same."""

    PLAIN = "plain"
    ACCENT = "accent"
    OK = "ok"
    WARNING = "warning"
    BAD = "bad"


_STATUS_TONES = {
    "uploaded": Tone.OK,
    "transcribing": Tone.ACCENT,
    "transcribed": Tone.OK,
    "analyzing": Tone.ACCENT,
    "completed": Tone.OK,
    "": Tone.WARNING,
}
"""Nobody knows whether another status is a good one."""


class Action(StrEnum):
    """What a rep can do with one call."""

    PAUSE = "pause"
    RESUME = "resume"
    RETRY = "retry"
    EDIT = "edit"
    SEND_ANYWAY = "send_anyway"
    USE_SOUND = "use_sound"
    LOCATE = "locate"
    COPY_ID = "copy_id"
    ANNOUNCE = "announce"
    SHOW_FILE = "show_file"
    PLAY = "play"
    REFRESH = "refresh"
    COPY_FOR_IT = "copy_for_it"
    OPEN_TRANSCRIPT = "open_transcript"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class ActionRequest:
    """What the rep wants to do, and with which calls."""

    action: Action
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call as a list paints it.

    The bar is in permille; `acknowledged` is None where the row has a chip instead of a bar. `figures` are percent,
    rate and time left, as far as they are known. `accessible_text` is what a screen reader says.
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
    accessible_text: str


def actions_of(job: Job) -> tuple[Action, ...]:
    """Every action that the job offers now, the most likely first."""
    offered = offers(job)
    stuck = phase_of(job) is Phase.NEEDS_REP
    possible = {
        Action.SEND_ANYWAY: Command.SEND in offered and job.question is not None,
        Action.USE_SOUND: Command.USE_SOUND in offered,
        Action.PAUSE: Command.PAUSE in offered and not stuck,
        Action.RESUME: Command.RESUME in offered,
        Action.LOCATE: Command.RELOCATE in offered,
        Action.RETRY: Command.RETRY in offered and Command.RESUME not in offered and job.trouble is not None,
        Action.EDIT: Command.DESCRIBE in offered and job.state is not State.DRAFT,
        Action.COPY_ID: job.submitted_at is not None,
        Action.ANNOUNCE: Command.ANNOUNCE in offered,
        Action.SHOW_FILE: True,
        Action.PLAY: playable(job),
        Action.REFRESH: job.state is State.DONE,
        Action.COPY_FOR_IT: needs_it(job),
        Action.REMOVE: Command.FORGET in offered or removable(job),
    }
    return tuple(action for action, offer in possible.items() if offer)


def playable(job: Job) -> bool:
    """Whether the system may open the file: only what is a recording by content and by name, never a program."""
    if job.recording is None:
        return False
    # What is played of a video is the video itself: its sound is in no file.
    return job.path.suffix.lower() in (VIDEO_SUFFIXES if job.recording.sound_of else SUFFIXES)


def needs_it(job: Job) -> bool:
    """Whether only IT can end the trouble of this call."""
    return job.state is not State.DONE and job.trouble is not None and actor_of(job.trouble) is Actor.IT


def toggled(jobs: Iterable[Job]) -> ActionRequest | None:
    """What the space bar does: it pauses the calls that move, else it starts the others; None if it does nothing."""
    found = {job.id: actions_of(job) for job in jobs}
    for action in (Action.PAUSE, Action.RESUME, Action.RETRY):
        if ids := tuple(job_id for job_id, offered in found.items() if action in offered):
            return ActionRequest(action, ids)
    return None


def removable(job: Job) -> bool:
    """Whether a call that is not sent can still be cancelled."""
    return Command.CANCEL in offers(job) and job.state is not State.CANCELLED and job.cancel_asked_at is None


def is_unsent_draft(job: Job) -> bool:
    """Whether the rep can still describe and send it."""
    return job.state is State.DRAFT and not job.turned_away and job.send_asked_at is None


def leads(job: Job) -> bool:
    """Whether the call stands before the others: its bytes are on their way, or some of them are kept for the rest."""
    return job.etag is None and (job.state is State.RUNNING or (job.state is State.QUEUED and job.stored > 0))


def matches(job: Job, search: str) -> bool:
    """Whether each word of the search is found in the name, the details or the id of the call, as in the Sent tab."""
    words = words_of(search)
    return not words or is_found(words, call_id=job.id, name=job.path.name, details=job.details)


def sent_key(job: Job, order: SentOrder) -> tuple[bytes, int]:
    """Where a sent call stands in this order, as the journal sorts: small letters of ASCII only; alike means equal."""
    texts = {
        SentOrder.COMPANY: job.details.company_name,
        SentOrder.CALL_TYPE: job.details.call_type,
        SentOrder.NAME: job.path.name,
    }
    number = -job.size if order is SentOrder.LARGEST else 0
    return texts.get(order, "").encode(errors="surrogateescape").lower(), number


class RowWriter(Translatable):
    """Writes rows in one language."""

    def __init__(
        self,
        messages: Messages,
        call_types: tuple[str, ...],
        now: Callable[[], datetime],
        rules: NameRules | None = None,
        *,
        channels: int = 1,
    ) -> None:
        """`call_types`, `rules` and `channels` are those of the profile, `now` is the wall clock in UTC."""
        super().__init__(messages.language)
        self._messages = messages
        self._stages = Stages(messages)
        self._call_types = call_types
        self._rules = rules or NameRules()
        self._now = now
        self._channels = channels

    def row(self, job: Job, state: ViewState) -> CallRow:
        """The row of a job."""
        progress = state.progress.get(job.id)
        call_status = _status_of(job, state)
        checking = state.checking.get(job.id)
        stage = self._stage(job, call_status)
        if checking is not None and checking.fetched:
            stage = self._messages.fetching(str(job.path.parent))
        acknowledged, in_flight = self._bar(job, progress, checking)
        figures = self._figures(job, progress, acknowledged)
        name, meta, advice = job.path.name, self._meta(job), self._advice(job)
        accessible_text = ". ".join(part for part in (name, meta, stage, advice, _DOT.join(figures)) if part)
        return CallRow(
            id=job.id,
            badge=self.badge(job),
            name=name,
            meta=meta,
            stage=stage,
            tone=_tone(job, call_status, self._call_types),
            advice=advice,
            figures=figures,
            acknowledged=acknowledged,
            in_flight=in_flight,
            buttons=_buttons(job),
            accessible_text=accessible_text,
        )

    def call_status(self, job: Job, state: ViewState) -> str:
        """What became of a sent call, in words; "" for a call that is not sent."""
        return self._stage(job, _status_of(job, state)) if job.state is State.DONE else ""

    def label(self, action: Action) -> str:
        """The name of an action."""
        labels = {
            Action.PAUSE: self.tr("Pause"),
            Action.RESUME: self.tr("Resume"),
            Action.RETRY: self.tr("Try again"),
            Action.SEND_ANYWAY: self.tr("Send anyway"),
            Action.USE_SOUND: self.tr("Use Zoom's sound"),
            Action.LOCATE: self.tr("Find the file…"),
            Action.EDIT: self.tr("Edit details"),
            Action.COPY_ID: self.tr("Copy call ID"),
            Action.ANNOUNCE: self.tr("Queue again"),
            Action.SHOW_FILE: self.tr("Show file"),
            Action.PLAY: self.tr("Play"),
            Action.REFRESH: self.tr("Refresh status"),
            Action.COPY_FOR_IT: self.tr("Copy for IT…"),
            Action.OPEN_TRANSCRIPT: self.tr("Open transcript"),
            Action.REMOVE: self.tr("Remove"),
        }
        return labels[action]

    def badge(self, job: Job) -> str:
        """The format in at most four letters; the extension of the file until the probe has found the format."""
        found = job.recording.format.value if job.recording else job.path.suffix.lstrip(".")
        return found[:4].upper() or "?"

    def origin(self, job: Job) -> str:
        """What was sent: the file's name, or "sound of meeting.mp4 (212 MB to 14 MB)"."""
        if job.recording is None or job.recording.sound_of is None:
            return job.path.name
        return self._messages.sound_of(job.path.name, job.recording.sound_of.size, job.recording.size)

    def measure(self, job: Job) -> str:
        """Duration and size: "48:12 · 486 MB"; the size alone until the probe has read the file."""
        if job.recording is None:
            return self._messages.units.size(job.identity.size) if job.identity else ""
        seconds = job.recording.duration_seconds
        duration = "" if seconds is None else self._messages.units.duration(seconds)
        size = self._messages.units.size(job.recording.size)
        if job.recording.sound_of:
            size = self.tr("sound: {size}").format(size=size)
        return _DOT.join(part for part in (duration, size) if part)

    def recorded(self, job: Job) -> str:
        """When the call was, as its name says; else when its file was written last; "" if neither is known."""
        read, written = self._rules.read(job.path), job.identity
        if read.day is None:
            return "" if written is None else self._when(datetime.fromtimestamp(written.mtime_ns / 1e9, UTC))
        if read.clock is None:
            return self._messages.units.day(read.day)
        # The clock on the wall of the rep who recorded it, which is taken for this one.
        return self._when(datetime.combine(read.day, read.clock).astimezone())

    def _when(self, moment: datetime) -> str:
        return self._messages.units.moment(moment, self._now())

    def _meta(self, job: Job) -> str:
        when = self._messages.units.when(job.announced_at, self._now()) if job.announced_at else ""
        parts = (job.details.company_name.strip(), job.details.call_type.strip(), self.measure(job), when)
        return _DOT.join(part for part in parts if part)

    def _stage(self, job: Job, call_status: str) -> str:
        if job.is_finished:
            return self._stages.call_status(call_status)
        return self._stages.stage(job, described=described(job.details, self._call_types))

    def _bar(self, job: Job, progress: JobProgress | None, checking: ProbeProgress | None) -> tuple[int | None, int]:
        if job.state is State.DRAFT and job.recording is None and job.trouble is None:
            return (_permille(checking.done, checking.size) if checking else 0), 0
        if not _has_bar(job):
            return None, 0
        done = _permille(job.stored, job.size)
        in_flight = _permille(progress.in_flight, job.size) if progress else 0
        return done, min(in_flight, _WHOLE - done)

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
        if job.state is State.DRAFT and job.trouble is None and not self.question(job):
            return self.note(job)
        if job.state is State.DONE or job.trouble is None or phase_of(job) is not Phase.NEEDS_REP:
            return ""
        return self._messages.advice(job.trouble)

    def tip(self, job: Job) -> str:
        """The tool tip: the question, the trouble, or the path of the file."""
        question = self.question(job)
        if question:
            return question
        return self.trouble(job) or str(job.path)

    def note(self, job: Job) -> str:
        """What may make a good recording better the next time, "" without anything."""
        if job.recording is None:
            return ""
        if job.recording.sound_of and job.recording.sound_of.beside:
            return self._messages.sound_beside(job.recording.sound_of.beside)
        if job.recording.same_channels:
            return self.tr("both channels are the same, so they don't tell the speakers apart")
        if job.recording.channels == 1 and self._channels > 1:
            return self.tr("one channel only; one voice a channel is transcribed better")
        return ""

    def trouble(self, job: Job) -> str:
        """What is wrong with the call and how long it waits, "" without a trouble."""
        if job.trouble is None:
            return ""
        if job.trouble.code == Code.CONNECTION and job.retry_at is not None:
            return self._messages.dropped((job.retry_at - self._now()).total_seconds())
        return self._messages.of_call(
            job.trouble.code,
            job.trouble.params,
            send_asked=job.send_asked_at is not None,
            edit_asked=job.awaits_edit,
        )

    def question(self, job: Job) -> str:
        """The question that the rep has to answer before this draft can be sent, "" if there is none."""
        if job.recording is None:
            return ""
        match job.question:
            case None:
                return ""
            case Rejection.DUPLICATE if job.duplicate_of is not None and (sender := sender_of(job)):
                return self._messages.sent_elsewhere(job.duplicate_of, sender)
            case Rejection.DUPLICATE if job.duplicate_of is not None:
                return self._messages.duplicate(job.duplicate_of)
            case Rejection.DOUBT:
                return self._messages.doubt(job.recording.warnings[0])
            case question:
                return self._messages.of_code(question)

    def answer(self, question: Rejection) -> str:
        """The name of the button that answers the question by sending."""
        match question:
            case Rejection.DUPLICATE:
                return self.tr("Send it again")
            case Rejection.IN_LIST:
                return self.tr("Send it twice")
            case _:
                return self.label(Action.SEND_ANYWAY)


def sender_of(job: Job) -> str:
    """Who has sent the draft's recording from another computer, "" where nobody has."""
    if job.trouble is None or job.trouble.code != Rejection.DUPLICATE:
        return ""
    return str((job.trouble.params or {}).get("sent_by", ""))


def _status_of(job: Job, state: ViewState) -> str:
    """The status in the registry as it was last seen there."""
    return state.call_statuses.get(job.id, "uploaded")


def _has_bar(job: Job) -> bool:
    """Whether the row shows a bar: bytes are being sent or wait to be."""
    if job.etag is not None or job.cancel_asked_at is not None:
        return False
    if job.state is State.QUEUED:
        return phase_of(job) is Phase.WAITING
    return job.state in {State.RUNNING, State.PAUSED}


def _buttons(job: Job) -> tuple[Action, ...]:
    """The actions that have a button in the row."""
    if job.state is State.DONE:
        return (Action.COPY_ID,)
    shown = {Action.RETRY, Action.RESUME, Action.REMOVE, Action.LOCATE, Action.USE_SOUND}
    if job.etag is None:
        shown |= {Action.PAUSE}
    if job.state is State.DRAFT or phase_of(job) is Phase.WAITING:
        shown -= {Action.RETRY}
    return tuple(action for action in actions_of(job) if action in shown)


def _tone(job: Job, call_status: str, call_types: tuple[str, ...]) -> Tone:
    match job.state:
        case State.DONE if job.awaits_edit:
            return Tone.WARNING if job.trouble is not None else Tone.ACCENT
        case State.DONE:
            return Tone.BAD if has_failed(call_status) else _STATUS_TONES.get(call_status, Tone.PLAIN)
        case State.FAILED:
            return Tone.BAD
        case State.DRAFT if job.recording is not None:
            return Tone.OK if is_ready(job, call_types) else Tone.WARNING
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
