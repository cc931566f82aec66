"""The request's body as it arrives, with the deadlines that the server itself does not have. Event loop only."""

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeVar

from callup_desktop.engine.errors import Code
from callup_desktop.gateway.problems import problem

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
R = TypeVar("R")
_MINUTE = 60.0


class SenderGoneError(Exception):
    """Raised when the client hung up before its request was whole."""


class Patience:
    """Bounds each of many short waits of one task by the same seconds, with one timer for all of them.

    `asyncio.timeout` makes and cancels a timer for each, which costs more than to read what is there.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[Any] | None = None
        """The task while it waits."""
        self._since = 0.0
        self._is_over = False

    async def wait_for(self, awaited: Awaitable[R]) -> R:
        """What is awaited; raises TimeoutError where that takes longer, and CancelledError where others cancel."""
        loop = asyncio.get_running_loop()
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - it runs in one; for mypy
        cancelled_before = task.cancelling()
        self._task, self._since, self._is_over = task, loop.time(), False
        if self._timer is None:
            self._timer = loop.call_later(self._seconds, self._look, loop)
        try:
            return await awaited
        except asyncio.CancelledError as exc:
            # As asyncio.timeout has it: a cancellation by somebody else goes first.
            if self._is_over and task.uncancel() <= cancelled_before:
                raise TimeoutError from exc
            raise
        finally:
            self._task = None

    def stop(self) -> None:
        """Nothing is waited for any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        if self._task is None:
            return
        left = self._since + self._seconds - loop.time()
        if left > 0:
            self._timer = loop.call_later(left, self._look, loop)
        else:
            self._is_over = True
            self._task.cancel()


class Body:
    """One request's body. Only the time that is spent waiting for the client counts against it."""

    def __init__(
        self,
        receive: Receive,
        *,
        silence_timeout: float,
        least_a_minute: int,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._receive = receive
        self._monotonic = monotonic
        self._patience = Patience(silence_timeout)
        self._least_a_minute = least_a_minute
        self._minute = 0.0
        self._this_minute = 0
        self.received = 0
        self.seconds = 0.0
        self.begun = False
        self.ended = False

    async def read(self) -> bytes:
        """The next bytes, b"" at the end; raises SenderGoneError, and ProblemError 408 where the client is too slow."""
        while not self.ended:
            began = self._monotonic()
            self.begun = True
            try:
                message = await self._patience.wait_for(self._receive())
            except TimeoutError as exc:
                raise problem(Code.SENDER_TOO_SLOW) from exc
            if message["type"] == "http.disconnect":
                self._patience.stop()
                raise SenderGoneError
            data: bytes = message.get("body", b"")
            self.ended = not message.get("more_body", False)
            if self.ended:
                self._patience.stop()
            self._count(len(data), self._monotonic() - began)
            if data:
                return data
        return b""

    def _count(self, size: int, seconds: float) -> None:
        self.received += size
        self.seconds += seconds
        self._minute += seconds
        self._this_minute += size
        if self._minute < _MINUTE:
            return
        if self._this_minute < self._least_a_minute and not self.ended:
            raise problem(Code.SENDER_TOO_SLOW)
        self._minute, self._this_minute = 0.0, 0
