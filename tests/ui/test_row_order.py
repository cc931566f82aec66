"""The order of the rows: what is being uploaded comes first, and nothing moves under the mouse."""

import random
from dataclasses import replace

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint
from PySide6.QtTest import QAbstractItemModelTester, QTest

from callup_desktop.engine.events import JobChanged
from callup_desktop.engine.job import Job, State
from callup_desktop.presentation.rows import leads
from tests.ui import samples
from tests.ui.conftest import Rig


def queued(number: int) -> Job:
    return replace(
        samples.sending(samples.draft(f"q{number}", f"{number}.wav", 8, 1, samples.ACME), State.QUEUED, 0), stored=0
    )


@pytest.fixture
def ten(rig: Rig) -> Rig:
    """Ten calls that wait."""
    rig.engine.held = True
    rig.engine.jobs = {job.id: job for job in map(queued, range(10))}
    rig.start()
    # The mouse may be anywhere when a window opens.
    QTest.mouseMove(rig.page.drop_zone, QPoint(5, 5))
    rig.settle()
    return rig


def report(rig: Rig, *jobs: Job) -> None:
    for job in jobs:
        rig.window.on_reported(JobChanged(job))
    rig.settle()


def ids(rig: Rig) -> list[str]:
    model = rig.lists.live
    return [job.id for job in model.read_between(0, model.rowCount() - 1)]


def test_what_is_uploaded_comes_first_and_goes_back_to_its_place_when_it_stops(ten: Rig) -> None:
    running = [replace(queued(number), state=State.RUNNING) for number in (4, 7)]
    report(ten, *running)
    assert ids(ten)[:3] == ["q4", "q7", "q0"]

    report(ten, replace(running[0], state=State.PAUSED))

    assert ids(ten) == ["q7", *(f"q{number}" for number in range(10) if number != 7)]


def test_an_upload_that_waits_for_the_network_keeps_its_place_before_those_that_never_began(ten: Rig) -> None:
    report(ten, replace(queued(6), stored=1000))

    assert ids(ten)[0] == "q6"


def test_a_call_that_only_waits_to_be_registered_does_not_stand_before_the_uploads(ten: Rig) -> None:
    report(ten, samples.uploaded(queued(5), State.QUEUED), replace(queued(8), state=State.RUNNING))

    assert ids(ten)[:2] == ["q8", "q0"]


def test_a_row_that_moves_takes_its_selection_along(ten: Rig) -> None:
    ten.lists.view.select(("q2", "q3", "q4", "q9"))
    ten.settle()

    report(ten, replace(queued(3), state=State.RUNNING), replace(queued(9), state=State.RUNNING))

    assert [job.id for job in ten.lists.view.selected_jobs()] == ["q3", "q9", "q2", "q4"]


def test_nothing_moves_under_the_mouse_until_it_leaves_the_list(ten: Rig) -> None:
    view = ten.lists.view
    QTest.mouseMove(view.viewport(), QPoint(50, 50))
    ten.settle()
    pointed_at = view.indexAt(QPoint(50, 50)).data()

    report(ten, replace(queued(9), state=State.RUNNING))
    assert view.indexAt(QPoint(50, 50)).data() == pointed_at
    assert ids(ten)[0] == "q0"

    QTest.mouseMove(ten.page.drop_zone, QPoint(5, 5))
    ten.settle()
    assert ids(ten)[0] == "q9"


def test_rows_selection_and_model_agree_whatever_happens(ten: Rig) -> None:
    """Random arrivals, moves, ends and searches; Qt's own tester looks at every signal of the model."""
    model, view, chance = ten.lists.live, ten.lists.view, random.Random(12)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    jobs = dict(ten.engine.jobs)
    chosen: set[str] = set()
    for turn in range(300):
        job = jobs.get(chance.choice(list(jobs)) if jobs else "")
        match chance.randrange(5):
            case 0:
                job = queued(100 + turn)
                jobs[job.id] = job
                ten.window.on_reported(JobChanged(job))
            case 1 if job is not None and len(jobs) > 5:
                jobs.pop(job.id)
                chosen.discard(job.id)
                ten.window.on_reported(JobChanged(job, gone=True))
            case 2 | 3 if job is not None:
                state = chance.choice([State.RUNNING, State.QUEUED, State.PAUSED])
                jobs[job.id] = replace(job, state=state)
                ten.window.on_reported(JobChanged(jobs[job.id]))
            case 4 if job is not None and model.place_of(job.id) >= 0:
                index = model.index(model.place_of(job.id), 0)
                view.selectionModel().select(index, QItemSelectionModel.SelectionFlag.Toggle)
                chosen ^= {job.id}
        if turn % 3 == 0:
            ten.window.show_changes()
            expected = sorted(jobs.values(), key=lambda known: (not leads(known), ten.window._state.numbers[known.id]))
            assert ids(ten) == [known.id for known in expected]
            assert {known.id for known in view.selected_jobs()} == chosen
            assert all(model.place_of(job_id) == place for place, job_id in enumerate(ids(ten)))
    assert tester.model() is model


def test_the_mouse_leaves_in_the_moment_in_which_a_call_that_was_held_back_arrives(ten: Rig) -> None:
    """What the engine says is known before it is shown; the rep of `rep_of_a_day` hit that moment."""
    view = ten.lists.view
    QTest.mouseMove(view.viewport(), QPoint(50, 50))
    ten.settle()
    running = replace(queued(4), state=State.RUNNING)
    report(ten, running)
    assert ids(ten)[0] == "q0"

    done = replace(samples.sent()[0], id="q4")
    ten.window.on_reported(JobChanged(done))
    QTest.mouseMove(ten.page.drop_zone, QPoint(5, 5))
    ten.settle()

    assert ids(ten) == [f"q{number}" for number in range(10) if number != 4]
    assert ten.lists.sent.place_of("q4") == 0
