"""Banners come and go, and what is under the mouse stays under it."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from callup_desktop.engine.errors import Code, Rejection
from callup_desktop.engine.events import CommandRejected
from callup_desktop.engine.job import Trouble
from callup_desktop.presentation.queue_summary import Remedy
from callup_desktop.ui.widgets.measures import em
from tests.ui import samples
from tests.ui.conftest import WITHIN, Rig
from tests.ui.fake_engine import NOW

_LOOKS = 5


@pytest.fixture
def working(rig: Rig) -> Rig:
    rig.engine.jobs = {job.id: job for job in samples.working()}
    rig.engine.sent = samples.sent()
    rig.start()
    rig.lists.view.select(("e", "f"))
    rig.settle()
    _until_laid_out(rig)
    return rig


def _until_laid_out(rig: Rig) -> None:
    """Return once nothing has moved for a while: a splitter lays out its children once more after it was shown."""
    chooser, places = rig.page.drop_zone.chooser, []
    for _ in range(100):
        places.append(chooser.mapTo(rig.window, QPoint(0, 0)))
        if len(places) > _LOOKS and len(set(places[-_LOOKS:])) == 1:
            return
        QTest.qWait(25)
    raise AssertionError(f"it moves on: {places[-_LOOKS:]}")


def point_at(rig: Rig, widget: QWidget, place: QPoint | None = None) -> QPoint:
    """Move the mouse there; where that is in the window."""
    point = place or widget.rect().center()
    QTest.mouseMove(widget, point)
    rig.settle()
    return widget.mapTo(rig.window, point)


def under(rig: Rig, point: QPoint) -> QWidget:
    """What a click at this point of the window reaches."""
    found = rig.window.childAt(point)
    assert found is not None
    return found


def lose_network(rig: Rig) -> None:
    rig.engine.set_online(online=False)
    rig.settle()


def find_network(rig: Rig) -> None:
    rig.engine.set_online(online=True)
    rig.settle()


def targets(rig: Rig) -> dict[str, QWidget]:
    form = rig.page.form
    return {
        "send": form.send_button,
        "remove": form.remove_button,
        "company": form.company,
        "tab": rig.lists.tabs.buttons[rig.lists.tab],
        "list": rig.lists.view.viewport(),
        "chooser": rig.page.drop_zone.chooser,
        "search": rig.lists.search,
    }


@pytest.mark.parametrize("name", ["send", "remove", "company", "tab", "list", "chooser", "search"])
def test_a_banner_that_comes_and_goes_moves_nothing_under_the_mouse(working: Rig, name: str) -> None:
    widget = targets(working)[name]
    point = point_at(working, widget)
    place = widget.mapTo(working.window, QPoint(0, 0))
    lose_network(working)
    assert working.window.banner.isVisible()
    assert under(working, point) is widget
    assert widget.mapTo(working.window, QPoint(0, 0)) == place

    find_network(working)

    assert not working.window.banner.isVisible()
    assert under(working, point) is widget


def test_once_the_mouse_leaves_the_page_the_banner_takes_its_room_above_it(working: Rig) -> None:
    point_at(working, working.page.form.send_button)
    top = working.page.drop_zone.mapTo(working.window, QPoint(0, 0)).y()
    lose_network(working)
    assert working.page.drop_zone.mapTo(working.window, QPoint(0, 0)).y() == top

    point_at(working, working.window.status_bar)

    banner = working.window.banner
    assert working.page.drop_zone.mapTo(working.window, QPoint(0, 0)).y() == top + banner.height()
    assert banner.mapTo(working.window, QPoint(0, 0)).y() == 0


def test_the_room_of_a_banner_that_is_gone_closes_once_the_mouse_leaves(working: Rig) -> None:
    top = working.page.drop_zone.mapTo(working.window, QPoint(0, 0)).y()
    point_at(working, working.window.status_bar)
    lose_network(working)
    point_at(working, working.page.form.company)
    find_network(working)
    assert working.page.drop_zone.mapTo(working.window, QPoint(0, 0)).y() > top

    point_at(working, working.window.status_bar)

    assert working.page.drop_zone.mapTo(working.window, QPoint(0, 0)).y() == top


def test_the_room_of_a_banner_that_is_gone_closes_while_the_mouse_is_over_nothing(working: Rig) -> None:
    top = working.page.drop_zone.mapTo(working.window, QPoint(0, 0)).y()
    point_at(working, working.window.status_bar)
    lose_network(working)
    point_at(working, working.page.form.send_button)
    find_network(working)
    assert working.page.drop_zone.mapTo(working.window, QPoint(0, 0)).y() > top

    zone = working.page.drop_zone
    point_at(working, zone, QPoint(em(zone, 10), em(zone, 1)))

    working.qtbot.waitUntil(
        lambda: working.page.drop_zone.mapTo(working.window, QPoint(0, 0)).y() == top, timeout=WITHIN
    )


def test_a_banner_does_not_appear_over_what_is_under_the_mouse(working: Rig) -> None:
    zone = working.page.drop_zone
    point = point_at(working, zone, QPoint(em(zone, 10), 4))
    lose_network(working)
    assert under(working, point).window() is working.window
    assert not working.window.banner.isVisible()
    assert working.window.banner.alert is not None

    point_at(working, working.page.form.company)

    working.qtbot.waitUntil(working.window.banner.isVisible, timeout=WITHIN)


def test_a_second_banner_leaves_the_first_one_where_the_mouse_is(working: Rig) -> None:
    point_at(working, working.window.status_bar)
    working.window.on_reported(CommandRejected("b", Rejection.REGISTERED))
    working.settle()
    point = point_at(working, working.notice.closer)

    working.engine.blocked = Trouble(Code.KEYS_REVOKED, NOW)
    working.engine.tell_status()
    working.settle()

    assert working.window.banner.isVisible()
    assert under(working, point) is working.notice.closer
    point_at(working, working.window.status_bar)
    assert working.window.banner.y() < working.notice.y()


def test_a_banner_that_ends_under_the_mouse_brings_nothing_else_there(working: Rig) -> None:
    point_at(working, working.window.status_bar)
    working.window.on_reported(CommandRejected("b", Rejection.REGISTERED))
    working.settle()
    point = point_at(working, working.notice.closer)
    below = working.page.mapTo(working.window, QPoint(0, 0)).y()

    working.window.notices.close()
    working.settle()

    assert not working.notice.isVisible()
    assert working.page.mapTo(working.window, QPoint(0, 0)).y() == below
    assert not working.page.isAncestorOf(under(working, point))


def test_a_button_of_a_banner_over_the_page_works(working: Rig) -> None:
    point_at(working, working.page.form.company)
    working.engine.blocked = Trouble(Code.KEYS_REVOKED, NOW)
    working.engine.tell_status()
    working.settle()

    working.click(working.window.banner.buttons[Remedy.CHECK_AGAIN])

    assert working.engine.blocked is None


def test_a_wide_sentence_gets_the_lines_it_needs(working: Rig) -> None:
    point_at(working, working.window.status_bar)
    working.window.resize(em(working.window, 40), working.window.height())
    QApplication.processEvents()
    working.engine.blocked = Trouble(Code.TLS_UNTRUSTED, NOW, params={"issuer": "Zscaler Root CA of a Company"})
    working.engine.tell_status()
    working.settle()

    banner = working.window.banner
    assert banner.height() >= banner.heightForWidth(banner.width()) > em(banner, 2)
    assert working.page.mapTo(working.window, QPoint(0, 0)).y() == banner.height()
