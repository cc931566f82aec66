"""The request's body as it arrives, with the deadlines that the server itself does not have. Event loop only."""

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from callup_desktop.engine.errors import Code
from callup_desktop.gateway.problems import problem

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
_MINUTE = 60.0


class SenderGoneError(Exception):
    """Raised when the client hung up before its request was whole."""


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
        self._silence_timeout = silence_timeout
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
                async with asyncio.timeout(self._silence_timeout):
                    message = await self._receive()
            except TimeoutError as exc:
                raise problem(Code.SENDER_TOO_SLOW) from exc
            if message["type"] == "http.disconnect":
                raise SenderGoneError
            data: bytes = message.get("body", b"")
            self.ended = not message.get("more_body", False)
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
