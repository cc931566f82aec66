"""Carries out what the rep wishes for calls, asking first where something would be lost. Main thread."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox, QWidget

from callup_desktop.engine.commands import Commands
from callup_desktop.engine.job import Job, State
from callup_desktop.presentation.queue_summary import Alert
from callup_desktop.presentation.rows import Action, Tone
from callup_desktop.ui.call_list.view import ActionRequest
from callup_desktop.ui.system.shell import DesktopShell


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked before calls are removed."""

    title: str
    text: str


class CallActions(QObject):
    """Wishes become commands."""

    said = Signal(object)
    """An Alert."""
    report_asked = Signal()

    def __init__(
        self, commands: Commands, desktop: DesktopShell, find: Callable[[str], Job | None], window: QWidget
    ) -> None:
        """Command this engine; `find` gives the copy of a job, `window` is where questions appear."""
        super().__init__(window)
        self._commands = commands
        self._desktop = desktop
        self._find = find
        self._window = window
        self._doomed: tuple[str, ...] = ()
        self._lost: str = ""
        self.asking: QDialog | None = None

    @Slot(object)
    def perform(self, request: ActionRequest) -> None:
        """Do it, or ask first."""
        jobs = tuple(job for job_id in request.ids if (job := self._find(job_id)) is not None)
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
            case Action.SEND_ANYWAY:
                self._commands.send(ids, anyway=True, again=True)
            case Action.REMOVE:
                self._remove(jobs)
            case Action.COPY_ID:
                self._desktop.copy("\n".join(ids))
                self.said.emit(Alert(Tone.OK, self.tr("%n call ID(s) copied.", "", len(ids)), ""))
            case Action.SHOW_FILE:
                self._desktop.show_file(jobs[0].path)
            case Action.COPY_FOR_IT:
                self.report_asked.emit()
            case Action.LOCATE:
                self._locate(jobs[0])

    # --- removing -------------------------------------------------------------------------------------------------

    def _remove(self, jobs: tuple[Job, ...]) -> None:
        self._doomed = tuple(job.id for job in jobs)
        if all(job.turned_away for job in jobs):
            self._on_remove_confirmed()
            return
        question = self._question(jobs)
        box = QMessageBox(QMessageBox.Icon.Question, question.title, question.text, parent=self._window)
        remove = box.addButton(self.tr("Remove"), QMessageBox.ButtonRole.AcceptRole)
        keep = box.addButton(self.tr("Keep"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(remove)
        box.setEscapeButton(keep)
        box.accepted.connect(self._on_remove_confirmed)
        self._ask(box)

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
        jobs = [job for job_id in self._doomed if (job := self._find(job_id)) is not None]
        self._doomed = ()
        forgotten = tuple(job.id for job in jobs if job.turned_away or job.state is State.DONE)
        cancelled = tuple(job.id for job in jobs if job.id not in set(forgotten))
        if forgotten:
            self._commands.forget(forgotten)
        if cancelled:
            self._commands.cancel(cancelled)

    # --- a file that moved ----------------------------------------------------------------------------------------

    def _locate(self, job: Job) -> None:
        self._lost = job.id
        dialog = QFileDialog(self._window, self.tr("Where is {name} now?").format(name=job.path.name))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._on_located)
        self._ask(dialog)

    @Slot(str)
    def _on_located(self, file: str) -> None:
        self._commands.relocate(self._lost, Path(file))

    def _ask(self, dialog: QDialog) -> None:
        self.asking = dialog
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
