"""Tells whether another computer has sent a draft's recording, where somebody can be asked. Engine thread.

A draft is asked about once its file is read, so that its rep sees the question early; a call once more before its first
byte leaves (`steps.compare_and_ask`). No call waits for the first question, or fails by either.
"""

from collections import deque
from collections.abc import Iterable
from functools import partial

from callup_desktop.engine.errors import ALREADY_THERE, Rejection
from callup_desktop.engine.job import Job, State, Trouble
from callup_desktop.engine.job_index import content_of
from callup_desktop.engine.live_jobs import LiveJobs
from callup_desktop.engine.pool_calls import PoolCalls, Result
from callup_desktop.engine.ports import AskElsewhere, Clock, Log, SentElsewhere


class Elsewhere:
    """Asks about one draft at a time."""

    def __init__(
        self, *, live: LiveJobs, ask: AskElsewhere | None, calls: PoolCalls, clock: Clock, log: Log, here: str
    ) -> None:
        """`here` is the identity of the profile whose servers are asked."""
        self._live = live
        self._ask = ask
        self._calls = calls
        self._clock = clock
        self._log = log
        self._here = here
        self._waiting: deque[str] = deque()
        self._is_asking = False

    def ask_about(self, job: Job) -> None:
        """Have the draft say soon who has sent its recording, unless it is about to be sent."""
        if self._ask is None or job.destination != self._here or not _is_open(job):
            return
        self._waiting.append(job.id)
        self._ask_next()

    def first_of(self, calls: Iterable[SentElsewhere]) -> SentElsewhere | None:
        """The newest call that this computer does not know: of its own it asks by itself."""
        return next((call for call in calls if self._live.journal.find(call.call_id) is None), None)

    def tell(self, job: Job, call: SentElsewhere) -> Job:
        """The job as a draft with the question."""
        params = {"call_id": call.call_id, "sent_by": call.sent_by, "sent_at": call.sent_at.isoformat()}
        return self._live.change(
            job,
            state=State.DRAFT,
            duplicate_of=call.sent_at,
            retry_at=None,
            trouble=Trouble(Rejection.DUPLICATE, self._clock.now(), params=params),
        )

    def _ask_next(self) -> None:
        while self._ask is not None and not self._is_asking and self._waiting:
            job = self._live.jobs.get(self._waiting.popleft())
            if job is not None and job.recording is not None and _is_open(job):
                self._is_asking = True
                work = partial(self._ask, job.recording.crc64nvme, job.recording.size)
                self._calls.start(work, partial(self._on_answer, job))

    def _on_answer(self, asked: Job, result: Result) -> None:
        self._is_asking = False
        job = self._live.jobs.get(asked.id)
        if result.error is not None:
            self._log.info("no answer who has sent a recording", call_id=asked.id, detail=str(result.error))
            # Each is asked about again before it is sent.
            self._waiting.clear()
        elif job is not None and _is_open(job) and content_of(job) == content_of(asked):
            call = self.first_of(result.value)
            if call is not None:
                self.tell(job, call)
        self._ask_next()


def _is_open(job: Job) -> bool:
    """Whether it is a draft that rests, and about which another call has not been found yet."""
    return job.state is State.DRAFT and job.send_asked_at is None and job.question not in ALREADY_THERE
