"""Reports over days for operators: one at a time a tenant, each remembered for a minute. Event loop."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict

from callup_desktop.calls.reconciliation import CallFacts, DayReport, FallenCall
from callup_desktop.engine.errors import CallError, Code
from callup_desktop.gateway.blocking import BlockingCalls
from callup_desktop.gateway.problems import Problem, ProblemError, problem
from callup_desktop.services.day_facts import DayReader

REMEMBERED = 60.0
"""Seconds for which a report counts, so that a storm of reloads costs the store nothing."""
FAILURE_REMEMBERED = 5.0
"""Likewise for one that could not be made; what is wrong may be mended by now."""
MOST_CALLS = 500
"""Differences that a report lists."""
MOST_WAITING = 4
"""Reports of a tenant that are being made or wait for their turn; each is for another day."""
_RETRY_AFTER = 5.0


class TenantDay(BaseModel):
    """A day's report over the calls of one tenant; `left_off` differences are counted in it and not listed."""

    model_config = ConfigDict(frozen=True)

    report: DayReport
    fallen: tuple[FallenCall, ...]
    left_off: int = 0


@dataclass(slots=True)
class _Asked:
    """A report that was asked for; `done_at` is when it was there, or failed."""

    task: "asyncio.Task[TenantDay]"
    done_at: float | None = None
    has_failed: bool = False

    def settle(self, task: "asyncio.Task[TenantDay]") -> None:
        """Its task is done. That it failed is heard here, as its caller may have been told to ask again."""
        self.done_at = time.monotonic()
        self.has_failed = task.cancelled() or task.exception() is not None

    @property
    def is_over(self) -> bool:
        """Whether it does not count any more."""
        if self.done_at is None:
            return False
        return time.monotonic() - self.done_at >= (FAILURE_REMEMBERED if self.has_failed else REMEMBERED)


class DayReports:
    """The reports of this process; those of others are theirs."""

    def __init__(
        self,
        reader: DayReader,
        blocking: BlockingCalls,
        only_tenant: str | None,
        answer_within: float,
    ) -> None:
        """`only_tenant` is whom calls belong to that the gateway has no row of; None where that cannot be told.

        `answer_within` is seconds after which the caller is told to ask again; load balancers wait for 60.
        """
        self._reader = reader
        self._blocking = blocking
        self._only_tenant = only_tenant
        self._answer_within = answer_within
        self._asked: dict[tuple[str, date], _Asked] = {}
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def of(self, tenant: str, day: date) -> TenantDay | None:
        """The tenant's report; None where it takes longer: then it goes on, and is there when it is asked for again.

        Raises ProblemError 503 where a service fails, or where the tenant has too many under way.
        """
        asked = self._of_now(tenant, day)
        await asyncio.wait({asked.task}, timeout=self._answer_within)
        if not asked.task.done():
            return None
        try:
            return asked.task.result()
        except CallError as exc:
            raise ProblemError(Problem(Code.GATEWAY_BUSY, retry_after=_RETRY_AFTER, cause=exc.code)) from exc

    async def close(self) -> None:
        """Wait for none of them."""
        for asked in self._asked.values():
            asked.task.cancel()
        await asyncio.gather(*(asked.task for asked in self._asked.values()), return_exceptions=True)

    def _of_now(self, tenant: str, day: date) -> _Asked:
        self._asked = {key: asked for key, asked in self._asked.items() if not asked.is_over}
        if known := self._asked.get((tenant, day)):
            return known
        if sum(owner == tenant and asked.done_at is None for (owner, _), asked in self._asked.items()) >= MOST_WAITING:
            raise problem(Code.GATEWAY_BUSY, retry_after=_RETRY_AFTER)
        asked = self._asked[tenant, day] = _Asked(asyncio.create_task(self._made(tenant, day)))
        asked.task.add_done_callback(asked.settle)
        return asked

    async def _made(self, tenant: str, day: date) -> TenantDay:
        async with self._turns[tenant]:
            return await self._blocking.run(self._read, tenant, day)

    def _read(self, tenant: str, day: date) -> TenantDay:
        """On a thread."""
        fallen: list[FallenCall] = []

        def keep(call: FallenCall) -> None:
            if len(fallen) < MOST_CALLS:
                fallen.append(call)

        report = self._reader.report(day, keep, self._belongs_to(tenant))
        return TenantDay(report=report, fallen=tuple(fallen), left_off=sum(report.differences.values()) - len(fallen))

    def _belongs_to(self, tenant: str) -> Callable[[CallFacts], bool]:
        return lambda call: (call.row.tenant if call.row is not None else self._only_tenant) == tenant
