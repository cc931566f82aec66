"""Opens the settings and the report over the window. Main thread."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QDialog, QWidget

from callup_desktop.config.profile import Profile
from callup_desktop.config.watching import watching_of
from callup_desktop.ui.apply_preferences import AppliedPreferences
from callup_desktop.ui.report_dialog import ReportDialog
from callup_desktop.ui.settings_dialog import SettingsDialog
from callup_desktop.ui.system.environment import Environment


class Dialogs(QObject):
    """Opens each dialog without blocking; a dialog is deleted when it is closed."""

    copied = Signal(object)
    """A text for the clipboard (str)."""
    existing_requested = Signal(object)
    """A folder (Path) whose recordings of today the rep wants."""

    def __init__(
        self,
        environment: Environment,
        profile: Profile,
        preferences: AppliedPreferences,
        write_report: Callable[[], str],
        window: QWidget,
    ) -> None:
        """`write_report` returns the report of this moment."""
        super().__init__(window)
        self._environment = environment
        self._profile = profile
        self._preferences = preferences
        self._write_report = write_report
        self._window = window

    @Slot()
    def open_settings(self) -> None:
        """Open the settings."""
        preferences = self._environment.preferences
        now = preferences.now
        dialog = SettingsDialog(
            now,
            files_at_once=now.files_at_once or self._profile.files_at_once,
            logs=self._environment.logs,
            can_launch=self._environment.login_item is not None,
            watching=watching_of(now, self._profile if self._environment.managed else None),
            recorders=self._environment.find_recorders(),
            fixed=preferences.fixed,
            parent=self._window,
        )
        dialog.changed.connect(self._preferences.change)
        dialog.existing_requested.connect(self.existing_requested)
        dialog.logs_requested.connect(self._on_logs_requested)
        dialog.report_requested.connect(self.open_report)
        self._open(dialog)

    @Slot()
    def open_report(self) -> None:
        """Open the report for IT, which the rep reads before it is copied."""
        dialog = ReportDialog(self._write_report(), self._window)
        dialog.copied.connect(self.copied)
        self._open(dialog)

    def _open(self, dialog: QDialog) -> None:
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot()
    def _on_logs_requested(self) -> None:
        if self._environment.logs is not None:
            self._environment.desktop.open_folder(self._environment.logs)
