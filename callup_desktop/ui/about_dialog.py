"""The dialog that says which program this is, and whose work is in it. Main thread."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QWidget

from callup_desktop import __version__
from callup_desktop.resource_files import RESOURCES
from callup_desktop.ui.call_list.search_field import SearchField
from callup_desktop.ui.widgets.button import Button
from callup_desktop.ui.widgets.framed_dialog import FramedDialog
from callup_desktop.ui.widgets.label import Label
from callup_desktop.ui.widgets.text_sheet import TextSheet

NOTICES = RESOURCES / "THIRD_PARTY_NOTICES.txt"
"""Every part of a bundle with the text of its licence, written when the bundle is frozen."""
LICENCES = RESOURCES / "licences.txt"
"""Where this is no bundle: the libraries by name, made by `python -m tools.licences`."""


class AboutDialog(FramedDialog):
    """Shows the version, and the libraries with their licences, which can be searched."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent, width=44, height=36)
        self.setWindowTitle(self.tr("About CallUp"))
        self.version = Label(
            self.tr("CallUp Desktop {version}").format(version=__version__), self, size=1.15, bold=True
        )
        explained = Label(self.tr("It is made with the work of others, under these licences:"), self, muted=True)
        self.search = SearchField(self.tr("Search licences"), self)
        self.search.textChanged.connect(self._find_first)
        self.search.returnPressed.connect(self._find_next)
        sheet = TextSheet(_licences(), self.tr("Libraries and their licences"), self)
        self.licences = sheet.editor
        close = Button(self.tr("Close"), self, primary=True)
        close.clicked.connect(self.accept)
        self.body.addWidget(self.version)
        self.body.addWidget(explained)
        self.body.addWidget(self.search)
        self.body.addWidget(sheet, 1)
        self.buttons.addWidget(close)

    @Slot(str)
    def _find_first(self, text: str) -> None:
        self.licences.moveCursor(QTextCursor.MoveOperation.Start)
        self.search.set_wrong(wrong=bool(text) and not self.licences.find(text))

    @Slot()
    def _find_next(self) -> None:
        """Go to the next place, after the last one to the first."""
        if not self.licences.find(self.search.text()):
            self._find_first(self.search.text())


def _licences() -> str:
    for file in (NOTICES, LICENCES):
        try:
            return file.read_text(encoding="utf-8")
        except OSError:
            # An installation that somebody took it from still says its version.
            continue
    return ""
