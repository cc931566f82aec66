"""Workers that die while others start: each is replaced at once, and none is given up too early."""

import multiprocessing
from collections.abc import Iterator
from multiprocessing.context import SpawnProcess

import pytest
from uvicorn import Config
from uvicorn.supervisors.multiprocess import Process

from callup_desktop.gateway.supervisor import Liveness
from tests.gateway.replica import eventually

TIMEOUT = 60.0


async def application(*_asked: object) -> None:
    raise AssertionError("nobody asks it anything")


class Worker(Process):
    """A real child, which answers its supervisor only where the test does."""

    def __init__(self) -> None:
        super().__init__(Config(application), [])
        self.process: SpawnProcess = multiprocessing.get_context("spawn").Process(target=_stay)

    def end(self) -> None:
        """As the system does that needs its memory."""
        self.process.kill()
        self.process.join()


def _stay() -> None:
    import threading

    threading.Event().wait()


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker()
    worker.start()
    yield worker
    worker.end()


class Clock:
    now = 0.0

    def monotonic(self) -> float:
        return self.now


def test_a_worker_that_still_starts_lives_though_it_does_not_answer(worker: Worker) -> None:
    clock = Clock()
    liveness = Liveness(TIMEOUT, clock.monotonic)

    assert liveness.lives(worker)
    clock.now += TIMEOUT - 1
    assert liveness.lives(worker)
    clock.now += 1
    assert not liveness.lives(worker)


def test_one_that_answers_starts_the_time_anew(worker: Worker) -> None:
    clock = Clock()
    liveness = Liveness(TIMEOUT, clock.monotonic)
    for _ in range(3):
        assert liveness.lives(worker)
        clock.now += TIMEOUT - 1
        worker.pong()
        eventually(worker.parent_conn.poll, "the answer is there")


def test_one_that_is_killed_before_it_answers_is_not_waited_for(worker: Worker) -> None:
    liveness = Liveness(TIMEOUT, Clock().monotonic)
    assert liveness.lives(worker)

    worker.end()

    assert not liveness.lives(worker)
