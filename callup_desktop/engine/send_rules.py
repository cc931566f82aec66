"""When a draft may be sent, and what is fixed for good once it is. Engine thread."""

from collections.abc import Callable

from callup_desktop.calls.documents import object_key
from callup_desktop.calls.metadata import completed, problems_of
from callup_desktop.engine.errors import ALREADY_THERE, Rejection
from callup_desktop.engine.events import CommandRejected, Event
from callup_desktop.engine.job import CLEARED, Job, State
from callup_desktop.engine.live_jobs import LiveJobs
from callup_desktop.engine.ports import Clock
from callup_desktop.engine.storage_time import StorageTime
from callup_desktop.engine.uplink import Uplink


class SendRules:
    """Turns the wish to send into a queued call, or into the reason why the rep has to act first."""

    def __init__(
        self,
        *,
        live: LiveJobs,
        uplink: Uplink,
        clock: Clock,
        time: StorageTime,
        report: Callable[[Event], None],
        bucket: str,
        destination: str,
        call_types: tuple[str, ...],
        plan: Callable[[int, float | None], int],
    ) -> None:
        """`plan` gives bytes a part for a recording's size at an uplink's rate."""
        self._live = live
        self._uplink = uplink
        self._clock = clock
        self._time = time
        self._report = report
        self._bucket = bucket
        self._destination = destination
        self._call_types = call_types
        self._plan = plan

    def send(self, job: Job) -> None:
        """Queue the draft; one that is not read yet keeps the wish; else CommandRejected, and the wish is settled.

        While everything is paused, so is the call.
        """
        if job.awaits_verdict and job.destination == self._destination:
            if job.send_asked_at is None:
                self._live.change(job, send_asked_at=self._clock.now())
            return
        reason = self._rejection(job)
        if reason is not None or job.recording is None:
            self._reject(job, reason or Rejection.TURNED_AWAY)
            return
        now = self._time.now()
        queued = self._live.change(
            job,
            state=State.QUEUED,
            details=completed(job.details, self._call_types),
            send_asked_at=None,
            submitted_at=now,
            bucket=self._bucket,
            key=object_key(job.id, now, job.recording.format),
            part_size=self._plan(job.recording.size, self._uplink.expected),
            **CLEARED,
        )
        if self._live.all_paused:
            self._live.change(queued, state=State.PAUSED)

    def _reject(self, job: Job, reason: Rejection) -> None:
        if job.send_asked_at is not None and not job.turned_away:
            self._live.change(job, send_asked_at=None)
        recording = job.recording if reason in ALREADY_THERE else None
        self._report(CommandRejected(job.id, reason, self._live.earlier_call(job, recording) if recording else ""))

    def _rejection(self, job: Job) -> Rejection | None:
        if job.state is not State.DRAFT:
            return Rejection.SENT
        if job.destination != self._destination:
            return Rejection.OTHER_DESTINATION
        if job.turned_away:
            return Rejection.TURNED_AWAY
        if job.question is not None:
            return job.question
        return Rejection.DETAILS if problems_of(job.details, self._call_types) else None
