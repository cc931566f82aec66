"""The deadlines of a body, with a clock that the test moves."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from callup_desktop.gateway.body import Body, Patience, SenderGoneError
from callup_desktop.gateway.problems import ProblemError
from tests.gateway.jumping import play

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


class Silent:
    """Sends what it is told to, and else nothing."""

    def __init__(self) -> None:
        self._messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    def send(self, data: bytes) -> None:
        self._messages.put_nowait({"type": "http.request", "body": data, "more_body": True})

    async def receive(self) -> dict[str, Any]:
        return await self._messages.get()


def test_a_sender_that_falls_silent_between_two_pieces_is_too_slow() -> None:
    async def read() -> None:
        sender = Silent()
        body = Body(sender.receive, silence_timeout=30, least_a_minute=0)
        for piece in (b"a", b"b", b"c"):
            sender.send(piece)
            assert await body.read() == piece
        with pytest.raises(ProblemError, match="sender_too_slow"):
            await body.read()
        sender.send(b"too late for this request, and nobody is cancelled any more")
        assert await body.read()

    play(read)


def test_silence_counts_from_the_last_piece_and_only_while_somebody_reads() -> None:
    async def read() -> None:
        sender, patience, loop = Silent(), Patience(30), asyncio.get_running_loop()
        for _ in range(4):
            loop.call_later(29, sender.send, b"piece")
            assert (await patience.wait_for(sender.receive()))["body"] == b"piece"
            await asyncio.sleep(100)
        asked = loop.time()
        with pytest.raises(TimeoutError):
            await patience.wait_for(sender.receive())
        assert loop.time() - asked == pytest.approx(30)

    play(read)


def test_a_request_that_is_cancelled_after_it_was_told_of_a_slow_sender_ends() -> None:
    async def cancelled() -> None:
        patience = Patience(30)
        with pytest.raises(TimeoutError):
            await patience.wait_for(Silent().receive())
        task = asyncio.current_task()
        assert task is not None
        asyncio.get_running_loop().call_later(1, task.cancel)
        with pytest.raises(asyncio.CancelledError):
            await patience.wait_for(Silent().receive())
        task.uncancel()
        patience.stop()

    play(cancelled)


def test_a_request_that_is_cancelled_while_it_waits_is_not_told_of_a_slow_sender() -> None:
    async def cancelled() -> None:
        patience = Patience(30)
        task = asyncio.create_task(patience.wait_for(Silent().receive()))
        asyncio.get_running_loop().call_later(30, task.cancel)
        with pytest.raises(asyncio.CancelledError):
            await task

    play(cancelled)
