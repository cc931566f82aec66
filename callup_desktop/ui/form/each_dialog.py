"""The dialog that shows what each call gets from its own file name, before it is filled in. Main thread."""

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFrame,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from callup_desktop.presentation.name_suggestions import NamedCall
from callup_desktop.ui.call_list.list_stack import ListStack
from callup_desktop.ui.widgets.button import Button
from callup_desktop.ui.widgets.colours import colours_of
from callup_desktop.ui.widgets.flow_layout import FlowLayout
from callup_desktop.ui.widgets.label import Label
from callup_desktop.ui.widgets.measures import em, scaled
from callup_desktop.ui.widgets.screen_fit import within_screen
from callup_desktop.ui.widgets.scroll_bar import ScrollBar

Index = QModelIndex | QPersistentModelIndex
_CALL = Qt.ItemDataRole.UserRole
_NO_PARENT = QModelIndex()
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


class NamedCallsModel(QAbstractListModel):
    """A row for each call."""

    def __init__(self, calls: tuple[NamedCall, ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._calls = calls

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """One a call."""
        return 0 if parent.isValid() else len(self._calls)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The call, or its file and its details as texts."""
        call = self._calls[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return call.file
            case Qt.ItemDataRole.AccessibleTextRole:
                return ": ".join(part for part in (call.file, *_lines(call)) if part)
            case _ if role == _CALL:
                return call
        return None


def _lines(call: NamedCall) -> tuple[str, str]:
    """The company, and below it the rest of the details."""
    details = call.details
    rest = " · ".join(part for part in (details.contact_email, details.call_type.capitalize()) if part)
    return (details.company_name or rest, rest if details.company_name else "")


class NamedCallDelegate(QStyledItemDelegate):
    """Paints the file at the left, what it gets at the right; a call that does not change is muted."""

    def __init__(self, view: QWidget, unchanged: str) -> None:
        """`unchanged` is said of a call that its name says nothing about."""
        super().__init__(view)
        self._view = view
        self._unchanged = unchanged

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Two lines of text."""
        return QSize(em(self._view, 10), em(self._view, 3.0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the row and the hairline below it."""
        call = index.data(_CALL)
        if not isinstance(call, NamedCall):
            return
        colours = colours_of(self._view.palette())
        rect, unit = QRectF(option.rect), float(em(self._view))
        painter.setPen(colours.line)
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        inner = rect.adjusted(unit * 0.9, 0, -unit * 0.9, 0)
        left = QRectF(inner.left(), inner.top(), inner.width() * 0.5 - unit * 0.6, inner.height())
        right = QRectF(inner.center().x(), inner.top(), inner.width() * 0.5, inner.height())
        plain = self._view.font()
        self._line(painter, left, call.file, plain, colours.text if call.changed else colours.muted)
        upper, lower = _lines(call)
        if not upper:
            self._line(painter, right, self._unchanged, plain, colours.muted)
            return
        bold = scaled(plain, 1.0, bold=call.changed)
        half = unit * (1.15 if lower else 0)
        middle = right.center().y()
        first = QRectF(right.left(), middle - half, right.width(), half or unit) if lower else right
        self._line(painter, first, upper, bold, colours.text if call.changed else colours.muted)
        self._line(painter, QRectF(right.left(), middle, right.width(), half), lower, plain, colours.muted)

    def _line(self, painter: QPainter, place: QRectF, text: str, font: QFont, colour: QColor) -> None:
        painter.setFont(font)
        painter.setPen(colour)
        shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideMiddle, place.width())
        painter.drawText(place, _LEFT, shown)


class EachDialog(QDialog):
    """Shows the details of each call; nothing is filled in before the rep says so."""

    filled = Signal(object)
    """The calls (tuple[NamedCall, ...])."""

    def __init__(self, calls: tuple[NamedCall, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._calls = calls
        self.setWindowTitle(self.tr("Fill each from its name"))
        changed = sum(call.changed for call in calls)
        self.view = self._make_list()
        card = ListStack(self)
        card.addWidget(self.view)
        card.empty_label.hide()
        self.fill_button = Button(self.tr("Fill in %n call(s)", "", changed), self, primary=True)
        self.fill_button.clicked.connect(self._on_fill)
        self.cancel_button = Button(self.tr("Cancel"), self)
        self.cancel_button.clicked.connect(self.reject)
        buttons = FlowLayout(spacing=em(self, 0.5), to_right=True)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.fill_button)
        layout = QVBoxLayout(self)
        margin = em(self, 1.2)
        layout.setContentsMargins(margin, margin, margin, margin)
        layout.setSpacing(em(self, 0.2))
        layout.addWidget(Label(self.windowTitle(), self, size=1.15, bold=True))
        layout.addWidget(Label(self._summary(changed), self, muted=True))
        layout.addSpacing(em(self, 0.6))
        layout.addWidget(card, 1)
        layout.addSpacing(em(self, 0.6))
        layout.addLayout(buttons)
        self.resize(within_screen(self, QSize(em(self, 46), em(self, 32))))
        self.fill_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _summary(self, changed: int) -> str:
        companies = len({call.details.company_name for call in self._calls if call.changed} - {""})
        text = self.tr("Found %n company name(s) in the names of the files.", "", companies)
        left = len(self._calls) - changed
        if left:
            text += " " + self.tr("Nothing changes for %n call(s).", "", left)
        return text + " " + self.tr("What you entered yourself stays.")

    def _make_list(self) -> QListView:
        view = QListView(self)
        view.setModel(NamedCallsModel(self._calls, view))
        view.setItemDelegate(NamedCallDelegate(view, self.tr("stays as it is")))
        view.setAccessibleName(self.windowTitle())
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setUniformItemSizes(True)
        view.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setVerticalScrollBar(ScrollBar(view))
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return view

    @Slot()
    def _on_fill(self) -> None:
        self.filled.emit(self._calls)
        self.accept()
