"""Where a call stands, in a few words. No Qt; any thread."""

from callup_desktop.calls.statuses import has_failed
from callup_desktop.engine.errors import Actor, Rejection
from callup_desktop.engine.job import Job, State
from callup_desktop.presentation.language import Translatable
from callup_desktop.presentation.messages import Messages, actor_of
from callup_desktop.recordings.recording import Doubt


class Stages(Translatable):
    """Names of stages in one language."""

    def __init__(self, messages: Messages) -> None:
        super().__init__(messages.language)
        self._messages = messages

    def stage(self, job: Job, *, described: bool = True) -> str:
        """The stage of a call; `described` says whether the details of a draft are valid."""
        if job.cancel_asked_at is not None or job.state is State.CANCELLED:
            return self.tr("Removing…")
        match job.state:
            case State.DRAFT:
                return self._draft_stage(job, described=described)
            case State.QUEUED:
                return self._queued_stage(job)
            case State.RUNNING:
                return self._running_stage(job)
            case State.PAUSED:
                return self.tr("Paused")
            case State.FAILED:
                return self._chip(job) or self.tr("Failed")
            case _:
                return self._sent_stage(job)

    def _chip(self, job: Job) -> str:
        """The trouble of the job, "" without one."""
        return self._messages.chip(job.trouble, edit_asked=job.awaits_edit) if job.trouble else ""

    def _sent_stage(self, job: Job) -> str:
        if not job.awaits_edit:
            return self.tr("Sent")
        return self._chip(job) or self.tr("Saving details…")

    def _draft_stage(self, job: Job, *, described: bool) -> str:
        if job.recording is None:
            return self._messages.chip(job.trouble) if job.trouble else self.tr("Checking…")
        if job.question is Rejection.DUPLICATE:
            return self.tr("Sent before")
        if job.question is Rejection.IN_LIST:
            return self.tr("In the list already")
        if job.question is Rejection.DOUBT:
            silent = job.recording.warnings[0].doubt is Doubt.SILENT
            return self.tr("Nothing to hear") if silent else self.tr("Seems cut off")
        if not described or not all((job.details.company_name, job.details.contact_email, job.details.call_type)):
            return self.tr("Needs call details")
        return self.tr("Ready to send")

    def _queued_stage(self, job: Job) -> str:
        if job.etag is not None and (job.trouble is None or actor_of(job.trouble) is Actor.NOBODY):
            if job.registered_at is None:
                return self.tr("Uploaded, waiting to register")
            if job.awaits_edit:
                return self.tr("Registered, waiting to save details")
            return self.tr("Registered, waiting for the queue")
        if chip := self._chip(job):
            return chip
        return self.tr("Waiting to go on") if job.stored else self.tr("Waiting to start")

    def _running_stage(self, job: Job) -> str:
        if job.awaits_edit:
            return self.tr("Saving details…")
        if job.registered_at is not None:
            return self.tr("Queueing for transcription…")
        if job.etag is not None:
            return self.tr("Registering call…")
        return self.tr("Finishing upload…") if job.size and job.stored >= job.size else self.tr("Uploading")

    def call_status(self, status: str) -> str:
        """The status of a sent call in the registry, "" if it is not there; one that nobody knows is left as it is."""
        if has_failed(status):
            return self.tr("Processing failed")
        words = {
            "uploaded": self.tr("Sent"),
            "transcribing": self.tr("Transcribing"),
            "transcribed": self.tr("Transcribed"),
            "analyzing": self.tr("Analyzing"),
            "completed": self.tr("Completed"),
            "": self.tr("Not in the call list"),
        }
        return words.get(status, status)
