"""The dialog that shows the report for IT before it is copied. Main thread."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from callup_desktop.ui.widgets.button import Button
from callup_desktop.ui.widgets.framed_dialog import FramedDialog
from callup_desktop.ui.widgets.label import Label
from callup_desktop.ui.widgets.measures import fixed_width
from callup_desktop.ui.widgets.text_sheet import TextSheet


class ReportDialog(FramedDialog):
    """Shows the text that would be copied, and a button that copies it."""

    copied = Signal(object)
    """The text (str)."""
    save_requested = Signal(object)
    """The text (str), to be kept in a file."""

    def __init__(self, report: str, parent: QWidget | None = None) -> None:
        super().__init__("", parent, width=50, height=34)
        self.setWindowTitle(self.tr("Copy for IT"))
        sheet = TextSheet(report, self.tr("Report for IT"), self, font=fixed_width(self.font(), 0.9))
        self.text = sheet.editor
        explained = self.tr("This is what will be copied. Keys and passwords are not in it.")
        self.copy_button = Button(self.tr("Copy"), self, primary=True)
        self.copy_button.clicked.connect(self._on_copy)
        self.save_button = Button(self.tr("Save report…"), self)
        self.save_button.clicked.connect(self._on_save)
        close = Button(self.tr("Close"), self)
        close.clicked.connect(self.reject)
        for button in (close, self.save_button, self.copy_button):
            self.buttons.addWidget(button)
        self.body.addWidget(Label(self.windowTitle(), self, size=1.15, bold=True))
        self.body.addWidget(Label(explained, self, muted=True))
        self.body.addWidget(sheet, 1)

    @Slot()
    def _on_copy(self) -> None:
        self.copied.emit(self.text.toPlainText())
        self.accept()

    @Slot()
    def _on_save(self) -> None:
        self.save_requested.emit(self.text.toPlainText())
        self.accept()
