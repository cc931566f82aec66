"""What stands in a field is what is sent, however it came there: typed, picked, pasted or set by a screen reader."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest

from callup_desktop.engine.job import Job, State
from tests.ui import samples
from tests.ui.conftest import Rig

Make = Callable[..., tuple[Path, ...]]


@pytest.fixture
def draft(rig: Rig, recordings: Make) -> Rig:
    """A draft that lacks nothing but its company."""
    rig.start().drop(*recordings("rec_001.wav"))
    rig.wait_jobs(1)
    rig.type_form("", "john@acme.com", "Demo")
    rig.page.form.company.setFocus()
    return rig


def job_of(rig: Rig) -> Job:
    (job,) = rig.engine.jobs.values()
    return job


def name_company(rig: Rig, recordings: Make, company: str) -> None:
    """Drop a recording, type whose it is, and leave the field."""
    rig.start().drop(*recordings("rec_001.wav"))
    rig.wait_jobs(1)
    rig.page.form.company.setFocus()
    rig.keys(rig.page.form.company, company)
    rig.press(Qt.Key.Key_Tab)


def take_back(rig: Rig) -> None:
    """A screen gives the window back what a list of offers had taken; the offscreen one does not."""
    rig.window.activateWindow()
    rig.settle()


def type_and_highlight(rig: Rig) -> None:
    rig.keys(rig.page.form.company, "ac")
    popup = rig.page.form.company.completer().popup()
    assert popup is not None
    assert popup.isVisible()
    rig.press(Qt.Key.Key_Down)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_on_an_entry_of_the_list_takes_it_and_sends_nothing(draft: Rig, key: Qt.Key) -> None:
    type_and_highlight(draft)

    draft.press(key)

    assert draft.page.form.company.text() == "Acme Corp"
    assert job_of(draft).state is State.DRAFT

    draft.press(key)

    assert job_of(draft).state is State.RUNNING
    assert job_of(draft).details.company_name == "Acme Corp"


def test_enter_beside_the_open_list_sends_what_was_typed(draft: Rig) -> None:
    draft.keys(draft.page.form.company, "Ac")

    draft.press(Qt.Key.Key_Return)

    assert job_of(draft).state is State.RUNNING
    assert job_of(draft).details.company_name == "Ac"


def test_an_entry_that_was_left_by_tab_is_what_is_sent(draft: Rig) -> None:
    type_and_highlight(draft)
    draft.press(Qt.Key.Key_Tab)
    shown = draft.page.form.company.text()

    draft.key(draft.page.form.email, Qt.Key.Key_Return)

    assert job_of(draft).state is State.RUNNING
    assert job_of(draft).details.company_name == shown == "Acme Corp"


def test_an_entry_that_is_clicked_is_what_is_sent(draft: Rig) -> None:
    draft.keys(draft.page.form.company, "glo")
    popup = draft.page.form.company.completer().popup()
    assert popup is not None
    place = popup.visualRect(popup.model().index(0, 0)).center()

    QTest.mouseClick(popup.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    draft.settle()
    assert job_of(draft).state is State.DRAFT
    draft.key(draft.page.form.company, Qt.Key.Key_Return)

    assert job_of(draft).details.company_name == "Globex"


def test_a_text_that_a_screen_reader_sets_is_what_is_sent(draft: Rig) -> None:
    reader = QAccessible.queryAccessibleInterface(draft.page.form.company)
    reader.setText(QAccessible.Text.Value, "Hooli")

    draft.press(Qt.Key.Key_Return)

    assert job_of(draft).state is State.RUNNING
    assert job_of(draft).details.company_name == "Hooli"


def test_a_call_type_that_a_screen_reader_chooses_is_what_is_sent(draft: Rig) -> None:
    draft.keys(draft.page.form.company, "Hooli")
    button = next(button for button in draft.page.form.call_type.buttons if button.text() == "Sales")
    actions = QAccessible.queryAccessibleInterface(button).actionInterface()

    actions.doAction(actions.toggleAction())
    draft.key(draft.page.form.email, Qt.Key.Key_Return)

    assert job_of(draft).details.call_type == "sales"


@pytest.mark.parametrize("end", [Qt.Key.Key_Tab, Qt.Key.Key_Backtab])
def test_a_known_company_that_is_typed_in_full_brings_its_contact_as_a_picked_one_does(
    rig: Rig, recordings: Make, end: Qt.Key
) -> None:
    rig.start().drop(*recordings("rec_001.wav"))
    rig.wait_jobs(1)
    rig.keys(rig.page.form.company, "globex")

    rig.press(end)

    assert rig.page.form.email.text() == "mary@globex.com"


def test_no_contact_is_sent_that_the_rep_has_not_seen(rig: Rig, recordings: Make) -> None:
    rig.start().drop(*recordings("rec_001.wav"))
    rig.wait_jobs(1)
    rig.click(rig.page.form.call_type.buttons[0])
    rig.page.form.company.setFocus()
    rig.keys(rig.page.form.company, "Globex")

    rig.press(Qt.Key.Key_Return)

    assert job_of(rig).state is State.DRAFT
    assert rig.page.form.email.hasFocus()
    assert rig.page.form.email.text() == "mary@globex.com"
    assert rig.page.form.fields["contact_email"].problem == ""


@pytest.mark.parametrize(("company", "contact"), [("Initech", "bill@initech.com"), ("Hooli", "")])
def test_a_company_that_is_named_instead_does_not_keep_the_contact_of_the_first(
    rig: Rig, recordings: Make, company: str, contact: str
) -> None:
    name_company(rig, recordings, "Globex")
    form = rig.page.form
    rig.click(form.call_type.buttons[0])
    assert form.email.text() == "mary@globex.com"

    take_back(rig)
    form.company.setFocus()
    form.company.selectAll()
    rig.keys(form.company, company)
    take_back(rig)
    rig.key(form.company, Qt.Key.Key_Return)

    assert job_of(rig).state is State.DRAFT
    assert rig.window.focusWidget() is form.email
    assert form.email.text() == contact
    assert job_of(rig).details.contact_email in {"", contact}


def test_an_offer_that_is_taken_instead_brings_its_own_contact(rig: Rig, recordings: Make) -> None:
    name_company(rig, recordings, "Initech")
    form = rig.page.form
    assert form.email.text() == "bill@initech.com"

    form.offers.chosen.emit(samples.GLOBEX)

    assert (form.company.text(), form.email.text()) == ("Globex", "mary@globex.com")


def test_a_contact_that_the_rep_typed_stays_with_another_company(rig: Rig, recordings: Make) -> None:
    name_company(rig, recordings, "Globex")
    form = rig.page.form
    form.email.selectAll()
    rig.keys(form.email, "tom@globex.com")

    rig.press(Qt.Key.Key_Backtab)
    form.company.selectAll()
    rig.keys(form.company, "Initech")
    rig.press(Qt.Key.Key_Tab)

    assert form.email.text() == "tom@globex.com"


def test_what_is_shown_of_another_call_is_no_edit_of_it(rig: Rig, recordings: Make) -> None:
    rig.start().drop(*recordings("one.wav", "two.wav"))
    rig.wait_jobs(2)
    first, second = rig.engine.jobs
    rig.lists.view.select((first,))
    rig.type_form("Hooli", "gavin@hooli.com", "Sales")

    rig.lists.view.select((second,))
    rig.settle()
    rig.lists.view.select((first,))
    rig.settle()
    rig.page.form.save()

    assert rig.engine.jobs[second].details.company_name == ""
    assert rig.engine.jobs[first].details.company_name == "Hooli"


def test_what_a_call_was_just_sent_with_is_offered_in_the_form_that_is_open(rig: Rig, recordings: Make) -> None:
    rig.start().drop(*recordings("rec_001.wav", "rec_002.wav"))
    rig.wait_jobs(2)
    first, second = rig.engine.jobs
    rig.lists.view.select((first,))
    rig.settle()
    rig.type_form("Massive Dynamic", "nina@massive.example", "Demo")
    rig.key(rig.page.form.email, Qt.Key.Key_Return)
    form = rig.page.form
    assert form.ids == (second,)

    rig.engine.finish(first)
    rig.settle()
    rig.keys(form.company, "mass")

    popup = form.company.completer().popup()
    assert popup is not None
    assert popup.isVisible()
    rig.press(Qt.Key.Key_Down)
    rig.press(Qt.Key.Key_Return)
    assert (form.company.text(), form.email.text()) == ("Massive Dynamic", "nina@massive.example")


def test_a_list_of_completions_that_is_open_stays_while_another_call_is_sent(rig: Rig, recordings: Make) -> None:
    rig.start().drop(*recordings("rec_001.wav", "rec_002.wav"))
    rig.wait_jobs(2)
    first, second = rig.engine.jobs
    rig.lists.view.select((first,))
    rig.settle()
    rig.type_form("Aceton", "nina@aceton.example", "Demo")
    rig.key(rig.page.form.email, Qt.Key.Key_Return)
    type_and_highlight(rig)

    rig.engine.finish(first)
    rig.settle()
    rig.press(Qt.Key.Key_Return)

    assert rig.page.form.ids == (second,)
    assert rig.page.form.company.text() == "Acme Corp"


def test_a_text_that_is_the_only_completion_has_no_list_that_takes_the_next_click(draft: Rig) -> None:
    popup = draft.page.form.company.completer().popup()
    assert popup is not None
    draft.keys(draft.page.form.company, "Acme Cor")
    assert popup.isVisible()

    draft.press(Qt.Key.Key_P)

    assert draft.page.form.company.text() == "Acme Corp"
    assert not popup.isVisible()
