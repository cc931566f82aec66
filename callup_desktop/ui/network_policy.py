"""What follows from the system's hints about the network: what the engine hears, and when sending is held. Main thread.

A hint never decides whether the network works; the engine finds that out by itself.
"""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from callup_desktop.engine.commands import Commands
from callup_desktop.presentation.queue_summary import Hints
from callup_desktop.ui.system.network_hints import NetworkHints

SIGN_IN_PAGE = "http://neverssl.com/"
"""A page without TLS, so that a network can answer with its sign-in page instead."""


class NetworkPolicy(QObject):
    """Holds sending on a metered network until the rep wants to send anyway; checks again after a sign-in page."""

    hints_changed = Signal(object)
    """The Hints."""

    def __init__(self, commands: Commands, source: NetworkHints | None, parent: QObject) -> None:
        """`source` None means a system without hints."""
        super().__init__(parent)
        self._commands = commands
        self._source = source
        self._hints = Hints()
        if source is not None:
            source.setParent(self)
            source.online_seen.connect(self._on_online_seen)
            source.metered_seen.connect(self._on_metered_seen)
            source.portal_seen.connect(self._on_portal_seen)

    @property
    def hints(self) -> Hints:
        """What is known now."""
        return self._hints

    def start(self) -> None:
        """Take the hints of this moment."""
        if self._source is not None:
            self._source.start()

    def send_anyway(self) -> None:
        """The rep wants to send over this metered network."""
        self._set_hints(replace(self._hints, send_metered=True))

    @Slot(object)
    def _on_online_seen(self, online: bool) -> None:  # noqa: FBT001 - a signal's payload
        self._commands.set_online(online=online)

    @Slot(object)
    def _on_metered_seen(self, metered: bool) -> None:  # noqa: FBT001 - a signal's payload
        self._set_hints(replace(self._hints, metered=metered, send_metered=False))

    @Slot(object)
    def _on_portal_seen(self, portal: bool) -> None:  # noqa: FBT001 - a signal's payload
        self._set_hints(replace(self._hints, portal=portal))
        if not portal:
            self._commands.check_again()

    def _set_hints(self, hints: Hints) -> None:
        held, self._hints = self._hints.holds, hints
        if held != hints.holds:
            self._commands.hold(held=hints.holds)
        self.hints_changed.emit(hints)
