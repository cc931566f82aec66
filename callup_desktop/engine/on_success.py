"""Writes down what a finished call has proved, whatever the job's state is by now. Engine thread."""

from collections.abc import Callable
from typing import Any

from callup_desktop.calls.documents import object_key, whole_milliseconds
from callup_desktop.engine.edits import Edits
from callup_desktop.engine.elsewhere import Elsewhere
from callup_desktop.engine.errors import ALREADY_THERE, Code, JobError, Rejection
from callup_desktop.engine.events import CommandRejected, Event
from callup_desktop.engine.job import CLEARED, MOVES, Job, State, Step, Trouble, question_about
from callup_desktop.engine.live_jobs import LiveJobs
from callup_desktop.engine.parts import Part
from callup_desktop.engine.ports import Clock, Log, StoredObject, Upload
from callup_desktop.engine.run import Run
from callup_desktop.engine.steps import Compared, Edited, Probed, Relocated
from callup_desktop.engine.storage_time import StorageTime
from callup_desktop.engine.uplink import Uplink
from callup_desktop.engine.watched_files import WatchedFiles

RESTARTS = 2
"""How often an upload begins again because the file or its stored copy is another one, before the rep is asked."""


class SuccessHandler:
    """One method a kind of result."""

    def __init__(
        self,
        *,
        live: LiveJobs,
        edits: Edits,
        elsewhere: Elsewhere,
        watched: WatchedFiles,
        uplink: Uplink,
        clock: Clock,
        time: StorageTime,
        plan: Callable[[int, float | None], int],
        report: Callable[[Event], None],
        log: Log,
    ) -> None:
        self._live = live
        self._edits = edits
        self._elsewhere = elsewhere
        self._watched = watched
        self._uplink = uplink
        self._clock = clock
        self._time = time
        self._plan = plan
        self._report = report
        self._log = log

    def record(self, run: Run, job: Job, step: Step, value: Any) -> None:
        """Turn the value that a step brought into facts of the job."""
        match step, value:
            case Step.CHECK, Probed():
                self._probed(job, value)
            case Step.CHECK, Relocated():
                self._relocated(job, value)
            case Step.CHECK, Compared():
                self._compared(run, job, value)
            case Step.CREATE, Upload():
                self._created(job, value)
            case Step.UPLOAD, Part():
                self._uplink.acknowledged(value.size)
                self._live.store_part(job, value, attempts=0, **CLEARED)
            case ((Step.PUT | Step.COMPLETE), StoredObject()):
                if step is Step.PUT:
                    self._uplink.acknowledged(job.size)
                self._stored(job, value)
            case Step.REGISTER, _:
                self._registered(job)
            case Step.FIND, bool():
                self._found(job, found=value)
            case Step.EDIT, Edited():
                self._edits.settle(job, value)
            case Step.ANNOUNCE, str():
                self._live.change(job, announced_at=self._time.now(), message_id=value, attempts=0, **CLEARED)
            case Step.ABORT, _:
                intent = None if job.intent is Step.CREATE else job.intent
                self._live.set_parts(job, (), upload_id=None, intent=intent, attempts=0, **CLEARED)
            case Step.ROLLBACK, _:
                self._live.change(job, etag=None, version_id=None, uploaded_at=None, intent=None, attempts=0, **CLEARED)
            case _:
                raise TypeError(f"{step} brought {type(value).__name__}")

    def _probed(self, job: Job, probed: Probed) -> None:
        recording = probed.recording
        if self._watched.is_known(job, recording):
            self._live.drop(job)
            return
        job = self._live.change(
            job,
            recording=recording,
            identity=probed.identity,
            checked_at=self._clock.now(),
            duplicate_of=self._live.sent_before(job, recording),
            attempts=0,
            **CLEARED,
        )
        self._elsewhere.ask_about(job)

    def _relocated(self, job: Job, found: Relocated) -> None:
        """A moved file was dropped again: the call that misses it goes on with it, where it was."""
        lost = self._live.same_recording(job, found.probed.recording)
        if lost is None or lost.id != found.relocated_to:
            self._probed(job, found.probed)
            return
        state = State.QUEUED if lost.state is State.FAILED else lost.state
        self._live.change(lost, state=state, path=job.path, identity=found.probed.identity, attempts=0, **CLEARED)
        self._live.drop(job, relocated_to=lost.id)

    def _compared(self, run: Run, job: Job, here: Compared) -> None:
        run.source, run.checked = here.source, True
        if here.changed:
            self._changed(run, job, here)
            return
        trouble = job.trouble
        if here.expired and job.upload_id is not None:
            self._log.info("upload expired", call_id=job.id)
            trouble = Trouble(Code.UPLOAD_EXPIRED, self._clock.now())
        self._live.verified[job.id] = {part.number for part in here.parts}
        if job.upload_id is None and job.intent is None:
            job = self._dated(job)
        job = self._live.set_parts(
            job,
            here.parts,
            identity=here.identity,
            upload_id=here.upload_id,
            intent=_left_open(job, here),
            trouble=trouble,
        )
        if here.found is not None:
            self._stored(job, here.found)
        else:
            self._ask_rep(job, here)

    def _ask_rep(self, job: Job, here: Compared) -> bool:
        """Whether somebody else has sent the recording, so that the call is a draft again, with the question."""
        call = self._elsewhere.first_of(here.elsewhere)
        if call is None or State.DRAFT not in MOVES[job.state]:
            return False
        self._elsewhere.tell(job, call)
        self._report(CommandRejected(job.id, Rejection.DUPLICATE, call.call_id))
        return True

    def _dated(self, job: Job) -> Job:
        """The key and the moment by the storage's clock, while nothing is created under another key."""
        if job.submitted_at is None or job.recording is None:
            return job
        moment = self._time.moment_of(job.submitted_at)
        if moment == job.submitted_at:
            return job
        return self._live.change(job, submitted_at=moment, key=object_key(job.id, moment, job.recording.format))

    def _changed(self, run: Run, job: Job, here: Compared) -> None:
        """The rep's recording is another one now: judge it like a new file, unless that happens again and again."""
        params = {"name": job.path.name}
        self._live.verified.pop(job.id, None)
        job = self._live.set_parts(
            job,
            (),
            identity=here.identity,
            recording=here.recording,
            duplicate_of=self._live.sent_before(job, here.recording),
            accepted=False,
            send_again=False,
            part_size=self._plan(here.recording.size, self._uplink.expected),
            upload_id=None,
            intent=None,
            restarts=job.restarts + 1,
            trouble=Trouble(Code.FILE_CHANGED, self._clock.now(), params=params),
        )
        if job.restarts > RESTARTS:
            run.failure = (Step.CHECK, JobError(Code.KEEPS_CHANGING, params=params))
        elif job.duplicate_of is None and self._ask_rep(job, here):
            return
        elif (question := question_about(job)) is not None and State.DRAFT in MOVES[job.state]:
            self._live.change(job, state=State.DRAFT, **CLEARED)
            known = self._live.earlier_call(job, here.recording) if question in ALREADY_THERE else ""
            self._report(CommandRejected(job.id, question, known))

    def _created(self, job: Job, upload: Upload) -> None:
        if upload.abort_date is None:
            self._warn_no_lifecycle()
        self._live.change(job, upload_id=upload.upload_id, intent=None, attempts=0, **CLEARED)

    def _stored(self, job: Job, stored: StoredObject) -> None:
        self._live.change(
            job,
            etag=stored.etag,
            version_id=stored.version_id or None,
            checksum=stored.checksum,
            uploaded_at=whole_milliseconds(self._time.now()),
            upload_id=None,
            intent=None,
            stored=job.size,
            attempts=0,
            **CLEARED,
        )

    def _registered(self, job: Job) -> Job:
        if job.cancel_asked_at is not None:
            self._report(CommandRejected(job.id, Rejection.REGISTERED))
        now = self._time.now()
        return self._live.change(job, registered_at=now, intent=None, cancel_asked_at=None, attempts=0, **CLEARED)

    def _found(self, job: Job, *, found: bool) -> None:
        """Settle a cancel that came while the call was being registered."""
        if not found:
            self._live.change(job, state=State.CANCELLED, attempts=0, **CLEARED)
            return
        job = self._registered(job)
        if job.state in {State.PAUSED, State.FAILED}:
            self._live.change(job, state=State.QUEUED)

    def _warn_no_lifecycle(self) -> None:
        """Tell the admin once: the answer names an AbortDate where a lifecycle rule ends forgotten uploads."""
        if self._live.journal.noted("no_lifecycle") is None:
            self._live.journal.note("no_lifecycle", self._clock.now().isoformat())
            self._log.warning("bucket has no rule that aborts incomplete uploads")


def _left_open(job: Job, here: Compared) -> Step | None:
    """The step whose request may still arrive, or has left what the store goes on with: a cancel undoes it."""
    if here.found is not None:
        return None
    return Step.CREATE if here.expired and job.intent is None else job.intent
