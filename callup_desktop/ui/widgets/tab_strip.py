"""The three tabs with their counts. Main thread."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QPushButton, QWidget

from callup_desktop.presentation.rows import Tab
from callup_desktop.ui.widgets.colours import colours_of, mixed
from callup_desktop.ui.widgets.measures import em
from callup_desktop.ui.widgets.painting import CORNER, focus_ring, rounded


class TabButton(QPushButton):
    """A tab: its name and the number of its calls."""

    def __init__(self, tab: Tab, text: str, parent: QWidget | None = None) -> None:
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
        """Room for the name and the count."""
        metrics = QFontMetricsF(self.font())
        width = metrics.horizontalAdvance(self.text()) + metrics.horizontalAdvance(self._count)
        return QSize(int(width) + em(self, 2.0), em(self, 2.0))

    def minimumSizeHint(self) -> QSize:
        """The text is never cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the chosen tab as a card, the others as plain text."""
        colours = colours_of(self.palette())
        painter = QPainter(self)
        rect, radius = QRectF(self.rect()), em(self, CORNER)
        if self.isChecked():
            rounded(painter, rect, radius, fill=colours.surface, line=colours.line)
        elif self.underMouse():
            rounded(painter, rect, radius, fill=mixed(colours.text, colours.window, 0.05))
        if self.hasFocus():
            focus_ring(painter, rect, radius, colours.accent)
        painter.setPen(colours.text if self.isChecked() else colours.muted)
        name = rect.adjusted(em(self, 0.8), 0, 0, 0)
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        width = QFontMetricsF(self.font()).horizontalAdvance(self.text())
        painter.setPen(colours.muted)
        painter.drawText(
            name.adjusted(width + em(self, 0.35), 0, 0, 0),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
            self._count,
        )


class TabStrip(QWidget):
    """Three tabs; exactly one is chosen, by mouse or by arrow key."""

    chosen = Signal(object)
    """A Tab."""

    def __init__(self, parent: QWidget | None = None) -> None:
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
        """The left and right arrow keys choose the neighbouring tab."""
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
