"""Removed calls come back by Undo, for ten seconds, and whatever happens nothing that was removed is sent by itself."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from callup_desktop.engine.job import State
from callup_desktop.presentation.queue_summary import Remedy
from callup_desktop.presentation.rows import Action, ActionRequest, Tab
from callup_desktop.ui.undo_remove import UndoRemove
from tests.ui import samples
from tests.ui.conftest import WITHIN, Rig

Make = Callable[..., tuple[Path, ...]]


def remove(rig: Rig, *job_ids: str) -> None:
    rig.window.call_actions.perform(ActionRequest(Action.REMOVE, job_ids))
    if isinstance(rig.dialog, QMessageBox):
        rig.click(next(button for button in rig.dialog.buttons() if button.text() == "Remove"))
    rig.settle()


def undo(rig: Rig) -> None:
    rig.click(rig.notice.buttons[Remedy.UNDO])


def states(rig: Rig) -> list[tuple[str, str, State]]:
    return [(job.path.name, job.details.company_name, job.state) for job in rig.engine.jobs.values()]


def test_a_removed_draft_comes_back_with_what_was_typed(rig: Rig, recordings: Make) -> None:
    rig.start().drop(*recordings("Acme.wav"))
    rig.wait_jobs(1)
    rig.type_form()
    (before,) = rig.engine.jobs
    remove(rig, before)
    assert rig.engine.jobs == {}
    assert rig.notice.alert is not None
    assert rig.notice.alert.lead == "Acme.wav was removed."

    undo(rig)

    assert states(rig) == [("Acme.wav", "Acme Corp", State.DRAFT)]
    assert before not in rig.engine.jobs, "the old call is over: its id is used up"
    assert rig.notice.alert is None


def test_what_was_on_its_way_goes_again_from_its_beginning(rig: Rig, recordings: Make) -> None:
    rig.start().drop(*recordings("Acme.wav"))
    rig.wait_jobs(1)
    rig.type_form()
    rig.click(rig.page.form.send_button)
    (before,) = rig.engine.jobs
    rig.engine.upload(before, 500)
    remove(rig, before)

    undo(rig)

    assert states(rig) == [("Acme.wav", "Acme Corp", State.RUNNING)]
    assert [job.stored for job in rig.engine.jobs.values()] == [0]


def test_several_come_back_together_by_the_key(rig: Rig, recordings: Make) -> None:
    rig.start().drop(*recordings("a.wav", "b.wav", "c.wav"))
    rig.wait_jobs(3)
    remove(rig, *tuple(rig.engine.jobs)[:2])
    assert [name for name, *_ in states(rig)] == ["c.wav"]
    assert rig.notice.alert is not None
    assert rig.notice.alert.lead == "2 calls were removed."

    rig.window.activateWindow()
    rig.settle()
    rig.key(rig.lists.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    assert sorted(name for name, *_ in states(rig)) == ["a.wav", "b.wav", "c.wav"]
    rig.key(rig.lists.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(rig.engine.jobs) == 3, "undone once"


def test_what_comes_back_is_selected_and_described_on(rig: Rig, recordings: Make) -> None:
    rig.start().drop(*recordings("Acme.wav", "b.wav"))
    rig.wait_jobs(2)
    removed = next(job.id for job in rig.engine.jobs.values() if job.path.name == "Acme.wav")
    rig.lists.view.select((removed,))
    rig.settle()
    remove(rig, removed)

    undo(rig)

    (back,) = (job.id for job in rig.engine.jobs.values() if job.path.name == "Acme.wav")
    assert [job.id for job in rig.lists.view.selected_jobs()] == [back]
    assert rig.window.focusWidget() is rig.page.form.company


@pytest.mark.parametrize(
    ("names", "place"), [(("Acme.wav",), "drop zone"), (("Acme.wav", "b.wav"), "list")], ids=["the last", "one of two"]
)
def test_a_banner_that_goes_with_the_focus_leaves_it_where_the_rep_works(
    rig: Rig, recordings: Make, names: tuple[str, ...], place: str
) -> None:
    rig.start().drop(*recordings(*names))
    rig.wait_jobs(len(names))
    remove(rig, next(iter(rig.engine.jobs)))
    rig.notice.buttons[Remedy.UNDO].setFocus()

    rig.window.notices.close()
    rig.settle()

    expected = {"drop zone": rig.page.drop_zone.chooser, "list": rig.lists.view}[place]
    assert rig.window.focusWidget() is expected


def test_after_its_time_it_is_too_late(rig: Rig, recordings: Make) -> None:
    rig.start().drop(*recordings("Acme.wav"))
    rig.wait_jobs(1)
    (job,) = rig.engine.jobs.values()
    late = UndoRemove(rig.engine, rig.window._state, rig.window, within=1)
    rig.engine.forget((job.id,))
    late.note((job,))
    rig.qtbot.waitUntil(lambda: not late._timer.isActive(), timeout=WITHIN)

    late.undo()

    assert rig.engine.jobs == {}


def test_a_call_that_was_registered_before_the_cancel_is_not_made_twice(rig: Rig, recordings: Make) -> None:
    rig.start().drop(*recordings("Acme.wav"))
    rig.wait_jobs(1)
    rig.type_form()
    rig.click(rig.page.form.send_button)
    (job,) = rig.engine.jobs.values()
    rig.window.undo_remove.note((job,))

    undo(rig)

    assert list(rig.engine.jobs) == [job.id]


@pytest.mark.parametrize("job_id", [samples.CALL_ID])
def test_a_call_that_has_arrived_offers_no_undo(rig: Rig, job_id: str) -> None:
    rig.engine.sent = samples.sent()[:2]
    rig.start().lists.tabs.choose(Tab.SENT)
    rig.lists.view.select((job_id,))
    rig.settle()
    remove(rig, job_id)

    assert job_id not in {job.id for job in rig.engine.sent}
    assert rig.notice.alert is None or Remedy.UNDO not in rig.notice.alert.remedies
