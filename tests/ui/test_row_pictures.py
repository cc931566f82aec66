"""A row that looks as before is copied, and one whose look changed is painted anew."""

import sys
from collections.abc import Callable
from dataclasses import replace
from types import FrameType

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from callup_desktop.engine.events import JobChanged
from callup_desktop.presentation.rows import Tab
from callup_desktop.ui.application import Application
from callup_desktop.ui.call_list.delegate import CallDelegate, RowButton, RowLook, _ground_of
from callup_desktop.ui.call_list.model import ROW
from callup_desktop.ui.call_list.view import CallsView
from callup_desktop.ui.widgets.colours import colours_of
from tests.ui import samples
from tests.ui.conftest import Rig


def working(rig: Rig) -> CallsView:
    rig.engine.jobs = {job.id: job for job in samples.working()}
    rig.start()
    return rig.lists.view


def look(view: CallsView) -> QImage:
    QApplication.processEvents()
    return view.viewport().grab().toImage()


def test_what_to_do_about_a_call_has_the_room_up_to_its_buttons_while_all_bars_are_equally_wide(rig: Rig) -> None:
    view = working(rig)
    wide = QWidget(rig.window)
    wide.resize(900, 600)
    delegate = CallDelegate(wide, stage_at=0.5)
    rows = [view.model().index(place, 0).data(ROW) for place in range(view.model().rowCount())]
    parts = [delegate.geometry(row, QRect(0, 0, wide.width(), 60)) for row in rows]
    ends: dict[str, set[float]] = {"bar": set(), "chip": set()}
    for row, part in zip(rows, parts, strict=True):
        kind = "bar" if row.acknowledged is not None else "chip"
        ends[kind].add(part.stage.right())
        assert part.stage.right() <= part.buttons[0].left() - 4

    (bars_end,) = ends["bar"]
    assert min(ends["chip"]) > bars_end


def button_of(view: CallsView, place: int) -> QPoint:
    delegate, row = view.itemDelegate(), view.model().index(place, 0).data(ROW)
    assert isinstance(delegate, CallDelegate)
    return delegate.geometry(row, view.row_rect(place)).buttons[0].center().toPoint()


def rows_painted(use: Callable[[], object]) -> int:
    return calls_of(use, CallDelegate._paint)


def parts_painted(use: Callable[[], object]) -> int:
    return calls_of(use, CallDelegate._paint_badge, CallDelegate._paint_words, CallDelegate._paint_button)


def calls_of(use: Callable[[], object], *functions: Callable[..., object]) -> int:
    painted, codes = 0, {function.__code__ for function in functions}

    def count(frame: FrameType, event: str, _argument: object) -> None:
        nonlocal painted
        painted += event == "call" and frame.f_code in codes

    sys.setprofile(count)
    try:
        use()
    finally:
        sys.setprofile(None)
    return painted


def test_only_the_row_that_changed_is_painted_anew(rig: Rig) -> None:
    view = working(rig)
    before = look(view)
    job = rig.engine.jobs["e"]

    assert rows_painted(lambda: look(view)) == 0

    rig.engine.jobs["e"] = replace(job, path=job.path.with_name("Another name.wav"))
    rig.window.on_reported(JobChanged(rig.engine.jobs["e"]))

    assert rows_painted(rig.settle) == 1
    assert look(view) != before
    assert rig.names()[view.model().place_of("e")] == "Another name.wav"  # type: ignore[attr-defined]  # a CallsModel


def test_a_row_copies_the_badge_the_chip_and_the_button_of_another_row(rig: Rig) -> None:
    rig.engine.sent = samples.sent()
    rig.start()
    rig.lists.tabs.choose(Tab.SENT)
    rig.settle()
    view = rig.lists.view
    view.scrollTo(view.model().index(20, 0))
    rig.settle()

    def move_to(place: int) -> None:
        view.scrollTo(view.model().index(place, 0))
        rig.settle()

    assert rows_painted(lambda: move_to(60)) > 3
    assert parts_painted(lambda: move_to(40)) == 0


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
def test_a_copied_part_is_the_same_as_one_that_is_painted_in_its_place(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, ratio: float
) -> None:
    view = working(rig)
    width, height = view.viewport().width(), view.row_height

    def rows() -> list[QImage]:
        delegate = CallDelegate(view, stage_at=0.515)
        delegate.hovered, delegate.pressed = RowButton(0, 0), RowButton(1, 1)
        delegate.focused = RowButton(2, 0)
        found = []
        for place in (*range(view.model().rowCount()), *range(view.model().rowCount())):
            image = QImage(round(width * ratio), round(height * ratio), QImage.Format.Format_RGB32)
            image.setDevicePixelRatio(ratio)
            look = RowLook(place, chosen=place % 2 == 0, hovered=place % 3 == 0, current=False)
            image.fill(_ground_of(look, colours_of(view.palette())))
            painter = QPainter(image)
            delegate._paint(painter, QRect(0, 0, width, height), view.model().index(place, 0).data(ROW), look)
            painter.end()
            found.append(image)
        return found

    copied = rows()
    monkeypatch.setattr(CallDelegate, "_paint_part", lambda _self, painter, _1, _2, _3, paint: paint(painter))

    assert copied == rows()


def test_the_mouse_a_press_the_keyboard_and_a_selection_are_each_seen_and_leave_no_trace(rig: Rig) -> None:
    view = working(rig)
    view.clearSelection()
    plain, row = look(view), view.row_rect(0)
    seen = [plain]

    QTest.mouseMove(view.viewport(), row.center())
    seen.append(look(view))
    button = button_of(view, 0)
    QTest.mouseMove(view.viewport(), button)
    seen.append(look(view))
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=button)
    seen.append(look(view))
    QTest.mouseMove(view.viewport(), row.center())
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=row.center())
    view.setFocus()
    view.select(("e",))
    rig.settle()
    seen.append(look(view))

    same = [(number, other) for number, one in enumerate(seen) for other in range(number) if one == seen[other]]
    assert same == []

    view.clearSelection()
    view.clearFocus()
    QTest.mouseMove(view.viewport(), QPoint(5, view.viewport().height() - 2))
    QTest.mouseMove(rig.page.drop_zone)
    assert look(view) == plain


def test_a_row_covers_its_place_where_the_scale_is_no_whole_number(rig: Rig) -> None:
    view = working(rig)
    delegate, row, height = view.itemDelegate(), view.model().index(4, 0).data(ROW), 57
    assert isinstance(delegate, CallDelegate)
    image = QImage(400, 8 * height, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(1.25)
    grounds = {colours_of(view.palette()).surface.rgb(), colours_of(view.palette()).line.rgb()}

    painter = QPainter(image)
    for place in range(5):
        delegate.paint_row(
            painter,
            QRect(0, place * height, 317, height),
            row,
            RowLook(place, chosen=False, hovered=False, current=False),
        )
    painter.end()

    lowest = [round((place + 1) * height * 1.25) - 1 for place in range(5)]
    assert {image.pixel(2, line) for line in lowest} <= grounds
    assert {image.pixel(round(317 * 1.25) - 1, line) for line in range(5, 5 * height)} <= grounds


def test_rows_follow_the_system_to_dark_and_back(rig: Rig, qapp: Application) -> None:
    view = working(rig)
    light = look(view)

    qapp._on_scheme_changed(Qt.ColorScheme.Dark)
    dark = look(view)
    qapp._on_scheme_changed(Qt.ColorScheme.Light)

    assert dark.pixelColor(3, 3).lightness() < 50
    assert look(view) == light
