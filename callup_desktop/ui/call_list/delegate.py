"""Paints one call: badge, name, stage and bar or chip, buttons; and tells which button lies where. Main thread."""

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from callup_desktop.presentation.rows import Action, CallRow, Tone
from callup_desktop.ui.call_list.model import ROW
from callup_desktop.ui.widgets.colours import Colours, colours, mixed
from callup_desktop.ui.widgets.controls import CORNER, focus_ring, rounded
from callup_desktop.ui.widgets.icons import paint_icon
from callup_desktop.ui.widgets.measures import em, scaled

_NARROW = 38
"""Rows narrower than so many line heights put their stage below the name."""
_SMALL = 0.93
_DOT = " · "
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Places:
    """Where the pieces of one row lie."""

    badge: QRectF
    name: QRectF
    meta: QRectF
    stage: QRectF
    buttons: tuple[QRectF, ...]


@dataclass(frozen=True, slots=True)
class Pointed:
    """Which row button is under the mouse, pressed, or has the keyboard; rows by number."""

    row: int
    button: int
    pressed: bool = False


class CallDelegate(QStyledItemDelegate):
    """Paints rows; holds nothing but where the mouse and the keyboard point."""

    def __init__(self, view: QWidget, *, stage_at: float) -> None:
        """Paint for this view, in its font; a stage begins at this share of the row's width."""
        super().__init__(view)
        self._view = view
        self._stage_at = stage_at
        self.hovered: Pointed | None = None
        self.aimed: Pointed | None = None

    @property
    def narrow(self) -> bool:
        """Whether rows put their stage below the name: by the view's width, whether it has a scroll bar or not."""
        return self._view.width() < em(self._view, _NARROW)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        """All rows are equally tall."""
        return QSize(em(self._view, 10), em(self._view, 6.3 if self.narrow else 4.0))

    def places(self, row: CallRow, rect: QRect) -> Places:
        """Where the pieces of the row lie in its rectangle."""
        unit = float(em(self._view))
        side, gap, margin = unit * 1.8, unit * 0.28, unit * 0.95
        narrow = self.narrow
        upper = QRectF(rect).adjusted(0, unit * 0.3, 0, -unit * 2.5) if narrow else QRectF(rect)
        middle = upper.center().y()
        right = rect.right() - margin
        count = len(row.buttons)
        buttons = tuple(
            QRectF(right - (count - index) * side - (count - index - 1) * gap, middle - side / 2, side, side)
            for index in range(count)
        )
        badge = QRectF(rect.left() + margin, middle - unit * 1.15, unit * 2.75, unit * 2.3)
        text_left = badge.right() + unit * 0.8
        buttons_left = right - 2 * side - gap - unit
        if narrow:
            own_left = buttons[0].left() - gap if buttons else right
            width = own_left - text_left
            stage = QRectF(text_left, upper.bottom(), right - text_left, unit * 2.2)
        else:
            stage_left = rect.left() + rect.width() * self._stage_at
            width = stage_left - text_left - unit * 0.6
            stage = QRectF(stage_left, middle - unit * 1.1, buttons_left - stage_left, unit * 2.2)
        name = QRectF(text_left, middle - unit * 1.15, width, unit * 1.15)
        return Places(badge, name, name.translated(0, unit * 1.15), stage, buttons)

    def button_at(self, row: CallRow, rect: QRect, point: QPoint) -> int:
        """Which button lies at the point, -1 if none."""
        places = self.places(row, rect)
        return next((index for index, place in enumerate(places.buttons) if place.contains(point)), -1)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint the row; one that is not read yet shows an empty ground."""
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        look = colours(self._view.palette())
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        self._paint_ground(painter, rect, look, chosen=chosen, hovered=bool(state & QStyle.StateFlag.State_MouseOver))
        row = index.data(ROW)
        if isinstance(row, CallRow):
            places = self.places(row, rect)
            self._paint_badge(painter, places.badge, row, look)
            self._paint_words(painter, places, row, look)
            if row.acknowledged is None:
                self._paint_chip(painter, places.stage, row, look, chosen=chosen)
            else:
                self._paint_bar(painter, places.stage, row, look)
            self._paint_buttons(painter, places, row, index.row(), look)
        if state & QStyle.StateFlag.State_HasFocus and self._view.hasFocus():
            focus_ring(painter, QRectF(rect).adjusted(2, 2, -2, -3), em(self._view, CORNER), look.accent)

    def _paint_ground(self, painter: QPainter, rect: QRect, look: Colours, *, chosen: bool, hovered: bool) -> None:
        painter.fillRect(rect, look.selected if chosen else look.hovered if hovered else look.surface)
        painter.setPen(look.line)
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())

    def _paint_badge(self, painter: QPainter, place: QRectF, row: CallRow, look: Colours) -> None:
        rounded(painter, place, em(self._view, CORNER), fill=look.field, line=look.line)
        painter.setFont(self._font(0.82, bold=True))
        painter.setPen(look.muted)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, row.badge)

    def _paint_words(self, painter: QPainter, places: Places, row: CallRow, look: Colours) -> None:
        name = places.name if row.meta else places.name.united(places.meta)
        self._line(painter, name, row.name, self._font(1.0, bold=True), look.text)
        self._line(painter, places.meta, row.meta, self._font(0.97), look.muted)

    def _paint_bar(self, painter: QPainter, place: QRectF, row: CallRow, look: Colours) -> None:
        unit = em(self._view)
        words = QRectF(place.left(), place.top(), place.width(), unit * 1.1)
        font = self._font(_SMALL)
        metrics = QFontMetricsF(font)
        room = words.width() - metrics.horizontalAdvance(row.stage) - unit * 0.5
        figures = fitting(row.figures, room, metrics)
        self._line(painter, words, row.stage, font, look.muted)
        self._line(painter, words, figures, font, look.muted, align=_RIGHT)
        bar = QRectF(place.left(), place.top() + unit * 1.45, place.width(), unit * 0.32)
        radius = bar.height() / 2
        rounded(painter, bar, radius, fill=look.trough)
        done = bar.width() * (row.acknowledged or 0) / 1000
        flying = done + bar.width() * row.in_flight / 1000
        if flying > done:
            rounded(
                painter,
                QRectF(bar.left(), bar.top(), max(flying, bar.height()), bar.height()),
                radius,
                fill=look.flying,
            )
        if done:
            rounded(
                painter, QRectF(bar.left(), bar.top(), max(done, bar.height()), bar.height()), radius, fill=look.accent
            )

    def _paint_chip(self, painter: QPainter, place: QRectF, row: CallRow, look: Colours, *, chosen: bool) -> None:
        unit = em(self._view)
        font = self._font(_SMALL, bold=True)
        metrics = QFontMetricsF(font)
        width = min(place.width(), metrics.horizontalAdvance(row.stage) + unit * 1.25)
        chip = QRectF(place.left(), place.center().y() - unit * 0.68, width, unit * 1.36)
        on_its_like = chosen and row.tone is Tone.ACCENT
        rounded(painter, chip, chip.height() / 2, fill=look.surface if on_its_like else look.tint(row.tone))
        inner = chip.adjusted(unit * 0.6, 0, -unit * 0.6, 0)
        self._line(painter, inner, row.stage, font, look.words(row.tone))
        advice = place.adjusted(width + unit * 0.4, 0, 0, 0)
        if advice.width() > unit * 2:
            self._line(painter, advice, row.advice, self._font(0.97), look.muted)

    def _paint_buttons(self, painter: QPainter, places: Places, row: CallRow, number: int, look: Colours) -> None:
        for index, (action, place) in enumerate(zip(row.buttons, places.buttons, strict=True)):
            here = Pointed(number, index)
            hovered = self.hovered is not None and (self.hovered.row, self.hovered.button) == (number, index)
            pressed = hovered and self.hovered is not None and self.hovered.pressed
            ground = mixed(look.text, look.surface, 0.14 if pressed else 0.06) if hovered else look.surface
            rounded(painter, place, em(self._view, CORNER), fill=ground, line=look.line)
            if self.aimed == here:
                focus_ring(painter, place, em(self._view, CORNER), look.accent)
            inset = place.width() * 0.26
            paint_icon(painter, icon_of(action), place.adjusted(inset, inset, -inset, -inset), look.text)

    def _font(self, factor: float, *, bold: bool = False) -> QFont:
        return scaled(self._view.font(), factor, bold=bold)

    def _line(
        self,
        painter: QPainter,
        place: QRectF,
        text: str,
        font: QFont,
        colour: QColor,
        *,
        align: Qt.AlignmentFlag = _LEFT,
    ) -> None:
        painter.setFont(font)
        painter.setPen(colour)
        shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, align | Qt.TextFlag.TextSingleLine, shown)


def fitting(figures: tuple[str, ...], room: float, metrics: QFontMetricsF) -> str:
    """Percent, rate and time left as far as there is room: the rate goes first, percent stays."""
    shown = list(figures)
    while len(shown) > 1 and metrics.horizontalAdvance(_DOT.join(shown)) > room:
        shown.pop(1)
    return _DOT.join(shown)


def icon_of(action: Action) -> str:
    """The name of the picture of an action."""
    return "copy" if action is Action.COPY_ID else action.value
