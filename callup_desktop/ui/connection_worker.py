"""Does the connection page's blocking work. Owns a QThread; results come as signals."""

import queue
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal

from callup_desktop.config.profile import ProfileError
from callup_desktop.config.profiles import ProfileChange
from callup_desktop.engine.errors import CallError, MalformedSecretError
from callup_desktop.instance.client import StartError, bad_profile, home_unwritable
from callup_desktop.presentation.connection_check import ConnectionWork


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of saving; `code` is "" if all is kept, "memory" if only for this run, else why not."""

    code: str = ""


@dataclass(frozen=True, slots=True)
class Adopted:
    """What came of importing a profile; `refusal` is None if it is this computer's profile now."""

    refusal: StartError | None = None


class ConnectionWorker(QThread):
    """One job at a time, in the order asked for."""

    stored_found = Signal(object)
    """frozenset[str]."""
    hop_answered = Signal(object)
    """A CheckResult."""
    walked = Signal()
    saved = Signal(object)
    previewed = Signal(object)
    """A ProfileChange."""
    adopted = Signal(object)

    def __init__(self, work: ConnectionWork, parent: QObject | None = None) -> None:
        """Idle; `start` it, and `stop` it before the program ends."""
        super().__init__(parent)
        self.setObjectName("connection")
        self._work = work
        self._wanted: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()

    def ask_stored(self) -> None:
        """Find out which secrets there are."""
        self._wanted.put(self._find_stored)

    def ask_walk(self) -> None:
        """Try every hop."""
        self._wanted.put(self._walk)

    def ask_save(self, secrets: Mapping[str, str]) -> None:
        """Keep secrets."""
        self._wanted.put(partial(self._save, dict(secrets)))

    def ask_preview(self, file: Path) -> None:
        """Find out what importing a profile would change."""
        self._wanted.put(partial(self._preview, file))

    def ask_adopt(self, change: ProfileChange, *, with_keys: bool, with_calls: bool) -> None:
        """Import a profile, as the rep agreed."""
        self._wanted.put(partial(self._adopt, change, with_keys=with_keys, with_calls=with_calls))

    def ask_end(self) -> None:
        """End after the job at hand, or in the middle of the checks."""
        self.requestInterruption()
        self._wanted.put(None)

    def stop(self) -> None:
        """End; returns when the thread is gone."""
        self.ask_end()
        self.wait()

    def run(self) -> None:
        """Do what is wanted."""
        while (wanted := self._wanted.get()) is not None and not self.isInterruptionRequested():
            wanted()

    def _find_stored(self) -> None:
        try:
            self.stored_found.emit(self._work.stored())
        except CallError as exc:
            self.saved.emit(Saved(exc.code))

    def _walk(self) -> None:
        for answer in self._work.run_checks():
            self.hop_answered.emit(answer)
            if self.isInterruptionRequested():
                return
        self.walked.emit()

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
