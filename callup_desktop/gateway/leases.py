"""Which rows this process works on, and that it still may: it moves their moment on while it lives. Event loop."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from callup_desktop.engine.errors import CallError
from callup_desktop.gateway.blocking import BlockingCalls
from callup_desktop.gateway.telemetry import Telemetry
from callup_desktop.services.uploads import Lease, MongoUploads, UploadRecord

_RENEWALS = 4
"""Renewals in one lease, so that a few may fail."""
_BELIEVED = 0.8
"""The share of a lease for which it is believed; the rest is for clocks that differ."""


class Leases:
    """The rows of one owner."""

    def __init__(
        self,
        uploads: MongoUploads,
        blocking: BlockingCalls,
        telemetry: Telemetry,
        *,
        owner: str,
        seconds: float,
        now: Callable[[], datetime],
    ) -> None:
        self.owner = owner
        self._uploads = uploads
        self._blocking = blocking
        self._telemetry = telemetry
        self._seconds = seconds
        self._now = now
        self._renewed: dict[str, float] = {}
        self._holders: Counter[str] = Counter()
        self._idle = asyncio.Event()
        self._idle.set()

    def until(self) -> datetime:
        """The moment at which a row that is taken now becomes due."""
        return self._now() + timedelta(seconds=self._seconds)

    def new(self) -> Lease:
        """The lease of a row that is taken now."""
        return Lease(self.owner, self._now(), self.until())

    def lasts(self, record: UploadRecord) -> bool:
        """Whether nobody else may take the row yet."""
        return record.due_at is not None and record.due_at > self._now()

    @contextmanager
    def held(self, call_id: str) -> Iterator[None]:
        """The row's moment moves on while the context lasts; its owner took it just now, or holds it already."""
        self._renewed.setdefault(call_id, time.monotonic())
        self._holders[call_id] += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._holders[call_id] -= 1
            if not self._holders[call_id]:
                del self._holders[call_id], self._renewed[call_id]
            if not self._renewed:
                self._idle.set()

    async def idle(self) -> None:
        """Return once no row is worked on."""
        await self._idle.wait()

    def is_certain(self, call_id: str) -> bool:
        """Whether no other replica can have taken the row."""
        renewed = self._renewed.get(call_id)
        return renewed is not None and time.monotonic() - renewed < self._seconds * _BELIEVED

    async def run(self) -> None:
        """Renew until cancelled."""
        while True:
            await asyncio.sleep(self._seconds / _RENEWALS)
            await self.renew()

    async def renew(self) -> None:
        """Renew all rows once; a registry that does not answer is asked again the next time."""
        ids, began = tuple(self._renewed), time.monotonic()
        if not ids:
            return
        try:
            await self._blocking.run(self._uploads.renew, ids, self.owner, self.until())
        except CallError as exc:
            self._telemetry.log.warning("leases not renewed", code=exc.code, detail=exc.detail, rows=len(ids))
            return
        for call_id in ids:
            if call_id in self._renewed:
                self._renewed[call_id] = began
