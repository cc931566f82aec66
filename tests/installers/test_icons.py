"""What Explorer, Finder and desktops read out of the icon files."""

import struct
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from installers.icons import ICNS_SIDES, ICO_SIDES, PNG_SIDES, SETUP_PICTURES, draw_icons, draw_setup_pictures


@pytest.fixture
def drawn(tmp_path: Path, qtbot: QtBot) -> Path:
    assert qtbot is not None
    draw_icons(tmp_path)
    return tmp_path


def pictures_in_ico(data: bytes) -> dict[int, QImage]:
    _, kind, count = struct.unpack_from("<HHH", data)
    assert kind == 1
    found = {}
    for index in range(count):
        width, *_, length, offset = struct.unpack_from("<BBBBHHII", data, 6 + 16 * index)
        found[width or 256] = QImage.fromData(data[offset : offset + length])
    return found


def pictures_in_icns(data: bytes) -> dict[bytes, QImage]:
    head, total = struct.unpack_from(">4sI", data)
    assert (head, total) == (b"icns", len(data))
    found, place = {}, 8
    while place < total:
        kind, length = struct.unpack_from(">4sI", data, place)
        found[kind] = QImage.fromData(data[place + 8 : place + length])
        place += length
    return found


def shows_the_logo(picture: QImage) -> bool:
    middle = QColor(picture.pixelColor(picture.width() // 2, picture.height() * 3 // 4 - picture.height() // 8))
    corner = picture.pixelColor(0, 0)
    return not picture.isNull() and corner.alpha() == 0 and middle.alpha() == 255


def test_windows_finds_a_picture_for_every_size(drawn: Path) -> None:
    pictures = pictures_in_ico((drawn / "callup.ico").read_bytes())

    assert {side: picture.width() for side, picture in pictures.items()} == {side: side for side in ICO_SIDES}
    assert all(map(shows_the_logo, pictures.values()))


def test_macos_finds_a_picture_for_every_size_and_density(drawn: Path) -> None:
    pictures = pictures_in_icns((drawn / "callup.icns").read_bytes())

    assert {kind: picture.height() for kind, picture in pictures.items()} == ICNS_SIDES
    assert all(map(shows_the_logo, pictures.values()))


def test_desktops_find_a_png_for_every_size(drawn: Path) -> None:
    widths = {file.stem: QImage(str(file)).width() for file in (drawn / "png").iterdir()}

    assert widths == {str(side): side for side in PNG_SIDES}


@pytest.mark.qt_log_ignore("Cannot read file")
def test_a_file_that_is_no_svg_is_refused_by_name(tmp_path: Path, qtbot: QtBot) -> None:
    assert qtbot is not None
    broken = tmp_path / "broken.svg"
    broken.write_text("<svg")

    with pytest.raises(ValueError, match=r"broken\.svg"):
        draw_icons(tmp_path, broken)


def test_the_pictures_of_the_setup_have_the_sizes_that_its_pages_show(tmp_path: Path) -> None:
    draw_setup_pictures(tmp_path)

    for name, picture in SETUP_PICTURES.items():
        head = (tmp_path / name).read_bytes()[:30]
        width, height, _planes, bits = struct.unpack_from("<iiHH", head, 18)
        assert head[:2] == b"BM"
        assert (width, height, bits) == (picture.width, picture.height, 24)
