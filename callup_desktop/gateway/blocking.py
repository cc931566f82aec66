"""Blocking calls awaited by the event loop: bounded threads, so that a service that hangs holds up only its own."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from threading import Lock
from typing import Any, TypeVar

from callup_desktop.engine.errors import Code, TransientError
from callup_desktop.engine.pool import ThreadPool

R = TypeVar("R")

_CLOSE_TIMEOUT = 2.0


class BlockingCalls:
    """At most `size` calls at once; further ones wait `turn_within` seconds for their turn, then `busy` is raised."""

    def __init__(self, size: int, *, busy: Code = Code.GATEWAY_BUSY, turn_within: float | None = None) -> None:
        self._pool = ThreadPool(size)
        self._busy = busy
        self._turn_within = turn_within

    async def run(self, call: Callable[..., R], *args: Any, **kwargs: Any) -> R:
        """What the call returns; raises what it raises, and TransientError where no thread was free in time.

        A call that was begun is not ended by a cancellation; one that waits for its turn is never begun.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[R] = loop.create_future()
        turn = Lock()
        self._pool.run(partial(_carry_out, loop, future, turn, partial(call, *args, **kwargs)))
        late = None if self._turn_within is None else loop.call_later(self._turn_within, self._refuse, future, turn)
        try:
            return await future
        finally:
            turn.acquire(blocking=False)
            if late is not None:
                late.cancel()

    def _refuse(self, future: "asyncio.Future[Any]", turn: Lock) -> None:
        if turn.acquire(blocking=False) and not future.done():
            future.set_exception(TransientError(self._busy, "no thread was free in time"))

    def close(self) -> None:
        """Take no more calls; a call that still hangs does not hold up the end of the process."""
        self._pool.close(_CLOSE_TIMEOUT)


def _carry_out(loop: asyncio.AbstractEventLoop, future: "asyncio.Future[R]", turn: Lock, call: Callable[[], R]) -> None:
    """Pool thread; never raises. Whoever takes the turn first decides whether the call is begun."""
    if not turn.acquire(blocking=False):
        return
    try:
        result = call()
    except Exception as exc:  # noqa: BLE001 - it is raised where the call is awaited
        _tell(loop, future, partial(future.set_exception, exc))
    else:
        _tell(loop, future, partial(future.set_result, result))


def _tell(loop: asyncio.AbstractEventLoop, future: "asyncio.Future[Any]", settle: Callable[[], None]) -> None:
    def unless_cancelled() -> None:
        if not future.done():
            settle()

    try:
        loop.call_soon_threadsafe(unless_cancelled)
    except RuntimeError:
        return  # the loop is closed: nobody waits any more


class BackgroundTasks:
    """Work that goes on after whoever began it went away; `ended` hears of each task at its end."""

    def __init__(self, ended: "Callable[[asyncio.Task[None]], None]") -> None:
        self._ended = ended
        self._tasks: set[asyncio.Task[None]] = set()

    async def begin(self, work: Coroutine[Any, Any, None], *, wait: float) -> None:
        """Return once the work is done, or after `wait` seconds; a cancellation ends the waiting, never the work."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(self._ended)
        await asyncio.wait({task}, timeout=wait)


async def shielded(work: Coroutine[Any, Any, R]) -> R:
    """What the work returns, done to its end even where the caller is cancelled meanwhile; then that is raised."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as exc:
            cancelled = exc
    if cancelled is not None:
        # Its error, if any, is the cancellation's context for the log.
        task.exception()
        raise cancelled
    return task.result()
