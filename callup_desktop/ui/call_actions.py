"""Turns what the rep requests for calls into commands; asks first where something would be lost. Main thread."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from callup_desktop.config.transcripts import transcript_page
from callup_desktop.engine.commands import Commands
from callup_desktop.engine.job import Job, State
from callup_desktop.presentation.form_edits import DetailsEdit
from callup_desktop.presentation.queue_summary import Alert
from callup_desktop.presentation.rows import Action, ActionRequest, Tone, actions_of, playable
from callup_desktop.presentation.view_state import ViewState
from callup_desktop.ui.question_box import QuestionBox
from callup_desktop.ui.system.shell import DesktopShell


@dataclass(frozen=True, slots=True)
class Question:
    """What the rep is asked before calls are removed."""

    title: str
    text: str


class CallActions(QObject):
    """Carries out requests for calls by commands to the engine."""

    alert_raised = Signal(object)
    """An Alert: the request has a result that the rep does not see elsewhere."""
    report_requested = Signal()
    removed = Signal(object)
    """The calls that the rep removed (tuple[Job, ...]), as they were."""
    edit_requested = Signal(object)
    """Ids of calls that were sent (tuple[str, ...]): the rep wants to change their details."""
    statuses_requested = Signal(object)
    """Ids of sent calls (tuple[str, ...])."""

    def __init__(
        self,
        commands: Commands,
        desktop: DesktopShell,
        state: ViewState,
        job_of: Callable[[str], Job | None],
        window: QWidget,
        *,
        transcript_url: str | None = None,
    ) -> None:
        """`job_of` finds the copy of a job by its id; questions appear over `window`.

        `transcript_url` is the template of the profile.
        """
        super().__init__(window)
        self._commands = commands
        self._desktop = desktop
        self._state = state
        self._job_of = job_of
        self._window = window
        self._transcript_url = transcript_url
        self._removing: tuple[str, ...] = ()
        self._locating = ""

    @Slot(object)
    def perform(self, request: ActionRequest) -> None:
        """Carry out the request, or ask first."""
        jobs = tuple(job for job_id in request.ids if (job := self._job_of(job_id)) is not None)
        ids = tuple(job.id for job in jobs)
        if not ids:
            return
        match request.action:
            case Action.PAUSE:
                self._commands.pause(ids)
            case Action.RESUME:
                self._commands.resume(ids)
            case Action.RETRY:
                self._commands.retry(ids)
            case Action.ANNOUNCE:
                self._commands.announce(ids)
            case Action.SEND_ANYWAY:
                self.send_anyway(ids)
            case Action.EDIT:
                self.edit_requested.emit(tuple(job.id for job in jobs if Action.EDIT in actions_of(job)))
            case Action.REMOVE:
                self._remove(jobs)
            case Action.COPY_ID:
                self._desktop.copy("\n".join(ids))
                self._raise(Tone.OK, self.tr("%n call ID(s) copied.", "", len(ids)))
            case Action.REFRESH:
                self.statuses_requested.emit(ids)
            case Action.SHOW_FILE:
                self._desktop.show_file(jobs[0].path)
            case Action.PLAY if playable(jobs[0]):
                self._play(jobs[0].path)
            case Action.COPY_FOR_IT:
                self.report_requested.emit()
            case Action.USE_SOUND:
                self._commands.use_sound(ids)
            case Action.LOCATE:
                self._locate(jobs[0])
            case Action.OPEN_TRANSCRIPT if self._transcript_url is not None:
                self._desktop.open_page(transcript_page(self._transcript_url, ids[0]))

    def _play(self, file: Path) -> None:
        player = self._desktop.play(file)
        if player is None:
            sentence = self.tr("No program on this computer plays {name}.")
            self._raise(Tone.WARNING, sentence.format(name=file.name))
            return
        player = player or self.tr("the system's player")
        self._raise(Tone.PLAIN, self.tr("{name} is opened in {player}.").format(name=file.name, player=player))

    # --- the form -------------------------------------------------------------------------------------------------

    @Slot(object)
    def describe(self, edit: DetailsEdit) -> None:
        """Save what the rep typed."""
        self._commands.describe(edit.ids, edit.change)

    @Slot(object)
    def send(self, ids: tuple[str, ...]) -> None:
        """Send drafts; say so where the probe has to read one first, or where everything is paused."""
        self._commands.send(ids)
        if self._state.status is not None and self._state.status.paused:
            self._raise(Tone.PLAIN, self.tr("Everything is paused. What you send now goes once you resume."))
            return
        jobs = (self._state.jobs.get(job_id) for job_id in ids)
        if any(job is not None and job.awaits_verdict for job in jobs):
            self._raise(Tone.PLAIN, self.tr("Recordings that are still being checked are sent right after."))

    @Slot(object)
    def send_anyway(self, ids: tuple[str, ...]) -> None:
        """Send drafts in spite of a doubt, or again."""
        self._commands.send(ids, anyway=True, again=True)

    @Slot(object)
    def remove(self, ids: tuple[str, ...]) -> None:
        """Remove calls, after a question where something would be lost."""
        self.perform(ActionRequest(Action.REMOVE, ids))

    @Slot(object)
    def play(self, ids: tuple[str, ...]) -> None:
        """Play one call in the system's player."""
        self.perform(ActionRequest(Action.PLAY, ids))

    @Slot(object)
    def copy(self, text: str) -> None:
        """Put the text on the clipboard and say so."""
        self._desktop.copy(text)
        self._raise(Tone.OK, self.tr("Copied."))

    # --- all calls ------------------------------------------------------------------------------------------------

    @Slot()
    def pause_all(self) -> None:
        """Pause every call, those that are sent later too."""
        self._commands.pause_all()

    @Slot()
    def resume_all(self) -> None:
        """Resume every call that is paused, and let those that are sent later go at once."""
        self._commands.resume_all()

    # --- removing -------------------------------------------------------------------------------------------------

    def _remove(self, jobs: tuple[Job, ...]) -> None:
        self._removing = tuple(job.id for job in jobs)
        if all(job.turned_away for job in jobs):
            self._on_remove_confirmed()
            return
        question = self._question(jobs)
        remove, keep = self.tr("Remove"), self.tr("Keep")
        box = QuestionBox(question.title, question.text, go_on=remove, stay=keep, parent=self._window)
        box.accepted.connect(self._on_remove_confirmed)
        box.open()

    def _question(self, jobs: tuple[Job, ...]) -> Question:
        count = len(jobs)
        name = jobs[0].path.name
        if all(job.state is State.DONE for job in jobs):
            title = self.tr("Take %n call(s) off this list?", "", count)
            return Question(title, self.tr("The calls stay sent; only this list forgets them."))
        title = self.tr("Remove {name}?").format(name=name) if count == 1 else self.tr("Remove %n calls?", "", count)
        if any(job.submitted_at is not None for job in jobs):
            text = self.tr("What was already sent is deleted from storage. The files on your computer stay.")
        else:
            text = self.tr("Nothing was sent yet. The files on your computer stay.")
        return Question(title, text)

    @Slot()
    def _on_remove_confirmed(self) -> None:
        jobs = [job for job_id in self._removing if (job := self._job_of(job_id)) is not None]
        self._removing = ()
        forgotten = tuple(job.id for job in jobs if job.turned_away or job.state is State.DONE)
        cancelled = tuple(job.id for job in jobs if job.id not in set(forgotten))
        if forgotten:
            self._commands.forget(forgotten)
        if cancelled:
            self._commands.cancel(cancelled)
        self.removed.emit(tuple(jobs))

    # --- locating a file ------------------------------------------------------------------------------------------

    def _locate(self, job: Job) -> None:
        self._locating = job.id
        dialog = QFileDialog(self._window, self.tr("Where is {name} now?").format(name=job.path.name))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._on_located)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def _on_located(self, file: str) -> None:
        self._commands.relocate(self._locating, Path(file))

    def _raise(self, tone: Tone, sentence: str) -> None:
        self.alert_raised.emit(Alert(tone, sentence, ""))
