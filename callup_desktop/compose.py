"""The composition: profile, secrets, services, one engine with its threads; start and stop order. Main thread."""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from callup_desktop.choice import GATEWAY_PROFILE_VARIABLE, Choice
from callup_desktop.config.paths import Home
from callup_desktop.config.policy import ManagedFileError, Policy, managed_profile, read_policy
from callup_desktop.config.preferences import Preferences
from callup_desktop.config.profile import AnyProfile, Profile, load_any_profile
from callup_desktop.config.profile_problems import ProfileError
from callup_desktop.config.profiles import ChosenProfile, Origin, ProfileStore
from callup_desktop.config.watching import CompanyFolder, company_folder_of
from callup_desktop.engine.commands import Commands
from callup_desktop.engine.composition import Settings
from callup_desktop.engine.engine import Engine
from callup_desktop.engine.errors import Code
from callup_desktop.engine.events import Event, Snapshot
from callup_desktop.engine.needed_service import SLOTS
from callup_desktop.engine.pool import Joinable, Spawn, ThreadPool, daemon_thread
from callup_desktop.engine.ports import CheckResult
from callup_desktop.instance.client import StartError, bad_profile, home_unwritable
from callup_desktop.logs import open_log
from callup_desktop.redaction import redacted
from callup_desktop.services.connection import ConnectionService
from callup_desktop.services.gateway_tokens import AnySecrets, open_any_secrets
from callup_desktop.services.on_demand import ServicesOnDemand
from callup_desktop.services.secrets import Vault, known_secrets
from callup_desktop.services.way import FindProxy, proxy_of_system
from callup_desktop.uncaught import UncaughtErrors

STOP_TIMEOUT = 15.0
"""Seconds that an engine may take to stop; every fact is on disk by then."""
_POOL_TIMEOUT = 1.0
"""Seconds that a call which does not hear of its end may hold up the program's."""
_SPARE_THREADS = 2
"""For probes of the network and for closing connections, which must not wait for a call that hangs."""


@dataclass(frozen=True, slots=True)
class Connection:
    """A profile, where it lies, its secrets, what IT set, and whose waiting calls come along.

    `is_managed` says whether IT put the profile on this computer for every user.
    """

    profile: AnyProfile
    path: Path
    vault: Vault
    secrets: AnySecrets
    policy: Policy = field(default_factory=Policy)
    takes_calls_from: frozenset[str] = frozenset()
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)
    uncaught: UncaughtErrors = field(default_factory=UncaughtErrors, repr=False)
    is_managed: bool = False

    def fixed_preferences(self) -> dict[str, object]:
        """The preferences that the company set, in a managed profile or one by one: nobody else may."""
        named = self.profile.model_fields_set & Preferences.model_fields.keys() if self.is_managed else frozenset()
        return {name: getattr(self.profile, name) for name in named} | self.policy.preference_values()

    def company_folder(self) -> CompanyFolder | None:
        """The folder that the company lets be watched, if it does."""
        return company_folder_of(self.profile, self.policy, managed=self.is_managed)

    def redact(self, text: str) -> str:
        """The text without any secret that this program has in its hands."""
        return redacted(text, self.known_secrets())

    def known_secrets(self) -> tuple[str, ...]:
        """See `services.secrets.known_secrets`."""
        return known_secrets(self.vault, self.secrets, self.environ)()


class SystemClock:
    """The computer's own time."""

    def now(self) -> datetime:
        """The wall clock, UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()


def choose_profile(choice: Choice, home: Home) -> ChosenProfile:
    """The managed profile if there is one, in a file or by its keys alone, else the chosen or imported file.

    One that wants to use this computer is taken only where IT or the rep allowed that. Raises StartError.
    """
    policy = policy_of_this_computer()
    store = ProfileStore(home, policy.profile_values())
    chosen = _managed(policy) or _of_the_rep(choice, home, policy)
    _begin(store, home, chosen)
    if not store.is_allowed(chosen, policy.keys):
        uses = ", ".join(chosen.profile.local_uses)
        raise StartError(Code.PROFILE_NOT_ALLOWED, {"file": str(chosen.path), "uses": uses})
    return chosen


def _managed(policy: Policy) -> ChosenProfile | None:
    """The profile that IT put here for every user; single keys count over its file, and where there is none alone."""
    if (file := _managed_file()) is not None:
        return ChosenProfile(_loaded(file, policy), file.absolute(), Origin.MANAGED)
    try:
        profile = policy.profile()
    except ProfileError as exc:
        raise bad_profile(exc) from exc
    return ChosenProfile(profile, policy.place, Origin.POLICY) if profile is not None else None


def _of_the_rep(choice: Choice, home: Home, policy: Policy) -> ChosenProfile:
    path = choice.profile or home.profile
    if path == home.profile and not path.exists():
        raise StartError(Code.NO_PROFILE)
    origin = Origin.NAMED if choice.profile else Origin.IMPORTED
    return ChosenProfile(_loaded(path, policy), path.absolute(), origin)


def policy_of_this_computer() -> Policy:
    """What IT set; raises StartError where it cannot be believed."""
    try:
        return read_policy(user=_user_name())
    except (ManagedFileError, OSError) as exc:
        raise _not_believed(exc) from exc


def _user_name() -> str:
    """Of this user, as the system has it and not a variable that anybody may set; "" where files are under none."""
    if sys.platform == "win32":
        return ""
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return ""


def _managed_file() -> Path | None:
    try:
        return managed_profile()
    except (ManagedFileError, OSError) as exc:
        raise _not_believed(exc) from exc


def _not_believed(exc: ManagedFileError | OSError) -> StartError:
    if isinstance(exc, ManagedFileError):
        return StartError(Code(exc.fault.value), {"file": str(exc.path), "key": exc.key})
    return StartError(Code.MANAGED_UNREADABLE, {"file": str(exc.filename)}, detail=exc.strerror or "")


def _begin(store: ProfileStore, home: Home, chosen: ChosenProfile) -> None:
    try:
        store.begin(chosen.profile if chosen.is_managed else None)
    except OSError as exc:
        raise home_unwritable(exc, home.config) from exc


def _loaded(path: Path, policy: Policy | None = None) -> AnyProfile:
    try:
        return load_any_profile(path.absolute(), policy.profile_values() if policy else None)
    except ProfileError as exc:
        raise bad_profile(exc) from exc


@contextmanager
def connected(choice: Choice, home: Home, system_proxy: FindProxy = proxy_of_system) -> Iterator[Connection]:
    """The profile and its secrets; the sandbox runs as long as the context. Raises StartError.

    `system_proxy` finds the proxy that the system's settings want.
    """
    store = ProfileStore(home)
    with ExitStack() as stack:
        if choice.sandbox:
            chosen = ChosenProfile(*_sandbox_profile(stack, home), Origin.SANDBOX)
        else:
            chosen = choose_profile(choice, home)
        profile = chosen.profile
        vault = vault_of(profile, home)
        given = choice.environ if store.may_have_password(chosen) else {}
        connection = Connection(
            profile,
            chosen.path,
            vault,
            open_any_secrets(profile, chosen.path, vault, given, system_proxy),
            policy_of_this_computer(),
            store.calls_to_take(profile),
            choice.environ,
            choice.uncaught,
            is_managed=chosen.is_managed,
        )
        choice.uncaught.hide(connection.known_secrets)
        yield connection


@contextmanager
def operated(choice: Choice, home: Home) -> Iterator[Connection]:
    """As `connected`, but where nothing is chosen and a gateway's variables name a profile, that one.

    It needs nobody's word: whoever sets the variables of a service operates it. Raises StartError.
    """
    path = choice.environ.get(GATEWAY_PROFILE_VARIABLE)
    if not path or choice.profile is not None or choice.sandbox:
        with connected(choice, home) as connection:
            yield connection
        return
    policy = policy_of_this_computer()
    profile = _loaded(Path(path), policy)
    vault = Vault(profile.identity)
    secrets = open_any_secrets(profile, Path(path).absolute(), vault, choice.environ)
    connection = Connection(profile, Path(path).absolute(), vault, secrets, policy, environ=choice.environ)
    choice.uncaught.hide(connection.known_secrets)
    yield connection


def checks_of(connection: Connection, home: Home) -> Iterator[CheckResult]:
    """One result for each step of the connection, as it is done; no secret is in it."""
    return ConnectionService(
        home, connection.profile, connection.vault, connection.secrets, connection.redact
    ).run_checks()


def vault_of(profile: AnyProfile, home: Home) -> Vault:
    """Where the secrets of the profile are kept."""
    return Vault(profile.identity, inherits=ProfileStore(home).inherited_name(profile), lock=home.sign_in_lock)


def _sandbox_profile(stack: ExitStack, home: Home) -> tuple[AnyProfile, Path]:
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
    return choose_profile(choice, home).profile.call_types


class EngineHost:
    """One engine with its thread, its pool and its log; runs from `start` until the context ends.

    The caller owns the home. `report` hears every event on the engine thread; `spawn` says what a thread is. With
    `sending` off it edits and cleans up but uploads nothing. `services` are else those of the profile.
    """

    def __init__(
        self,
        connection: Connection,
        home: Home,
        *,
        report: Callable[[Event], None],
        spawn: Spawn = daemon_thread,
        sending: bool = True,
        services: ServicesOnDemand | None = None,
    ) -> None:
        profile = connection.profile
        self._taken = ProfileStore(home).calls_taken
        self._report = report
        self._spawn = spawn
        self._thread: Joinable | None = None
        self._services = services or ServicesOnDemand(profile, connection.secrets)
        self._pool = ThreadPool(_threads_for(profile), spawn)
        self._open = ExitStack()
        log = self._open.enter_context(open_log(home.logs, connection.known_secrets))
        self._open.enter_context(connection.uncaught.told_too(lambda text: log.error("uncaught", traceback=text)))
        self._engine = Engine(
            journal=home.journal,
            services=self._services.services,
            settings=_settings_of(connection),
            pool=self._pool,
            clock=SystemClock(),
            report=self._on_report,
            log=log,
            redact=connection.redact,
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
        # The registry's driver says goodbye to its server, which nobody waits for.
        daemon_thread("closing", self._services.reset)
        self._open.close()

    def _on_report(self, event: Event) -> None:
        """Once the list is open, the calls that were to come along have done so."""
        if isinstance(event, Snapshot):
            with suppress(OSError):
                self._taken()
        self._report(event)

    def start(self) -> None:
        """Start the engine; listeners are connected by now."""
        self._thread = self._spawn("engine", self._engine.run)

    def load_services(self) -> Callable[[], bool]:
        """Load on the pool what the first call will need, beside what the engine does meanwhile; whether it has."""
        loaded = threading.Event()

        def load() -> None:
            try:
                self._services.load()
            finally:
                loaded.set()

        self._pool.run(load)
        return loaded.is_set


def _threads_for(profile: AnyProfile) -> int:
    """One for every call that can be under way, so that services that hang hold up none of the others."""
    return profile.requests_at_once + profile.files_at_once + sum(SLOTS.values()) + _SPARE_THREADS


def _settings_of(connection: Connection) -> Settings:
    profile = connection.profile
    return Settings(
        bucket=profile.bucket,
        call_types=profile.call_types,
        uploaded_by=profile.uploaded_by,
        files_at_once=profile.files_at_once,
        requests_at_once=profile.requests_at_once,
        bandwidth_limit=profile.bandwidth_limit,
        destination=profile.identity,
        takes_calls_from=connection.takes_calls_from,
    )
