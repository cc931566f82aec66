"""The composition: profile, secrets, services, one engine with its threads; start and stop order. Main thread."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from pathlib import Path
from types import TracebackType
from typing import Self

from callup_desktop.config.paths import Home
from callup_desktop.config.policy import managed_profile
from callup_desktop.config.profile import Profile, ProfileError, load_profile
from callup_desktop.engine.commands import Commands
from callup_desktop.engine.composition import Settings
from callup_desktop.engine.engine import Engine
from callup_desktop.engine.errors import Code
from callup_desktop.engine.events import Event
from callup_desktop.engine.needed_service import SLOTS
from callup_desktop.engine.pool import Joinable, Spawn, ThreadPool, daemon_thread
from callup_desktop.engine.ports import Services
from callup_desktop.instance.client import StartError, bad_profile
from callup_desktop.logs import open_log
from callup_desktop.recordings.probe import probe
from callup_desktop.services.aws import ServerClock
from callup_desktop.services.mongo import MongoRegistry
from callup_desktop.services.s3.store import S3Store
from callup_desktop.services.secrets import Secrets, Vault, open_secrets
from callup_desktop.services.sqs import SqsAnnouncer

STOP_TIMEOUT = 15.0
"""Seconds that an engine may take to stop; every fact is on disk by then."""
_POOL_TIMEOUT = 1.0
"""Seconds that a call which does not hear of its end may hold up the program's."""
_SPARE_THREADS = 2
"""For probes of the network and for closing connections, which must not wait for a call that hangs."""


class ExitCode(IntEnum):
    """What the shell hears. 75 and 78 are EX_TEMPFAIL and EX_CONFIG of sysexits."""

    OK = 0
    FAILED = 1
    KEPT = 75
    CONFIG = 78


@dataclass(frozen=True, slots=True)
class Choice:
    """What the command line chose: a profile file, the sandbox, or (neither) the managed or imported profile."""

    profile: Path | None = None
    sandbox: bool = False

    @property
    def where(self) -> str:
        """The choice as one word, to see that a running program serves the same; "" if nothing was chosen."""
        if self.sandbox:
            return "sandbox"
        return str(self.profile.absolute()) if self.profile else ""


@dataclass(frozen=True, slots=True)
class Connection:
    """A profile, where it lies, and its secrets."""

    profile: Profile
    path: Path
    vault: Vault
    secrets: Secrets

    @property
    def is_managed(self) -> bool:
        """Whether IT put the profile on this computer for every user."""
        return self.path == managed_profile()


class SystemClock:
    """The computer's own time."""

    def now(self) -> datetime:
        """The wall clock, UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()


def choose_profile(choice: Choice, home: Home) -> tuple[Profile, Path]:
    """The managed profile if there is one, else the chosen or imported file; raises StartError."""
    path = managed_profile() or choice.profile or home.profile
    if not path.exists() and path == home.profile:
        raise StartError(Code.NO_PROFILE)
    return _loaded(path), path.absolute()


def _loaded(path: Path) -> Profile:
    try:
        return load_profile(path.absolute())
    except ProfileError as exc:
        raise bad_profile(exc) from exc


@contextmanager
def connected(choice: Choice, home: Home) -> Iterator[Connection]:
    """The profile and its secrets; the sandbox runs as long as the context. Raises StartError."""
    with ExitStack() as stack:
        if choice.sandbox:
            profile, path = _sandbox_profile(stack, home)
        else:
            profile, path = choose_profile(choice, home)
        vault = Vault(profile.name)
        yield Connection(profile, path, vault, open_secrets(profile, path, vault=vault))


def _sandbox_profile(stack: ExitStack, home: Home) -> tuple[Profile, Path]:
    # Imported only here: the bundle ships without the sandbox's servers.
    from callup_desktop.sandbox.embedded import PROFILE, Sandbox
    from callup_desktop.sandbox.errors import SandboxError, SandboxTakenError

    try:
        path = stack.enter_context(Sandbox(home.sandbox)).profile
    except SandboxTakenError:
        path = home.sandbox / PROFILE
    except SandboxError as exc:
        raise StartError(exc.code, exc.params, detail=exc.detail) from exc
    return _loaded(path), path


def call_types_of(choice: Choice, home: Home) -> tuple[str, ...]:
    """The call types that the chosen profile offers; raises StartError."""
    if choice.sandbox:
        return tuple(Profile.model_fields["call_types"].default)
    return choose_profile(choice, home)[0].call_types


def services_of(profile: Profile, secrets: Secrets) -> Services:
    """The outside world that the profile names; nothing is connected yet."""
    clock = ServerClock()
    return Services(
        store=S3Store(profile, secrets, clock),
        registry=MongoRegistry(profile, secrets),
        announcer=SqsAnnouncer(profile, secrets, clock),
        probe=probe,
    )


class EngineHost:
    """One engine with its thread, its pool and its log; runs from `start` until the context ends.

    The caller owns the home. `report` hears every event on the engine thread; `spawn` says what a thread is. With
    `sending` off it edits and cleans up but uploads nothing.
    """

    def __init__(
        self,
        connection: Connection,
        home: Home,
        *,
        report: Callable[[Event], None],
        spawn: Spawn = daemon_thread,
        sending: bool = True,
    ) -> None:
        profile = connection.profile
        self._spawn = spawn
        self._thread: Joinable | None = None
        self._services = services_of(profile, connection.secrets)
        self._pool = ThreadPool(_threads_for(profile), spawn)
        self._open = ExitStack()
        self._engine = Engine(
            journal=home.journal,
            services=self._services,
            settings=_settings_of(profile),
            pool=self._pool,
            clock=SystemClock(),
            report=report,
            log=self._open.enter_context(open_log(home.logs)),
            sending=sending,
        )

    @property
    def commands(self) -> Commands:
        """What the engine may be asked."""
        return self._engine

    def __enter__(self) -> Self:
        """The host; nothing runs yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop in good order; gives up after `STOP_TIMEOUT` seconds."""
        self._engine.stop()
        if self._thread is not None:
            self._thread.join(STOP_TIMEOUT)
        self._pool.close(timeout=_POOL_TIMEOUT)
        for service in (self._services.store, self._services.registry, self._services.announcer):
            service.reset()
        self._open.close()

    def start(self) -> None:
        """Start the engine; listeners are connected by now."""
        self._thread = self._spawn("engine", self._engine.run)


def _threads_for(profile: Profile) -> int:
    """One for every call that can be under way, so that services that hang hold up none of the others."""
    return profile.requests_at_once + profile.files_at_once + sum(SLOTS.values()) + _SPARE_THREADS


def _settings_of(profile: Profile) -> Settings:
    return Settings(
        bucket=profile.bucket,
        call_types=profile.call_types,
        uploaded_by=profile.uploaded_by,
        files_at_once=profile.files_at_once,
        requests_at_once=profile.requests_at_once,
        bandwidth_limit=profile.bandwidth_limit,
    )
