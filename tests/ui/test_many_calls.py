"""A hundred thousand sent calls: selecting all of them reads none, and the list stays right."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from types import FrameType
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from callup_desktop.engine.events import JobChanged
from callup_desktop.engine.job import Job
from callup_desktop.presentation.rows import Tab
from callup_desktop.ui.call_list.model import PAGE
from callup_desktop.ui.widgets.label import Label
from tests.ui import samples
from tests.ui.conftest import Rig

_MANY = 100_000


@cache
def sent_calls() -> tuple[Job, ...]:
    known = samples.sent()[0]
    return tuple(replace(known, id=f"call-{number}") for number in range(_MANY))


def calls_of(use: Callable[[], None]) -> int:
    """How many functions of Python run while the rep does that."""
    called = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal called
        called += event == "call"

    sys.setprofile(count)
    try:
        use()
    finally:
        sys.setprofile(None)
    return called


@pytest.fixture
def many(rig: Rig) -> Rig:
    rig.engine.sent = list(sent_calls())
    rig.start()
    rig.lists.tabs.choose(Tab.SENT)
    rig.settle()
    rig.lists.view.setFocus()
    return rig


def test_selecting_all_of_them_reads_no_page_and_says_how_many_there_are(many: Rig) -> None:
    read = list(many.engine.paged)

    many.key(many.lists.view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)

    assert many.engine.paged == read
    assert many.lists.view.selected_count() == _MANY
    assert many.page.detail_pane._title.text() == "100000 calls selected"
    assert many.page.detail_pane._summary.text().startswith("Not all of them are read from the list yet.")


def test_selecting_all_of_them_does_not_go_from_row_to_row(many: Rig) -> None:
    def use() -> None:
        many.key(many.lists.view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)

    assert 0 < calls_of(use) < _MANY / 2
    assert many.lists.view.selected_count() == _MANY


def test_no_action_reaches_only_those_that_happen_to_be_read(many: Rig) -> None:
    view = many.lists.view
    many.key(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)

    for key in (Qt.Key.Key_Delete, Qt.Key.Key_Space):
        many.key(view, key)
    point = view.viewport().rect().center()
    QApplication.sendEvent(
        view.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, view.mapToGlobal(point))
    )

    assert many.dialog is None
    assert not [menu for menu in view.findChildren(QMenu) if menu.isVisible()]
    assert not [button for button in many.page.detail_pane.buttons.values() if button.isVisible()]
    assert len(many.engine.sent) == _MANY


def test_what_is_read_can_be_acted_on_together(many: Rig) -> None:
    view = many.lists.view
    view.select(tuple(f"call-{number}" for number in range(PAGE)))
    many.settle()

    assert many.page.detail_pane._title.text() == "100 calls selected"
    assert [button for button in many.page.detail_pane.buttons.values() if button.isVisible()]


def test_only_calls_near_the_view_stay_in_memory(many: Rig) -> None:
    model, view = many.lists.sent, many.lists.view
    for place in range(0, _MANY, 1000):
        view.scrollTo(model.index(place, 0))
        many.settle()

    assert 0 < len(model._jobs) <= 3500
    assert len(model._ages) == len(model._jobs)
    assert len(model._written) <= len(model._jobs)
    job = model.job_at(50_000)
    assert job is None
    assert model.job_at(50_000) == many.engine.sent[50_000]


def test_a_status_of_the_queue_and_a_call_on_its_way_look_at_no_other_call(
    many: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cost of an event does not grow with the list: nothing walks over the jobs while events are shown."""
    live = replace(samples.working()[0], id="live")
    many.window.on_reported(JobChanged(live))
    many.window.show_changes()

    class Walked(dict[Any, Any]):
        """A dictionary that must not be walked over."""

        def _refuse(self) -> Iterator[str]:
            raise AssertionError("an event walked over all calls")

        __iter__ = keys = values = items = _refuse  # type: ignore[assignment]  # whatever walks

    monkeypatch.setattr(many.window._state, "jobs", Walked(many.window._state.jobs))
    monkeypatch.setattr(many.lists.sent, "_jobs", Walked(many.lists.sent._jobs))
    for stored in range(0, live.size, live.size // 5):
        many.window.on_reported(JobChanged(replace(live, stored=stored)))
        many.window.show_changes()
    many.engine.tell_status()
    many.window.show_changes()

    assert many.window._state.jobs["live"].stored > 0


def test_a_call_that_arrives_and_the_keys_look_only_at_the_rows_in_view(many: Rig) -> None:
    """Qt's own list lays out every row whenever one comes or goes: a second for a hundred thousand."""
    view = many.lists.view

    def use() -> None:
        many.lists.sent.insert(replace(samples.sent()[0], id="new"))
        many.settle()
        for key in (Qt.Key.Key_Down, Qt.Key.Key_PageDown, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_Home):
            many.key(view, key)

    many.key(view, Qt.Key.Key_End)
    assert view.currentIndex().row() == _MANY - 1
    assert view.viewport().rect().contains(view.visualRect(view.currentIndex()).center())
    assert 0 < calls_of(use) < _MANY / 2
    assert view.currentIndex().row() == 0
    assert view.selected_jobs()[0].id == "new"


class Placed(QObject):
    """Counts how often a widget gets another place or size."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.times = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.times += event.type() in {QEvent.Type.Move, QEvent.Type.Resize}
        return super().eventFilter(watched, event)


def test_the_first_receipt_lays_out_the_pane_once(many: Rig) -> None:
    """Qt would lay out all of it for each of the cells that are shown."""
    pane = many.page.detail_pane
    known = len(pane.findChildren(Label))
    labels = {label: Placed(label) for label in pane.findChildren(Label)}

    many.key(many.lists.view, Qt.Key.Key_Down)

    times = [placed.times for label, placed in labels.items() if label.isVisible()]
    assert len(times) > 20
    assert len(pane.findChildren(Label)) == known
    # As a label is shown; then by the layout, which needs a second round where the text wraps: none for each label.
    assert max(times) < 8
