"""A question that the rep answers before something is lost. Main thread."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from callup_desktop.ui.widgets.button import Button


class QuestionBox(QMessageBox):
    """Sends `accepted` for the answer that goes on; Enter and Escape mean the one that changes nothing.

    The question stands in the text, because a Mac shows no title of a box.
    """

    def __init__(self, question: str, explanation: str, *, go_on: str, stay: str, parent: QWidget) -> None:
        """`go_on` and `stay` are the names of the buttons; the box is deleted when it is closed."""
        super().__init__(parent)
        self.setIcon(QMessageBox.Icon.Question)
        self.setWindowTitle(QCoreApplication.applicationName())
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(question)
        self.setInformativeText(explanation)
        staying = Button(stay, self, primary=True)
        self.addButton(Button(go_on, self), QMessageBox.ButtonRole.AcceptRole)
        self.addButton(staying, QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(staying)
        self.setEscapeButton(staying)
        self.finished.connect(self.deleteLater)
