"""Signs the rep in and out for a gateway: one wait for the browser at a time. Main thread.

The work blocks on daemon threads of its own, which hold up neither the window nor the end of the program.
"""

import queue
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from threading import Event

from PySide6.QtCore import QObject, Signal, Slot

from callup_desktop.engine.errors import CallError
from callup_desktop.engine.pool import Spawn, daemon_thread
from callup_desktop.engine.ports import SignInPages, SignInResult
from callup_desktop.presentation.sign_in import SignInWork
from callup_desktop.ui.timers import repeating

_POLL_INTERVAL = 100
"""Milliseconds between two looks for what the daemon threads say, which may outlive this object."""


@dataclass(frozen=True, slots=True)
class _Page:
    """Where the browser has to go."""

    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Waited:
    """How a wait for the browser ended."""

    result: SignInResult


@dataclass(frozen=True, slots=True)
class _Found:
    """What a look has found."""

    signed_in: bool


class SignIn(QObject):
    """Waits for the browser, and tells how that ended."""

    page_wanted = Signal(object)
    """The address of a page for the browser (str)."""
    waited = Signal()
    """`is_waiting` or `page` has changed."""
    found = Signal(object)
    """Whether somebody is signed in (bool)."""
    ended = Signal(object)
    """A SignInResult."""

    def __init__(
        self, work: SignInWork, pages: SignInPages, parent: QObject | None = None, *, spawn: Spawn = daemon_thread
    ) -> None:
        super().__init__(parent)
        self._work = work
        self._pages = pages
        self._spawn = spawn
        self._cancelled = Event()
        self.page = ""
        """The address of the page that the browser was to show last, "" while none is waited for."""
        self._told: queue.SimpleQueue[_Page | _Waited | SignInResult | _Found] = queue.SimpleQueue()
        self._under_way = 0
        self._waiting = 0
        self._poll = repeating(self, _POLL_INTERVAL, self._on_poll)

    @property
    def is_waiting(self) -> bool:
        """Whether the browser is waited for."""
        return self._waiting > 0

    @Slot()
    def begin(self) -> None:
        """Show the page, also where one is waited for already: the rep may have closed it."""
        self._cancelled = Event()
        self._waiting += 1
        self._do("sign in", partial(self._sign_in, self._cancelled))
        self.waited.emit()

    @Slot()
    def cancel(self) -> None:
        """Wait no longer; `ended` follows."""
        self._cancelled.set()

    @Slot()
    def sign_out(self) -> None:
        """Forget who signed in; `ended` follows."""
        self._do("sign out", self._sign_out)

    @Slot()
    def look(self) -> None:
        """Find out whether somebody is signed in; `found` follows."""
        self._do("signed in", self._look)

    @Slot()
    def stop(self) -> None:
        """Nothing is told any more."""
        self._cancelled.set()
        self._poll.stop()

    def _do(self, name: str, work: Callable[[], None]) -> None:
        self._under_way += 1
        self._spawn(name, work)
        self._poll.start()

    def _sign_in(self, cancelled: Event) -> None:
        """Runs on a daemon thread; it emits no signal, because this object may be gone by then."""
        result = self._work.sign_in(lambda url: self._told.put(_Page(url)), self._pages, cancelled.is_set)
        self._told.put(_Waited(result))

    def _sign_out(self) -> None:
        self._told.put(self._work.sign_out())

    def _look(self) -> None:
        try:
            signed_in = self._work.is_signed_in()
        except CallError:
            # A keyring that does not answer is told where a call needs it.
            signed_in = False
        self._told.put(_Found(signed_in))

    @Slot()
    def _on_poll(self) -> None:
        while not self._told.empty():
            self._take(self._told.get())
        if not self._under_way:
            self._poll.stop()

    def _take(self, told: _Page | _Waited | SignInResult | _Found) -> None:
        if isinstance(told, _Page):
            self.page = told.url
            self.page_wanted.emit(told.url)
            self.waited.emit()
            return
        self._under_way -= 1
        match told:
            case _Found(signed_in):
                self.found.emit(signed_in)
            case _Waited(result):
                self._waiting -= 1
                # One that another one took the place of is no news.
                if not self._waiting:
                    self.page = ""
                    self.waited.emit()
                    self.ended.emit(result)
            case _:
                self.ended.emit(told)
