"""The part of the settings that says which folder is watched. Main thread."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from callup_desktop.config.watching import Watching
from callup_desktop.files.recorders import RecorderFolder
from callup_desktop.ui.question_box import QuestionBox
from callup_desktop.ui.widgets.button import Button, quiet_side
from callup_desktop.ui.widgets.check_box import CheckBox
from callup_desktop.ui.widgets.flow_layout import FlowLayout
from callup_desktop.ui.widgets.label import Label
from callup_desktop.ui.widgets.measures import em
from callup_desktop.ui.widgets.plain_text import plain_tip
from callup_desktop.ui.widgets.text_field import TextField


def _utc_now() -> datetime:
    return datetime.now(UTC)


class WatchSettings(QWidget):
    """Turns watching on and off, and chooses the folder; folders of known recorders are one click away.

    It has the margin at its left that `add_hanging` asks for.
    """

    changed = Signal(object)
    """The changed preferences by name (dict[str, object])."""
    existing_requested = Signal(object)
    """A folder (Path) whose recordings of today the rep wants, too."""

    def __init__(
        self,
        watching: Watching | None,
        recorders: tuple[RecorderFolder, ...],
        parent: QWidget | None = None,
        *,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        """`now` is the wall clock in UTC."""
        super().__init__(parent)
        self._now = now
        self._folder = watching.folder if watching else None
        self.box = CheckBox(self.tr("Add new recordings from this folder automatically"), self)
        self.place = TextField(self)
        self.place.setReadOnly(True)
        self.place.setAccessibleName(self.tr("Watched folder"))
        self.chooser = Button(self.tr("Choose…"), self)
        self.chooser.setAccessibleName(self.tr("Choose the watched folder"))
        self.recorders = tuple(self._make_offer(folder) for folder in recorders)
        self._hint = Label(parent=self, muted=True)
        self._lay_out()
        self._show()
        if watching is not None and watching.by_company:
            self._lock()
        self.box.clicked.connect(self._on_clicked)
        self.chooser.clicked.connect(self._choose)

    def _make_offer(self, folder: RecorderFolder) -> Button:
        button = Button(self.tr("{recorder} folder").format(recorder=folder.recorder), self, quiet=True)
        button.setProperty("folder", str(folder.path))
        button.setToolTip(plain_tip(str(folder.path)))
        button.clicked.connect(self._on_offer)
        return button

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self.place, 1)
        line.addWidget(self.chooser)
        offers = FlowLayout(spacing=em(self, 0.2))
        for button in self.recorders:
            offers.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(quiet_side(self), 0, 0, 0)
        layout.setSpacing(em(self, 0.7))
        layout.addWidget(Label(self.tr("New recordings"), self, size=1.15, bold=True))
        layout.addWidget(self.box)
        layout.addLayout(line)
        layout.addLayout(offers)
        layout.addWidget(self._hint)

    def _show(self) -> None:
        self.box.setChecked(self._folder is not None)
        self.place.setText(str(self._folder) if self._folder else "")
        self.place.setPlaceholderText(self.tr("No folder is watched"))
        if self.window().focusWidget() in self.recorders:
            # One of them goes out of sight, and the next widget that takes the focus is none of these.
            self.chooser.setFocus()
        for button in self.recorders:
            button.setVisible(button.property("folder") != self.place.text())
        self._hint.setText(self.tr("Finished recordings appear in the list. Nothing is sent until you send it."))

    def _lock(self) -> None:
        self._hint.setText(self.tr("Set by your company."))
        for widget in (self.box, self.chooser, *self.recorders):
            widget.setEnabled(False)

    # --- what the rep does ----------------------------------------------------------------------------------------

    @Slot()
    def _on_clicked(self) -> None:
        if self.box.isChecked():
            self._choose()
            return
        self._folder = None
        self._show()
        self.changed.emit({"watched_folder": "", "watched_since": ""})

    @Slot()
    def _choose(self) -> None:
        dialog = QFileDialog(self, self.tr("Which folder do your recordings go to?"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self._on_chosen)
        dialog.rejected.connect(self._show_again)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot()
    def _on_offer(self) -> None:
        self._on_chosen(str(self.sender().property("folder")))

    @Slot()
    def _show_again(self) -> None:
        self._show()

    @Slot(str)
    def _on_chosen(self, folder: str) -> None:
        self._folder = Path(folder)
        self._show()
        self.changed.emit({"watched_folder": folder, "watched_since": self._now().isoformat()})
        text = self.tr("New recordings will be added from now on. Add the ones that are already in this folder, too?")
        box = QuestionBox(text, "", go_on=self.tr("Add them, too"), stay=self.tr("Only new ones"), parent=self)
        box.accepted.connect(self._on_existing_wanted)
        box.open()

    @Slot()
    def _on_existing_wanted(self) -> None:
        if self._folder is not None:
            self.existing_requested.emit(self._folder)
