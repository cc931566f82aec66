"""What an edit of a call on its way, or of one that has arrived, means where the call stands. Engine thread."""

from collections.abc import Callable
from datetime import datetime, timedelta

from callup_desktop.calls.documents import whole_milliseconds
from callup_desktop.calls.metadata import Details, completed, problems_of
from callup_desktop.engine.errors import Rejection
from callup_desktop.engine.events import CommandRejected, Event
from callup_desktop.engine.job import CLEARED, Job, State, Step
from callup_desktop.engine.live_jobs import LiveJobs
from callup_desktop.engine.steps import Edited
from callup_desktop.engine.storage_time import StorageTime

_TICK = timedelta(milliseconds=1)
"""What a BSON date tells apart."""


class Edits:
    """Notes what the rep wants, and settles it by what the registry has."""

    def __init__(
        self, *, live: LiveJobs, time: StorageTime, report: Callable[[Event], None], call_types: tuple[str, ...]
    ) -> None:
        self._live = live
        self._time = time
        self._report = report
        self._call_types = call_types

    def ask(self, job: Job, details: Details) -> None:
        """Give a call that was sent these details; CommandRejected(DETAILS) where they are not complete.

        Before anything is registered they are what will be. Afterwards they wait for the registry.
        """
        if problems_of(details, self._call_types):
            self._report(CommandRejected(job.id, Rejection.DETAILS))
            return
        details = completed(details, self._call_types)
        if details == job.details:
            return
        if job.registered_at is None and job.intent is not Step.REGISTER:
            self._live.change(job, details=details)
            return
        known = job.details if job.edit_asked_at is None else job.registered_details
        job = self._live.change(job, details=details, edit_asked_at=self._moment(job), registered_details=known)
        if job.state is State.DONE:
            self._live.change(job, attempts=0, **CLEARED)

    def settle(self, job: Job, edited: Edited) -> None:
        """Keep what the registry has now; an edit that was asked meanwhile still waits."""
        if edited.held != edited.details:
            self._refuse(job, edited.held)
            return
        asked_meanwhile = job.edit_asked_at != edited.updated_at
        self._live.change(
            job,
            edited_at=edited.updated_at,
            edit_asked_at=job.edit_asked_at if asked_meanwhile else None,
            registered_details=edited.held if asked_meanwhile else None,
            attempts=0,
            **CLEARED,
        )

    def _refuse(self, job: Job, held: Details | None) -> None:
        """The pipeline has begun: the call keeps the details that it began with."""
        details = held or job.registered_details or job.details
        self._live.change(job, details=details, edit_asked_at=None, registered_details=None, attempts=0, **CLEARED)
        self._report(CommandRejected(job.id, Rejection.MOVED_ON))

    def _moment(self, job: Job) -> datetime:
        """Now by the storage's clock, but after what the registry may have: an edit that lands late must not win."""
        earlier = (job.uploaded_at, job.edited_at, job.edit_asked_at)
        return max(whole_milliseconds(self._time.now()), *(moment + _TICK for moment in earlier if moment is not None))
