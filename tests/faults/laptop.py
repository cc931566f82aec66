"""A rep's laptop for the tests: the real engine, its real rooms and real threads, in this process, on a bad network."""

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self, TypedDict
from urllib.parse import urlsplit

from botocore.session import Session

from callup_desktop.compose import SystemClock
from callup_desktop.config.profile import AnyProfile, Profile
from callup_desktop.engine.backoff import Backoff
from callup_desktop.engine.commands import DetailsChange
from callup_desktop.engine.composition import Settings
from callup_desktop.engine.engine import Engine
from callup_desktop.engine.events import CommandRejected, Event, JobChanged, Snapshot, Status, Stopped
from callup_desktop.engine.job import Job, State
from callup_desktop.engine.pool import ThreadPool
from callup_desktop.engine.ports import Clock, Services, Store
from callup_desktop.recordings.probe import probe
from callup_desktop.services.aws import ServerClock
from callup_desktop.services.mongo import MongoRegistry
from callup_desktop.services.s3.store import S3Store
from callup_desktop.services.secrets import Secrets
from callup_desktop.services.sqs import SqsAnnouncer
from callup_desktop.services.way import Way
from tests.engine.world import Lines
from tests.faults.http_talk import http_talk
from tests.faults.mongo_talk import mongo_talk
from tests.faults.proxy import LOOPBACK, Link, Proxy

WITHIN = 20.0
"""Seconds after which a test that waits has failed."""
DETAILS = DetailsChange("Acme Corp", "john@acme.com", "demo")
PART = 5 * 1024 * 1024
"""The smallest part that S3 takes, but for the last."""
SOON = Backoff(draw=lambda low, high: low + min(0.02, high - low))
"""Hardly any wait, so that many faults fit into a second."""
SOON_AGAIN = Backoff(draw=lambda _low, _high: 0.2)
"""Hardly any wait even for what somebody has to end."""


def in_parts(_size: int, _uplink: float | None) -> int:
    """However small the recording is: so that steps of a large one take no time."""
    return PART


@dataclass
class OneSession:
    """The secrets, but made into a session once: reading botocore's models takes most of a small test's time."""

    secrets: Secrets
    kept_in_memory: bool = False
    way: Way = field(default_factory=Way)
    _session: Session | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def session(self) -> Session:
        with self._lock:
            if self._session is None:
                self._session = self.secrets.session()
            return self._session

    def mongo_key_password(self) -> str | None:
        return None

    def mongo_password(self) -> str | None:
        return self.secrets.mongo_password()


class Ways(ABC):
    """The proxies on the ways of one profile."""

    @property
    @abstractmethod
    def all(self) -> tuple[Proxy, ...]:
        """Each of them."""

    @abstractmethod
    def of(self, operation: str) -> Proxy:
        """The proxy that an operation goes through."""

    @property
    @abstractmethod
    def settings(self) -> dict[str, object]:
        """The profile of a program that goes through them, key by key."""

    @property
    @abstractmethod
    def storage(self) -> Proxy:
        """The one that the bytes of recordings go through."""

    def lift(self) -> None:
        """No more harm."""
        for proxy in self.all:
            proxy.plan.lift()

    def forget(self) -> None:
        """A good network again, on which nothing arrived."""
        for proxy in self.all:
            proxy.plan.forget()
        self.clear_lines()

    def clear_lines(self) -> None:
        """Lines as fast as they can be, that never drop."""
        for proxy in self.all:
            proxy.link = Link()

    def go_down(self) -> None:
        """Everything is refused."""
        for proxy in self.all:
            proxy.go_down()

    def come_back(self) -> None:
        """And everything works again."""
        for proxy in self.all:
            proxy.come_back()


@dataclass
class Network(Ways):
    """The three proxies, and the profile of a program that goes through them."""

    profile: Profile
    s3: Proxy
    mongo: Proxy
    sqs: Proxy

    @property
    def all(self) -> tuple[Proxy, Proxy, Proxy]:
        return self.s3, self.mongo, self.sqs

    def of(self, operation: str) -> Proxy:
        registry = dict.fromkeys(("register", "edit", "find"), self.mongo)
        return {**registry, "announce": self.sqs}.get(operation, self.s3)

    @property
    def settings(self) -> dict[str, object]:
        return self.profile.model_dump(exclude_none=True, mode="json")

    @property
    def storage(self) -> Proxy:
        return self.s3


@contextmanager
def network_before(profile: Profile) -> Iterator[Network]:
    """Proxies before the servers that the profile names."""
    s3 = urlsplit(profile.endpoint or "")
    mongo, sqs = urlsplit(profile.mongo_uri), urlsplit(profile.queue_url)
    with ExitStack() as stack:
        proxies = [
            stack.enter_context(Proxy((LOOPBACK, parts.port or 0), talk))
            for parts, talk in ((s3, http_talk), (mongo, mongo_talk), (sqs, http_talk))
        ]
        ports = [proxy.port for proxy in proxies]
        behind = profile.model_copy(
            update={
                "endpoint": f"http://{LOOPBACK}:{ports[0]}",
                "mongo_uri": f"mongodb://{LOOPBACK}:{ports[1]}/?directConnection=true",
                "queue_url": f"http://{LOOPBACK}:{ports[2]}{sqs.path}",
            }
        )
        yield Network(behind, *proxies)


class Habits(TypedDict, total=False):
    """How a laptop is, whichever way its calls go."""

    backoff: Backoff
    plan: Callable[[int, float | None], int]
    clock: Clock
    stall: float


def watched(store: Store) -> threading.Event:
    """Set once somebody has looked for the store in vain."""
    in_vain, look = threading.Event(), store.reachable

    def reachable() -> bool:
        found = look()
        if not found:
            in_vain.set()
        return found

    store.reachable = reachable  # type: ignore[method-assign]  # the engine asks the store itself
    return in_vain


class AnyLaptop:
    """One engine on a home of its own; `events` is all it reported, `jobs` the newest copy of each."""

    def __init__(
        self,
        folder: Path,
        profile: AnyProfile,
        services: Services,
        *,
        backoff: Backoff = SOON,
        plan: Callable[[int, float | None], int] = in_parts,
        clock: Clock | None = None,
    ) -> None:
        self.journal = folder / "journal.sqlite3"
        self.profile = profile
        self.events: list[Event] = []
        self.jobs: dict[str, Job] = {}
        self.gone: set[str] = set()
        self.listeners: list[Callable[[Event], None]] = []
        self.log = Lines()
        self._changed = threading.Condition()
        self._pause = threading.Event()
        self.services = services
        self._looked_in_vain = watched(services.store)
        self._pool = ThreadPool(profile.requests_at_once + 6)
        self.engine = Engine(
            journal=self.journal,
            services=self.services,
            settings=Settings(profile.bucket, profile.call_types, "rep@company.com"),
            pool=self._pool,
            clock=clock or SystemClock(),
            report=self._hear,
            log=self.log,
            backoff=backoff,
            plan=plan,
            journal_again=0.3,
        )
        self._thread = threading.Thread(target=self.engine.run, name="engine", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.engine.stop()
        self._thread.join(WITHIN)
        self._pool.close(timeout=5.0)
        self.services.registry.reset()
        self.services.store.reset()
        self.services.announcer.reset()

    def _hear(self, event: Event) -> None:
        for listen in self.listeners:
            listen(event)
        with self._changed:
            self.events.append(event)
            match event:
                case Snapshot():
                    self.jobs |= {job.id: job for job in event.jobs}
                case JobChanged():
                    self.jobs[event.job.id] = event.job
                    if event.gone:
                        self.gone.add(event.job.id)
            self._changed.notify_all()

    def wait_looked_in_vain(self) -> None:
        """Return once the store was looked for and not reached."""
        assert self._looked_in_vain.wait(WITHIN), "nobody looked"

    def until(self, holds: Callable[[], bool], within: float = WITHIN) -> None:
        """Wait until it holds; looked at with each event."""
        with self._changed:
            assert self._changed.wait_for(holds, within), self._story()

    def drop(self, path: Path) -> str:
        """Add a file; its id, once it is checked."""
        with self._changed:
            before = set(self.jobs)
        self.engine.add((path,))
        self.until(lambda: any(job.id not in before and job.recording for job in self.jobs.values()))
        (job_id,) = (job.id for job in self.jobs.values() if job.id not in before)
        return job_id

    def send(self, path: Path) -> str:
        """Drop, describe and send one file; its call_id."""
        job_id = self.drop(path)
        self.engine.send((job_id,), DETAILS, anyway=True, again=True)
        return job_id

    def until_sent(self, *job_ids: str, within: float = WITHIN) -> None:
        """Wait until the calls are done."""
        self.until(lambda: all(self.is_sent(job_id) for job_id in job_ids), within)

    def is_sent(self, job_id: str) -> bool:
        """Whether the call is known and done."""
        job = self.jobs.get(job_id)
        return job is not None and job.state is State.DONE

    def until_gone(self, job_id: str) -> None:
        """Wait until a cancelled call is cleaned up."""
        self.until(lambda: job_id in self.gone)

    def changes(self, job_id: str) -> list[Job]:
        """All that was reported of a call."""
        with self._changed:
            return [event.job for event in self.events if isinstance(event, JobChanged) and event.job.id == job_id]

    def codes(self, job_id: str) -> list[str]:
        """The troubles the call had, in order, each once."""
        troubles = (job.trouble.code for job in self.changes(job_id) if job.trouble is not None)
        return list(dict.fromkeys(str(code) for code in troubles))

    def rejections(self) -> list[str]:
        """The codes of commands that were not carried out."""
        with self._changed:
            return [event.code for event in self.events if isinstance(event, CommandRejected)]

    def status(self) -> Status:
        """The newest."""
        with self._changed:
            return next(event for event in reversed(self.events) if isinstance(event, Status))

    def blocked_by(self) -> str:
        """The code of what blocks everything, "" if nothing does."""
        with self._changed:
            statuses = [event for event in self.events if isinstance(event, Status)]
        blocked = statuses[-1].blocked if statuses else None
        return str(blocked.code) if blocked else ""

    def until_open(self) -> None:
        """Wait until the journal is open."""
        self.until(lambda: any(isinstance(event, Snapshot) for event in self.events))

    def until_logged(self, event: str, *, times: int) -> None:
        """Wait until the log tells of something so often; the log wakes nobody, so it is looked at now and then."""
        deadline = time.monotonic() + WITHIN
        while sum(told == event for _level, told, _facts in self.log.entries) < times:
            assert time.monotonic() < deadline, self._story()
            self._pause.wait(0.02)

    def stopped(self) -> Stopped | None:
        """The engine's last word, if it has ended."""
        with self._changed:
            return next((event for event in reversed(self.events) if isinstance(event, Stopped)), None)

    def _story(self) -> str:
        """What was heard, for a test that failed."""
        jobs = "\n".join(str(job) for job in self.jobs.values())
        told = [(level, event, {**facts, "traceback": ""}) for level, event, facts in self.log.entries[-30:]]
        steps = "\n".join(f"{level} {event} {facts}" for level, event, facts in told)
        return f"not within the time\n{jobs}\n{steps}"


class Laptop(AnyLaptop):
    """A laptop that goes straight to storage, registry and queue."""

    def __init__(
        self,
        folder: Path,
        profile: Profile,
        secrets: Secrets,
        *,
        backoff: Backoff = SOON,
        plan: Callable[[int, float | None], int] = in_parts,
        clock: Clock | None = None,
        stall: float = 10.0,
        patience: float = 1.0,
        signing: ServerClock | None = None,
    ) -> None:
        services = Services(
            S3Store(profile, secrets, signing, stall_timeout=stall),
            MongoRegistry(profile, secrets, selection_timeout=patience, socket_timeout=stall),
            SqsAnnouncer(profile, secrets, signing, stall_timeout=stall),
            probe,
        )
        super().__init__(folder, profile, services, backoff=backoff, plan=plan, clock=clock)
