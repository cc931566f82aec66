"""Text from outside where Qt would guess whether it is markup: tool tips and message boxes. Main thread."""

import html

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


def plain_tip(text: str) -> str:
    """A tool tip that shows the text as it is: Qt takes one that looks like markup for markup, and opens its images."""
    return f"<span>{html.escape(text)}</span>" if "<" in text else text


def plain_box(icon: QMessageBox.Icon, title: str, text: str, parent: QWidget | None = None) -> QMessageBox:
    """A message box that shows its text as it is; not shown yet."""
    box = QMessageBox(icon, title, "", parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(text)
    return box
