"""The dialog of the preferences: speed, files at once, the watched folder, this computer, logs. Main thread."""

from collections.abc import Container
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from callup_desktop.config.preferences import Preferences
from callup_desktop.config.watching import Watching
from callup_desktop.files.recorders import RecorderFolder
from callup_desktop.ui.watch_settings import WatchSettings
from callup_desktop.ui.widgets.button import Button
from callup_desktop.ui.widgets.check_box import CheckBox
from callup_desktop.ui.widgets.framed_dialog import FramedDialog
from callup_desktop.ui.widgets.hanging import add_hanging
from callup_desktop.ui.widgets.label import Label
from callup_desktop.ui.widgets.measures import em
from callup_desktop.ui.widgets.number_field import NumberField
from callup_desktop.ui.widgets.text_field import TextField

_MIB = 1024 * 1024
_DEFAULT_LIMIT = 1.0
"""MiB a second, when the rep sets a limit for the first time."""


class SettingsDialog(FramedDialog):
    """Sends each change at once; there is no button to apply them."""

    changed = Signal(object)
    """The changed preferences by name (dict[str, object])."""
    existing_requested = Signal(object)
    """A folder (Path) whose recordings of today the rep wants."""
    logs_requested = Signal()
    report_requested = Signal()

    def __init__(
        self,
        preferences: Preferences,
        *,
        files_at_once: int,
        logs: Path | None,
        can_launch: bool,
        watching: Watching | None = None,
        recorders: tuple[RecorderFolder, ...] = (),
        fixed: Container[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        """`files_at_once` is the number that applies now; `logs` is the folder of the log, None without one.

        `watching` is the folder that is watched now, `recorders` are folders to offer. `fixed` has the names of the
        preferences that the company set.
        """
        super().__init__("", parent, width=35.5)
        self.setWindowTitle(self.tr("Settings"))
        self._notes: dict[str, Label] = {}
        limit = preferences.bandwidth_limit
        self.limited = CheckBox(self.tr("Limit the upload speed"), self)
        self.limited.setChecked(limit is not None)
        self.limit = NumberField(self, decimals=1)
        self.limit.setRange(0.1, 1000.0)
        self.limit.setSuffix(self.tr(" MB/s"))
        self.limit.setAccessibleName(self.tr("Upload speed limit in megabytes a second"))
        self.limit.setValue(limit / _MIB if limit else _DEFAULT_LIMIT)
        self.limit.setEnabled(limit is not None)
        self.files = NumberField(self)
        self.files.setRange(1, 16)
        self.files.setValue(files_at_once)
        self.files.setAccessibleName(self.tr("Recordings sent at once"))
        self.launch = self._box(self.tr("Start CallUp when I sign in"), on=preferences.launch_at_login)
        self.launch.setEnabled(can_launch)
        self.awake = self._box(self.tr("Keep the computer awake while sending"), on=preferences.keep_awake)
        self.notify = self._box(self.tr("Notify me when calls are sent or need me"), on=preferences.notify)
        self.watch = WatchSettings(watching, recorders, self)
        self._lay_out(logs)
        self._lock(fixed)
        self.watch.changed.connect(self.changed)
        self.watch.existing_requested.connect(self.existing_requested)
        self.limited.toggled.connect(self._on_limit)
        self.limit.valueChanged.connect(self._on_limit)
        self.files.valueChanged.connect(self._on_files)
        self.launch.toggled.connect(self._on_launch)
        self.awake.toggled.connect(self._on_awake)
        self.notify.toggled.connect(self._on_notify)

    def _box(self, text: str, *, on: bool) -> CheckBox:
        box = CheckBox(text, self)
        box.setChecked(on)
        return box

    def _lock(self, fixed: Container[str]) -> None:
        """Let nobody change what the company set, and say so beside it."""
        controls: dict[str, tuple[QWidget, ...]] = {
            "bandwidth_limit": (self.limited, self.limit),
            "files_at_once": (self.files,),
            "keep_awake": (self.awake,),
            "launch_at_login": (self.launch,),
            "notify": (self.notify,),
        }
        for name, widgets in controls.items():
            self._notes[name].setVisible(name in fixed)
            for widget in widgets if name in fixed else ():
                widget.setEnabled(False)
                widget.setAccessibleDescription(self._notes[name].text())

    def _note(self, name: str) -> Label:
        """The place of the words that say who set a preference."""
        note = self._notes[name] = Label(self.tr("Set by your company"), self, size=0.93, muted=True, wraps=False)
        return note

    def _lay_out(self, logs: Path | None) -> None:
        layout = self.body
        layout.addWidget(Label(self.tr("Sending"), self, size=1.15, bold=True))
        layout.addLayout(self._line("bandwidth_limit", self.limited, self.limit))
        at_once = Label(self.tr("Recordings sent at once"), self, wraps=False)
        layout.addLayout(self._line("files_at_once", at_once, self.files))
        layout.addLayout(self._line("keep_awake", self.awake))
        layout.addSpacing(em(self, 0.6))
        add_hanging(layout, self.watch)
        layout.addSpacing(em(self, 0.6))
        layout.addWidget(Label(self.tr("This computer"), self, size=1.15, bold=True))
        layout.addLayout(self._line("launch_at_login", self.launch))
        layout.addLayout(self._line("notify", self.notify))
        if logs is not None:
            layout.addSpacing(em(self, 0.6))
            layout.addWidget(Label(self.tr("Help"), self, size=1.15, bold=True))
            place = TextField(self)
            place.setText(str(logs))
            place.setReadOnly(True)
            place.setAccessibleName(self.tr("Folder of the logs"))
            opener = Button(self.tr("Show logs"), self)
            opener.clicked.connect(self.logs_requested)
            line = QHBoxLayout()
            line.addWidget(place, 1)
            line.addWidget(opener)
            layout.addLayout(line)
        report = Button(self.tr("Copy for IT…"), self)
        report.clicked.connect(self.report_requested)
        close = Button(self.tr("Close"), self, primary=True)
        close.clicked.connect(self.accept)
        layout.addStretch(1)
        self.buttons.addWidget(report)
        self.buttons.addWidget(close)

    def _line(self, name: str, first: QWidget, second: QWidget | None = None) -> QHBoxLayout:
        line = QHBoxLayout()
        line.addWidget(first)
        line.addStretch(1)
        line.addWidget(self._note(name))
        if second is not None:
            line.addWidget(second, 0, Qt.AlignmentFlag.AlignRight)
        return line

    @Slot()
    def _on_limit(self) -> None:
        self.limit.setEnabled(self.limited.isChecked())
        limit = round(self.limit.value() * _MIB) if self.limited.isChecked() else None
        self.changed.emit({"bandwidth_limit": limit})

    @Slot()
    def _on_files(self) -> None:
        self.changed.emit({"files_at_once": round(self.files.value())})

    @Slot()
    def _on_launch(self) -> None:
        self.changed.emit({"launch_at_login": self.launch.isChecked()})

    @Slot()
    def _on_awake(self) -> None:
        self.changed.emit({"keep_awake": self.awake.isChecked()})

    @Slot()
    def _on_notify(self) -> None:
        self.changed.emit({"notify": self.notify.isChecked()})
