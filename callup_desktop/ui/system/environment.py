"""What the window needs besides the engine. Built by the composition root; main thread."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from callup_desktop.config.paths import Home
from callup_desktop.config.preferences import PreferencesFile
from callup_desktop.config.watching import CompanyFolder
from callup_desktop.files.recorders import RecorderFolder, recorder_folders
from callup_desktop.presentation.connection_check import ConnectionWork
from callup_desktop.presentation.sign_in import SignInWork
from callup_desktop.redaction import redacted
from callup_desktop.ui.system.elevation import runs_elevated
from callup_desktop.ui.system.keep_awake import KeepAwake
from callup_desktop.ui.system.launcher_progress import LauncherProgress
from callup_desktop.ui.system.login_item import LoginItem, login_item
from callup_desktop.ui.system.network_hints import NetworkHints
from callup_desktop.ui.system.shell import DesktopShell, SystemShell
from callup_desktop.ui.system.taskbar_progress import TaskbarProgress
from callup_desktop.ui.system.tray import Tray


def _show_no_badge(_number: int) -> None:
    """For an icon that cannot show a number."""


def _show_no_progress(_percent: int | None) -> None:
    """For an icon that cannot show a bar."""


@dataclass(frozen=True, slots=True)
class Environment:
    """Desktop, network, preferences and connection; None means that it is not offered here."""

    desktop: DesktopShell = field(default_factory=SystemShell)
    preferences: PreferencesFile = field(default_factory=lambda: PreferencesFile(None))
    network: NetworkHints | None = None
    keep_awake: KeepAwake | None = None
    login_item: LoginItem | None = None
    connection: ConnectionWork | None = None
    sign_in: SignInWork | None = None
    profile_file: str = ""
    logs: Path | None = None
    redact: Callable[[str], str] = redacted
    """Takes the secrets out of a text that leaves the program."""
    make_tray: Callable[[QWidget], Tray] = Tray
    show_badge: Callable[[int], None] = _show_no_badge
    """Puts a number on the program's icon in the dock or the task bar."""
    show_progress: Callable[[int | None], None] = _show_no_progress
    """Shows on that icon how many percent of all bytes are sent; None while nothing is sent."""
    company_folder: CompanyFolder | None = None
    managed: bool = False
    """Whether the profile is that of every user of this computer."""
    find_recorders: Callable[[], tuple[RecorderFolder, ...]] = tuple
    """Where recorders on this computer keep their recordings."""
    elevated: bool = False
    """Whether the system blocks drops because the program runs as administrator."""


def _icon_progress(desktop_file: str) -> Callable[[int | None], None]:
    if sys.platform == "win32":
        return TaskbarProgress(_handle_of_window).show
    return LauncherProgress(desktop_file).show if sys.platform == "linux" else _show_no_progress


def _handle_of_window() -> int | None:
    """The system's handle of the main window; None before it was shown."""
    windows = (widget for widget in QApplication.topLevelWidgets() if isinstance(widget, QMainWindow))
    return next((int(window.winId()) for window in windows if window.windowHandle() is not None), None)


def environment_of(
    home: Home,
    application: QGuiApplication,
    *,
    command: Sequence[str],
    connection: ConnectionWork | None = None,
    sign_in: SignInWork | None = None,
    profile_file: str = "",
    redact: Callable[[str], str] = redacted,
    fixed_preferences: Mapping[str, object] | None = None,
    managed: bool = False,
    company_folder: CompanyFolder | None = None,
    needs_network: bool = True,
) -> Environment:
    """The environment on this computer; `command` starts the program, at login if the rep wants that.

    `fixed_preferences` and `company_folder` are what IT set. Without `needs_network` nobody hears how the network is.
    """
    config = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericConfigLocation)
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Environment(
        preferences=PreferencesFile(home.preferences, fixed_preferences),
        network=NetworkHints() if needs_network else None,
        keep_awake=KeepAwake(),
        login_item=login_item(command, Path.home(), Path(config)),
        connection=connection,
        sign_in=sign_in,
        profile_file=profile_file,
        logs=home.logs,
        redact=redact,
        show_badge=application.setBadgeNumber,
        show_progress=_icon_progress(application.desktopFileName()),
        managed=managed,
        company_folder=company_folder,
        find_recorders=partial(recorder_folders, Path.home(), Path(documents)),
        elevated=runs_elevated(),
    )
