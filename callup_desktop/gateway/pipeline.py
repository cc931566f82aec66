"""Takes an upload from where its facts say it stands to its end: registered, or gone without a trace. Event loop."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from callup_desktop.engine.backoff import NETWORK, Backoff
from callup_desktop.engine.errors import CallError, NotSentError, TransientError, info_of
from callup_desktop.engine.job import Step
from callup_desktop.engine.parts import Part
from callup_desktop.gateway.blocking import BackgroundTasks, BlockingCalls, shielded
from callup_desktop.gateway.leases import Leases
from callup_desktop.gateway.steps import NOT_TAKEN, NotTaken, TooEarlyError, UploadSteps, next_step, why_not
from callup_desktop.gateway.telemetry import Stage, Stopwatch, Telemetry
from callup_desktop.services.uploads import LeaseLostError, UploadRecord

R = TypeVar("R")

_STAGES = {
    Step.COMPLETE: Stage.STORE,
    Step.CHECK: Stage.PROBE,
    Step.REGISTER: Stage.REGISTER,
    Step.FIND: Stage.REGISTER,
}


class NotRegisteredError(Exception):
    """Raised when a stored call could not be registered; `unsettled` where a try may have worked all the same."""

    def __init__(self, record: UploadRecord, cause: CallError, *, unsettled: bool) -> None:
        super().__init__(str(cause))
        self.record = record
        self.cause = cause
        self.unsettled = unsettled


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The steps with their threads and their tries. `storage` and `registry` are apart, so that one may hang."""

    steps: UploadSteps
    storage: BlockingCalls
    registry: BlockingCalls
    leases: Leases
    telemetry: Telemetry
    backoff: Backoff
    tries: int
    tries_within: float
    """Seconds after which a step is not tried again."""
    background: BackgroundTasks
    now: Callable[[], datetime]
    registered: Callable[[UploadRecord], None]
    """Called with each row that became a registered call; its message is to be sent."""

    async def tried(
        self, work: BlockingCalls, call: Callable[..., R], *args: Any, again: Callable[..., R] | None = None
    ) -> R:
        """What the call returns, tried again with backoff while it may succeed; raises the last CallError.

        `again` is called from the second time on, where a lost answer leaves something to be cleared.
        """
        until = time.monotonic() + self.tries_within
        for attempt in range(self.tries - 1):
            try:
                return await work.run(call, *args)
            except TransientError as exc:
                if time.monotonic() >= until:
                    raise
                wait = self.backoff.wait(info_of(exc.code).backoff or NETWORK, attempt, exc.retry_after)
                self.telemetry.log.warning(
                    "step is tried again", step=_name_of(call), code=exc.code, detail=exc.detail, seconds=round(wait, 2)
                )
                await asyncio.sleep(wait)
                call = again or call
        return await work.run(call, *args)

    async def settle(
        self, record: UploadRecord, watch: Stopwatch, *, parts: tuple[Part, ...] = (), checked: bool = False
    ) -> UploadRecord:
        """The row once it is registered, waits for its details, or is dropped and to be cleaned.

        `checked`: the row is known to agree with the store. Raises CallError, what `NotTaken` names,
        NotRegisteredError, TooEarlyError and LeaseLostError.
        """
        while record.dropped_at is None and record.registered_at is None and not record.is_waiting:
            step = next_step(record, parts, checked=checked)
            with watch.stage(_STAGES.get(step or Step.CHECK, Stage.STORE)):
                match step:
                    case Step.CHECK:
                        record, parts = await self.tried(self.storage, self.steps.check, record)
                        checked = True
                    case Step.COMPLETE:
                        record = await self.tried(self.storage, self.steps.complete, record, parts)
                        checked = False
                    case Step.REGISTER:
                        record = await self._register(record)
                        self.registered(record)
                    case Step.FIND:
                        record = await self.find(record)
                    case _:
                        record = await self.tried(self.registry, self.steps.drop, record)
        return record

    async def find(self, record: UploadRecord) -> UploadRecord:
        """See `UploadSteps.find`."""
        record = await self.tried(self.registry, self.steps.find, record)
        if record.registered_at is not None:
            self.registered(record)
        return record

    async def _register(self, record: UploadRecord) -> UploadRecord:
        unsettled = False

        def register(record: UploadRecord) -> UploadRecord:
            nonlocal unsettled
            try:
                return self.steps.register(record)
            except TransientError as exc:
                unsettled = unsettled or not isinstance(exc, NotSentError)
                raise

        try:
            return await self.tried(self.registry, register, record)
        except CallError as exc:
            raise NotRegisteredError(record, exc, unsettled=unsettled) from exc

    async def take_away(self, record: UploadRecord) -> str:
        """Leave nothing of the call anywhere, even where the caller is cancelled meanwhile.

        Returns "removed", "cleaned" where that is done once more later, or "waiting". The facts that count are those of
        the row, which may be further than `record`. What cannot be done now is left to whichever replica looks next.
        """
        return await shielded(self._take_away(record))

    async def _take_away(self, record: UploadRecord) -> str:
        try:
            record = await self._dropped(record)
            await self.storage.run(self.steps.clean, record)
            removed = await self.registry.run(self.steps.forget, record)
        except LeaseLostError:
            return "waiting"
        except CallError as exc:
            self.telemetry.failed("upload not cleaned up yet", exc, call_id=record.id, code=exc.code)
            await self.let_go(record)
            return "waiting"
        return "removed" if removed else "cleaned"

    async def refuse(self, record: UploadRecord, exc: NotTaken) -> str:
        """Take a direct upload away that is not taken, and keep why; what `take_away` returns."""
        try:
            await shielded(self.registry.run(self.steps.refuse, record, exc))
        except LeaseLostError:
            return "waiting"
        except CallError as error:
            # Whoever goes on with the row finds the same.
            self.telemetry.failed("refusal not written down yet", error, call_id=record.id, code=error.code)
            return "waiting"
        return await self.take_away(record)

    async def _dropped(self, record: UploadRecord) -> UploadRecord:
        """The row given up; without a registry that is known here only, and acted on while nobody else can act."""
        try:
            return await self.registry.run(self.steps.drop, record)
        except CallError as exc:
            if not self.leases.is_certain(record.id):
                raise
            self.telemetry.log.warning("row not marked as dropped", call_id=record.id, code=exc.code)
            return record.model_copy(update={"dropped_at": self.now()})

    async def let_go(self, record: UploadRecord) -> None:
        """Let any replica take the row from now on, instead of at the end of the lease."""
        try:
            await self.registry.run(self.steps.uploads.change, record, due_at=self.now())
        except (CallError, LeaseLostError) as exc:
            self.telemetry.log.warning("row is kept until its lease ends", call_id=record.id, error=str(exc))

    async def unsettle(self, record: UploadRecord) -> None:
        """Leave a registering without an answer to whoever can ask the registry; done even where cancelled."""

        async def mark() -> None:
            try:
                await self.registry.run(
                    self.steps.uploads.change, record, cancel_asked_at=self.now(), due_at=self.now()
                )
            except (CallError, LeaseLostError) as exc:
                self.telemetry.log.warning("row is kept until its lease ends", call_id=record.id, error=str(exc))

        await shielded(mark())

    async def end_abandoned(self, record: UploadRecord) -> str:
        """Finish or clean up what a dead request began; "finished", "resting", or what `take_away` returns.

        A direct upload goes back to rest until its sender was away for too long.
        """
        with self.leases.held(record.id):
            try:
                if record.dropped_at is None and (record.is_completing or not record.is_direct):
                    record = await self.settle(record, self.telemetry.stopwatch())
                if _may_rest(record) and await self.tried(self.registry, self.steps.rest_on, record):
                    return "resting"
            except NOT_TAKEN as exc:
                self.telemetry.log.info("abandoned upload refused", call_id=record.id, code=str(why_not(exc)[0]))
                if record.is_direct:
                    return await self.refuse(record, exc)
            except (LeaseLostError, TooEarlyError):
                return "waiting"
            except (CallError, NotRegisteredError) as exc:
                self.telemetry.failed("abandoned upload waits", exc, call_id=record.id)
                return "waiting"
            if record.registered_at is not None:
                return "finished"
            return await self.take_away(record)


def _may_rest(record: UploadRecord) -> bool:
    """Whether its sender goes on with it."""
    settled = record.dropped_at is not None or record.registered_at is not None
    return record.is_direct and not settled and not record.is_completing


def _name_of(call: Callable[..., object]) -> str:
    return getattr(call, "__name__", "")
