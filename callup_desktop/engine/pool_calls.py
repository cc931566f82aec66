"""Blocking calls: done on the pool, heard of on the engine thread."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from callup_desktop.engine.ports import Clock, Pool


@dataclass(frozen=True, slots=True)
class Result:
    """What one call on the pool brought: a value, or the error that ended it, after this many seconds."""

    value: Any
    error: BaseException | None
    seconds: float


class PoolCalls:
    """Starts calls; what they brought comes back through the engine's mailbox.

    A call waits for its `release`, so that the facts which it depends on can be on disk first.
    """

    def __init__(self, pool: Pool, clock: Clock, post: Callable[[Callable[[], None]], None]) -> None:
        """`post` puts an item into the mailbox, from any thread."""
        self._pool = pool
        self._clock = clock
        self._post = post
        self._waiting: list[Callable[[], None]] = []

    def start(self, work: Callable[[], object], deliver: Callable[[Result], None]) -> None:
        """Do one call on the pool once it is released; `deliver` gets its result on the engine thread."""
        self._waiting.append(partial(self._attempt, work, deliver))

    def release(self) -> None:
        """Let the calls go to the pool that were started since."""
        waiting, self._waiting = self._waiting, []
        for task in waiting:
            self._pool.run(task)

    def tell(self, item: Callable[[], None]) -> None:
        """Run the item on the engine thread, soon; any thread."""
        self._post(item)

    def _attempt(self, work: Callable[[], object], deliver: Callable[[Result], None]) -> None:
        started = self._clock.monotonic()
        value: object = None
        error: BaseException | None = None
        try:
            value = work()
        except Exception as exc:  # noqa: BLE001 - a bug in one call fails its job on the engine thread, not the pool
            error = exc
        self._post(partial(deliver, Result(value, error, self._clock.monotonic() - started)))
