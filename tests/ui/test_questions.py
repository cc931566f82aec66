"""What the rep is asked stands in the text of the box: a Mac shows no title of it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from callup_desktop.presentation.rows import Action, ActionRequest, Tab
from tests.ui import samples
from tests.ui.conftest import Rig


def asked(rig: Rig, request: Callable[[], None]) -> tuple[str, str]:
    """The question, the name of the button that Enter presses; the box is left by Escape."""
    request()
    box = rig.dialog
    assert isinstance(box, QMessageBox)
    default = box.defaultButton()
    found = box.text(), default.text() if default else ""
    assert box.textFormat() is Qt.TextFormat.PlainText
    assert "?" not in box.windowTitle()
    rig.key(box, Qt.Key.Key_Escape)
    return found


def test_each_question_stands_in_its_box_and_its_default_answer_changes_nothing(rig: Rig) -> None:
    rig.engine.jobs = {job.id: job for job in samples.working()}
    rig.engine.sent = samples.sent()
    rig.start()
    first, second = samples.CALL_ID, "b"

    def remove(*ids: str) -> Callable[[], None]:
        return lambda: rig.window.call_actions.perform(ActionRequest(Action.REMOVE, ids))

    assert asked(rig, remove(first)) == ("Remove Acme quarterly review.wav?", "Keep")
    assert asked(rig, remove(first, second)) == ("Remove 2 calls?", "Keep")
    assert asked(rig, rig.window.close_policy.quit) == ("Quit CallUp?", "Keep sending")
    rig.engine.jobs.clear()
    rig.engine.start()
    rig.lists.tabs.choose(Tab.SENT)
    rig.settle()
    assert asked(rig, remove(first)) == ("Take 1 call off this list?", "Keep")


def test_a_file_name_with_marks_of_its_own_is_shown_as_it_is(rig: Rig) -> None:
    job = samples.working()[0]
    rig.engine.jobs = {job.id: replace(job, path=Path("/recordings/<img src=x>.wav"))}
    rig.start()

    question, _default = asked(rig, lambda: rig.window.call_actions.perform(ActionRequest(Action.REMOVE, (job.id,))))

    assert question == "Remove <img src=x>.wav?"
