"""Blocking calls awaited by the event loop: bounded threads, so that a service that hangs holds up only its own."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

from callup_desktop.engine.pool import ThreadPool

R = TypeVar("R")

_CLOSE_TIMEOUT = 2.0


class BlockingCalls:
    """At most `size` calls at once; further ones wait their turn."""

    def __init__(self, size: int) -> None:
        self._pool = ThreadPool(size)

    async def run(self, call: Callable[..., R], *args: Any, **kwargs: Any) -> R:
        """What the call returns; raises what it raises. A call that was begun is not ended by a cancellation."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[R] = loop.create_future()
        self._pool.run(partial(_carry_out, loop, future, partial(call, *args, **kwargs)))
        return await future

    def close(self) -> None:
        """Take no more calls; a call that still hangs does not hold up the end of the process."""
        self._pool.close(_CLOSE_TIMEOUT)


def _carry_out(loop: asyncio.AbstractEventLoop, future: "asyncio.Future[R]", call: Callable[[], R]) -> None:
    """Pool thread; never raises."""
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
