"""The dialog that shows the report for IT before it is copied. Main thread."""

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QVBoxLayout, QWidget

from callup_desktop.ui.widgets.button import Button
from callup_desktop.ui.widgets.flow_layout import FlowLayout
from callup_desktop.ui.widgets.label import Label
from callup_desktop.ui.widgets.measures import em, fixed_width
from callup_desktop.ui.widgets.screen_fit import within_screen


class ReportDialog(QDialog):
    """Shows the text that would be copied, and a button that copies it."""

    copied = Signal(object)
    """The text (str)."""
    save_requested = Signal(object)
    """The text (str), to be kept in a file."""

    def __init__(self, report: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Copy for IT"))
        self.text = QPlainTextEdit(report, self)
        self.text.setReadOnly(True)
        self.text.setFont(fixed_width(self.font(), 0.9))
        self.text.setAccessibleName(self.tr("Report for IT"))
        self.text.setTabChangesFocus(True)
        explained = self.tr("This is what will be copied. Keys and passwords are not in it.")
        self.copy_button = Button(self.tr("Copy"), self, primary=True)
        self.copy_button.clicked.connect(self._on_copy)
        self.save_button = Button(self.tr("Save report…"), self)
        self.save_button.clicked.connect(self._on_save)
        close = Button(self.tr("Close"), self)
        close.clicked.connect(self.reject)
        buttons = FlowLayout(spacing=em(self, 0.5), to_right=True)
        buttons.addWidget(close)
        buttons.addWidget(self.save_button)
        buttons.addWidget(self.copy_button)
        layout = QVBoxLayout(self)
        layout.setSpacing(em(self, 0.6))
        layout.addWidget(Label(explained, self))
        layout.addWidget(self.text, 1)
        layout.addLayout(buttons)
        self.resize(within_screen(self, QSize(em(self, 48), em(self, 32))))

    @Slot()
    def _on_copy(self) -> None:
        self.copied.emit(self.text.toPlainText())
        self.accept()

    @Slot()
    def _on_save(self) -> None:
        self.save_requested.emit(self.text.toPlainText())
        self.accept()
