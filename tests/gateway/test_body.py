"""The deadlines of a body, with a clock that the test moves."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from callup_desktop.gateway.body import Body, SenderGoneError
from callup_desktop.gateway.problems import ProblemError

MINUTE = 60.0
LEAST = 64 * 1024
Piece = tuple[float, bytes]


class Sender:
    """Sends pieces, each after so many seconds of a clock that nobody waits for, and hangs up."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = list(pieces)
        self.now = 0.0

    async def receive(self) -> dict[str, Any]:
        if not self._pieces:
            return {"type": "http.disconnect"}
        seconds, data = self._pieces.pop(0)
        self.now += seconds
        return {"type": "http.request", "body": data, "more_body": True}


def received(pieces: Sequence[Piece], *, busy: float = 0.0) -> int:
    """How many bytes arrive before the sender hangs up; the gateway is `busy` seconds with each piece."""
    sender = Sender(pieces)
    body = Body(sender.receive, silence_timeout=30, least_a_minute=LEAST, monotonic=lambda: sender.now)

    async def read() -> None:
        while await body.read():
            sender.now += busy

    with pytest.raises(SenderGoneError):
        asyncio.run(read())
    return body.received


def test_64_kib_a_minute_is_enough() -> None:
    assert received([(20.0, b"x" * (LEAST // 3 + 1))] * 9) == 9 * (LEAST // 3 + 1)


def test_less_than_64_kib_a_minute_is_too_slow() -> None:
    with pytest.raises(ProblemError, match="sender_too_slow"):
        received([(20.0, b"x" * (LEAST // 3 - 1))] * 9)


def test_a_burst_does_not_pay_for_a_slow_minute_after_it() -> None:
    with pytest.raises(ProblemError, match="sender_too_slow"):
        received([(MINUTE, b"x" * LEAST * 100), (MINUTE, b"x"), (1.0, b"x")])


def test_time_that_the_gateway_itself_takes_does_not_count() -> None:
    assert received([(1.0, b"x" * 4096)] * 40, busy=10 * MINUTE) == 40 * 4096
