"""Applies the rep's preferences: limits of the engine, start at login, staying awake. Main thread."""

from PySide6.QtCore import QObject, Signal, Slot

from callup_desktop.config.preferences import PreferencesFile
from callup_desktop.engine.commands import Commands
from callup_desktop.presentation.queue_summary import Alert
from callup_desktop.presentation.rows import Tone
from callup_desktop.ui.system.keep_awake import KeepAwake
from callup_desktop.ui.system.login_item import LoginItem


class AppliedPreferences(QObject):
    """Applies the preferences at the start and at each change."""

    alert_raised = Signal(object)
    """An Alert: a preference could not be applied."""
    changed = Signal()

    def __init__(
        self,
        commands: Commands,
        preferences: PreferencesFile,
        login_item: LoginItem | None,
        keep_awake: KeepAwake | None,
        parent: QObject,
    ) -> None:
        """Apply the limits that were set before. None means that this computer does not offer it."""
        super().__init__(parent)
        self._commands = commands
        self._preferences = preferences
        self._login_item = login_item
        self._keep_awake = keep_awake
        self._sending = False
        now = preferences.now
        if now.bandwidth_limit is not None:
            commands.set_limit(now.bandwidth_limit)
        if now.files_at_once is not None:
            commands.set_files_at_once(now.files_at_once)
        if keep_awake is not None:
            keep_awake.setParent(self)
            keep_awake.start()

    def start(self) -> None:
        """Start at login, or not, as the company set it; what the rep set holds since then."""
        if "launch_at_login" in self._preferences.fixed:
            self._set_login_item(on=self._preferences.now.launch_at_login)

    def show_sending(self, *, sending: bool) -> None:
        """Keep the computer awake while calls are being sent, if the rep wants that."""
        self._sending = sending
        if self._keep_awake is not None:
            self._keep_awake.set_awake(awake=sending and self._preferences.now.keep_awake)

    def stop(self) -> None:
        """Let the computer sleep; returns when the thread is gone."""
        if self._keep_awake is not None:
            self._keep_awake.stop()

    @Slot(object)
    def change(self, values: dict[str, object]) -> None:
        """Save these preferences, by name, and apply them."""
        try:
            now = self._preferences.change(**values)
        except OSError as exc:
            self._say_not_kept(exc)
            return
        if "launch_at_login" in values and not self._set_login_item(on=now.launch_at_login):
            return
        if "bandwidth_limit" in values:
            self._commands.set_limit(now.bandwidth_limit)
        if "files_at_once" in values and now.files_at_once is not None:
            self._commands.set_files_at_once(now.files_at_once)
        self.show_sending(sending=self._sending)
        self.changed.emit()

    def _set_login_item(self, *, on: bool) -> bool:
        """Start the program at login, or not; whether the system took it."""
        if self._login_item is not None:
            try:
                self._login_item.set_on(on=on)
            except OSError as exc:
                self._say_not_kept(exc)
                return False
        return True

    def _say_not_kept(self, exc: OSError) -> None:
        sentence = self.tr("This setting could not be kept: {reason}.").format(reason=exc.strerror or exc)
        self.alert_raised.emit(Alert(Tone.WARNING, sentence, ""))
