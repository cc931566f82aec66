"""What the operating system says about the network, as signals. Main thread."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtNetwork import QNetworkInformation


class NetworkHints(QObject):
    """Hints of QNetworkInformation; a system without a backend sends none."""

    online_seen = Signal(object)
    """bool: online, or certainly offline; nothing is sent while the system does not know."""
    metered_seen = Signal(object)
    """bool: whether data on this network costs money."""
    portal_seen = Signal(object)
    """bool: whether the network shows a sign-in page first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        QNetworkInformation.loadDefaultBackend()
        self._source = QNetworkInformation.instance()
        if self._source is not None:
            self._source.reachabilityChanged.connect(self._on_reachability)
            self._source.isMeteredChanged.connect(self._on_metered)
            self._source.isBehindCaptivePortalChanged.connect(self._on_portal)

    def start(self) -> None:
        """Send the hints of this moment that differ from a good network, which everybody assumes."""
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
