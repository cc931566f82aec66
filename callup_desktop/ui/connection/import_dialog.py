"""The question before a profile is imported: where calls would go, and what comes along. Main thread."""

from PySide6.QtWidgets import QWidget

from callup_desktop.config.profiles import ProfileChange
from callup_desktop.presentation.profile_import import ImportPreview
from callup_desktop.ui.widgets.button import Button
from callup_desktop.ui.widgets.check_box import CheckBox
from callup_desktop.ui.widgets.framed_dialog import FramedDialog
from callup_desktop.ui.widgets.label import Label


class ImportDialog(FramedDialog):
    """Shows the preview; accepted only where the rep says Import. Nothing is ticked unless the rep ticks it."""

    def __init__(self, change: ProfileChange, preview: ImportPreview, parent: QWidget | None = None) -> None:
        """Not shown yet; `change` is what it asks about."""
        super().__init__(preview.title, parent, width=36)
        self.change = change
        # A Mac shows no title of a dialog over a window.
        self.body.addWidget(Label(preview.title, self, size=1.15, bold=True))
        for line in preview.lines:
            self.body.addWidget(Label(line, self))
        self.keys = self._box(preview.ask_keys)
        self.calls = self._box(preview.ask_calls)
        self.cancel_button = Button(self.tr("Cancel"), self)
        self.cancel_button.clicked.connect(self.reject)
        self.cancel_button.setDefault(True)
        # Whichever button has the focus is the one that Enter means.
        self.cancel_button.setFocus()
        self.import_button = Button(self.tr("Import"), self)
        self.import_button.clicked.connect(self.accept)
        self.buttons.addWidget(self.cancel_button)
        self.buttons.addWidget(self.import_button)

    def _box(self, text: str) -> CheckBox:
        box = CheckBox(text.replace("&", "&&"), self)
        box.setVisible(bool(text))
        self.body.addWidget(box)
        return box
