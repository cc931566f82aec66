"""Messages of calls that are announced at the same time: they leave together, and each call hears of its own."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from callup_desktop.calls.documents import TranscriptionTask
from callup_desktop.engine.errors import AccountError, Code
from callup_desktop.services.message_batches import MessageBatches
from callup_desktop.services.sqs import LARGEST_BATCH
from tests.gateway.replica import eventually
from tests.services.test_announcer import task

CALLS = LARGEST_BATCH + 3
REQUESTS = 2


class SlowQueue:
    """A queue that answers once it is let go, and refuses some calls."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.requests: list[tuple[str, ...]] = []
        self.refused: set[str] = set()
        self.fails: Callable[[], None] = lambda: None

    def announce(self, task: TranscriptionTask) -> str:
        self.requests.append((task.call_id,))
        assert self.go.wait(60)
        self.fails()
        if task.call_id in self.refused:
            raise AccountError(Code.QUEUE_DENIED, task.call_id)
        return f"message of {task.call_id}"

    def announce_all(self, tasks: Sequence[TranscriptionTask]) -> dict[str, str]:
        self.requests.append(tuple(each.call_id for each in tasks))
        assert self.go.wait(60)
        self.fails()
        return {each.call_id: f"message of {each.call_id}" for each in tasks if each.call_id not in self.refused}

    def reset(self) -> None:
        """No connections."""

    def renew_credentials(self) -> None:
        """No keys."""


@pytest.fixture
def queue() -> SlowQueue:
    return SlowQueue()


@pytest.fixture
def announced(queue: SlowQueue) -> Iterator[dict[str, "Future[str]"]]:
    """As many calls as have two requests under way and a full one waiting, all at once."""
    batches = MessageBatches(queue)
    with ThreadPoolExecutor(REQUESTS + CALLS) as threads:
        try:
            futures = {str(at): threads.submit(batches.announce, task(str(at))) for at in range(REQUESTS)}
            eventually(lambda: len(queue.requests) == REQUESTS or None, "requests under way")
            rest = range(REQUESTS, REQUESTS + CALLS)
            futures |= {str(at): threads.submit(batches.announce, task(str(at))) for at in rest}
            eventually(lambda: len(batches._waiting) == CALLS or None, "messages that wait")
            yield futures
        finally:
            queue.go.set()


def test_what_comes_while_requests_are_under_way_leaves_in_one(
    queue: SlowQueue, announced: dict[str, "Future[str]"]
) -> None:
    queue.go.set()

    assert {call_id: future.result(60) for call_id, future in announced.items()} == {
        call_id: f"message of {call_id}" for call_id in announced
    }
    assert sorted(map(len, queue.requests)) == [1, 1, CALLS - LARGEST_BATCH, LARGEST_BATCH]


def test_a_message_that_is_refused_among_others_is_told_why_and_the_others_went(
    queue: SlowQueue, announced: dict[str, "Future[str]"]
) -> None:
    queue.refused = {"5"}
    queue.go.set()

    with pytest.raises(AccountError, match=Code.QUEUE_DENIED):
        announced.pop("5").result(60)
    assert all(future.result(60) for future in announced.values())


def test_a_request_that_fails_is_told_to_each_of_its_calls(
    queue: SlowQueue, announced: dict[str, "Future[str]"]
) -> None:
    def fail() -> None:
        raise AccountError(Code.QUEUE_DENIED)

    queue.fails = fail
    queue.go.set()

    assert {future.exception(60).code for future in announced.values()} == {Code.QUEUE_DENIED}  # type: ignore[union-attr]  # every one has an error
    assert sum(map(len, queue.requests)) == len(announced)
