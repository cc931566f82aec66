"""The dialog that says which program this is, and whose work is in it. Main thread."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QVBoxLayout, QWidget

from callup_desktop import __version__
from callup_desktop.resource_files import RESOURCES
from callup_desktop.ui.widgets.button import Button
from callup_desktop.ui.widgets.label import Label
from callup_desktop.ui.widgets.measures import em

LICENCES = RESOURCES / "licences.txt"
"""Made by `python -m tools.licences`."""


class AboutDialog(QDialog):
    """Shows the version, and the libraries with their licences."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About CallUp"))
        self.version = Label(
            self.tr("CallUp Desktop {version}").format(version=__version__), self, size=1.15, bold=True
        )
        explained = Label(self.tr("It is made with the work of others, under these licences:"), self)
        self.licences = QPlainTextEdit(_licences(), self)
        self.licences.setReadOnly(True)
        self.licences.setTabChangesFocus(True)
        self.licences.setAccessibleName(self.tr("Libraries and their licences"))
        close = Button(self.tr("Close"), self)
        close.clicked.connect(self.accept)
        layout = QVBoxLayout(self)
        layout.setSpacing(em(self, 0.6))
        layout.addWidget(self.version)
        layout.addWidget(explained)
        layout.addWidget(self.licences, 1)
        layout.addWidget(close)

    def sizeHint(self) -> QSize:
        """Wide enough for a line of the list."""
        return QSize(em(self, 36), em(self, 28))


def _licences() -> str:
    try:
        return LICENCES.read_text(encoding="utf-8")
    except OSError:
        # An installation that somebody took it from still says its version.
        return ""
