"""Whether this replica can do its work: asked of registry and bucket, remembered for a moment. Event loop."""

import asyncio
import time
from collections.abc import Callable

from callup_desktop.engine.errors import CallError
from callup_desktop.gateway.blocking import BlockingCalls
from callup_desktop.services.mongo import MongoRegistry
from callup_desktop.services.s3.store import S3Store
from callup_desktop.services.uploads import MongoUploads

REMEMBERED = 5.0
"""Seconds for which an answer counts, so that a load balancer's questions cost nothing."""
_ANSWER_TIMEOUT = 4.0


class Health:
    """Readiness: registry and bucket answer, and the gateway's indexes are there."""

    def __init__(self, registry: MongoRegistry, uploads: MongoUploads, store: S3Store, blocking: BlockingCalls) -> None:
        self._registry = registry
        self._uploads = uploads
        self._store = store
        self._blocking = blocking
        self._asked_at = float("-inf")
        self._answer: dict[str, str] = {}
        self._lock = asyncio.Lock()

    async def troubles(self) -> dict[str, str]:
        """The error code of each service that does not work, by its name; empty where all do."""
        async with self._lock:
            if time.monotonic() - self._asked_at >= REMEMBERED:
                codes = await asyncio.gather(self._ask(self._ask_registry), self._ask(self._store.check_bucket))
                named = zip(("registry", "storage"), codes, strict=True)
                self._answer = {name: code for name, code in named if code is not None}
                self._asked_at = time.monotonic()
            return self._answer

    async def _ask(self, question: Callable[[], None]) -> str | None:
        try:
            async with asyncio.timeout(_ANSWER_TIMEOUT):
                await self._blocking.run(question)
        except CallError as exc:
            return str(exc.code)
        except TimeoutError:
            return "timeout"
        return None

    def _ask_registry(self) -> None:
        self._uploads.provision()
        self._registry.ping()
