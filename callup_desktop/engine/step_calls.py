"""The blocking call of each step, ready for the pool. Made on the engine thread, run on a pool thread."""

from collections.abc import Callable
from functools import partial

from callup_desktop.engine import steps
from callup_desktop.engine.body import PartBody
from callup_desktop.engine.job import Job, Step
from callup_desktop.engine.live_jobs import LiveJobs
from callup_desktop.engine.pace import Pace
from callup_desktop.engine.ports import Clock, Services
from callup_desktop.engine.run import Run
from callup_desktop.engine.uplink import Uplink
from callup_desktop.files.source import Span


class StepCalls:
    """Turns facts into calls; starts none."""

    def __init__(
        self,
        *,
        live: LiveJobs,
        services: Services,
        pace: Pace,
        uplink: Uplink,
        clock: Clock,
        uploaded_by: str | None,
    ) -> None:
        """`uploaded_by` goes into the documents."""
        self._live = live
        self._services = services
        self._pace = pace
        self._uplink = uplink
        self._clock = clock
        self._uploaded_by = uploaded_by

    def probe(self, run: Run, job: Job, report: steps.ReportProbe) -> Callable[[], object]:
        """Judge a dropped file; `report` is called on the pool thread."""
        return partial(steps.probe_draft, self._services, job, run.token, report)

    def relocate(self, other: Job, probed: steps.Probed) -> Callable[[], object]:
        """See whether the file of a job with the same recording is still where it was."""
        return partial(steps.relocated, other, probed)

    def part(self, run: Run, job: Job, span: Span) -> Callable[[], object]:
        """Send one part."""
        body = self._new_body(run, span.number)
        return partial(steps.send_part, self._services.store, job, run.open_source, span, run.token, body)

    def step(self, run: Run, step: Step, job: Job) -> Callable[[], object]:
        """The one call of any other step; raises ValueError for UPLOAD, which is a call for each part."""
        services, parts = self._services, self._live.parts(job.id)
        match step:
            case Step.CHECK:
                verified = frozenset(self._live.verified.get(job.id, ()))
                compared = partial(steps.compare, services, job, parts, verified, run.token)
                ask = services.elsewhere
                return compared if ask is None else partial(steps.compare_and_ask, ask, job, compared)
            case Step.CREATE:
                return partial(steps.create, services.store, job)
            case Step.PUT:
                return partial(steps.put, services.store, job, run.open_source, run.token, self._new_body(run, 1))
            case Step.COMPLETE:
                return partial(steps.complete, services.store, job, parts)
            case Step.REGISTER:
                return partial(services.registry.register, steps.call_of(job, self._uploaded_by).document())
            case Step.FIND:
                return partial(services.registry.find, job.id)
            case Step.EDIT:
                return partial(steps.edit, services.registry, job)
            case Step.ANNOUNCE:
                return partial(services.announcer.announce, steps.call_of(job).task())
            case Step.ABORT:
                return partial(steps.abort, services.store, job)
            case Step.ROLLBACK:
                return partial(steps.rollback, services.store, job)
            case Step.UPLOAD:
                raise ValueError("an upload is a call for each part")

    def _new_body(self, run: Run, number: int) -> PartBody:
        """The body of a part that is about to leave; the pool thread loads its bytes."""
        body = run.bodies[number] = PartBody(run.token, self._pace)
        self._uplink.request_starts(self._clock.monotonic())
        return body
