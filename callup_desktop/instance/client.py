"""The owner of a home as a front end sees it: this process, or another one. Main thread."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from callup_desktop.config.paths import Home
from callup_desktop.config.profile import ProfileError, ProfileProblem
from callup_desktop.engine.errors import Code
from callup_desktop.files.errors import Params
from callup_desktop.instance.ipc import OwnerSilentError, send_request
from callup_desktop.instance.lock import InstanceLock
from callup_desktop.instance.messages import Reply, Request

POLL_INTERVAL = 0.1
"""Seconds between two questions of a front end that waits."""
OWNER_TIMEOUT = 20.0
"""Seconds that an owner which is closing may take: an engine's own 15 to stop, and a little."""
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
    """Raised when the process that owned the home has gone since the last request."""

    def __init__(self) -> None:
        super().__init__(Code.OWNER_LEFT)


class OwnerClient(Protocol):
    """Requests to whichever process owns the home."""

    def ask(self, request: Request) -> Reply:
        """The reply; raises StartError where the owner is gone or takes no such request."""
        ...


class RemoteOwner:
    """The owner is another process."""

    def __init__(self, home: Home, where: str) -> None:
        """Ask on behalf of the profile `where`."""
        self._home = home
        self._where = where

    def ask(self, request: Request) -> Reply:
        """See OwnerClient."""
        try:
            reply = send_request(self._home, request.model_copy(update={"where": self._where}))
        except OwnerSilentError as exc:
            raise OwnerLeftError from exc
        if reply.stopped in _NOT_TAKEN:
            raise StartError(Code(reply.stopped))
        return reply


class LocalOwner:
    """The owner is this process."""

    def __init__(self, answer: Callable[[Request], Reply]) -> None:
        self._answer = answer

    def ask(self, request: Request) -> Reply:
        """See OwnerClient."""
        return self._answer(request)


def make_home(home: Home) -> None:
    """Make the folders; raises StartError."""
    try:
        home.make()
    except OSError as exc:
        raise home_unwritable(exc) from exc


def home_unwritable(exc: OSError, folder: Path | None = None) -> StartError:
    """A folder of the home that could not be made or written; `folder` where the error does not name it."""
    return StartError(Code.HOME_UNWRITABLE, {"folder": str(exc.filename or folder), "reason": exc.strerror or str(exc)})


def bad_profile(exc: ProfileError) -> StartError:
    """A profile that cannot be used."""
    return StartError(Code.BAD_PROFILE, {"file": str(exc.path)}, problems=exc.problems)


@contextmanager
def owned(home: Home, where: str) -> Iterator[RemoteOwner | None]:
    """None where this process owns the home until the context ends, else the process that does.

    An owner that is just closing is waited for; one that never answers is a StartError.
    """
    make_home(home)
    lock, remote = InstanceLock(home), RemoteOwner(home, where)
    until = time.monotonic() + OWNER_TIMEOUT
    while not (mine := lock.take()):
        try:
            remote.ask(Request(verb="ping"))
            break
        except OwnerLeftError as exc:
            if time.monotonic() > until:
                raise StartError(Code.OWNER_SILENT) from exc
            time.sleep(POLL_INTERVAL)
    try:
        yield None if mine else remote
    finally:
        if mine:
            lock.give_up()


def ask_owner_to_quit(home: Home) -> bool:
    """Ask the process that owns the home to stop, and wait until it has; whether it did. Raises StartError."""
    make_home(home)
    lock = InstanceLock(home)
    until = time.monotonic() + OWNER_TIMEOUT
    while not lock.take():
        if time.monotonic() > until:
            return False
        with suppress(OwnerSilentError):
            send_request(home, Request(verb="quit"))
        time.sleep(POLL_INTERVAL)
    lock.give_up()
    return True
