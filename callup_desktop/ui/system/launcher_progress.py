"""The bar on the program's icon in the docks of Linux desktops, by Unity's protocol that they share. Main thread."""

_PATH = "/com/canonical/unity/launcherentry/callup"
_INTERFACE = "com.canonical.Unity.LauncherEntry"


class LauncherProgress:
    """Tells every dock on the session bus how far all calls are; without a bus or a dock nobody hears it."""

    def __init__(self, desktop_file: str) -> None:
        """`desktop_file` is the name of the program's `.desktop` file, without its extension."""
        self._uri = f"application://{desktop_file}.desktop"

    def show(self, percent: int | None) -> None:
        """Show so many percent; None takes the bar away."""
        # Only once something is sent: the bus is not needed before.
        from PySide6.QtDBus import QDBusConnection, QDBusMessage

        message = QDBusMessage.createSignal(_PATH, _INTERFACE, "Update")
        values = {"progress": (percent or 0) / 100, "progress-visible": percent is not None}
        message.setArguments([self._uri, values])
        QDBusConnection.sessionBus().send(message)
