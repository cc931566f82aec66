"""The question before a profile is imported: where calls would go, and what comes along. Main thread."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from callup_desktop.config.profiles import ProfileChange
from callup_desktop.presentation.profile_import import ImportPreview


class ImportDialog(QDialog):
    """Shows the preview; accepted only where the rep says Import. Nothing is ticked unless the rep ticks it."""

    def __init__(self, change: ProfileChange, preview: ImportPreview, parent: QWidget | None = None) -> None:
        """Not shown yet; `change` is what it asks about."""
        super().__init__(parent)
        self.change = change
        self.setWindowTitle(preview.title)
        layout = QVBoxLayout(self)
        for line in preview.lines:
            # Everything in it comes from a file that anybody may have made.
            label = QLabel(self)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setText(line)
            layout.addWidget(label)
        self.keys = self._box(layout, preview.ask_keys)
        self.calls = self._box(layout, preview.ask_calls)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.import_button = self.buttons.addButton(self.tr("Import"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setDefault(True)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout.addWidget(self.buttons)

    def _box(self, layout: QVBoxLayout, text: str) -> QCheckBox:
        box = QCheckBox(text.replace("&", "&&"), self)
        box.setVisible(bool(text))
        layout.addWidget(box)
        return box
