"""A hand's mouse and keys, as the screen's server sends them: what Qt's own test events would not show."""

import shutil
import subprocess

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

from callup_desktop.ui.form.fields import CompletingField
from tests.ui.conftest import WITHIN, Rig
from tests.ui.on_screen.conftest import Open


def hand(*commands: str) -> None:
    """What `xdotool` does; its events come from the server, like those of a mouse and a keyboard."""
    program = shutil.which("xdotool")
    assert program is not None
    subprocess.run([program, *commands], check=True, timeout=WITHIN / 1000)


def point_at(widget: QWidget, place: QPoint | None = None) -> None:
    ratio = widget.devicePixelRatioF()
    point = widget.mapToGlobal(place or widget.rect().center())
    hand("mousemove", str(round(point.x() * ratio)), str(round(point.y() * ratio)))


def click(widget: QWidget, place: QPoint | None = None) -> None:
    point_at(widget, place)
    hand("click", "1")


def open_list(rig: Rig, field: CompletingField, typed: str) -> QWidget:
    """Type into a field until its list of completions is open."""
    click(field)
    rig.qtbot.waitUntil(field.hasFocus, timeout=WITHIN)
    hand("type", typed)
    popup = field.completer().popup()
    assert popup is not None
    rig.qtbot.waitUntil(popup.isVisible, timeout=WITHIN)
    QApplication.processEvents()
    return popup


@pytest.fixture
def rig(task_bar: object, open_window: Open) -> Rig:  # noqa: ARG001 - the window has to be on a desktop
    """A window in which one draft is selected."""
    rig = open_window()
    rig.lists.view.select(("e",))
    rig.settle()
    return rig


def test_a_click_beside_an_open_list_of_completions_reaches_the_button_under_the_mouse(rig: Rig) -> None:
    form = rig.page.form
    popup = open_list(rig, form.company, "a")
    kind = form.call_type.buttons[-1]
    assert not kind.isChecked()

    click(kind)

    rig.qtbot.waitUntil(kind.isChecked, timeout=WITHIN)
    assert not popup.isVisible()
    assert form.company.text() == "a"


def test_a_slow_click_and_one_on_an_entry_of_the_list_do_what_they_say(rig: Rig) -> None:
    form = rig.page.form
    open_list(rig, form.company, "a")
    kind = form.call_type.buttons[-1]

    point_at(kind)
    hand("mousedown", "1")
    rig.qtbot.waitUntil(kind.isDown, timeout=WITHIN)
    hand("mouseup", "1")

    rig.qtbot.waitUntil(kind.isChecked, timeout=WITHIN)
    popup = open_list(rig, form.company, "c")
    assert isinstance(popup, QAbstractItemView)
    click(popup.viewport(), popup.visualRect(popup.model().index(0, 0)).center())
    rig.qtbot.waitUntil(lambda: form.company.text() == "Acme Corp", timeout=WITHIN)
    assert not popup.isVisible()
