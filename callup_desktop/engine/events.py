"""What the engine reports: frozen copies of facts, made on the engine thread, shown on any other."""

from dataclasses import dataclass
from datetime import datetime

from callup_desktop.calls.metadata import Details
from callup_desktop.calls.search import SentOrder
from callup_desktop.engine.errors import Rejection
from callup_desktop.engine.job import Job, Trouble


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Every job that is not finished, once at the start; finished ones come by `SentPage`.

    `interrupted` where the last process ended in the middle of a call; `repaired` counts the calls saved from a
    damaged journal, None if it was whole.
    """

    jobs: tuple[Job, ...]
    past: tuple[Details, ...]
    interrupted: bool = False
    repaired: int | None = None


@dataclass(frozen=True, slots=True)
class JobChanged:
    """One job's new facts; `gone` when it left the list (forgotten, or cancelled and cleaned up).

    `relocated_to` is the call that a dropped file turned out to be the lost recording of.
    """

    job: Job
    gone: bool = False
    relocated_to: str | None = None


@dataclass(frozen=True, slots=True)
class JobProgress:
    """Absolute bytes of one job: acknowledged, and sent but not yet acknowledged; rate in bytes a second."""

    job_id: str
    acknowledged: int
    in_flight: int
    rate: float
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class Progress:
    """All running uploads at one moment, at most five times a second."""

    jobs: tuple[JobProgress, ...]
    rate: float


@dataclass(frozen=True, slots=True)
class ProbeProgress:
    """How many bytes of a dropped file the probe has read; `fetched` where a cloud's program brings them here first."""

    job_id: str
    done: int
    size: int
    fetched: bool = False


@dataclass(frozen=True, slots=True)
class Status:
    """The whole queue in one line: reachability as last seen, what blocks the account, and counts.

    `passing` is a service's trouble that ends by itself, such as a storage that is down. `paused` while the rep has
    paused everything, what is sent later included.
    """

    online: bool
    since: datetime
    blocked: Trouble | None
    running: int
    waiting: int
    drafts: int
    needs_rep: int
    sent: int
    passing: Trouble | None = None
    paused: bool = False


@dataclass(frozen=True, slots=True)
class SentPage:
    """One page of sent calls in the order that was asked for; `total` counts all that match."""

    offset: int
    search: str
    jobs: tuple[Job, ...]
    total: int
    order: SentOrder = SentOrder.NEWEST


@dataclass(frozen=True, slots=True)
class Statuses:
    """What became of sent calls, read from the registry: call_id to status, "" where it has no such call."""

    by_call: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CommandRejected:
    """A command that was not carried out; `earlier` is the call that has the recording already, or ""."""

    job_id: str
    code: Rejection
    earlier: str = ""


@dataclass(frozen=True, slots=True)
class ResumedFromSleep:
    """The computer slept for this many seconds; what waits is tried now."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Stopped:
    """The engine's last word; `trouble` if it could not go on (journal newer, disk full)."""

    trouble: Trouble | None = None


Event = (
    Snapshot
    | JobChanged
    | Progress
    | ProbeProgress
    | Status
    | SentPage
    | Statuses
    | CommandRejected
    | ResumedFromSleep
    | Stopped
)
