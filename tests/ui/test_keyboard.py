"""The keys of the form and the panes: Enter sends, Remove is never what a hasty key reaches, the next draft follows."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMessageBox, QWidget

from callup_desktop.engine.job import State
from callup_desktop.presentation.rows import Action, Tab
from callup_desktop.recordings.recording import Doubt, Doubtful
from callup_desktop.ui.form.each_dialog import EachDialog
from callup_desktop.ui.widgets.button import Button
from callup_desktop.ui.widgets.framed_dialog import FramedDialog
from tests.ui import samples
from tests.ui.conftest import Rig
from tests.ui.fake_engine import recording

Make = Callable[..., tuple[Path, ...]]


def with_drafts(rig: Rig, *names: str) -> Rig:
    jobs = (samples.draft(name, f"{name}.wav", 1, 1, samples.ACME) for name in names)
    rig.engine.jobs = {job.id: job for job in jobs}
    return rig.start()


def tab_stops(rig: Rig, first: QWidget) -> list[QWidget]:
    """The widgets that the tab key reaches, from this one until it comes round."""
    first.setFocus()
    visited: list[QWidget] = []
    while (now := QApplication.focusWidget()) is not None and now not in visited:
        visited.append(now)
        rig.key(now, Qt.Key.Key_Tab)
    return visited


def controls_of_the_form(rig: Rig) -> list[QWidget]:
    form = rig.page.form
    buttons = [button for button in form.findChildren(QAbstractButton) if button.isVisible()]
    return [form.company, form.email, *buttons]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_sends_from_every_field_and_button_of_the_form(rig: Rig, key: Qt.Key) -> None:
    with_drafts(rig, "a")
    rig.lists.view.select(("a",))
    rig.settle()
    names = [type(control).__name__ for control in controls_of_the_form(rig)]
    assert len(names) >= 7
    for number in range(len(names)):
        job_id = f"again-{number}"
        rig.engine.jobs[job_id] = samples.draft(job_id, "b.wav", 1, 1, samples.ACME)
        rig.engine.start()
        rig.settle()
        rig.lists.view.select((job_id,))
        rig.settle()
        control = controls_of_the_form(rig)[number]
        control.setFocus()

        rig.key(control, key)

        assert rig.engine.jobs[job_id].state is not State.DRAFT, names[number]
        assert rig.dialog is None, names[number]


def test_enter_on_the_answer_to_a_question_gives_that_answer(rig: Rig) -> None:
    cut = replace(
        samples.draft("a", "a.wav", 1, 1, samples.ACME), recording=recording(warnings=(Doubtful(Doubt.SILENT),))
    )
    rig.engine.jobs = {"a": cut}
    rig.start()
    rig.lists.view.select(("a",))
    rig.settle()
    rig.key(rig.page.form.email, Qt.Key.Key_Return)
    assert rig.page.form.accept_button.hasFocus()

    rig.key(rig.page.form.accept_button, Qt.Key.Key_Return)

    assert rig.engine.jobs["a"].accepted


def test_the_button_that_uploads_counts_no_call_that_has_a_question(rig: Rig) -> None:
    doubtful = replace(recording("wav"), warnings=(Doubtful(Doubt.SILENT),), crc64nvme="doubt")
    asked = replace(samples.draft("c", "c.wav", 1, 60), recording=doubtful)
    rig.engine.jobs = {name: samples.draft(name, f"{name}.wav", 1, 60) for name in ("a", "b")} | {"c": asked}
    rig.start()
    texts = []
    for ids in (("a", "b", "c"), ("a", "c"), ("c",)):
        rig.lists.view.select(ids)
        rig.settle()
        texts.append(rig.page.form.send_button.text())

    assert texts == ["Upload 2 calls", "Upload call", "Upload call"]


def test_enter_with_a_missing_detail_sends_nothing_and_goes_to_its_field(rig: Rig) -> None:
    with_drafts(rig, "a")
    rig.lists.view.select(("a",))
    rig.settle()
    form = rig.page.form
    form.email.setFocus()
    form.email.selectAll()
    rig.key(form.email, Qt.Key.Key_Delete)

    rig.key(form.call_type.buttons[0], Qt.Key.Key_Return)

    assert rig.engine.jobs["a"].state is State.DRAFT
    assert form.email.hasFocus()


def test_the_tab_key_reaches_upload_before_remove(rig: Rig) -> None:
    with_drafts(rig, "a")
    rig.lists.view.select(("a",))
    rig.settle()

    stops = tab_stops(rig, rig.page.form.company)

    assert stops.index(rig.page.form.send_button) + 1 == stops.index(rig.page.form.remove_button)
    assert rig.page.form.send_button.x() > rig.page.form.remove_button.x()


def test_in_the_pane_of_a_call_remove_comes_last_and_enter_never_leads_to_it(rig: Rig) -> None:
    rig.engine.jobs = {job.id: job for job in (*samples.working(), *samples.offline()[-1:])}
    rig.start()
    pane = rig.page.detail_pane
    for job_id in (samples.CALL_ID, "c", "g"):
        rig.lists.view.select((job_id,))
        rig.settle()
        shown = [action for action, button in pane.buttons.items() if button.isVisible()]
        assert Action.REMOVE in shown
        rig.lists.view.setFocus()
        rig.key(rig.lists.view, Qt.Key.Key_Return)
        assert pane.buttons[Action.REMOVE] is not QApplication.focusWidget() or shown == [Action.REMOVE]

        stops = tab_stops(rig, rig.lists.view)

        reached = [button for button in stops if button in pane.buttons.values()]
        assert reached[-1] is pane.buttons[Action.REMOVE]
        # Many buttons stand in several lines.
        footer = [button for button in reached if button is not pane.listen.button]
        assert min(footer, key=lambda button: (button.y(), button.x())) is pane.buttons[Action.REMOVE]


@pytest.mark.parametrize("done", [False, True])
def test_a_hasty_enter_removes_nothing(rig: Rig, *, done: bool) -> None:
    if done:
        rig.engine.sent = samples.sent()
    with_drafts(rig, "a")
    if done:
        rig.lists.tabs.choose(Tab.SENT)
    view = rig.lists.view
    view.select((samples.CALL_ID if done else "a",))
    view.setFocus()
    rig.key(view, Qt.Key.Key_Delete)
    box = rig.dialog
    assert isinstance(box, QMessageBox)

    rig.key(box, Qt.Key.Key_Return)

    assert rig.dialog is None
    assert "a" in rig.engine.jobs
    assert len(rig.engine.sent) == (len(samples.sent()) if done else 0)


def test_after_a_send_the_next_draft_is_selected_in_view_and_ready_to_be_typed(rig: Rig) -> None:
    names = [f"call-{number:02}" for number in range(40)]
    jobs = (samples.draft(name, f"{name}.wav", 1, 1) for name in names)
    rig.engine.jobs = {job.id: job for job in jobs}
    rig.start()
    rig.lists.view.select((names[30],))
    rig.settle()
    rig.type_form()

    rig.key(rig.page.form.email, Qt.Key.Key_Return)

    form, view = rig.page.form, rig.lists.view
    assert rig.engine.jobs[names[30]].state is State.RUNNING
    assert [job.id for job in view.selected_jobs()] == [names[31]]
    assert form.ids == (names[31],)
    assert form.company.hasFocus()
    assert form.company.text() == ""
    rows = view.viewport().rect()
    assert rows.contains(view.visualRect(view.model().index(view.currentIndex().row(), 0)))


def test_after_the_last_draft_the_first_one_follows_and_after_all_of_them_the_list(rig: Rig) -> None:
    with_drafts(rig, "a", "b", "c")
    rig.lists.view.select(("c",))
    rig.settle()
    followed = []
    for _ in range(3):
        rig.click(rig.page.form.send_button)
        followed.append(tuple(job.id for job in rig.lists.view.selected_jobs()))

    assert followed == [("a",), ("b",), ("b",)]
    assert rig.page.detail_pane.isVisible()


def test_a_call_that_is_sent_at_once_is_followed_by_the_next_draft_too(rig: Rig) -> None:
    with_drafts(rig, "a", "b")
    rig.lists.view.select(("a",))
    rig.settle()
    rig.page.form.send()
    rig.engine.finish("a")

    rig.settle()

    assert [job.id for job in rig.lists.view.selected_jobs()] == ["b"]


def test_a_recording_that_is_still_read_is_followed_by_the_next_draft_and_goes_later(rig: Rig) -> None:
    with_drafts(rig, "a", "b")
    rig.engine.jobs["a"] = replace(rig.engine.jobs["a"], recording=None)
    rig.engine.start()
    rig.settle()
    rig.lists.view.select(("a",))
    rig.settle()

    rig.key(rig.page.form.email, Qt.Key.Key_Return)

    assert rig.engine.jobs["a"].send_asked_at is not None
    assert rig.page.form.ids == ("b",)


def test_a_draft_that_was_not_taken_stays_selected(rig: Rig) -> None:
    with_drafts(rig, "a", "b")
    rig.engine.jobs["a"] = replace(rig.engine.jobs["a"], details=replace(samples.ACME, call_type="karaoke"))
    rig.engine.start()
    rig.settle()
    rig.lists.view.select(("a",))
    rig.settle()

    rig.key(rig.page.form.email, Qt.Key.Key_Return)

    assert rig.page.form.ids == ("a",)


def test_a_rep_who_looks_at_another_call_meanwhile_is_left_there(rig: Rig) -> None:
    with_drafts(rig, "a", "b", "c")
    rig.lists.view.select(("a",))
    rig.settle()
    rig.page.form.send()
    rig.lists.view.select(("c",))

    rig.settle()

    assert rig.page.form.ids == ("c",)


def test_the_cursor_stays_in_the_search_of_a_rep_who_sends_from_there(rig: Rig) -> None:
    with_drafts(rig, "a", "b")
    rig.lists.view.select(("a",))
    rig.settle()
    rig.lists.search.setFocus()

    rig.key(rig.lists.search, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    assert rig.page.form.ids == ("b",)
    assert rig.lists.search.hasFocus()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
@pytest.mark.parametrize("name", ["open_settings", "open_report", "open_about"])
def test_enter_presses_the_button_that_has_the_focus_in_every_dialog(rig: Rig, name: str, key: Qt.Key) -> None:
    rig.start()
    getattr(rig.window.dialogs, name)()
    dialog = rig.dialog
    assert isinstance(dialog, FramedDialog)
    closing = dialog.findChildren(Button)[-1]
    closing.setFocus(Qt.FocusReason.TabFocusReason)

    QTest.keyClick(dialog.windowHandle(), key)

    assert rig.dialog is None


def test_enter_in_the_preview_of_several_companies_fills_them_in(rig: Rig) -> None:
    rig.engine.jobs = {
        name: samples.draft(name, f"{name} call.wav", 1, 60) for name in ("Globex", "Initech", "Umbrella")
    }
    rig.start()
    rig.lists.view.selectAll()
    rig.settle()
    rig.click(rig.page.form.offers.each.button)
    assert isinstance(rig.dialog, EachDialog)

    QTest.keyClick(rig.dialog.windowHandle(), Qt.Key.Key_Return)
    rig.settle()

    assert rig.dialog is None
    assert {job.details.company_name for job in rig.engine.jobs.values()} == {"Globex", "Initech", "Umbrella"}


def test_enter_presses_a_button_of_the_pane(rig: Rig) -> None:
    rig.engine.sent = samples.sent()
    rig.start()
    rig.lists.tabs.choose(Tab.SENT)
    rig.lists.view.select((samples.CALL_ID,))
    rig.settle()
    rig.page.detail_pane.buttons[Action.COPY_ID].setFocus(Qt.FocusReason.TabFocusReason)

    rig.press(Qt.Key.Key_Return)

    assert rig.desktop.clipboard == samples.CALL_ID
