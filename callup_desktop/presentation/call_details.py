"""What the detail pane shows of a call: four stages with their times, details, receipt. No Qt; main thread."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from callup_desktop.calls.documents import FIRST_STATUS
from callup_desktop.calls.statuses import DONE_WITH, has_failed
from callup_desktop.engine.errors import Code
from callup_desktop.engine.events import JobProgress
from callup_desktop.engine.job import Job, State
from callup_desktop.engine.parts import part_count
from callup_desktop.presentation.language import Translatable
from callup_desktop.presentation.messages import Messages
from callup_desktop.presentation.rows import Action, RowWriter, Tone, actions_of, needs_it, playable, removable
from callup_desktop.presentation.transcripts import COMPLETED
from callup_desktop.presentation.view_state import Phase, ViewState, phase_of

_WAITS_FOR_NETWORK = {Code.OFFLINE, Code.CAPTIVE_PORTAL}
_ON_THE_ROW = {Action.PAUSE, Action.RESUME}
_SLOW_RATE = 200 * 1024
"""Bytes a second. A slower upload is explained if it takes long."""
_LONG_UPLOAD = 600
"""Seconds left. A rep waits for less without an explanation."""


class Mark(StrEnum):
    """The progress of a stage."""

    DONE = "done"
    NOW = "now"
    NEXT = "next"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Stage:
    """One of the four stages; `symbol` stands in its circle, `retriable` means that the call is stuck here."""

    title: str
    mark: Mark
    symbol: str
    time: str
    retriable: bool


@dataclass(frozen=True, slots=True)
class DetailLine:
    """One line below the stages; an `exact` value has a fixed width and can be copied."""

    label: str
    value: str
    exact: bool = False


@dataclass(frozen=True, slots=True)
class CallDetails:
    """Everything that the detail pane shows."""

    id: str
    title: str
    summary: str
    notice: str
    notice_tone: Tone
    stages: tuple[Stage, ...]
    lines: tuple[DetailLine, ...]
    actions: tuple[Action, ...]


class DetailsWriter(Translatable):
    """Writes call details in one language."""

    def __init__(
        self, messages: Messages, rows: RowWriter, now: Callable[[], datetime], *, transcripts: bool = False
    ) -> None:
        """`now` is the wall clock in UTC; with `transcripts` there is a page for that of each completed call."""
        super().__init__(messages.language)
        self._messages = messages
        self._rows = rows
        self._now = now
        self._transcripts = transcripts

    def details_of(self, job: Job, state: ViewState) -> CallDetails:
        """The details of one call, sent or not."""
        sent = job.state is State.DONE
        notice, tone = self._notice(job, state)
        measure = " · ".join(part for part in (self._rows.measure(job), self._rows.badge(job)) if part)
        status = state.call_statuses.get(job.id, FIRST_STATUS)
        arrived = self.tr("Audio file uploaded successfully. Processing will begin shortly.")
        # Their button in the row of the one call is enough.
        offered = tuple(action for action in _pane_actions(job, status) if action not in _ON_THE_ROW)
        if self._transcripts and sent and status == COMPLETED:
            offered += (Action.OPEN_TRANSCRIPT,)
        return CallDetails(
            id=job.id,
            title=self.tr("Sent") if sent else job.path.name,
            summary=arrived if sent and not _is_over(status) else measure,
            notice=notice,
            notice_tone=tone,
            stages=self._stages(job, state),
            lines=self._lines(job, state),
            actions=offered,
        )

    def summary_of(self, jobs: tuple[Job, ...], count: int) -> CallDetails:
        """The summary of `count` selected calls, of which `jobs` are read; of none, too."""
        if not count:
            hint = self.tr("Choose a call to see where it stands.")
            return CallDetails("", self.tr("Nothing selected"), hint, "", Tone.PLAIN, (), (), ())
        title = self.tr("%n call(s) selected", None, count)
        if len(jobs) < count:
            hint = self.tr("Not all of them are read from the list yet. Select fewer to do something with them.")
            return CallDetails("", title, hint, "", Tone.PLAIN, (), (), ())
        offered = {action for job in jobs for action in _pane_actions(job, FIRST_STATUS)} - {
            Action.SHOW_FILE,
            Action.PLAY,
            Action.LOCATE,
            Action.COPY_FOR_IT,
        }
        actions = tuple(action for action in Action if action in offered)
        size = self._messages.units.size(sum(job.size for job in jobs))
        return CallDetails("", title, size, "", Tone.PLAIN, (), (), actions)

    def _notice(self, job: Job, state: ViewState) -> tuple[str, Tone]:
        progress = state.progress.get(job.id)
        if job.state is State.DONE and job.awaits_edit:
            waiting = self.tr("The new details are on their way to the call list.")
            return (self._rows.trouble(job), Tone.WARNING) if job.trouble is not None else (waiting, Tone.PLAIN)
        if job.state is State.DONE:
            status = state.call_statuses.get(job.id)
            if status is not None and has_failed(status):
                return self.tr("Something went wrong after the call had arrived. Keep the file, and ask IT."), Tone.BAD
            if status == "":
                return self.tr("The call list no longer has this call. Keep the file, and ask IT."), Tone.WARNING
            return self.tr("The call has arrived. It is safe to close this window and to delete the file."), Tone.OK
        if question := self._rows.question(job):
            return question, Tone.WARNING
        if job.trouble is None:
            return self._slowness(progress), Tone.PLAIN
        bad = phase_of(job) is Phase.NEEDS_REP
        return self._rows.trouble(job), Tone.BAD if bad else Tone.WARNING

    def _slowness(self, progress: JobProgress | None) -> str:
        if progress is None or progress.seconds_left is None or not 0 < progress.rate < _SLOW_RATE:
            return ""
        return self._messages.slow(progress.seconds_left) if progress.seconds_left > _LONG_UPLOAD else ""

    # --- stages ---------------------------------------------------------------------------------------------------

    def _stages(self, job: Job, state: ViewState) -> tuple[Stage, ...]:
        moments = (job.checked_at, job.uploaded_at, job.registered_at, job.announced_at)
        reached = next((index for index, moment in enumerate(moments) if moment is None), len(moments))
        titles = self._titles(job, state, reached)
        return tuple(
            self._stage(job, index, title, moment, reached)
            for index, (title, moment) in enumerate(zip(titles, moments, strict=True))
        )

    def _stage(self, job: Job, index: int, title: str, moment: datetime | None, reached: int) -> Stage:
        if moment is not None:
            return Stage(title, Mark.DONE, "✓", self._messages.units.clock(moment), retriable=False)
        number = str(index + 1)
        if index > reached:
            return Stage(title, Mark.NEXT, number, "", retriable=False)
        # All calls wait for the network; its return retries every one of them.
        offline = job.trouble is not None and job.trouble.code == Code.OFFLINE
        checked = job.state is State.DRAFT and job.recording is not None
        retriable = Action.RETRY in actions_of(job) and not checked and not offline
        if phase_of(job) is Phase.NEEDS_REP and job.trouble is not None:
            return Stage(title, Mark.FAILED, "!", "", retriable=retriable)
        if job.submitted_at is None and index > 0:
            return Stage(title, Mark.NEXT, number, "", retriable=False)
        percent = str(job.stored * 100 // job.size) if index == 1 and job.size and job.part_size else number
        return Stage(title, Mark.NOW, percent, "", retriable=retriable)

    def _titles(self, job: Job, state: ViewState, reached: int) -> tuple[str, str, str, str]:
        checked = self.tr("Checked") if reached > 0 else self.tr("Check the recording")
        uploaded = self._upload_title(job, state) if reached == 1 else self.tr("Upload")
        if reached > 1:
            uploaded = self.tr("Uploaded, contents verified") if job.checksum else self.tr("Uploaded, size verified")
        registered = self.tr("Call registered") if reached > 2 else self.tr("Register call")
        queued = self.tr("Queued for transcription") if reached > 3 else self.tr("Queue for transcription")
        return checked, uploaded, registered, queued

    def _upload_title(self, job: Job, state: ViewState) -> str:
        if job.submitted_at is None:
            return self.tr("Upload")
        if job.part_size and job.size:
            planned = part_count(job.size, job.part_size)
            stored = planned if job.stored >= job.size else job.stored // job.part_size
            return self.tr("Uploading: {stored} of %n part(s) stored", None, planned).format(stored=stored)
        uploading = job.id in state.progress
        return self.tr("Uploading in one piece") if uploading else self.tr("Upload in one piece")

    # --- lines ----------------------------------------------------------------------------------------------------

    def _lines(self, job: Job, state: ViewState) -> tuple[DetailLine, ...]:
        details = job.details
        lines = [
            DetailLine(self.tr("Status"), self._rows.call_status(job, state)),
            DetailLine(self.tr("Company"), details.company_name),
            DetailLine(self.tr("Contact"), details.contact_email),
            DetailLine(self.tr("Call type"), details.call_type.capitalize()),
        ]
        if job.submitted_at is not None:
            lines += [DetailLine(self.tr("Call ID"), job.id, exact=True)]
        if job.etag is not None:
            if job.bucket:
                lines += [DetailLine(self.tr("Stored at"), f"s3://{job.bucket}/{job.key}", exact=True)]
            lines += [DetailLine(self.tr("Checksum"), (job.checksum or "").replace(":", " ", 1), exact=True)]
        if job.message_id is not None:
            lines += [DetailLine(self.tr("Message ID"), job.message_id, exact=True)]
        if job.state is State.DONE or (job.recording and job.recording.sound_of):
            lines += [DetailLine(self.tr("File"), self._rows.origin(job))]
        lines += [DetailLine(self.tr("Note"), self._rows.note(job))]
        lines += [DetailLine(self.tr("Next try"), self._next_try(job))]
        if needs_it(job) and job.trouble is not None:
            parts = (str(job.trouble.code), self._messages.units.clock(job.trouble.at), job.trouble.detail)
            lines += [DetailLine(self.tr("Details"), " · ".join(part for part in parts if part), exact=True)]
        return tuple(line for line in lines if line.value)

    def _next_try(self, job: Job) -> str:
        if job.state is not State.QUEUED or job.trouble is None:
            return ""
        if job.trouble.code in _WAITS_FOR_NETWORK:
            return self.tr("when the network is back")
        if job.retry_at is None:
            return self.tr("when the trouble is solved")
        seconds = (job.retry_at - self._now()).total_seconds()
        if seconds < 60:
            return self.tr("in a moment")
        return self._messages.units.clock(job.retry_at, seconds=False)


def _is_over(status: str) -> bool:
    """Whether nothing is done with the call any more: it came to its end, failed, or is not in the call list."""
    return status in DONE_WITH or has_failed(status) or not status


def _pane_actions(job: Job, call_status: str) -> tuple[Action, ...]:
    """The buttons of the pane, from left to right; the most likely one is last."""
    playing = (Action.PLAY,) if playable(job) else ()
    if job.state is State.DONE:
        editing = (Action.EDIT,) if call_status == FIRST_STATUS else ()
        retrying = (Action.RETRY,) if job.trouble is not None and Action.RETRY in actions_of(job) else ()
        # The menu of the row has ANNOUNCE, which a rep needs only when IT asks for it.
        return (*playing, *editing, Action.COPY_ID, Action.SHOW_FILE, *retrying)
    # The stages have the button for RETRY, the lines the one for COPY_ID.
    placed = {Action.COPY_ID, Action.REMOVE, Action.RETRY, Action.PLAY}
    own = tuple(action for action in actions_of(job) if action not in placed)
    removing = (Action.REMOVE,) if removable(job) else ()
    return (*playing, *removing, *reversed(own))
