"""The counts of tabs, status line and buttons agree with each other and with the rows."""

import re
from collections import Counter
from dataclasses import replace

import pytest

from callup_desktop.engine.errors import Code
from callup_desktop.engine.events import JobChanged, Snapshot, Status
from callup_desktop.engine.job import Job, State, Trouble
from callup_desktop.presentation.messages import Messages
from callup_desktop.presentation.queue_summary import Hints, QueueSummary, StatusLine
from callup_desktop.presentation.view_state import Phase, ViewState
from callup_desktop.recordings.recording import Doubt, Doubtful
from tests.ui import samples
from tests.ui.fake_engine import CALL_TYPES, NOW

SUMMARY = QueueSummary(Messages(), "Acme Sales · eu-west-1")


def state_of(*jobs: Job, paused: bool = False, blocked: Trouble | None = None) -> ViewState:
    state = ViewState(call_types=CALL_TYPES)
    state.apply(Snapshot(jobs, ()))
    states = Counter(job.state for job in jobs)
    state.apply(
        Status(
            online=True,
            since=NOW,
            blocked=blocked,
            running=states[State.RUNNING],
            waiting=states[State.QUEUED],
            drafts=states[State.DRAFT],
            needs_rep=states[State.FAILED],
            sent=0,
            paused=paused,
        )
    )
    return state


def line_of(state: ViewState) -> StatusLine:
    return SUMMARY.status_line(state, Hints())


def every_kind() -> tuple[Job, ...]:
    """One call of each kind that stands in the list."""
    incomplete = samples.draft("incomplete", "a.wav", 1, 1)
    ready = samples.draft("ready", "b.wav", 1, 1, samples.ACME)
    assert ready.recording is not None
    doubtful = replace(ready, id="doubt", recording=replace(ready.recording, warnings=(Doubtful(Doubt.SILENT),)))
    queued = samples.sending(ready, State.QUEUED, 100)
    denied = Trouble(Code.ACCESS_DENIED, NOW)
    return (
        incomplete,
        ready,
        doubtful,
        replace(ready, id="checking", recording=None),
        replace(queued, id="waiting"),
        replace(queued, id="blocked", trouble=denied),
        replace(queued, id="running", state=State.RUNNING),
        replace(samples.uploaded(ready, State.RUNNING), id="registering"),
        replace(queued, id="paused", state=State.PAUSED),
        replace(queued, id="failed", state=State.FAILED, trouble=denied),
        replace(queued, id="leaving", state=State.CANCELLED),
    )


def test_a_draft_that_is_ready_does_not_need_details() -> None:
    ready = samples.draft("a", "a.wav", 1, 1, samples.ACME)
    incomplete = samples.draft("b", "b.wav", 1, 1)

    assert line_of(state_of(ready, incomplete)).queue == "1 ready · 1 needs details"
    assert line_of(state_of(ready)).queue == "1 ready"
    assert line_of(state_of(incomplete, replace(incomplete, id="c"))).queue == "2 need details"


def test_a_draft_is_ready_with_the_last_detail_and_no_longer_when_it_is_taken_out_again() -> None:
    draft = samples.draft("a", "a.wav", 1, 1, samples.ACME)
    state = state_of(replace(draft, details=replace(samples.ACME, contact_email="")))
    lines = []
    for details in (samples.ACME, replace(samples.ACME, call_type="karaoke"), samples.ACME):
        state.apply(JobChanged(replace(draft, details=details)))
        lines.append(line_of(state).queue)
    state.apply(JobChanged(draft, gone=True))

    assert lines == ["1 ready", "1 needs details", "1 ready"]
    assert line_of(state).idle == "Nothing waiting"


def test_calls_that_are_blocked_need_the_rep_and_are_not_nothing() -> None:
    denied = Trouble(Code.ACCESS_DENIED, NOW)
    queued = replace(samples.sending(samples.working()[0], State.QUEUED, 100), trouble=denied)
    line = line_of(state_of(queued, replace(queued, id="b"), blocked=denied))

    assert (line.queue, line.idle) == ("2 need you", "")


def test_what_is_checked_or_removed_is_not_nothing() -> None:
    draft = samples.draft("a", "a.wav", 1, 1)
    line = line_of(state_of(replace(draft, recording=None), replace(draft, id="b", state=State.CANCELLED)))

    assert (line.queue, line.idle) == ("1 being checked · 1 being removed", "")


def test_the_line_counts_every_call_of_the_lists_once() -> None:
    jobs = every_kind()
    state = state_of(*jobs)
    counted = [int(number) for number in re.findall(r"\d+", line_of(state).queue)]

    assert sum(counted) == len(jobs)
    assert sum(state.counts.values()) == len(jobs)
    assert state.counts[Phase.NEEDS_REP] == 3


@pytest.mark.parametrize("kind", ["waiting", "blocked", "running", "registering"])
def test_whatever_is_on_its_way_can_be_paused(kind: str) -> None:
    (job,) = (job for job in every_kind() if job.id == kind)

    assert SUMMARY.can_pause(state_of(job))
    assert not SUMMARY.can_pause(state_of(job, paused=True))


@pytest.mark.parametrize("kind", ["incomplete", "ready", "failed", "paused"])
def test_where_nothing_is_on_its_way_there_is_nothing_to_pause(kind: str) -> None:
    (job,) = (job for job in every_kind() if job.id == kind)

    assert not SUMMARY.can_pause(state_of(job))


def test_a_pause_of_everything_is_told_and_can_be_ended_while_there_is_no_call() -> None:
    state = state_of(paused=True)

    assert SUMMARY.can_resume(state)
    assert line_of(state).idle == "Paused: new calls wait until you resume"
    assert not SUMMARY.can_resume(state_of())
