"""Which jobs can be started, without looking at all of them: kept up to date with each change. Engine thread.

Every job is in one place at most: ready in the line of its service, or waiting for its moment.
"""

import heapq
import itertools
from collections import Counter
from datetime import datetime, timedelta

from callup_desktop.engine.job import Job, State
from callup_desktop.engine.needed_service import Service, service_of_job
from callup_desktop.recordings.recording import Recording

_LONGEST_WAIT = timedelta(hours=2)
"""Longer than any wait: a moment further away was noted by a clock that was wrong."""

Content = tuple[str, int]
"""CRC64NVME and size: one recording, whatever its files are called."""


class JobIndex:
    """Lines of ready jobs, moments of waiting ones, and counts."""

    def __init__(self) -> None:
        self.states: Counter[State] = Counter()
        self.turned_away = 0
        self._ready: dict[Service, dict[str, None]] = {service: {} for service in Service}
        self._waiting: dict[str, tuple[datetime, Service]] = {}
        self._waiting_for: Counter[Service] = Counter()
        self._moments: list[tuple[datetime, int, str]] = []
        self._order = itertools.count()
        self._by_content: dict[Content, dict[str, None]] = {}

    def change(self, before: Job | None, after: Job | None, now: datetime) -> None:
        """A job came (`before` is None), changed, or left (`after` is None)."""
        if before is not None:
            self._uncount(before)
            if after is None:
                self.withdraw(before.id)
        if after is not None:
            self._count(after)
            self.offer(after, now)
        if content_of(before) != content_of(after):
            self._file(before, after)

    def offer(self, job: Job, now: datetime) -> None:
        """Put the job where it waits now; one that is ready already keeps its place in the line."""
        service, moment = service_of_job(job), job.retry_at
        is_due = moment is None or not now < moment <= now + _LONGEST_WAIT
        if service is not None and is_due and job.id in self._ready[service]:
            return
        self.withdraw(job.id)
        if service is None:
            return
        if moment is None or is_due:
            self._ready[service][job.id] = None
            return
        self._waiting[job.id] = (moment, service)
        self._waiting_for[service] += 1
        heapq.heappush(self._moments, (moment, next(self._order), job.id))

    def withdraw(self, job_id: str) -> None:
        """The job is started, or left: it waits for nothing."""
        found = self._waiting.pop(job_id, None)
        if found is not None:
            self._waiting_for[found[1]] -= 1
        for line in self._ready.values():
            line.pop(job_id, None)

    def ripen(self, now: datetime) -> None:
        """Jobs whose moment has come are ready."""
        while self._moments and self._moments[0][0] <= now:
            moment, _order, job_id = heapq.heappop(self._moments)
            found = self._waiting.get(job_id)
            if found is not None and found[0] == moment:
                self.withdraw(job_id)
                self._ready[found[1]][job_id] = None

    def ready(self, service: Service) -> str | None:
        """The job that has been ready for the service longest."""
        return next(iter(self._ready[service]), None)

    def line(self, service: Service) -> tuple[str, ...]:
        """Every job that is ready for the service, in its order; as many as there are."""
        return tuple(self._ready[service])

    def needs(self, service: Service) -> bool:
        """Whether any job is ready for the service, or waits for its moment."""
        return bool(self._ready[service]) or self._waiting_for[service] > 0

    def waiting(self) -> tuple[str, ...]:
        """The jobs that have a moment to wait for."""
        return tuple(self._waiting)

    def next_moment(self) -> datetime | None:
        """When the next waiting job is due."""
        while self._moments:
            moment, _order, job_id = self._moments[0]
            found = self._waiting.get(job_id)
            if found is not None and found[0] == moment:
                return moment
            heapq.heappop(self._moments)
        return None

    def same_content(self, content: Content | None) -> tuple[str, ...]:
        """The live jobs of this very recording, in the order they were read; none of no content."""
        return tuple(self._by_content.get(content, ())) if content is not None else ()

    def _count(self, job: Job) -> None:
        self.states[job.state] += 1
        self.turned_away += job.turned_away

    def _uncount(self, job: Job) -> None:
        self.states[job.state] -= 1
        self.turned_away -= job.turned_away

    def _file(self, before: Job | None, after: Job | None) -> None:
        """The job has another content than before; one that keeps its content keeps its place."""
        if before is not None and (content := content_of(before)) is not None:
            ids = self._by_content[content]
            del ids[before.id]
            if not ids:
                del self._by_content[content]
        if after is not None and (content := content_of(after)) is not None:
            self._by_content.setdefault(content, {})[after.id] = None


def content_of(source: Job | Recording | None) -> Content | None:
    """What makes two recordings the same one; None for a job that was not read yet."""
    recording = source.recording if isinstance(source, Job) else source
    return None if recording is None else (recording.crc64nvme, recording.size)
