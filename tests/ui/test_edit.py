"""Details that are changed after Send: of a call on its way, and of one that has arrived."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from callup_desktop.engine.job import State
from callup_desktop.presentation.rows import Action, CallRow, Tab, Tone
from callup_desktop.ui.form.pane import FormPane
from tests.ui import samples
from tests.ui.conftest import Rig

REJECTED = "The transcript of this call has begun, so its details can't be changed any more."


def working(rig: Rig) -> Rig:
    rig.engine.jobs = {job.id: job for job in samples.working()}
    return rig.start()


def arrived(rig: Rig) -> Rig:
    rig.engine.sent = samples.sent()[:3]
    rig.start().lists.tabs.choose(Tab.SENT)
    rig.settle()
    return rig


def edit(rig: Rig, *job_ids: str) -> FormPane:
    rig.lists.view.select(job_ids)
    rig.settle()
    rig.click(rig.page.detail_pane.buttons[Action.EDIT])
    return rig.page.form


def retype_company(rig: Rig, text: str) -> None:
    company = rig.page.form.company
    assert company.hasFocus()
    rig.keys(company, text)


def sent_row(rig: Rig, job_id: str) -> CallRow:
    row = rig.row(job_id)
    assert isinstance(row, CallRow)
    return row


def test_a_call_on_its_way_is_edited_by_typing_and_saved_by_enter(rig: Rig) -> None:
    form = edit(working(rig), samples.CALL_ID)
    assert form.isVisible()
    assert (form.company.text(), form.call_type.current) == ("Acme Corp", "sales")

    retype_company(rig, "Hooli")
    assert rig.engine.jobs[samples.CALL_ID].details.company_name == "Acme Corp", "nothing changes while it is typed"
    rig.key(form.company, Qt.Key.Key_Return)

    assert rig.engine.jobs[samples.CALL_ID].details.company_name == "Hooli"
    assert not form.isVisible()
    assert rig.lists.view.hasFocus()


def test_a_call_that_has_arrived_is_edited_in_the_sent_list_and_shown_there(rig: Rig) -> None:
    form = edit(arrived(rig), "b")

    retype_company(rig, "Hooli")
    rig.click(form.send_button)

    assert next(job for job in rig.engine.sent if job.id == "b").details.company_name == "Hooli"
    assert sent_row(rig, "b").meta.startswith("Hooli")
    assert rig.lists.sent.rowCount() == 3


def test_an_edit_that_comes_too_late_says_so_and_shows_what_the_call_has(rig: Rig) -> None:
    form = edit(arrived(rig), "b")
    rig.engine.became["b"] = "transcribing"

    retype_company(rig, "Hooli")
    rig.key(form.company, Qt.Key.Key_Return)

    assert rig.notice.alert is not None
    assert (rig.notice.alert.lead, rig.notice.alert.text) == (REJECTED, "globex-demo.mp3")
    assert sent_row(rig, "b").meta.startswith("Globex")


def test_a_call_whose_transcript_has_begun_offers_no_edit_in_the_pane(rig: Rig) -> None:
    rig.engine.became["b"] = "transcribing"
    arrived(rig).lists.view.select(("b",))
    rig.settle()

    assert not rig.page.detail_pane.buttons[Action.EDIT].isVisible()


def test_an_edit_waits_for_the_network_and_the_row_says_so(rig: Rig) -> None:
    form = edit(arrived(rig), "b")
    rig.engine.online = False

    retype_company(rig, "Hooli")
    rig.key(form.company, Qt.Key.Key_Return)
    assert (sent_row(rig, "b").stage, sent_row(rig, "b").tone) == ("Saving details…", Tone.ACCENT)

    rig.engine.set_online(online=True)
    rig.settle()
    assert sent_row(rig, "b").stage == "Sent"


def given_up(rig: Rig, give_up: Callable[[FormPane], None]) -> None:
    form = edit(arrived(rig), "b")
    retype_company(rig, "Hooli")
    give_up(form)
    assert not form.isVisible()
    assert next(job for job in rig.engine.sent if job.id == "b").details.company_name == "Globex"
    rig.click(rig.page.detail_pane.buttons[Action.EDIT])
    assert form.company.text() == "Globex"


def test_escape_gives_an_edit_up(rig: Rig) -> None:
    given_up(rig, lambda form: rig.key(form.company, Qt.Key.Key_Escape))


def test_cancel_gives_an_edit_up(rig: Rig) -> None:
    given_up(rig, lambda form: rig.click(form.cancel_button))


def test_choosing_another_call_gives_an_edit_up_and_says_that_nothing_was_saved(rig: Rig) -> None:
    form = edit(arrived(rig), "b")
    retype_company(rig, "Hooli")

    rig.lists.view.select(("d",))
    rig.settle()

    assert not form.isVisible()
    assert rig.notice.alert is not None
    assert rig.notice.alert.lead == "What you changed was not saved."


def test_a_wrong_address_is_told_under_its_field_and_nothing_is_saved(rig: Rig) -> None:
    form = edit(working(rig), samples.CALL_ID)
    form.email.selectAll()
    rig.keys(form.email, "nobody")

    rig.key(form.email, Qt.Key.Key_Return)

    assert form.isVisible()
    assert form.fields["contact_email"].problem
    assert rig.engine.jobs[samples.CALL_ID].details.contact_email == "john@acme.com"


def test_several_calls_are_edited_together(rig: Rig) -> None:
    form = edit(arrived(rig), samples.CALL_ID, "b")
    retype_company(rig, "Hooli")

    rig.key(form.company, Qt.Key.Key_Return)

    companies = {job.id: job.details.company_name for job in rig.engine.sent}
    assert companies == {samples.CALL_ID: "Hooli", "b": "Hooli", "d": "Umbrella"}


def test_a_draft_after_an_edit_is_saved_while_it_is_typed_again(rig: Rig) -> None:
    form = edit(working(rig), samples.CALL_ID)
    rig.key(form.company, Qt.Key.Key_Escape)
    rig.lists.view.select(("e",))
    rig.settle()

    form.company.setFocus()
    QTest.keyClicks(form.company, "Hooli")
    form.save()

    assert rig.engine.jobs["e"].details.company_name == "Hooli"
    assert rig.engine.jobs["e"].state is State.DRAFT
    assert form.remove_button.isVisible()
    assert not form.cancel_button.isVisible()


def test_a_call_that_arrives_while_it_is_edited_stays_in_the_form(rig: Rig) -> None:
    form = edit(working(rig), "d")
    retype_company(rig, "Hooli")

    rig.engine.finish("d")
    rig.settle()
    assert form.isVisible()
    rig.key(form.company, Qt.Key.Key_Return)

    assert next(job for job in rig.engine.sent if job.id == "d").details.company_name == "Hooli"
