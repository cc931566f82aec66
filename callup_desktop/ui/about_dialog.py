"""The dialog that says which program this is, and whose work is in it. Main thread."""

from PySide6.QtWidgets import QWidget

from callup_desktop import __version__
from callup_desktop.resource_files import RESOURCES
from callup_desktop.ui.widgets.button import Button
from callup_desktop.ui.widgets.framed_dialog import FramedDialog
from callup_desktop.ui.widgets.label import Label
from callup_desktop.ui.widgets.text_sheet import TextSheet

LICENCES = RESOURCES / "licences.txt"
"""Made by `python -m tools.licences`."""


class AboutDialog(FramedDialog):
    """Shows the version, and the libraries with their licences."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent, width=38, height=30)
        self.setWindowTitle(self.tr("About CallUp"))
        self.version = Label(
            self.tr("CallUp Desktop {version}").format(version=__version__), self, size=1.15, bold=True
        )
        explained = Label(self.tr("It is made with the work of others, under these licences:"), self, muted=True)
        sheet = TextSheet(_licences(), self.tr("Libraries and their licences"), self)
        self.licences = sheet.editor
        close = Button(self.tr("Close"), self, primary=True)
        close.clicked.connect(self.accept)
        self.body.addWidget(self.version)
        self.body.addWidget(explained)
        self.body.addWidget(sheet, 1)
        self.buttons.addWidget(close)


def _licences() -> str:
    try:
        return LICENCES.read_text(encoding="utf-8")
    except OSError:
        # An installation that somebody took it from still says its version.
        return ""
