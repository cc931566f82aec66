"""The outbox: sends the messages of registered calls until the queue has them, from whichever replica. Event loop."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from callup_desktop.calls.documents import TranscriptionTask
from callup_desktop.engine.backoff import NETWORK, Backoff
from callup_desktop.engine.errors import CallError
from callup_desktop.engine.ports import Registry
from callup_desktop.gateway.blocking import BlockingCalls
from callup_desktop.gateway.leases import Leases
from callup_desktop.gateway.telemetry import Stage, Telemetry
from callup_desktop.services.sqs import LARGEST_BATCH
from callup_desktop.services.uploads import MongoUploads, RecordFacts, UploadRecord

UNTOUCHED = "uploaded"
"""The status of a call that nobody took off the queue yet."""
_MOST_DOUBLINGS = 5
_MOST_HANDED_OVER = 1000


class BatchAnnouncer(Protocol):
    """A queue that takes several messages at once."""

    def announce_all(self, tasks: Sequence[TranscriptionTask]) -> Mapping[str, str]:
        """The message id of each call_id that was taken; raises CallError."""
        ...


@dataclass(frozen=True, slots=True)
class Outbox:
    """One look at the outbox; blocks, belongs to a thread.

    A call that nobody took up `again_after` seconds after its message is announced again, later and later.
    """

    uploads: MongoUploads
    registry: Registry
    announcer: BatchAnnouncer
    backoff: Backoff
    now: Callable[[], datetime]
    again_after: float

    def take(self, owner: str, until: datetime) -> tuple[UploadRecord, ...]:
        """Rows whose message is due, the owner's until that moment; at most one batch."""
        taken: list[UploadRecord] = []
        while len(taken) < LARGEST_BATCH:
            record = self.uploads.take_due(owner, self.now(), until, registered=True)
            if record is None:
                break
            taken.append(record)
        return tuple(taken)

    def send(self, records: Sequence[UploadRecord]) -> dict[str, str]:
        """Announce those that need it, and write down what became of each; the message ids by call_id.

        Raises CallError where nothing of the batch could be sent.
        """
        waiting = self._still_waiting(records)
        try:
            tasks = [record.call(None).task() for record in waiting]
            sent = dict(self.announcer.announce_all(tasks)) if tasks else {}
        except CallError:
            self._write_down((record, self._postponed(record)) for record in waiting)
            raise
        self._write_down(
            (record, self._announced(record, sent[record.id]) if record.id in sent else self._postponed(record))
            for record in waiting
        )
        return sent

    def _still_waiting(self, records: Sequence[UploadRecord]) -> list[UploadRecord]:
        """Without those whose message did its work: their call has moved on."""
        announced = tuple(record.id for record in records if record.announced_at is not None)
        statuses = self.registry.statuses(announced) if announced else {}
        done = [r for r in records if r.announced_at is not None and statuses.get(r.id) != UNTOUCHED]
        self._write_down((record, {"due_at": None}) for record in done)
        return [record for record in records if record not in done]

    def _announced(self, record: UploadRecord, message_id: str) -> RecordFacts:
        now = self.now()
        wait = self.again_after * 2 ** min(record.announcements, _MOST_DOUBLINGS)
        return {
            "announced_at": now,
            "message_id": message_id,
            "announcements": record.announcements + 1,
            "failures": 0,
            "due_at": now + timedelta(seconds=wait),
        }

    def _postponed(self, record: UploadRecord) -> RecordFacts:
        wait = 1.0 + self.backoff.wait(NETWORK, record.failures)
        return {"failures": record.failures + 1, "due_at": self.now() + timedelta(seconds=wait)}

    def _write_down(self, changes: Iterable[tuple[UploadRecord, RecordFacts]]) -> None:
        """A row that another replica has by now stays as that has it; a message too many does no harm."""
        if known := tuple(changes):
            self.uploads.change_each(known)


class Relay:
    """Sends what this replica registered at once, and looks into the outbox when woken and every `interval` seconds.

    Can run alone.
    """

    def __init__(
        self, outbox: Outbox, leases: Leases, blocking: BlockingCalls, telemetry: Telemetry, interval: float
    ) -> None:
        self._outbox = outbox
        self._leases = leases
        self._blocking = blocking
        self._telemetry = telemetry
        self._interval = interval
        self._woken = asyncio.Event()
        self._look_at = 0.0
        self._handed_over: deque[UploadRecord] = deque(maxlen=_MOST_HANDED_OVER)

    def hand_over(self, record: UploadRecord) -> None:
        """The message of a row that is this replica's is to be sent; where it is not, it is due when the lease ends."""
        self._handed_over.append(record)
        self._woken.set()

    def wake(self) -> None:
        """A message waits in the outbox."""
        self._look_at = 0.0
        self._woken.set()

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            try:
                async with asyncio.timeout(max(0.0, self._look_at - time.monotonic())):
                    await self._woken.wait()
            except TimeoutError:
                pass
            self._woken.clear()
            await self.once()

    async def once(self) -> None:
        """Send all that was handed over, and what is due; what fails waits for its moment."""
        try:
            while self._handed_over:
                if batch := self._next_handed_over():
                    await self._send(batch)
            if time.monotonic() >= self._look_at:
                self._look_at = time.monotonic() + self._interval
                await self._send_due()
        except CallError as exc:
            self._telemetry.log.warning("outbox waits", code=exc.code, detail=exc.detail)

    def _next_handed_over(self) -> list[UploadRecord]:
        """At most one batch; without rows that any replica may have taken by now."""
        count = min(LARGEST_BATCH, len(self._handed_over))
        batch = [self._handed_over.popleft() for _ in range(count)]
        return [record for record in batch if self._leases.lasts(record)]

    async def _send_due(self) -> None:
        full = True
        while full:
            records = await self._blocking.run(self._outbox.take, self._leases.owner, self._leases.until())
            full = len(records) == LARGEST_BATCH
            if records:
                await self._send(records)

    async def _send(self, records: Sequence[UploadRecord]) -> None:
        began = time.monotonic()
        try:
            sent = await self._blocking.run(self._outbox.send, records)
        except CallError:
            self._telemetry.metrics.announce_failures.inc(len(records))
            raise
        seconds = time.monotonic() - began
        self._telemetry.metrics.stages.labels(Stage.ANNOUNCE.value).observe(seconds)
        self._telemetry.metrics.announced.inc(len(sent))
        for call_id, message_id in sent.items():
            self._telemetry.log.info(
                "call announced", call_id=call_id, message_id=message_id, announce_seconds=round(seconds, 4)
            )
