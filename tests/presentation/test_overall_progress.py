"""All calls on their way, added up: the number never runs backwards because one of them arrives."""

from dataclasses import replace

from callup_desktop.engine.events import JobChanged, JobProgress, Progress, Snapshot
from callup_desktop.engine.job import Job, State
from callup_desktop.presentation.messages import Messages
from callup_desktop.presentation.overall_progress import OverallProgress
from callup_desktop.presentation.view_state import ViewState
from tests.ui import samples
from tests.ui.fake_engine import NOW


class Queue:
    """A view state and the sum over it."""

    def __init__(self, *jobs: Job) -> None:
        self.state = ViewState()
        self.overall = OverallProgress(Messages())
        self.apply(Snapshot(jobs, ()))

    def apply(self, *events: object) -> "Queue":
        changes = [self.state.apply(event) for event in events]  # type: ignore[arg-type]  # any Event
        self.overall.take(changes, self.state)
        return self

    @property
    def text(self) -> str:
        return self.overall.text(self.state)


def call(job_id: str, size: float, permille: int, state: State = State.RUNNING) -> Job:
    return samples.sending(samples.draft(job_id, f"{job_id}.wav", size, 60, samples.ACME), state, permille)


def test_nothing_on_its_way_says_nothing() -> None:
    paused = call("a", 10, 500, State.PAUSED)
    assert Queue().text == ""
    assert Queue(samples.draft("d", "d.wav", 10, 60), paused).text == ""


def test_percent_and_time_left_are_of_all_calls_together() -> None:
    queue = Queue(call("a", 30, 500), call("b", 10, 500, State.QUEUED))
    assert queue.text == "50%"

    rate = 20 * samples.MIB / 120
    queue.apply(Progress((JobProgress("a", 15 * samples.MIB, 0, rate, 90.0),), rate))

    assert queue.text == "50% · about 2 min left"


def test_bytes_that_are_under_way_are_not_waited_for_again() -> None:
    queue = Queue(call("a", 30, 0))
    rate = 30 * samples.MIB / 60

    queue.apply(Progress((JobProgress("a", 0, 27 * samples.MIB, rate, 6.0),), rate))

    assert queue.text == "0% · a few seconds left"


def test_a_call_that_arrives_counts_until_the_last_one_has() -> None:
    first, second = call("a", 30, 900), call("b", 10, 0)
    queue = Queue(first, second)
    assert queue.overall.percent == 67

    queue.apply(JobChanged(samples.done(first, NOW)))
    assert queue.overall.percent == 75

    queue.apply(JobChanged(samples.done(second, NOW)))
    assert queue.overall.percent is None
    assert queue.apply(JobChanged(call("c", 10, 0))).overall.percent == 0


def test_what_is_paused_or_removed_is_not_waited_for() -> None:
    moving, other = call("a", 30, 500), call("b", 10, 0)
    queue = Queue(moving, other)
    queue.apply(JobChanged(replace(other, state=State.PAUSED)))
    assert queue.overall.percent == 50

    queue.apply(JobChanged(other))
    queue.apply(JobChanged(replace(other, state=State.CANCELLED), gone=True))
    assert queue.overall.percent == 50
