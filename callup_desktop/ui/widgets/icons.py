"""The icons: SVG files, painted in the colour of the text beside them. Main thread."""

from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from callup_desktop.resource_files import RESOURCES


def app_icon(*, attention: bool = False) -> QIcon:
    """The program's icon; `attention` marks that calls need the rep."""
    return QIcon(str(RESOURCES / "icons" / ("callup_attention.svg" if attention else "callup.svg")))


def paint_icon(painter: QPainter, name: str, rect: QRectF, colour: QColor) -> None:
    """Paint the icon into the rectangle in this colour; it is aligned to whole pixels, so its lines stay sharp."""
    ratio = painter.device().devicePixelRatioF()
    side = max(1, round(rect.width() * ratio))
    offset = painter.deviceTransform()
    left = (round(rect.left() * ratio + offset.dx()) - offset.dx()) / ratio
    top = (round(rect.top() * ratio + offset.dy()) - offset.dy()) / ratio
    place = QRectF(left, top, side / ratio, side / ratio)
    painter.drawPixmap(place, _drawn(name, side, colour.rgba()), QRectF(0, 0, side, side))


@lru_cache(maxsize=512)
def _drawn(name: str, side: int, rgba: int) -> QPixmap:
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    _renderer(name).render(painter, QRectF(0, 0, side, side))
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(picture.rect(), QColor.fromRgba(rgba))
    painter.end()
    return picture


@lru_cache(maxsize=64)
def _renderer(name: str) -> QSvgRenderer:
    return QSvgRenderer(str(RESOURCES / "icons" / f"{name}.svg"))
