"""What a step needs from outside: each service has its own line of waiting jobs. Pure functions, any thread."""

from collections.abc import Mapping
from enum import StrEnum

from callup_desktop.engine.job import Job, State, Step


class Service(StrEnum):
    """What may be slow, or refuse, without holding up the others."""

    FILES = "files"
    """The disk that a draft's file lies on: the probe."""
    STORAGE = "storage"
    REGISTRY = "registry"
    QUEUE = "queue"
    CLEANING = "cleaning"
    """Storage once more, for calls that were taken back: what its rights forbid there holds up nothing else."""


SLOTS: Mapping[Service, int] = {Service.FILES: 2, Service.REGISTRY: 4, Service.QUEUE: 10, Service.CLEANING: 2}
"""How many jobs stand at each service side by side; the profile says it for storage."""

_BY_STEP: Mapping[Step, Service] = {
    Step.CHECK: Service.STORAGE,
    Step.CREATE: Service.STORAGE,
    Step.PUT: Service.STORAGE,
    Step.UPLOAD: Service.STORAGE,
    Step.COMPLETE: Service.STORAGE,
    Step.REGISTER: Service.REGISTRY,
    Step.FIND: Service.REGISTRY,
    Step.EDIT: Service.REGISTRY,
    Step.ANNOUNCE: Service.QUEUE,
    Step.ABORT: Service.CLEANING,
    Step.ROLLBACK: Service.CLEANING,
}


def service_of_step(step: Step) -> Service:
    """What the step of a submitted job needs."""
    return _BY_STEP[step]


def service_of_job(job: Job) -> Service | None:
    """What the job waits for before a run of it can start; None where nothing is to be done for it."""
    if job.cancel_asked_at is not None and job.registered_at is None and job.state is not State.CANCELLED:
        return Service.REGISTRY
    match job.state:
        case State.DRAFT:
            return Service.FILES if job.awaits_verdict or _wish_is_open(job) else None
        case State.QUEUED:
            return _service_of_queued(job)
        case State.CANCELLED:
            return Service.CLEANING
        case State.DONE:
            return Service.REGISTRY if job.awaits_edit else None
        case _:
            return None


def _wish_is_open(job: Job) -> bool:
    return job.send_asked_at is not None and job.recording is not None


def _service_of_queued(job: Job) -> Service:
    if job.etag is None:
        return Service.STORAGE
    if job.registered_at is None or job.awaits_edit:
        return Service.REGISTRY
    return Service.QUEUE
