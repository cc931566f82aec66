"""The question before a profile is imported: where calls would go, and what comes along. Main thread."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from callup_desktop.config.profiles import ProfileChange
from callup_desktop.presentation.profile_import import ImportPreview
from callup_desktop.ui.widgets.check_box import CheckBox
from callup_desktop.ui.widgets.label import Label


class ImportDialog(QDialog):
    """Shows the preview; accepted only where the rep says Import. Nothing is ticked unless the rep ticks it."""

    def __init__(self, change: ProfileChange, preview: ImportPreview, parent: QWidget | None = None) -> None:
        """Not shown yet; `change` is what it asks about."""
        super().__init__(parent)
        self.change = change
        self.setWindowTitle(preview.title)
        layout = QVBoxLayout(self)
        # A Mac shows no title of a dialog over a window.
        layout.addWidget(Label(preview.title, self, bold=True))
        for line in preview.lines:
            layout.addWidget(Label(line, self))
        self.keys = self._box(layout, preview.ask_keys)
        self.calls = self._box(layout, preview.ask_calls)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.import_button = self.buttons.addButton(self.tr("Import"), QDialogButtonBox.ButtonRole.AcceptRole)
        cancel = self.buttons.button(QDialogButtonBox.StandardButton.Cancel)
        cancel.setDefault(True)
        # Whichever button has the focus is the one that Enter means.
        cancel.setFocus()
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout.addWidget(self.buttons)

    def _box(self, layout: QVBoxLayout, text: str) -> CheckBox:
        box = CheckBox(text.replace("&", "&&"), self)
        box.setVisible(bool(text))
        layout.addWidget(box)
        return box
