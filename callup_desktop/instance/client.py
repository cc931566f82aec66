"""The owner of a home as a front end sees it: this process, or another one. Main thread."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from callup_desktop.config.paths import Home, HomeOfAnotherError
from callup_desktop.config.paths import home as home_of_user
from callup_desktop.config.profile_problems import ProfileError, ProfileProblem
from callup_desktop.engine.errors import Actor, Code, info_of
from callup_desktop.files.errors import Params
from callup_desktop.instance.ipc import (
    Answer,
    IpcServer,
    NoOwnerError,
    OpenSession,
    OtherBuildError,
    OwnerConnection,
    OwnerSilentError,
)
from callup_desktop.instance.lock import InstanceLock
from callup_desktop.instance.messages import Reply, Request

POLL_INTERVAL = 0.1
"""Seconds between two questions of a front end that waits for another process."""
_LOCAL_POLL_INTERVAL = 0.02
"""Seconds between two questions to an engine in this process, which cost next to nothing."""
OWNER_TIMEOUT = 20.0
"""Seconds that an owner which starts or ends may take: an engine's own 15 to stop, and a little."""
_NOBODY_TIMEOUT = 1.0
"""Seconds that a lock may be held by somebody who does not listen: an owner does, from its first moment to its last."""
_NOT_TAKEN = frozenset({Code.OTHER_PROFILE, Code.NO_PROFILE})


class StartError(Exception):
    """Raised when the program cannot start or go on; `code`, `params` and the profile's `problems` make the sentence.

    `detail` is what a server said last, for whoever looks closer.
    """

    def __init__(
        self,
        code: Code,
        params: Params | None = None,
        *,
        detail: str = "",
        problems: tuple[ProfileProblem, ...] = (),
    ) -> None:
        super().__init__(code)
        self.code = code
        self.params: Params = params or {}
        self.detail = detail
        self.problems = problems


class OwnerLeftError(StartError):
    """Raised when the owner of the home has gone since the last request, or takes none just now: ask the next one."""

    def __init__(self, code: Code = Code.OWNER_LEFT) -> None:
        """`code` says more where it is known what an owner that is there waits for."""
        super().__init__(code)


class OwnerClient(Protocol):
    """Requests to whichever process owns the home, in one session."""

    poll_interval: float
    """Seconds between two questions."""

    def ask(self, request: Request) -> Reply:
        """The reply; raises StartError where the owner is gone or takes no such request."""
        ...

    def is_loaded(self) -> bool:
        """Whether the owner has all that its calls need; before that they wait for this computer alone."""
        ...


class RemoteOwner:
    """The owner is another process."""

    poll_interval = POLL_INTERVAL

    def __init__(self, connection: OwnerConnection, where: str) -> None:
        """Ask on behalf of the profile `where`."""
        self._connection = connection
        self._where = where

    def ask(self, request: Request) -> Reply:
        """See OwnerClient."""
        try:
            reply = self._connection.ask(request.model_copy(update={"where": self._where}))
        except NoOwnerError as exc:
            raise OwnerLeftError from exc
        except OwnerSilentError as exc:
            raise StartError(Code.OWNER_SILENT) from exc
        except OtherBuildError as exc:
            raise StartError(Code.OWNER_OTHER_BUILD) from exc
        if reply.stopped in _NOT_TAKEN:
            raise StartError(Code(reply.stopped))
        return _checked(reply)

    def is_loaded(self) -> bool:
        """Whatever it has yet to load, it tells nobody."""
        return True


class LocalOwner:
    """The owner is this process."""

    poll_interval = _LOCAL_POLL_INTERVAL

    def __init__(self, answer: Answer, is_loaded: Callable[[], bool]) -> None:
        self._answer = answer
        self.is_loaded = is_loaded

    def ask(self, request: Request) -> Reply:
        """See OwnerClient."""
        return _checked(self._answer(request))


def _checked(reply: Reply) -> Reply:
    """The reply of an owner that works; raises StartError for one that does not."""
    if reply.busy and reply.blocked is not None:
        code = Code(reply.blocked)
        raise OwnerLeftError(code) if info_of(code).actor is Actor.NOBODY else StartError(code)
    if reply.busy or reply.stopped == "":
        raise OwnerLeftError
    if reply.stopped is not None:
        raise StartError(Code(reply.stopped))
    return reply


class OwnedHome:
    """The home is owned by this process, which listens to others."""

    def __init__(self, server: IpcServer) -> None:
        self._server = server

    @contextmanager
    def serving(self, open_session: OpenSession) -> Iterator[None]:
        """Answer other processes by a session each until the context ends."""
        with self._server.serving(open_session):
            yield


def absolute(path: str | Path) -> Path:
    """The path from the root; raises StartError where it begins at a working directory that was deleted."""
    with _folder_gone():
        return Path(path).absolute()


def chosen_home() -> Home:
    """The home of this user, or the one that the environment names.

    Raises StartError as `absolute` does, and where another user has to do with it.
    """
    with _folder_gone():
        home = home_of_user()
    with _home_errors(home):
        home.check()
    return home


@contextmanager
def _folder_gone() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as exc:
        raise StartError(Code.FOLDER_GONE) from exc


def make_home(home: Home) -> None:
    """Make the folders; raises StartError."""
    with _home_errors(home):
        home.make()


@contextmanager
def _home_errors(home: Home) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        raise home_unwritable(exc, home.data) from exc


def home_unwritable(exc: OSError, folder: Path | None = None) -> StartError:
    """A folder of the home, or a file in it, that could not be made, read or written.

    `folder` counts where the error does not name it.
    """
    if isinstance(exc, HomeOfAnotherError):
        return StartError(Code.HOME_OF_ANOTHER, {"file": str(exc.filename)})
    return StartError(Code.HOME_UNWRITABLE, {"folder": str(exc.filename or folder), "reason": exc.strerror or str(exc)})


def bad_profile(exc: ProfileError) -> StartError:
    """A profile that cannot be used."""
    return StartError(Code.BAD_PROFILE, {"file": str(exc.path)}, problems=exc.problems)


@contextmanager
def owned(home: Home, where: str) -> Iterator[OwnedHome | RemoteOwner]:
    """The home, which this process owns until the context ends, or else the process that does.

    An owner that just starts or ends is waited for; one that hangs, or is another build, is a StartError.
    """
    make_home(home)
    lock = InstanceLock(home)
    connection = _owner_or_lock(home, lock, where)
    if connection is not None:
        with connection:
            yield RemoteOwner(connection, where)
        return
    try:
        with _home_errors(home):
            server = IpcServer(home)
        with server:
            yield OwnedHome(server)
    finally:
        lock.give_up()


def _owner_or_lock(home: Home, lock: InstanceLock, where: str) -> OwnerConnection | None:
    """The owner that answers; None once the lock was taken. Raises StartError."""
    patience = _Patience()
    while True:
        with _home_errors(home):
            if lock.take():
                return None
        with patience.of_owner(), _home_errors(home):
            connection = OwnerConnection(home)
            try:
                RemoteOwner(connection, where).ask(Request(verb="ping"))
            except BaseException:
                connection.close()
                raise
            return connection
        time.sleep(POLL_INTERVAL)


class _Patience:
    """How long an owner is waited for: as long as it says that it is busy, but hardly if nobody listens."""

    def __init__(self) -> None:
        self._until = time.monotonic() + OWNER_TIMEOUT
        self._nobody_until = time.monotonic() + _NOBODY_TIMEOUT

    @contextmanager
    def of_owner(self) -> Iterator[None]:
        """Nothing where the owner may be asked again soon; StartError where that is no use."""
        now = time.monotonic()
        try:
            yield
            self._nobody_until = now + _NOBODY_TIMEOUT
        except OwnerSilentError as exc:
            raise StartError(Code.OWNER_SILENT) from exc
        except OwnerLeftError as exc:
            self._nobody_until = now + _NOBODY_TIMEOUT
            if now > self._until:
                raise StartError(exc.code if exc.code is not Code.OWNER_LEFT else Code.OWNER_SILENT) from exc
        except NoOwnerError as exc:
            if now > min(self._until, self._nobody_until):
                raise StartError(Code.OWNER_SILENT) from exc
        except OtherBuildError as exc:
            if now > self._nobody_until:
                raise StartError(Code.OWNER_OTHER_BUILD) from exc


def ask_owner_to_quit(home: Home) -> bool:
    """Ask the process that owns the home to stop, and wait until it has; whether it did. Raises StartError."""
    make_home(home)
    lock, patience = InstanceLock(home), _Patience()
    until = time.monotonic() + OWNER_TIMEOUT
    while True:
        with _home_errors(home):
            if lock.take():
                break
        if time.monotonic() > until:
            return False
        with patience.of_owner(), _home_errors(home), OwnerConnection(home) as owner:
            owner.ask_to_quit()
        time.sleep(POLL_INTERVAL)
    lock.give_up()
    return True
