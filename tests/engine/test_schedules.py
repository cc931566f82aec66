"""Random schedules of faults, pauses, edits, cancels and crashes: whatever happens, each call arrives once and whole.

`CALLUP_SCHEDULES=5000 pytest tests/engine/test_schedules.py` runs more of them.
"""

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callup_desktop.engine import steps
from callup_desktop.engine.commands import DetailsChange
from callup_desktop.engine.errors import AccountError, Code, JobError, Rejection, TransientError
from callup_desktop.engine.job import Command, Job, State, offers
from callup_desktop.engine.parts import spans
from tests.engine.world import World
from tests.fakes.faults import Call, Moment, anew

SCHEDULES = int(os.environ.get("CALLUP_SCHEDULES", "200"))
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - each schedule gets a folder of its own
"""Where journals are synced in no time: a schedule's crashes are those of the program, not of the power."""
ARRIVED = 80
"""The size of one more call, which has arrived before the schedule begins."""
OPERATIONS = (
    *("create", "put", "upload_part", "list_parts", "complete", "head", "open_uploads", "abort", "delete"),
    *("register", "edit", "find", "announce"),
)
LOST: tuple[Callable[[], Exception], ...] = (
    lambda: TransientError(Code.CONNECTION),
    lambda: TransientError(Code.STORAGE_BUSY, retry_after=7),
    lambda: ZeroDivisionError("a bug"),
)
"""What may hide that the call was acted on; a refusal never does."""
REFUSED: tuple[Callable[[], Exception], ...] = (
    *LOST,
    lambda: AccountError(Code.ACCESS_DENIED),
    lambda: JobError(Code.STORE_REFUSED),
)

faults = st.one_of(
    st.tuples(st.just("fault"), st.sampled_from(OPERATIONS), st.just(Moment.BEFORE), st.sampled_from(REFUSED)),
    st.tuples(st.just("fault"), st.sampled_from(OPERATIONS), st.just(Moment.AFTER), st.sampled_from(LOST)),
)
actions = st.tuples(
    st.sampled_from(
        ["run", "run", "run", "run", "turn", "pause", "resume", "retry", "restart", "wait", "online", "stop"]
    ),
    st.integers(0, 7),
)
cancels = st.tuples(st.just("cancel"), st.integers(0, 4))
edits = st.tuples(st.sampled_from(["edit", "edit", "edit", "begin"]), st.integers(0, 4))
schedules = st.lists(st.one_of(actions, actions, actions, faults, cancels, edits), max_size=80)


class Schedule:
    """Carries out one schedule on a world and then asks for the promise."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.calls: dict[str, Path] = {}
        self.wanted: dict[str, str] = {}
        self.edits = 0
        self.begun: set[str] = set()
        for number, size in enumerate((ARRIVED, *world.sizes)):
            path = world.recording(f"call-{number}.mp3", size)
            self.calls[world.send(path)] = path
            if size == ARRIVED:
                world.until_done(*self.calls)

    def carry_out(self, action: tuple[object, ...]) -> None:
        world = self.world
        match action:
            case ("fault", str(op), Moment() as moment, make) if callable(make):
                world.faults.fail(op, moment, make())
            case ("run", int(index)) if world.pool.tasks:
                world.pool.run_one(index)
                world.engine.turn()
            case ("pause", int(index)):
                world.engine.pause((self.call(index),))
            case ("resume", int(index)):
                world.engine.resume((self.call(index),))
            case ("retry", int(index)):
                world.engine.retry((self.call(index),))
            case ("cancel", int(index)):
                world.engine.cancel((self.call(index),))
            case ("edit", int(index)):
                self.edit(self.call(index))
            case ("begin", int(index)):
                self.begin(self.call(index))
            case ("restart", _):
                world.restart()
            case ("stop", _):
                world.engine.stop()
                while not world.engine.ended:
                    world.engine.turn()
                    if world.pool.tasks:
                        world.pool.run_one()
                world.start()
            case ("wait", int(seconds)):
                world.clock.advance(seconds * 10)
            case ("online", int(value)):
                world.engine.set_online(online=value % 2 == 0)
            case _:
                world.engine.turn()

    def call(self, index: int) -> str:
        return tuple(self.calls)[index % len(self.calls)]

    def edit(self, call: str) -> None:
        """The rep gives a call another company."""
        self.world.engine.turn()
        if self.world.known(call) and Command.DESCRIBE in offers(self.world.job(call)):
            self.edits += 1
            self.wanted[call] = f"Company {self.edits}"
            self.world.engine.describe((call,), DetailsChange(company_name=self.wanted[call]))
            self.world.engine.turn()

    def begin(self, call: str) -> None:
        """The pipeline begins with a call that it may know of."""
        if self.world.is_announced(call):
            self.world.begin_pipeline(call)
            self.begun.add(call)

    def come_to_rest(self) -> None:
        """No more faults; the rep resumes and retries what stands still, and time goes on."""
        world = self.world
        world.faults._planned.clear()

        def settled() -> bool:
            jobs = [job for call in self.calls if (job := world.find(call))]
            for job in jobs:
                if job.state is State.FAILED:
                    world.engine.retry((job.id,))
                elif job.state is State.PAUSED and not job.cancel_asked_at:
                    world.engine.resume((job.id,))
            return all(job.is_finished for job in jobs)

        world.until(settled, rounds=5000)

    def others_get_there_soon(self, harm: "Harm") -> None:
        """Every call but the harmed one goes as far as the harm lets it, once the rep let it go on."""
        world = self.world
        harmed = None if harm.call is None else self.call(harm.call)
        if harmed is not None and "create" not in harm.operations and world.known(harmed):
            world.engine.cancel((harmed,))
        others = [call for call in self.calls if call != harmed]
        world.engine.resume(tuple(others))
        world.engine.retry(tuple(others))
        world.engine.set_online(online=True)
        start = world.clock.now()
        world.until(lambda: all(can_do_no_more(harm, world.job(call)) for call in others), rounds=20_000)
        assert (world.clock.now() - start).total_seconds() <= SOON

    def promise_holds(self) -> None:
        for call, path in self.calls.items():
            if self.world.known(call):
                self.world.arrived_whole_and_once(call, path)
                self.details_are_those_that_the_rep_sees(call)
            else:
                self.world.nothing_is_left(call)
        assert self.world.no_upload_is_open()
        self.no_stored_part_was_sent_again()

    def details_are_those_that_the_rep_sees(self, call: str) -> None:
        """Window and registry agree; only where the pipeline had begun the rep's last word may not count."""
        shown = self.world.job(call).details.company_name
        assert self.world.registered(call)[0] == shown
        refused = any(
            refused.job_id == call and refused.code is Rejection.MOVED_ON for refused in self.world.rejections()
        )
        told = f"{call} shows {shown}, wanted {self.wanted.get(call)}, refused {refused}"
        assert call in self.begun if refused else shown == self.wanted.get(call, "Acme Corp"), told
        document = self.world.document(call)
        unchanged = steps.call_of(self.world.job(call), "rep@company.com").document().as_document()
        changed = {name for name in document if document[name] != unchanged[name]}
        changed -= self.world.made_elsewhere
        assert changed <= {"updated_at", *({"status"} if call in self.begun else ())}

    def no_stored_part_was_sent_again(self) -> None:
        for call, path in self.calls.items():
            for span in spans(path.stat().st_size, self.world.part):
                arrivals = [
                    count
                    for (key, number), count in self.world.store.sent.items()
                    if call in key and number == span.number
                ]
                assert sum(arrivals) <= 1, f"part {span.number} of {path.name} was sent {sum(arrivals)} times"


def play(schedule: list[tuple[object, ...]], world: World) -> None:
    """Carry the schedule out on the world, and ask for the promise."""
    try:
        played = Schedule(world)
        for action in schedule:
            played.carry_out(action)
        played.come_to_rest()
        played.promise_holds()
    finally:
        world.close()


@pytest.mark.slow
@pytest.mark.timeout(600)
@settings(
    max_examples=SCHEDULES,
    deadline=None,
    derandomize="CALLUP_SCHEDULES" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example, HealthCheck.data_too_large],
)
@given(schedules)
def test_whatever_happens_each_call_arrives_once_and_whole(schedule: list[tuple[object, ...]]) -> None:
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        play(schedule, World(Path(folder)))


LASTING: tuple[Exception, ...] = (
    TransientError(Code.CONNECTION),
    TransientError(Code.STORAGE_BUSY, retry_after=7),
    AccountError(Code.ACCESS_DENIED),
    JobError(Code.STORE_REFUSED),
    ZeroDivisionError("a bug"),
)
SOON = 10.0
"""Seconds; a call that fails for itself may hold up the others for the first waits of its service, no longer."""


@dataclass(frozen=True)
class Harm:
    """What never works: some operations, of one call or of all."""

    operations: frozenset[str]
    call: int | None
    error: Exception

    def meets(self, schedule: Schedule, call: Call) -> bool:
        mine = self.call is None or schedule.call(self.call) in call.key
        return mine and call.op in self.operations


harms = st.one_of(
    st.builds(Harm, st.just(frozenset({"register", "find"})), st.none(), st.sampled_from(LASTING)),
    st.builds(Harm, st.just(frozenset({"announce"})), st.none(), st.sampled_from(LASTING)),
    st.builds(
        Harm, st.just(frozenset({"abort", "delete", "open_uploads"})), st.integers(0, 3), st.sampled_from(LASTING)
    ),
    st.builds(Harm, st.just(frozenset(OPERATIONS)), st.integers(0, 3), st.sampled_from(LASTING)),
)


def can_do_no_more(harm: Harm, job: Job) -> bool:
    """Whether the call is where the harm stops it, or done."""
    if harm.call is None and "register" in harm.operations:
        return job.etag is not None
    if harm.call is None and "announce" in harm.operations:
        return job.registered_at is not None
    return job.state is State.DONE


@pytest.mark.slow
@pytest.mark.timeout(600)
@settings(
    max_examples=SCHEDULES // 3,
    deadline=None,
    derandomize="CALLUP_SCHEDULES" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example, HealthCheck.data_too_large],
)
@given(st.lists(actions, max_size=40), harms)
def test_whatever_one_service_or_one_call_does_the_others_get_there_soon(
    schedule: list[tuple[object, ...]], harm: Harm
) -> None:
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        world = World(Path(folder))
        try:
            played = Schedule(world)
            for service in (world.store, world.registry, world.announcer):
                service.faults = partial(fail_where_harmed, played, harm)
            for action in schedule:
                played.carry_out(action)
            played.others_get_there_soon(harm)
        finally:
            world.close()


def fail_where_harmed(schedule: Schedule, harm: Harm, call: Call, moment: Moment) -> None:
    if moment is Moment.BEFORE and harm.meets(schedule, call):
        raise anew(harm.error)
