"""Finishes or cleans up what dead requests left, of this replica or another. Event loop; can run alone."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from callup_desktop.engine.errors import CallError
from callup_desktop.gateway.pipeline import Pipeline


class Reaper:
    """Looks for rows whose owner did not move their moment on."""

    def __init__(self, pipeline: Pipeline, *, interval: float, now: Callable[[], datetime]) -> None:
        self._pipeline = pipeline
        self._interval = interval
        self._now = now

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await self.once()
            await asyncio.sleep(self._interval)

    async def once(self) -> None:
        """Settle each row that is due, once."""
        uploads, leases, telemetry = self._pipeline.steps.uploads, self._pipeline.leases, self._pipeline.telemetry
        seen: set[str] = set()
        try:
            while True:
                record = await self._pipeline.registry.run(
                    uploads.take_due, leases.owner, self._now(), leases.until(), registered=False
                )
                if record is None:
                    break
                if record.id in seen:
                    await self._pipeline.let_go(record)
                    break
                seen.add(record.id)
                outcome = await self._pipeline.end_abandoned(record)
                telemetry.metrics.settled.labels(outcome).inc()
                telemetry.log.info("abandoned upload settled", call_id=record.id, outcome=outcome)
            telemetry.metrics.overdue.set(await self._pipeline.registry.run(uploads.overdue, self._now()))
        except CallError as exc:
            telemetry.log.warning("abandoned uploads wait", code=exc.code, detail=exc.detail)
