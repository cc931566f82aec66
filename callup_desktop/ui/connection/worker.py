"""Does the blocking work of the connection page on a QThread of its own; results come as signals."""

import queue
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal

from callup_desktop.config.profile_problems import ProfileError
from callup_desktop.config.profiles import ProfileChange
from callup_desktop.engine.errors import CallError, MalformedSecretError
from callup_desktop.instance.client import StartError, bad_profile, home_unwritable
from callup_desktop.presentation.connection_check import ConnectionWork


@dataclass(frozen=True, slots=True)
class Saved:
    """The result of saving or removing secrets: `code` is "" if it is done, "memory" if they are kept only for this
    run, else the reason.
    """

    code: str = ""


@dataclass(frozen=True, slots=True)
class Adopted:
    """The result of importing a profile: `refusal` is None if it is this computer's profile now."""

    refusal: StartError | None = None


class ConnectionWorker(QThread):
    """Does one request at a time, in the order of the calls. Start it, and stop it before the program ends."""

    stored_found = Signal(object)
    """The names of the secrets in the keyring, each with its end as far as it may be shown (Mapping[str, str])."""
    proxy_found = Signal(object)
    """The proxy before storage that may want a login, "" for none (str)."""
    step_checked = Signal(object)
    """A CheckResult."""
    check_finished = Signal()
    saved = Signal(object)
    """A Saved."""
    forgotten = Signal(object)
    """A Saved: `code` is "" if no secret is kept any more."""
    previewed = Signal(object)
    """A ProfileChange."""
    adopted = Signal(object)
    """An Adopted."""

    def __init__(self, work: ConnectionWork, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("connection")
        self._work = work
        self._requests: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()

    def ask_stored(self) -> None:
        """Find proxy and stored secrets; `proxy_found` follows, then `stored_found`, or `saved` with the reason."""
        self._requests.put(self._find_stored)

    def ask_check(self) -> None:
        """Run every step of the check; `step_checked` follows for each, then `check_finished`."""
        self._requests.put(self._run_checks)

    def ask_save(self, secrets: Mapping[str, str]) -> None:
        """Keep the secrets; `saved` follows."""
        self._requests.put(partial(self._save, dict(secrets)))

    def ask_forget(self) -> None:
        """Remove the secrets; `forgotten` follows."""
        self._requests.put(self._forget)

    def ask_preview(self, file: Path) -> None:
        """Find out what importing a profile would change."""
        self._requests.put(partial(self._preview, file))

    def ask_adopt(self, change: ProfileChange, *, with_keys: bool, with_calls: bool) -> None:
        """Import a profile, as the rep agreed."""
        self._requests.put(partial(self._adopt, change, with_keys=with_keys, with_calls=with_calls))

    def ask_end(self) -> None:
        """End after the current request; a check ends after its current step."""
        self.requestInterruption()
        self._requests.put(None)

    def stop(self) -> None:
        """End; returns when the thread is gone."""
        self.ask_end()
        self.wait()

    def run(self) -> None:
        """Do the requests, on the worker's thread."""
        while (request := self._requests.get()) is not None and not self.isInterruptionRequested():
            request()

    def _find_stored(self) -> None:
        self.proxy_found.emit(self._work.proxy())
        try:
            self.stored_found.emit(self._work.stored())
        except CallError as exc:
            self.saved.emit(Saved(exc.code))

    def _run_checks(self) -> None:
        try:
            for result in self._work.run_checks():
                self.step_checked.emit(result)
                if self.isInterruptionRequested():
                    return
        finally:
            # Also where a check ended in a bug, so that the rep can ask again.
            self.check_finished.emit()

    def _save(self, secrets: Mapping[str, str]) -> None:
        try:
            lasting = self._work.save(secrets)
        except CallError as exc:
            self.saved.emit(Saved(exc.code))
        except MalformedSecretError:
            self.saved.emit(Saved("malformed"))
        except ValueError:
            self.saved.emit(Saved("too_long"))
        else:
            self.saved.emit(Saved("" if lasting else "memory"))

    def _forget(self) -> None:
        try:
            self._work.forget()
        except CallError as exc:
            self.forgotten.emit(Saved(exc.code))
        else:
            self.forgotten.emit(Saved())

    def _preview(self, file: Path) -> None:
        try:
            change = self._work.preview(file)
        except ProfileError as exc:
            self.adopted.emit(Adopted(bad_profile(exc)))
        else:
            self.previewed.emit(change)

    def _adopt(self, change: ProfileChange, *, with_keys: bool, with_calls: bool) -> None:
        try:
            self._work.adopt(change, with_keys=with_keys, with_calls=with_calls)
        except OSError as exc:
            self.adopted.emit(Adopted(home_unwritable(exc)))
        except CallError as exc:
            self.adopted.emit(Adopted(StartError(exc.code, exc.params)))
        else:
            self.adopted.emit(Adopted())
