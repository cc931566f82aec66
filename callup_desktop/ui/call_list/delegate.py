"""Paints one call: badge, name, stage with bar or chip, buttons; finds the button at a point. Main thread."""

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPixmap
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from callup_desktop.presentation.rows import Action, CallRow, Tone
from callup_desktop.ui.widgets.colours import Colours, colours_of, mixed
from callup_desktop.ui.widgets.icons import paint_icon
from callup_desktop.ui.widgets.measures import em, scaled
from callup_desktop.ui.widgets.painting import CORNER, focus_ring, rounded

_NARROW = 38
"""Line heights. A narrower row has its stage below the name."""
_SMALL = 0.93
"""Factor of the view's font."""
_MORE_PICTURES = 8
"""Painted rows that are kept beyond those in view: the next ones, and those that were selected before."""
_MOST_PARTS = 256
"""Painted badges, chips and buttons that are kept: rows differ in their texts, hardly in these."""
_MOST_WIDTHS = 256
_DOT = " · "
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


@dataclass(frozen=True, slots=True)
class RowGeometry:
    """The rectangles of the parts of one row."""

    badge: QRectF
    name: QRectF
    meta: QRectF
    stage: QRectF
    buttons: tuple[QRectF, ...]


@dataclass(frozen=True, slots=True)
class Letters:
    """A font and its measures."""

    font: QFont
    metrics: QFontMetricsF
    widths: dict[str, float] = field(default_factory=dict)

    def width_of(self, text: str) -> float:
        """The width of a text that many rows have alike."""
        known = self.widths.get(text)
        if known is None:
            if len(self.widths) >= _MOST_WIDTHS:
                self.widths.clear()
            known = self.widths[text] = self.metrics.horizontalAdvance(text)
        return known


@dataclass(frozen=True, slots=True)
class RowButton:
    """One button of one row, both by number."""

    row: int
    button: int


@dataclass(frozen=True, slots=True)
class RowLook:
    """Which row it is; whether it is selected, under the mouse, or has the keyboard focus."""

    place: int
    chosen: bool
    hovered: bool
    current: bool


@dataclass(frozen=True, slots=True)
class PictureKey:
    """Everything that a painted row depends on, its button states as numbers of buttons, its size in device pixels."""

    row: CallRow | None
    dark: bool
    chosen: bool
    hovered: bool
    current: bool
    lit: int
    pressed: int
    focused: int
    width: int
    height: int
    ratio: float


class PartKey(NamedTuple):
    """Everything that a painted part of a row depends on: what it shows, where in its row, on which ground."""

    shown: Hashable
    place: tuple[float, float, float, float]
    ground: int
    dark: bool
    ratio: float


class CallDelegate(QStyledItemDelegate):
    """Paints rows; knows which button is under the mouse, pressed, or has the keyboard focus."""

    def __init__(self, view: QWidget, *, stage_at: float) -> None:
        """Paint in the font of `view`; `stage_at` is the share of the row's width where the stage begins."""
        super().__init__(view)
        self._view = view
        self._stage_at = stage_at
        self._base_font = QFont()
        self._unit, self._corner = 1, 1
        self._letters: dict[tuple[float, bool], Letters] = {}
        self._pictures: dict[PictureKey, QPixmap] = {}
        self._parts: dict[PartKey, QPixmap] = {}
        self._measure(view.font())
        self.hovered: RowButton | None = None
        self.pressed: RowButton | None = None
        self.focused: RowButton | None = None

    @property
    def narrow(self) -> bool:
        """Whether rows have their stage below the name. The width of the view decides, with or without a scroll bar."""
        return self._view.width() < em(self._view, _NARROW)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        """All rows have the same height."""
        return QSize(em(self._view, 10), em(self._view, 6.3 if self.narrow else 4.0))

    def geometry(self, row: CallRow, rect: QRect) -> RowGeometry:
        """The rectangles of the row's parts in its own rectangle."""
        self._follow_font()
        unit = float(self._unit)
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
            stage_right = buttons_left
            if row.acknowledged is None:
                # A chip may be as wide as its own row allows; bars are equally wide.
                stage_right = buttons[0].left() - unit * 0.5 if buttons else right
            stage = QRectF(stage_left, middle - unit * 1.1, stage_right - stage_left, unit * 2.2)
        name = QRectF(text_left, middle - unit * 1.15, width, unit * 1.15)
        return RowGeometry(badge, name, name.translated(0, unit * 1.15), stage, buttons)

    def button_at(self, row: CallRow, rect: QRect, point: QPoint) -> int:
        """The number of the button at the point, -1 without one."""
        buttons = self.geometry(row, rect).buttons
        return next((index for index, place in enumerate(buttons) if place.contains(point)), -1)

    def paint_row(self, painter: QPainter, rect: QRect, row: CallRow | None, look: RowLook) -> None:
        """Paint the row; only its ground if it is not read yet.

        A row that looks as before is copied: a list that moves by one row has one new row, and nine known ones.
        """
        self._follow_font()
        ratio, offset = painter.device().devicePixelRatioF(), painter.deviceTransform()
        # Edges on whole pixels, so that rows meet without a gap where the scale is no whole number.
        left, top = round(rect.left() * ratio + offset.dx()), round(rect.top() * ratio + offset.dy())
        right = round((rect.left() + rect.width()) * ratio + offset.dx())
        bottom = round((rect.top() + rect.height()) * ratio + offset.dy())
        key = self._key(row, look, right - left, bottom - top, ratio)
        picture = self._pictures.pop(key, None) or self._painted(key, rect, row, look)
        self._pictures[key] = picture
        place = QPointF((left - offset.dx()) / ratio, (top - offset.dy()) / ratio)
        painter.drawPixmap(place, picture)

    def _key(self, row: CallRow | None, look: RowLook, width: int, height: int, ratio: float) -> PictureKey:
        lit, pressed, focused = (
            button.button if button is not None and button.row == look.place else -1
            for button in (self.hovered, self.pressed, self.focused)
        )
        dark = colours_of(self._view.palette()).dark
        return PictureKey(
            row, dark, look.chosen, look.hovered, look.current, lit, pressed, focused, width, height, ratio
        )

    def _painted(self, key: PictureKey, rect: QRect, row: CallRow | None, look: RowLook) -> QPixmap:
        most = self._view.height() // max(1, rect.height()) + _MORE_PICTURES
        while len(self._pictures) >= most:
            del self._pictures[next(iter(self._pictures))]
        picture = QPixmap(key.width, key.height)
        picture.setDevicePixelRatio(key.ratio)
        # Where the scale is no whole number it may be larger than the row by a part of a pixel.
        picture.fill(_ground_of(look, colours_of(self._view.palette())))
        painter = QPainter(picture)
        self._paint(painter, QRect(0, 0, rect.width(), rect.height()), row, look)
        painter.end()
        return picture

    def _paint(self, painter: QPainter, rect: QRect, row: CallRow | None, look: RowLook) -> None:
        colours = colours_of(self._view.palette())
        self._paint_line(painter, rect, colours)
        if row is not None:
            geometry = self.geometry(row, rect)
            ground = _ground_of(look, colours)
            badge = partial(self._paint_badge, place=geometry.badge, text=row.badge, colours=colours)
            self._paint_part(painter, geometry.badge, row.badge, ground, badge)
            self._paint_name(painter, geometry, row, colours)
            if row.acknowledged is None:
                self._paint_chip(painter, geometry.stage, row, colours, look)
            else:
                self._paint_bar(painter, geometry.stage, row, colours)
            self._paint_buttons(painter, geometry, row, look, colours)
        if look.current:
            focus_ring(painter, QRectF(rect).adjusted(2, 2, -2, -3), self._corner, colours.accent)

    def _paint_part(
        self, painter: QPainter, place: QRectF, shown: Hashable, ground: QColor, paint: Callable[[QPainter], None]
    ) -> None:
        """Paint a part that many rows have alike; it is copied if it was painted at this place in another row."""
        ratio = painter.device().devicePixelRatioF()
        dark = colours_of(self._view.palette()).dark
        sides = (place.x(), place.y(), place.width(), place.height())
        key = PartKey(shown, sides, ground.rgb(), dark, ratio)
        # Whole pixels around it, so that a copy is the same as what is painted in place.
        left, top = math.floor(place.left() * ratio), math.floor(place.top() * ratio)
        picture = self._parts.get(key)
        if picture is None:
            if len(self._parts) >= _MOST_PARTS:
                del self._parts[next(iter(self._parts))]
            right, bottom = math.ceil(place.right() * ratio), math.ceil(place.bottom() * ratio)
            picture = self._parts[key] = QPixmap(right - left, bottom - top)
            picture.setDevicePixelRatio(ratio)
            picture.fill(ground)
            inner = QPainter(picture)
            inner.translate(-left / ratio, -top / ratio)
            paint(inner)
            inner.end()
        painter.drawPixmap(QPointF(left / ratio, top / ratio), picture)

    def _paint_line(self, painter: QPainter, rect: QRect, colours: Colours) -> None:
        painter.setPen(colours.line)
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())

    def _paint_badge(self, painter: QPainter, place: QRectF, text: str, colours: Colours) -> None:
        rounded(painter, place, self._corner, fill=colours.field, line=colours.line)
        painter.setFont(self._font(0.82, bold=True).font)
        painter.setPen(colours.muted)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_name(self, painter: QPainter, geometry: RowGeometry, row: CallRow, colours: Colours) -> None:
        name = geometry.name if row.meta else geometry.name.united(geometry.meta)
        self._line(painter, name, row.name, self._font(1.0, bold=True), colours.text)
        self._line(painter, geometry.meta, row.meta, self._font(0.97), colours.muted)

    def _paint_bar(self, painter: QPainter, place: QRectF, row: CallRow, colours: Colours) -> None:
        unit = self._unit
        line = QRectF(place.left(), place.top(), place.width(), unit * 1.1)
        letters = self._font(_SMALL)
        room = line.width() - letters.width_of(row.stage) - unit * 0.5
        figures = fitting(row.figures, room, letters.metrics)
        self._line(painter, line, row.stage, letters, colours.muted)
        self._line(painter, line, figures, letters, colours.muted, align=_RIGHT)
        bar = QRectF(place.left(), place.top() + unit * 1.45, place.width(), unit * 0.32)
        radius = bar.height() / 2
        rounded(painter, bar, radius, fill=colours.trough)
        done = bar.width() * (row.acknowledged or 0) / 1000
        sent = done + bar.width() * row.in_flight / 1000
        if sent > done:
            rounded(
                painter,
                QRectF(bar.left(), bar.top(), max(sent, bar.height()), bar.height()),
                radius,
                fill=colours.in_flight,
            )
        if done:
            rounded(
                painter,
                QRectF(bar.left(), bar.top(), max(done, bar.height()), bar.height()),
                radius,
                fill=colours.accent,
            )

    def _paint_chip(self, painter: QPainter, place: QRectF, row: CallRow, colours: Colours, look: RowLook) -> None:
        unit = self._unit
        width = min(place.width(), self._font(_SMALL, bold=True).width_of(row.stage) + unit * 1.25)
        chip = QRectF(place.left(), place.center().y() - unit * 0.68, width, unit * 1.36)
        on_selection = look.chosen and row.tone is Tone.ACCENT
        fill = colours.surface if on_selection else colours.tint(row.tone)
        words = partial(self._paint_words, chip=chip, row=row, fill=fill, colours=colours)
        self._paint_part(painter, chip, (row.stage, row.tone, fill.rgb()), _ground_of(look, colours), words)
        advice = place.adjusted(width + unit * 0.4, 0, 0, 0)
        if advice.width() > unit * 2:
            self._line(painter, advice, row.advice, self._font(0.97), colours.muted)

    def _paint_words(self, painter: QPainter, chip: QRectF, row: CallRow, fill: QColor, colours: Colours) -> None:
        rounded(painter, chip, chip.height() / 2, fill=fill)
        inner = chip.adjusted(self._unit * 0.6, 0, -self._unit * 0.6, 0)
        self._line(painter, inner, row.stage, self._font(_SMALL, bold=True), colours.words(row.tone))

    def _paint_buttons(
        self, painter: QPainter, geometry: RowGeometry, row: CallRow, look: RowLook, colours: Colours
    ) -> None:
        for index, (action, place) in enumerate(zip(row.buttons, geometry.buttons, strict=True)):
            button = RowButton(look.place, index)
            state = (button == self.hovered, button == self.pressed, button == self.focused)
            paint = partial(self._paint_button, place=place, action=action, button=button, colours=colours)
            self._paint_part(painter, place, (action, *state), _ground_of(look, colours), paint)

    def _paint_button(
        self, painter: QPainter, place: QRectF, action: Action, button: RowButton, colours: Colours
    ) -> None:
        ground = colours.surface
        if button in {self.hovered, self.pressed}:
            ground = mixed(colours.text, colours.surface, 0.14 if button == self.pressed else 0.06)
        rounded(painter, place, self._corner, fill=ground, line=colours.line)
        if self.focused == button:
            focus_ring(painter, place, self._corner, colours.accent)
        inset = place.width() * 0.26
        paint_icon(painter, icon_of(action), place.adjusted(inset, inset, -inset, -inset), colours.text)

    def _follow_font(self) -> None:
        """Measure again if the view has another font: each row needs the same lengths and the same four fonts."""
        font = self._view.font()
        if font != self._base_font:
            self._measure(font)

    def _measure(self, font: QFont) -> None:
        self._base_font = QFont(font)
        self._unit, self._corner = em(self._view), em(self._view, CORNER)
        self._letters.clear()
        self._pictures.clear()
        self._parts.clear()

    def _font(self, factor: float, *, bold: bool = False) -> Letters:
        """The view's font in another size."""
        found = self._letters.get((factor, bold))
        if found is None:
            font = scaled(self._base_font, factor, bold=bold)
            found = self._letters[factor, bold] = Letters(font, QFontMetricsF(font))
        return found

    def _line(
        self,
        painter: QPainter,
        place: QRectF,
        text: str,
        letters: Letters,
        colour: QColor,
        *,
        align: int = _LEFT,
    ) -> None:
        if not text:
            return
        painter.setFont(letters.font)
        painter.setPen(colour)
        shown = letters.metrics.elidedText(text, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, align, shown)


def _ground_of(look: RowLook, colours: Colours) -> QColor:
    return colours.selected if look.chosen else colours.hovered if look.hovered else colours.surface


def fitting(figures: tuple[str, ...], room: float, metrics: QFontMetricsF) -> str:
    """Percent, rate and time left as far as there is room; the rate is left out first, percent never."""
    shown = list(figures)
    while len(shown) > 1 and metrics.horizontalAdvance(_DOT.join(shown)) > room:
        shown.pop(1)
    return _DOT.join(shown)


def icon_of(action: Action) -> str:
    """The name of the icon of an action."""
    return "copy" if action is Action.COPY_ID else action.value
