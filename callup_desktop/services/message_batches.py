"""Messages that calls announce at the same time leave together: engine.ports.Announcer over the queue. Any thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Condition
from typing import Protocol

from callup_desktop.calls.documents import TranscriptionTask
from callup_desktop.engine.ports import Announcer
from callup_desktop.services.sqs import LARGEST_BATCH

_REQUESTS = 2
"""How many requests run side by side, so that one that gets no answer holds up only its own messages."""


class Queue(Announcer, Protocol):
    """A queue that takes several messages in one request."""

    def announce_all(self, tasks: Sequence[TranscriptionTask]) -> dict[str, str]:
        """The message id of each call_id that the queue took; raises as `announce` does."""
        ...


@dataclass(slots=True, eq=False)
class _Message:
    """One that waits, and what became of it; `told` once its request was answered."""

    task: TranscriptionTask
    told: bool = False
    message_id: str = ""
    """"" where the queue did not take it from among the others."""
    error: BaseException | None = None


class MessageBatches:
    """A message leaves at once while requests are free; what comes meanwhile shares the next one."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue
        self._changed = Condition()
        self._waiting: list[_Message] = []
        self._requests = 0

    def announce(self, task: TranscriptionTask) -> str:
        """See Announcer; each call whose request failed as a whole raises the same error."""
        mine = _Message(task)
        with self._changed:
            self._waiting.append(mine)
        while (batch := self._next_batch(mine)) is not None:
            self._send(batch)
        if mine.error is not None:
            raise mine.error
        # What the queue refuses alone, it is asked to take alone: its answer then says why.
        return mine.message_id or self._queue.announce(task)

    def _next_batch(self, mine: _Message) -> list[_Message] | None:
        """Those that this thread has to send next; None once its own was answered."""
        with self._changed:
            self._changed.wait_for(lambda: mine.told or (mine in self._waiting and self._requests < _REQUESTS))
            if mine.told:
                return None
            batch, self._waiting = self._waiting[:LARGEST_BATCH], self._waiting[LARGEST_BATCH:]
            self._requests += 1
            return batch

    def _send(self, batch: Sequence[_Message]) -> None:
        error: BaseException | None = None
        taken: dict[str, str] = {}
        try:
            if len(batch) > 1:
                taken = self._queue.announce_all([message.task for message in batch])
            else:
                taken = {batch[0].task.call_id: self._queue.announce(batch[0].task)}
        except BaseException as exc:  # noqa: BLE001 - it is raised by each call that waits for this request
            error = exc
        with self._changed:
            self._requests -= 1
            for message in batch:
                message.message_id = taken.get(message.task.call_id, "")
                message.error, message.told = error, True
            self._changed.notify_all()

    def reset(self) -> None:
        """Drop pooled connections."""
        self._queue.reset()

    def renew_credentials(self) -> None:
        """Make the next call read the keys again; calls under way are not cut."""
        self._queue.renew_credentials()
