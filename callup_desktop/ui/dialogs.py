"""Opens the settings and the report over the window; each dialog is loaded when it is first opened. Main thread."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QDialog, QWidget

from callup_desktop.config.profile import AnyProfile
from callup_desktop.config.watching import watching_of
from callup_desktop.ui.apply_preferences import AppliedPreferences
from callup_desktop.ui.saved_file import SavedFile
from callup_desktop.ui.system.environment import Environment


class Dialogs(QObject):
    """Opens each dialog without blocking; a dialog is deleted when it is closed."""

    copied = Signal(object)
    """A text for the clipboard (str)."""
    alert_raised = Signal(object)
    """An Alert: whether a file was saved."""
    existing_requested = Signal(object)
    """A folder (Path) whose recordings of today the rep wants."""

    def __init__(
        self,
        environment: Environment,
        profile: AnyProfile,
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
        self._report = ""
        self._file = SavedFile(window)
        self._file.chosen.connect(self._on_report_place_chosen)
        self._file.alert_raised.connect(self.alert_raised)

    @Slot()
    def open_settings(self) -> None:
        """Open the settings."""
        from callup_desktop.ui.settings_dialog import SettingsDialog

        preferences = self._environment.preferences
        now = preferences.now
        dialog = SettingsDialog(
            now,
            files_at_once=now.files_at_once or self._profile.files_at_once,
            logs=self._environment.logs,
            can_launch=self._environment.login_item is not None,
            watching=watching_of(now, self._environment.company_folder),
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
        from callup_desktop.ui.report_dialog import ReportDialog

        dialog = ReportDialog(self._write_report(), self._window)
        dialog.copied.connect(self.copied)
        dialog.save_requested.connect(self._on_save_requested)
        self._open(dialog)

    @Slot()
    def open_about(self) -> None:
        """Say which program this is."""
        from callup_desktop.ui.about_dialog import AboutDialog

        self._open(AboutDialog(self._window))

    def stop(self) -> None:
        """Wait for no answer any more."""
        self._file.stop()

    @Slot(object)
    def _on_save_requested(self, report: str) -> None:
        self._report = report
        self._file.ask(self.tr("Save report"), self.tr("CallUp report.txt"), self.tr("Texts (*.txt)"))

    @Slot(object)
    def _on_report_place_chosen(self, path: Path) -> None:
        self._file.write(path, self._report.encode("utf-8", "replace"))

    def _open(self, dialog: QDialog) -> None:
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot()
    def _on_logs_requested(self) -> None:
        if self._environment.logs is not None:
            self._environment.desktop.open_folder(self._environment.logs)
