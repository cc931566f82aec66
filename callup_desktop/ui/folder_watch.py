"""Hands new recordings of the watched folder to the engine. Main thread; looks run on a daemon thread.

A network drive may hang for minutes, so a look holds up neither the window nor the end of the program.
"""

import queue
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, Signal, Slot

from callup_desktop.calls.metadata import Details, problems_of
from callup_desktop.config.watching import Watching
from callup_desktop.engine.commands import Commands
from callup_desktop.engine.pool import Spawn, daemon_thread
from callup_desktop.files.watched import QUIET, Look, WatchedFile, WatchedFolder
from callup_desktop.presentation.name_rules import NameRules
from callup_desktop.presentation.queue_summary import Alert
from callup_desktop.presentation.rows import Tone
from callup_desktop.ui.timers import repeating, single_shot

LOOK_INTERVAL = 15_000
"""Milliseconds between two looks: what the system says of changes is a hint, and network drives say nothing."""
_HINT_DELAY = 1_000
"""Milliseconds from the system's hint to the look: many hints come with one recording."""
_POLL_INTERVAL = 200
"""Milliseconds between two looks for the answer of the daemon thread, which may outlive this object."""
_MOST_HINTS = 50
"""Folders for which the system is asked for hints: each costs it something."""


@dataclass(eq=False, slots=True)
class _Session:
    """One watching, and what is known of its folder; only one thread looks at a time."""

    watching: Watching
    folder: WatchedFolder
    looking: bool = False
    ended: bool = False
    reachable: bool = True


class FolderWatch(QObject):
    """Looks at one folder from time to time, and at once when the system says that something changed."""

    alert_raised = Signal(object)
    """An Alert: the folder cannot be read."""

    def __init__(
        self,
        commands: Commands,
        call_types: tuple[str, ...],
        rules: NameRules,
        parent: QObject,
        *,
        make_folder: Callable[[Watching], WatchedFolder],
        every: int = LOOK_INTERVAL,
        spawn: Spawn = daemon_thread,
    ) -> None:
        """`call_types` and `rules` are those of the profile; `every` is in milliseconds."""
        super().__init__(parent)
        self._commands = commands
        self._call_types = call_types
        self._rules = rules
        self._make_folder = make_folder
        self._spawn = spawn
        self._session: _Session | None = None
        self._looks: queue.SimpleQueue[tuple[_Session, Look | None]] = queue.SimpleQueue()
        self._hints = QFileSystemWatcher(self)
        self._hints.directoryChanged.connect(self._on_hint)
        self._timer = repeating(self, every, self._look)
        self._soon = single_shot(self, _HINT_DELAY, self._look)
        self._settling = single_shot(self, int(QUIET * 1000) + _HINT_DELAY, self._look)
        self._poll = repeating(self, _POLL_INTERVAL, self._on_poll)

    def watch(self, watching: Watching | None) -> None:
        """Watch this folder from now on; None watches nothing."""
        if self._session is not None and self._session.watching == watching:
            return
        self.stop()
        if watching is not None:
            self._session = _Session(watching, self._make_folder(watching))
            self._timer.start()
            self._look()

    def stop(self) -> None:
        """Look no more; a look that is under way ends soon, or when its drive answers."""
        for timer in (self._timer, self._soon, self._settling, self._poll):
            timer.stop()
        if self._session is not None:
            self._session.ended = True
            self._session = None
        if known := self._hints.directories():
            self._hints.removePaths(known)

    @Slot(str)
    def _on_hint(self, _folder: str) -> None:
        self._soon.start()

    @Slot()
    def _look(self) -> None:
        session = self._session
        if session is not None and not session.looking:
            session.looking = True
            self._poll.start()
            self._spawn("folder watch", lambda: self._looks.put((session, session.folder.look(lambda: session.ended))))

    @Slot()
    def _on_poll(self) -> None:
        while not self._looks.empty():
            session, look = self._looks.get_nowait()
            session.looking = False
            if session is self._session and look is not None:
                self._poll.stop()
                self._take(session, look)

    def _take(self, session: _Session, look: Look) -> None:
        if look.reachable:
            sent = self._sent(look.files) if session.watching.sends else {}
            self._commands.take_watched(session.watching.name, look.files, sent)
            self._ask_for_hints(look)
        elif session.reachable:
            sentence = self.tr("The watched folder {folder} can't be read. It is looked at again when it is back.")
            self.alert_raised.emit(Alert(Tone.WARNING, sentence.format(folder=session.watching.folder), ""))
        session.reachable = look.reachable
        if look.unsettled and not self._settling.isActive():
            self._settling.start()

    def _sent(self, files: tuple[WatchedFile, ...]) -> dict[Path, Details]:
        """The files whose names give all details, with these."""
        read = {file.path: self._rules.read(file.path).details for file in files}
        return {path: details for path, details in read.items() if not problems_of(details, self._call_types)}

    def _ask_for_hints(self, look: Look) -> None:
        wanted = {str(folder) for folder in look.folders[:_MOST_HINTS]}
        new = wanted - set(self._hints.directories())
        if new:
            # They could be read a moment ago, so this does not hang.
            self._hints.addPaths(sorted(new))
