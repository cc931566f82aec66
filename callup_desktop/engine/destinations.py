"""Which calls are meant for the servers of this profile; all others wait, and nothing of them leaves. Engine thread."""

from callup_desktop.engine.errors import Code
from callup_desktop.engine.job import CLEARED, Job, State, Step, Trouble, next_step
from callup_desktop.engine.live_jobs import LiveJobs
from callup_desktop.engine.ports import Clock

_UNSTAMPED = ""
"""The destination of calls from before there were any."""


class Destinations:
    """Compares each call's destination with `here`, the identity of the profile that is in use."""

    def __init__(
        self, live: LiveJobs, clock: Clock, *, here: str, bucket: str, takes_calls_from: frozenset[str]
    ) -> None:
        """`takes_calls_from` are the identities whose waiting calls the rep let come along."""
        self._live = live
        self._clock = clock
        self.here = here
        self._bucket = bucket
        self._takes_calls_from = takes_calls_from - {here}

    def take_over(self) -> None:
        """Take the calls that may come along, and end the waiting of those that are here again."""
        if _UNSTAMPED in self._takes_calls_from:
            self._live.journal.readdress_sent(self.here)
        for job in tuple(self._live.jobs.values()):
            if job.destination in self._takes_calls_from:
                self._take(job)
            elif job.destination == self.here and _waits_elsewhere(job):
                self._live.change(job, **CLEARED)

    def holds_back(self, job: Job) -> bool:
        """Whether the call is meant for other servers and has something to do there; it is told so, once."""
        if job.destination == self.here or _is_local(job):
            return False
        if _would_run(job) and not _waits_elsewhere(job):
            trouble = Trouble(Code.OTHER_DESTINATION, self._clock.now())
            self._live.change(job, retry_at=None, trouble=trouble)
        return True

    def ours(self, job_ids: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the calls that went to the servers of here."""
        found = ((job_id, self._live.jobs.get(job_id) or self._live.journal.find(job_id)) for job_id in job_ids)
        return tuple(job_id for job_id, job in found if job is not None and job.destination == self.here)

    def _take(self, job: Job) -> None:
        if job.destination == _UNSTAMPED:
            self._live.change(job, destination=self.here)
        elif job.state is State.DRAFT:
            job = self._live.change(job, destination=self.here)
            if _waits_elsewhere(job):
                self._live.change(job, **CLEARED)
        elif _may_move(job):
            self._live.verified.pop(job.id, None)
            self._live.set_parts(
                job,
                (),
                destination=self.here,
                bucket=self._bucket,
                upload_id=None,
                intent=None,
                etag=None,
                checksum=None,
                uploaded_at=None,
                restarts=0,
                attempts=0,
                **CLEARED,
            )


def _may_move(job: Job) -> bool:
    """Whether nobody can have the call yet; what was stored of it stays behind, where it was."""
    return job.state is not State.CANCELLED and job.registered_at is None and job.intent is not Step.REGISTER


def _waits_elsewhere(job: Job) -> bool:
    return job.trouble is not None and job.trouble.code == Code.OTHER_DESTINATION


def _is_local(job: Job) -> bool:
    """Whether all that is left to do happens on this computer."""
    if job.state is State.DRAFT:
        return job.recording is None
    return job.state is State.CANCELLED and next_step(job, (), checked=True) is None


def _would_run(job: Job) -> bool:
    asked = job.send_asked_at is not None or job.cancel_asked_at is not None or job.awaits_edit
    return asked or job.state in {State.QUEUED, State.CANCELLED}
