"""What the operating system says about the network, as hints. Main thread; changes come as signals."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtNetwork import QNetworkInformation


class NetworkHints(QObject):
    """QNetworkInformation, where a backend answers; without one every hint stays silent and nothing is held up."""

    online_seen = Signal(object)
    """bool: reachable or surely not. Unknown is never told."""
    metered_seen = Signal(object)
    """bool."""
    portal_seen = Signal(object)
    """bool: a sign-in page stands before the internet."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Listen; `start` tells how it is now."""
        super().__init__(parent)
        QNetworkInformation.loadDefaultBackend()
        self._source = QNetworkInformation.instance()
        if self._source is not None:
            self._source.reachabilityChanged.connect(self._on_reachability)
            self._source.isMeteredChanged.connect(self._on_metered)
            self._source.isBehindCaptivePortalChanged.connect(self._on_portal)

    def start(self) -> None:
        """Tell what is known now, as far as it is news: good news is what everybody assumes."""
        if self._source is None:
            return
        if self._source.reachability() is QNetworkInformation.Reachability.Disconnected:
            self.online_seen.emit(False)  # noqa: FBT003 - a signal's payload
        if self._source.isMetered():
            self.metered_seen.emit(True)  # noqa: FBT003 - a signal's payload
        if self._source.isBehindCaptivePortal():
            self.portal_seen.emit(True)  # noqa: FBT003 - a signal's payload

    @Slot(QNetworkInformation.Reachability)
    def _on_reachability(self, reachability: QNetworkInformation.Reachability) -> None:
        known = {
            QNetworkInformation.Reachability.Disconnected: False,
            QNetworkInformation.Reachability.Online: True,
        }
        if reachability in known:
            self.online_seen.emit(known[reachability])

    @Slot(bool)
    def _on_metered(self, metered: bool) -> None:  # noqa: FBT001 - Qt's signature
        self.metered_seen.emit(metered)

    @Slot(bool)
    def _on_portal(self, portal: bool) -> None:  # noqa: FBT001 - Qt's signature
        self.portal_seen.emit(portal)
