"""The main job in the window: drop, describe, send, watch, pause, cancel, retry, sent."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from callup_desktop.engine.commands import DetailsChange
from callup_desktop.engine.errors import Code
from callup_desktop.engine.job import State, Trouble
from callup_desktop.presentation.rows import Action, Tab
from callup_desktop.recordings.recording import Doubt, Doubtful, SoundOf
from callup_desktop.ui.application import Application
from tests.ui import samples
from tests.ui.conftest import WITHIN, Rig, end
from tests.ui.fake_engine import NOW, recording
from tests.ui.samples import MIB

Make = Callable[..., tuple[Path, ...]]


def _sent_one(rig: Rig, recordings: Make) -> str:
    rig.start().drop(*recordings("Hooli.wav"))
    rig.wait_jobs(1)
    rig.type_form()
    rig.key(rig.page.form.email, Qt.Key.Key_Return)
    rig.settle()
    return next(iter(rig.engine.jobs))


def test_dropped_files_are_selected_described_together_and_sent_by_enter(rig: Rig, recordings: Make) -> None:
    rig.start().drop(*recordings("one.wav", "two.mp3"))
    rig.wait_jobs(2)
    assert len(rig.page.form.ids) == 2
    rig.type_form("Hooli", "gavin@hooli.com", "Sales")

    rig.key(rig.page.form.email, Qt.Key.Key_Return)

    assert rig.lists.view.hasFocus()
    assert {job.state for job in rig.engine.jobs.values()} == {State.RUNNING}
    assert {(job.details.company_name, job.details.call_type) for job in rig.engine.jobs.values()} == {
        ("Hooli", "sales")
    }


def test_what_was_dropped_is_described_by_typing_at_once(rig: Rig, recordings: Make) -> None:
    rig.start()
    assert rig.window.focusWidget() is rig.page.drop_zone.chooser

    rig.drop(*recordings("one.wav"))
    rig.wait_jobs(1)

    assert rig.page.form.company.hasFocus()


def test_calls_of_the_last_run_leave_the_keyboard_where_files_are_chosen(rig: Rig) -> None:
    rig.engine.jobs = {job.id: job for job in samples.working()}
    rig.start()

    assert rig.window.focusWidget() is rig.page.drop_zone.chooser
    assert rig.lists.tabs.isVisible()


def test_a_drop_does_not_take_the_cursor_from_a_rep_who_is_searching(rig: Rig, recordings: Make) -> None:
    rig.start().drop(*recordings("one.wav"))
    rig.wait_jobs(1)
    rig.lists.search.setFocus()

    rig.drop(*recordings("two.wav"))
    rig.wait_jobs(2)

    assert rig.lists.search.hasFocus()


def test_a_drop_is_a_copy_so_that_the_file_browser_keeps_the_original(rig: Rig, recordings: Make) -> None:
    event = rig.start().drop(*recordings("one.wav"))

    assert event.dropAction() is Qt.DropAction.CopyAction
    rig.wait_jobs(1)


def test_a_drop_without_a_file_is_answered_with_a_sentence(rig: Rig) -> None:
    rig.start().drop(text="The call of today")

    assert rig.notice.alert is not None
    assert rig.notice.alert.lead.startswith("Save this attachment to your computer first")


@pytest.mark.parametrize("format_name", ["", "text/uri-list", "text/plain"])
def test_a_drop_whose_program_has_ended_is_not_called_an_attachment(rig: Rig, format_name: str) -> None:
    data = QMimeData()
    if format_name:
        data.setData(format_name, b"")
    rig.start().drop_data(data)

    assert rig.notice.alert is not None
    assert rig.notice.alert.lead.startswith("Nothing arrived. Save an attachment to your computer first")


def test_an_empty_clipboard_is_told_from_an_attachment(rig: Rig) -> None:
    QApplication.clipboard().clear()
    rig.start().window.intake.paste()

    assert rig.notice.alert is not None
    assert rig.notice.alert.lead == "There is nothing to paste. Copy recordings first."


def test_a_folder_brings_its_recordings_and_counts_what_was_left_out(rig: Rig, recordings: Make) -> None:
    paths = recordings("calls/a.wav", "calls/deep/b.MP3", "calls/readme.txt", "calls/.hidden.wav")
    rig.start().drop(paths[0].parent)
    rig.wait_jobs(2)

    assert rig.notice.alert is not None
    assert rig.notice.alert.lead.startswith("Added 2 recordings")
    assert rig.notice.alert.lead == "Added 2 recordings from this folder; 1 other file was left out."


def test_a_folder_brings_videos_too_and_each_meeting_once(rig: Rig, recordings: Make) -> None:
    rig.engine.probing = False
    video, *_ = recordings("calls/zoom_0.mp4", "calls/audio_only.m4a", "calls/deep/meeting.MOV", "calls/notes.txt")
    rig.start().drop(video.parent)
    rig.wait_jobs(2)

    assert sorted(rig.names()) == ["audio_only.m4a", "meeting.MOV"]
    rig.qtbot.waitUntil(lambda: rig.notice.alert is not None, timeout=WITHIN)
    assert rig.notice.alert is not None
    assert rig.notice.alert.lead == "Added 2 recordings from this folder; 2 other files were left out."


def test_a_folder_that_holds_a_link_to_itself_is_searched_once(rig: Rig, recordings: Make) -> None:
    (recording_path,) = recordings("calls/a.wav")
    (recording_path.parent / "again").symlink_to(recording_path.parent, target_is_directory=True)
    rig.start().drop(recording_path.parent)
    rig.qtbot.waitUntil(lambda: rig.notice.alert is not None, timeout=WITHIN)

    assert len(rig.engine.jobs) == 1


def test_a_refused_file_says_why_and_leaves_without_a_question(rig: Rig, recordings: Make) -> None:
    rig.start().drop(*recordings("notes.pdf"))
    rig.wait_jobs(1)
    assert rig.lists.tabs.buttons[Tab.NEEDS].accessibleName() == "Needs you 1"

    rig.lists.view.setFocus()
    rig.key(rig.lists.view, Qt.Key.Key_Delete)

    assert rig.engine.jobs == {}


def test_missing_details_are_said_under_their_fields_and_nothing_is_sent(rig: Rig, recordings: Make) -> None:
    rig.start().drop(*recordings("one.wav"))
    rig.wait_jobs(1)

    rig.click(rig.page.form.send_button)

    assert [field.problem for field in rig.page.form.fields.values()] == [
        "Add the company name to send this recording.",
        "Add a contact email to send this recording.",
        "Choose the call type to send this recording.",
    ]
    assert rig.page.form.company.hasFocus()
    assert {job.state for job in rig.engine.jobs.values()} == {State.DRAFT}


def test_a_wrong_email_is_said_when_the_field_is_left_and_not_while_typing(rig: Rig, recordings: Make) -> None:
    rig.start().drop(*recordings("one.wav"))
    rig.wait_jobs(1)
    form = rig.page.form
    form.email.setFocus()
    rig.keys(form.email, "john@acme")
    assert form.fields["contact_email"].problem == ""

    popup = form.email.completer().popup()
    assert popup is not None
    rig.key(popup, Qt.Key.Key_Tab)

    assert form.fields["contact_email"].problem == "Enter a full email address, such as john@acme.com."


def test_what_is_typed_is_kept_by_the_engine_before_anything_is_sent(rig: Rig, recordings: Make) -> None:
    rig.start().drop(*recordings("one.wav"))
    rig.wait_jobs(1)
    rig.page.form.company.setFocus()
    rig.keys(rig.page.form.company, "Hooli")

    rig.qtbot.waitUntil(lambda: next(iter(rig.engine.jobs.values())).details.company_name == "Hooli", timeout=WITHIN)


def test_space_pauses_and_space_again_resumes(rig: Rig, recordings: Make) -> None:
    job_id = _sent_one(rig, recordings)
    rig.lists.view.select((job_id,))
    rig.lists.view.setFocus()

    rig.key(rig.lists.view, Qt.Key.Key_Space)
    paused = rig.engine.jobs[job_id].state
    rig.settle()
    rig.key(rig.lists.view, Qt.Key.Key_Space)

    assert (paused, rig.engine.jobs[job_id].state) == (State.PAUSED, State.RUNNING)


def test_the_row_button_pauses_by_a_click_and_leaves_the_selection_alone(rig: Rig, recordings: Make) -> None:
    job_id = _sent_one(rig, recordings)
    view = rig.lists.view
    view.clearSelection()
    rect = view.visualRect(view.model().index(0, 0))
    row = rig.lists.live.row_at(0)
    assert row is not None
    place = view.itemDelegate().geometry(row, rect).buttons[0]  # type: ignore[attr-defined]  # a CallDelegate

    rig.click(view.viewport(), place.center().toPoint())

    assert rig.engine.jobs[job_id].state is State.PAUSED
    assert not view.selectedIndexes()


def test_the_sound_that_zoom_saved_takes_the_place_of_its_video(rig: Rig, recordings: Make) -> None:
    video, sound = recordings("zoom_0.mp4", "audio_only.m4a")
    rig.engine.probing = False
    rig.start().drop(video)
    rig.wait_jobs(1)
    (job_id,) = rig.engine.jobs
    found = replace(recording("m4a", 14_000_000), sound_of=SoundOf(212_000_000, "audio_only.m4a"))
    rig.engine.probe(job_id, found)
    rig.engine.describe((job_id,), DetailsChange(company_name="Acme"))
    rig.settle()
    view = rig.lists.view
    row = view.model().row_at(0)  # type: ignore[attr-defined]  # always a CallsModel
    assert row.advice == "Zoom saved the sound beside it as audio_only.m4a"
    place = view.itemDelegate().geometry(row, view.visualRect(view.model().index(0, 0))).buttons  # type: ignore[attr-defined]  # a CallDelegate

    rig.click(view.viewport(), place[row.buttons.index(Action.USE_SOUND)].center().toPoint())

    (job,) = rig.engine.jobs.values()
    assert (job.path, job.details.company_name) == (sound, "Acme")
    assert job.recording is not None
    assert job.recording.sound_of is None
    assert rig.names() == ["audio_only.m4a"]
    assert Action.USE_SOUND not in rig.row(job_id).buttons  # type: ignore[attr-defined]  # a CallRow


def test_row_buttons_are_reached_by_arrow_and_space(rig: Rig, recordings: Make) -> None:
    job_id = _sent_one(rig, recordings)
    rig.lists.view.select((job_id,))
    rig.lists.view.setFocus()

    rig.key(rig.lists.view, Qt.Key.Key_Right)
    rig.key(rig.lists.view, Qt.Key.Key_Return)

    assert rig.engine.jobs[job_id].state is State.PAUSED


def test_delete_asks_and_removes_only_when_confirmed(rig: Rig, recordings: Make) -> None:
    job_id = _sent_one(rig, recordings)
    rig.lists.view.select((job_id,))
    rig.lists.view.setFocus()
    rig.key(rig.lists.view, Qt.Key.Key_Delete)
    box = rig.dialog
    assert isinstance(box, QMessageBox)
    assert job_id in rig.engine.jobs

    remove = next(button for button in box.buttons() if button.text() == "Remove")
    rig.click(remove)

    assert rig.engine.jobs == {}


def test_delete_keeps_the_call_when_the_rep_says_keep(rig: Rig, recordings: Make) -> None:
    job_id = _sent_one(rig, recordings)
    rig.lists.view.select((job_id,))
    rig.lists.view.setFocus()
    rig.key(rig.lists.view, Qt.Key.Key_Delete)
    box = rig.dialog
    assert isinstance(box, QMessageBox)

    rig.key(box, Qt.Key.Key_Escape)

    assert job_id in rig.engine.jobs


def test_pause_all_and_resume_all_reach_every_call(rig: Rig, recordings: Make) -> None:
    rig.engine.files_at_once = 1
    rig.start().drop(*recordings("one.wav", "two.wav", "three.wav"))
    rig.wait_jobs(3)
    rig.type_form()
    rig.key(rig.page.form.email, Qt.Key.Key_Return)
    rig.settle()

    rig.click(rig.window.status_bar.pause_all)
    paused = {job.state for job in rig.engine.jobs.values()}
    rig.settle()
    rig.click(rig.window.status_bar.resume_all)

    assert paused == {State.PAUSED}
    assert sorted(job.state for job in rig.engine.jobs.values()) == [State.QUEUED, State.QUEUED, State.RUNNING]


def test_a_failed_call_needs_the_rep_and_tries_again(rig: Rig, recordings: Make) -> None:
    job_id = _sent_one(rig, recordings)
    rig.engine.fail(job_id, Trouble(Code.FILE_MISSING, NOW, params={"name": "Hooli.wav"}))
    rig.settle()
    rig.lists.tabs.choose(Tab.NEEDS)
    rig.lists.view.select((job_id,))
    assert rig.names() == ["Hooli.wav"]

    rig.lists.view.setFocus()
    rig.key(rig.lists.view, Qt.Key.Key_Space)

    assert rig.engine.jobs[job_id].state is State.RUNNING


def test_bars_show_acknowledged_and_in_flight_bytes_apart(rig: Rig, recordings: Make) -> None:
    rig.engine.probing = False
    rig.start().drop(*recordings("big.wav"))
    rig.wait_jobs(1)
    job_id = next(iter(rig.engine.jobs))
    rig.engine.probe(job_id, recording("wav", 100 * MIB))
    rig.settle()
    rig.type_form()
    rig.key(rig.page.form.email, Qt.Key.Key_Return)

    rig.engine.upload(job_id, 50 * MIB, in_flight=25 * MIB, rate=2 * MIB, left=30)
    rig.settle()

    row = rig.lists.live.row_at(0)
    assert row is not None
    assert (row.acknowledged, row.in_flight, row.figures) == (500, 250, ("50%", "2 MB/s", "30 s left"))


def test_a_finished_call_leaves_the_queue_and_its_receipt_stays_in_view(rig: Rig, recordings: Make) -> None:
    job_id = _sent_one(rig, recordings)
    rig.lists.view.select((job_id,))

    rig.engine.finish(job_id)
    rig.settle()

    assert rig.names() == []
    assert rig.lists.tabs.buttons[Tab.SENT].accessibleName() == "Sent 1"
    details = rig.page.detail_pane
    assert details.isVisible()
    copier = next(line.copier for line in details._cells if line.copier.property("value") == job_id)
    rig.click(copier)
    assert rig.desktop.clipboard == job_id


def test_send_before_the_check_is_done_goes_right_after_it(rig: Rig, recordings: Make) -> None:
    rig.engine.probing = False
    rig.start().drop(*recordings("one.wav"))
    rig.wait_jobs(1)
    job_id = next(iter(rig.engine.jobs))
    rig.type_form()
    rig.key(rig.page.form.email, Qt.Key.Key_Return)
    assert rig.engine.jobs[job_id].state is State.DRAFT

    rig.engine.probe(job_id, recording())

    assert rig.engine.jobs[job_id].state is State.RUNNING


def test_a_doubtful_recording_waits_for_send_anyway(rig: Rig, recordings: Make) -> None:
    rig.engine.probing = False
    rig.start().drop(*recordings("cut.wav"))
    rig.wait_jobs(1)
    job_id = next(iter(rig.engine.jobs))
    rig.engine.probe(job_id, recording(warnings=(Doubtful(Doubt.TRUNCATED, 724, 2730),)))
    rig.settle()
    rig.type_form()
    rig.key(rig.page.form.email, Qt.Key.Key_Return)
    assert rig.engine.jobs[job_id].state is State.DRAFT
    assert "12:04 of 45:30" in rig.page.form._question.text()

    rig.click(rig.page.form.accept_button)

    assert rig.engine.jobs[job_id].state is State.RUNNING


def test_send_anyway_without_the_details_says_what_is_missing_and_keeps_the_question(
    rig: Rig, recordings: Make
) -> None:
    rig.engine.probing = False
    rig.start().drop(*recordings("cut.wav"))
    rig.wait_jobs(1)
    job_id = next(iter(rig.engine.jobs))
    rig.engine.probe(job_id, recording(warnings=(Doubtful(Doubt.TRUNCATED, 724, 2730),)))
    rig.settle()

    rig.click(rig.page.form.accept_button)

    assert rig.page.form.fields["company_name"].problem == "Add the company name to send this recording."
    assert rig.page.form.company.hasFocus()
    assert rig.notice.alert is None
    assert (rig.engine.jobs[job_id].accepted, rig.page.form.accept_button.isVisible()) == (False, True)


def test_a_recording_that_was_sent_before_says_when_and_is_sent_again_by_one_click(rig: Rig, recordings: Make) -> None:
    job_id = _sent_one(rig, recordings)
    path = rig.engine.jobs[job_id].path
    rig.engine.finish(job_id)
    rig.settle()
    rig.drop(path)
    rig.wait_jobs(1)
    again = next(iter(rig.engine.jobs))
    rig.type_form()
    assert rig.page.form._question.text() == "You already sent this recording on 20 November. Send it again?"
    assert rig.page.form.accept_button.text() == "Send it again"

    rig.click(rig.page.form.accept_button)

    assert rig.engine.jobs[again].state is State.RUNNING


def test_a_recording_that_is_in_the_list_twice_is_not_said_to_be_sent_and_asks_no_more_once_the_other_is_gone(
    rig: Rig, recordings: Make
) -> None:
    (path,) = recordings("one.wav")
    rig.start().drop(path)
    rig.wait_jobs(1)
    rig.drop(path)
    rig.wait_jobs(2)
    first, second = rig.engine.jobs
    rig.lists.view.select((second,))
    rig.settle()
    assert rig.page.form._question.text() == "This recording is in the list already. Send it twice?"
    assert rig.page.form.accept_button.text() == "Send it twice"

    rig.engine.cancel((first,))
    rig.settle()

    assert not rig.page.form.accept_button.isVisible()
    assert not rig.page.form._question.isVisible()


def test_every_question_that_one_click_answers_is_in_view(rig: Rig, recordings: Make) -> None:
    rig.engine.probing = False
    rig.start().drop(*recordings("cut.wav", "silent.wav", "whole.wav"))
    rig.wait_jobs(3)
    cut, silent, whole = rig.engine.jobs
    rig.engine.probe(cut, recording(size=1, warnings=(Doubtful(Doubt.TRUNCATED, 724, 2730),)))
    rig.engine.probe(silent, recording(size=2, warnings=(Doubtful(Doubt.SILENT),)))
    rig.engine.probe(whole, recording(size=3))
    rig.settle()
    rig.type_form()

    lines = rig.page.form._question.text().splitlines()
    assert [line.partition(":")[0] for line in lines] == ["cut.wav", "silent.wav"]
    rig.click(rig.page.form.accept_button)

    assert [rig.engine.jobs[job_id].state for job_id in (cut, silent, whole)] == [
        State.RUNNING,
        State.RUNNING,
        State.DRAFT,
    ]


def test_fields_that_differ_say_several_values_and_stay_as_they_are(rig: Rig, recordings: Make) -> None:
    rig.start().drop(*recordings("one.wav", "two.wav"))
    rig.wait_jobs(2)
    first, second = rig.engine.jobs
    rig.lists.view.select((first,))
    rig.type_form("Hooli", "gavin@hooli.com", "Sales")
    rig.lists.view.select((second,))
    rig.type_form("Acme", "john@acme.com", "Demo")

    rig.lists.view.select((first, second))
    form = rig.page.form
    assert form.company.placeholderText() == "several values"
    form.email.setFocus()
    rig.keys(form.email, "both@acme.com")
    rig.key(form.email, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    details = [job.details for job in rig.engine.jobs.values()]
    assert [known.company_name for known in details] == ["Hooli", "Acme"]
    assert [known.call_type for known in details] == ["sales", "demo"]
    assert {known.contact_email for known in details} == {"both@acme.com"}


def test_the_file_name_suggests_a_known_company_and_fills_its_contact(rig: Rig, recordings: Make) -> None:
    rig.start().drop(*recordings("Acme-kickoff.wav"))
    rig.wait_jobs(1)
    form = rig.page.form
    assert form.offers.named.button.text() == "Acme Corp"

    rig.click(form.offers.named.button)

    assert (form.company.text(), form.email.text()) == ("Acme Corp", "john@acme.com")


def test_an_offer_of_a_very_long_name_leaves_the_fields_in_the_window(rig: Rig, recordings: Make, qtbot: QtBot) -> None:
    rig.start().drop(*recordings("one.wav"))
    rig.wait_jobs(1)
    form, name = rig.page.form, "Donaudampfschifffahrtsgesellschaft & Sons " * 4
    button = form.offers.last.button
    # Once an offer is laid out, all of the window is.
    form.offers.last.show_offer("Same as last time:", "Hooli")
    qtbot.waitUntil(lambda: button.width() == button.sizeHint().width())
    before = form.company.width()

    form.offers.last.show_offer("Same as last time:", name)
    qtbot.waitUntil(lambda: button.width() == button.sizeHint().width())

    assert button.isVisible()
    assert form.company.width() == before
    assert button.toolTip() == name


def test_a_field_that_is_emptied_again_gives_every_call_its_own_value_back(rig: Rig, recordings: Make) -> None:
    rig.start().drop(*recordings("one.wav", "two.wav"))
    rig.wait_jobs(2)
    first, second = rig.engine.jobs
    for job_id, company in ((first, "Hooli"), (second, "Acme")):
        rig.lists.view.select((job_id,))
        rig.type_form(company)
    rig.lists.view.select((first, second))
    form = rig.page.form
    form.company.setFocus()
    rig.keys(form.company, "X")
    form.save()
    rig.settle()
    assert {job.details.company_name for job in rig.engine.jobs.values()} == {"X"}

    rig.key(form.company, Qt.Key.Key_Backspace)

    assert form.company.placeholderText() == "several values"
    assert [job.details.company_name for job in rig.engine.jobs.values()] == ["Hooli", "Acme"]
    form.email.setFocus()
    rig.keys(form.email, "both@acme.com")
    form.save()
    assert [job.details.company_name for job in rig.engine.jobs.values()] == ["Hooli", "Acme"]


def test_what_was_sent_last_is_offered_until_something_is_typed(rig: Rig, recordings: Make) -> None:
    rig.start().drop(*recordings("rec_003.wav"))
    rig.wait_jobs(1)
    form = rig.page.form
    assert (form.offers.last.isVisible(), form.offers.last.button.text()) == (True, "Acme Corp")

    rig.click(form.offers.last.button)

    assert (form.company.text(), form.email.text()) == ("Acme Corp", "john@acme.com")
    assert not form.offers.last.isVisible()
    rig.key(form.company, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert {job.state for job in rig.engine.jobs.values()} == {State.RUNNING}


def test_what_a_rule_of_the_profile_reads_is_offered_and_filled_in_by_one_click(
    qtbot: QtBot, qapp: Application, recordings: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = (r"^(?P<date>\d{8}) (?P<company>\w+) (?P<type>\w+)",)
    monkeypatch.setattr(samples, "PROFILE", samples.PROFILE.model_copy(update={"name_rules": rules}))
    rig = Rig(qtbot, qapp)
    rig.start().drop(*recordings("20261118 Hooli support.wav"))
    rig.wait_jobs(1)
    form = rig.page.form
    assert (form.company.text(), form.call_type.current) == ("", ""), "a suggestion is never taken by itself"

    assert form.offers.named.button.text() == "Hooli"
    rig.click(form.offers.named.button)

    (job,) = rig.engine.jobs.values()
    assert (job.details.company_name, job.details.call_type) == ("Hooli", "support")
    end(rig)
