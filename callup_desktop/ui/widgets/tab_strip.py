"""The three tabs with their counts. Main thread."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QPushButton, QWidget

from callup_desktop.presentation.rows import Tab
from callup_desktop.ui.widgets.colours import colours, mixed
from callup_desktop.ui.widgets.controls import CORNER, focus_ring, rounded
from callup_desktop.ui.widgets.measures import em


class TabButton(QPushButton):
    """A tab: its name, and beside it how many calls it holds."""

    def __init__(self, tab: Tab, text: str, parent: QWidget | None = None) -> None:
        """Make it for the tab."""
        super().__init__(text, parent)
        self.tab = tab
        self._count = ""
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(text)

    def set_count(self, count: str) -> None:
        """Show the count."""
        if count != self._count:
            self._count = count
            self.setAccessibleName(f"{self.text()} {count}")
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """Room for name and count."""
        metrics = QFontMetricsF(self.font())
        words = metrics.horizontalAdvance(self.text()) + metrics.horizontalAdvance(self._count)
        return QSize(int(words) + em(self, 2.0), em(self, 2.0))

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the chosen one as a card, the others as words."""
        look = colours(self.palette())
        painter = QPainter(self)
        rect, radius = QRectF(self.rect()), em(self, CORNER)
        if self.isChecked():
            rounded(painter, rect, radius, fill=look.surface, line=look.line)
        elif self.underMouse():
            rounded(painter, rect, radius, fill=mixed(look.text, look.window, 0.05))
        if self.hasFocus():
            focus_ring(painter, rect, radius, look.accent)
        painter.setPen(look.text if self.isChecked() else look.muted)
        name = rect.adjusted(em(self, 0.8), 0, 0, 0)
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        width = QFontMetricsF(self.font()).horizontalAdvance(self.text())
        painter.setPen(look.muted)
        painter.drawText(
            name.adjusted(width + em(self, 0.35), 0, 0, 0),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
            self._count,
        )


class TabStrip(QWidget):
    """One of three tabs is chosen; arrow keys walk them."""

    chosen = Signal(object)
    """A Tab."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Choose the first."""
        super().__init__(parent)
        names = {Tab.LIVE: self.tr("In progress"), Tab.NEEDS: self.tr("Needs you"), Tab.SENT: self.tr("Sent")}
        self._group = QButtonGroup(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(em(self, 0.2))
        self.buttons: dict[Tab, TabButton] = {}
        for tab, name in names.items():
            button = self.buttons[tab] = TabButton(tab, name, self)
            self._group.addButton(button)
            layout.addWidget(button)
        self.buttons[Tab.LIVE].setChecked(True)
        self._group.buttonToggled.connect(self._on_toggled)

    @property
    def current(self) -> Tab:
        """The chosen tab."""
        return next(tab for tab, button in self.buttons.items() if button.isChecked())

    def choose(self, tab: Tab) -> None:
        """Choose a tab."""
        self.buttons[tab].setChecked(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right choose the neighbour."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        tabs = list(self.buttons)
        tab = tabs[(tabs.index(self.current) + step) % len(tabs)]
        self.choose(tab)
        self.buttons[tab].setFocus(Qt.FocusReason.TabFocusReason)

    @Slot(QAbstractButton, bool)
    def _on_toggled(self, button: QAbstractButton, checked: bool) -> None:  # noqa: FBT001 - Qt's signature
        if checked and isinstance(button, TabButton):
            self.chosen.emit(button.tab)
