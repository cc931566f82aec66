"""Draws the program's icon, one SVG, as the png, ico and icns files that the systems want. Needs Qt, no display.

The pictures of the Windows setup are made of it, too.
"""

import os
import struct
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SVG = Path(__file__).resolve().parent.parent / "resources" / "icons" / "callup.svg"
ICO_SIDES = (16, 20, 24, 32, 40, 48, 64, 256)
PNG_SIDES = (16, 32, 48, 64, 128, 256, 512)
ICNS_SIDES = {
    b"icp4": 16,
    b"icp5": 32,
    b"ic11": 32,
    b"ic12": 64,
    b"ic07": 128,
    b"ic13": 256,
    b"ic08": 256,
    b"ic14": 512,
    b"ic09": 512,
    b"ic10": 1024,
}
"""What macOS shows at which size; ic11 to ic14 and ic10 are the double-density pictures."""


def draw_icons(folder: Path, svg: Path = SVG) -> None:
    """Write callup.ico, callup.icns and png/<side>.png into the folder."""
    pictures = _drawn(svg, {*ICO_SIDES, *PNG_SIDES, *ICNS_SIDES.values()})
    (folder / "png").mkdir(parents=True, exist_ok=True)
    for side in PNG_SIDES:
        (folder / "png" / f"{side}.png").write_bytes(pictures[side])
    (folder / "callup.ico").write_bytes(ico_of({side: pictures[side] for side in ICO_SIDES}))
    (folder / "callup.icns").write_bytes(icns_of({kind: pictures[side] for kind, side in ICNS_SIDES.items()}))


@dataclass(frozen=True, slots=True)
class SetupPicture:
    """A bitmap of NSIS's Modern UI: its size, its ground, and where the icon stands, in pixels."""

    width: int
    height: int
    ground: str
    icon: tuple[float, float, float]
    """Left, top and side."""


SETUP_PICTURES = {
    "setup-header.bmp": SetupPicture(150, 57, "#ffffff", (102, 8, 41)),
    "setup-welcome.bmp": SetupPicture(164, 314, "#eaf0fd", (42, 117, 80)),
}


def draw_setup_pictures(folder: Path, svg: Path = SVG) -> None:
    """Write the bitmaps of the Windows setup into the folder, without transparency, as NSIS wants them."""
    folder.mkdir(parents=True, exist_ok=True)
    with _renderer(svg) as renderer:
        for name, picture in SETUP_PICTURES.items():
            image = QImage(picture.width, picture.height, QImage.Format.Format_RGB888)
            image.fill(QColor(picture.ground))
            left, top, side = picture.icon
            _paint(renderer, image, QRectF(left, top, side, side))
            if not image.save(str(folder / name), "BMP"):  # type: ignore[call-overload]  # the stub wants bytes
                raise OSError(f"{folder / name} cannot be written")


def ico_of(pictures: Mapping[int, bytes]) -> bytes:
    """An ico file of PNG pictures by side; all Windows since Vista read those."""
    head = struct.pack("<HHH", 0, 1, len(pictures))
    entries, body = b"", b""
    start = len(head) + 16 * len(pictures)
    for side, png in pictures.items():
        # One byte a side, so 256 is written as 0.
        entries += struct.pack("<BBBBHHII", side % 256, side % 256, 0, 0, 1, 32, len(png), start + len(body))
        body += png
    return head + entries + body


def icns_of(pictures: Mapping[bytes, bytes]) -> bytes:
    """An icns file of PNG pictures by OSType."""
    body = b"".join(kind + struct.pack(">I", 8 + len(png)) + png for kind, png in pictures.items())
    return b"icns" + struct.pack(">I", 8 + len(body)) + body


@contextmanager
def _renderer(svg: Path) -> Iterator[QSvgRenderer]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # Kept until the last picture is drawn: Qt paints only while its application lives.
    application = QGuiApplication.instance() or QGuiApplication([])
    renderer = QSvgRenderer(str(svg))
    if not renderer.isValid():
        raise ValueError(f"{svg} is not an SVG that Qt can draw")
    yield renderer
    del application


def _drawn(svg: Path, sides: set[int]) -> dict[int, bytes]:
    with _renderer(svg) as renderer:
        return {side: _png(renderer, side) for side in sorted(sides)}


def _paint(renderer: QSvgRenderer, image: QImage, place: QRectF) -> None:
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, place)
    painter.end()


def _png(renderer: QSvgRenderer, side: int) -> bytes:
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    _paint(renderer, image, QRectF(0, 0, side, side))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub forgets QIODevice
    return bytes(buffer.data().data())


if __name__ == "__main__":
    draw_icons(Path(sys.argv[1]))
    draw_setup_pictures(Path(sys.argv[1]))
