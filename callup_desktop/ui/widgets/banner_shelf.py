"""The place of the banners above a page: their coming and going never moves what is under the mouse. Main thread."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal, Slot
from PySide6.QtGui import QCursor, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QSizePolicy, QWidget

from callup_desktop.ui.timers import repeating
from callup_desktop.ui.widgets.banner import Banner

_LOOK_INTERVAL = 200
"""Milliseconds between two looks whether the mouse has left what must not move, or what must not be covered."""


class BannerShelf(QWidget):
    """Takes room for its banners only while the mouse is neither over them nor over the page below.

    Until then a new banner lies over the upper edge of the page. The room of one that is gone stays empty only while
    the mouse is over something that a click would reach.
    """

    focus_left = Signal()
    """A banner that had the focus is gone."""

    def __init__(self, banners: Sequence[Banner], page: QWidget, ground: QWidget) -> None:
        """`ground` is the parent of shelf and page; the first of the banners is the topmost one."""
        super().__init__(ground)
        self._banners = tuple(banners)
        self._page = page
        self._content = QWidget(ground)
        self._tops: dict[Banner, int] = {}
        self._looking = repeating(self, _LOOK_INTERVAL, self.settle)
        for banner in self._banners:
            banner.setParent(self._content)
            banner.changed.connect(self.settle)
        for watched in (page, self._content):
            watched.installEventFilter(self)
        self._content.hide()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(0)

    @Slot()
    def settle(self) -> None:
        """Place the banners, and take room for them as far as nothing under the mouse moves."""
        over_banners, over_page = _is_under_mouse(self._content), _is_under_mouse(self._page)
        is_free = self._has_room_left and not over_banners and not _is_at_something(self._page)
        self._place(held=(over_banners or over_page) and not is_free)

    def settle_now(self) -> None:
        """Place the banners wherever the mouse is: another page came into view."""
        self._place(held=False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The mouse left, or a banner wants another height."""
        if event.type() in {QEvent.Type.Leave, QEvent.Type.LayoutRequest}:
            self.settle()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the banners as wide as the page."""
        super().resizeEvent(event)
        self.settle()

    def _place(self, *, held: bool) -> None:
        shown = [banner for banner in self._banners if banner.alert is not None]
        kept = {banner: top for banner, top in self._tops.items() if banner in shown} if held else {}
        bottom = max((top + self._height_of(banner) for banner, top in kept.items()), default=0)
        for banner in shown:
            if banner not in kept:
                kept[banner] = bottom
                bottom += self._height_of(banner)
        if not held or not _is_under_mouse(self._page):
            self.setFixedHeight(max(bottom, self.height() if held else 0))
        self._tops = {banner: top for banner, top in kept.items() if not self._would_cover_the_mouse(banner, top)}
        self._show(waits=len(kept) > len(self._tops) or self._has_room_left)

    def _show(self, *, waits: bool) -> None:
        """Show the banners that have a place; look again soon if one had to stay hidden, or there is room left."""
        bottoms = [top + self._height_of(banner) for banner, top in self._tops.items()]
        height = max([self.height(), *bottoms])
        focused = self.window().focusWidget()
        leaves = any(banner.isAncestorOf(focused) for banner in self._banners if banner not in self._tops and focused)
        self._content.setGeometry(QRect(self.x(), self.y(), self.width(), height))
        self._content.setVisible(height > 0)
        for banner in self._banners:
            top = self._tops.get(banner)
            if top is not None:
                banner.setGeometry(0, top, self.width(), self._height_of(banner))
            banner.setVisible(top is not None)
        self._content.raise_()
        if leaves:
            self.focus_left.emit()
        if waits != self._looking.isActive():
            (self._looking.start if waits else self._looking.stop)()

    @property
    def _has_room_left(self) -> bool:
        """Whether there is more room than the banners need."""
        needed = sum(self._height_of(banner) for banner in self._banners if banner.alert is not None)
        return self.height() > needed

    def _would_cover_the_mouse(self, banner: Banner, top: int) -> bool:
        """Whether a banner that is not in view yet would appear over what is under the mouse."""
        if banner in self._tops or not _is_under_mouse(self._page):
            return False
        place = QRect(0, top, self.width(), self._height_of(banner))
        return place.bottom() >= self.height() and place.contains(self.mapFromGlobal(QCursor.pos()))

    def _height_of(self, banner: Banner) -> int:
        return banner.heightForWidth(self.width())


def _is_under_mouse(widget: QWidget) -> bool:
    """Qt's own answer is stale where a window opens under the mouse, the cursor's place where it left the program."""
    return widget.isVisible() and widget.underMouse() and widget.rect().contains(widget.mapFromGlobal(QCursor.pos()))


def _is_at_something(page: QWidget) -> bool:
    """Whether the mouse is over a part of the page that a click would reach: one that takes the focus, or a row."""
    if not _is_under_mouse(page):
        return False
    part = page.childAt(page.mapFromGlobal(QCursor.pos()))
    while part is not None and part is not page:
        if isinstance(part, QAbstractItemView):
            return part.indexAt(part.viewport().mapFromGlobal(QCursor.pos())).isValid()
        if part.focusPolicy() is not Qt.FocusPolicy.NoFocus:
            return True
        part = part.parentWidget()
    return False
