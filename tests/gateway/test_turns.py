"""Many senders come back at once: some wait, the others are told when, and find their turn then. No server.

Time is the event loop's, which does not pass but jumps to whatever comes next.
"""

import asyncio
import math
from collections.abc import Callable

import pytest

from callup_desktop.gateway.problems import ProblemError
from callup_desktop.gateway.turns import Turns
from tests.gateway.jumping import play

AT_ONCE = 16
ARRIVE_WITHIN = 2.0
FOR_EVER = 1e6
SETTLED = 60.0


def now() -> float:
    return asyncio.get_running_loop().time()


class Herd:
    """Senders that all come within two seconds, and a gateway that begins so many uploads a second."""

    def __init__(self, senders: int, rate: Callable[[float], float], *, go_after: float = FOR_EVER) -> None:
        """`rate` is by the time; each sender gives up a line on which nothing comes for `go_after` seconds."""
        self.refused = [0] * senders
        self.begun = [0.0] * senders
        self._rate = rate
        self._go_after = go_after

    async def run(self) -> None:
        self.turns = Turns(AT_ONCE, SETTLED, now)
        self._store = asyncio.Lock()
        await asyncio.gather(*(self._come(number) for number in range(len(self.begun))))

    async def _come(self, number: int) -> None:
        await asyncio.sleep(ARRIVE_WITHIN * number / len(self.begun))
        while not self.begun[number]:
            request = asyncio.create_task(self._ask(number))
            done, _ = await asyncio.wait({request}, timeout=self._go_after)
            if not done:
                # The gateway goes on with it, and says its end to nobody.
                request.add_done_callback(asyncio.Task.exception)
                continue
            try:
                await request
            except ProblemError as exc:
                self.refused[number] += 1
                await asyncio.sleep(math.ceil(exc.problem.retry_after or 0.0))

    async def _ask(self, number: int) -> None:
        async with self.turns.taken(str(number)), self._store:
            if not self.begun[number]:
                await asyncio.sleep(1 / self._rate(now()))
                self.begun[number] = now()


@pytest.mark.parametrize("rate", [1.2, 3, 5, 20, 100])
def test_who_is_refused_is_told_its_own_moment_and_not_refused_again(rate: float) -> None:
    herd = Herd(700, lambda _now: rate)

    play(herd.run)

    assert all(herd.begun)
    assert max(herd.refused) == (1 if rate < 50 else 0)
    assert max(herd.begun) < 1.15 * (700 / rate) + 5


def test_a_few_laptops_are_served_as_soon_as_without_turns() -> None:
    herd = Herd(100, lambda _now: 5)

    play(herd.run)

    assert max(herd.refused) <= 1
    assert max(herd.begun) < 1.1 * (100 / 5)


def test_a_pace_that_slows_down_after_moments_were_told_sends_nobody_away_again() -> None:
    herd = Herd(400, lambda now: 5 if now < 30 else 4)

    play(herd.run)

    assert max(herd.refused) == 1


def test_who_gives_up_its_line_while_it_waits_keeps_its_place() -> None:
    herd = Herd(300, lambda _now: 5, go_after=4.0)

    play(herd.run)

    assert all(herd.begun)
    assert max(herd.refused) <= 1
    order = sorted(range(300), key=herd.begun.__getitem__)
    assert sum(abs(place - number) for place, number in enumerate(order)) / 300 < 60


def test_a_newcomer_does_not_take_the_place_of_who_was_told_to_come_back() -> None:
    async def scene() -> None:
        turns, order = Turns(1, SETTLED, now), []

        async def ask(call: str, seconds: float) -> None:
            async with turns.taken(call):
                order.append(call)
                await asyncio.sleep(seconds)

        slow = asyncio.create_task(ask("slow", 20))
        await asyncio.sleep(0.1)
        with pytest.raises(ProblemError):
            await ask("told", 1)
        newcomer = asyncio.create_task(ask("newcomer", 1))
        await asyncio.sleep(5)
        told = asyncio.create_task(ask("told", 1))
        await asyncio.gather(slow, told, return_exceptions=True)
        await asyncio.gather(newcomer, return_exceptions=True)
        assert order[:2] == ["slow", "told"]

    play(scene)


def test_nobody_waits_so_long_that_it_may_have_been_taken_back_meanwhile() -> None:
    async def scene() -> None:
        turns = Turns(1, 0.5, now)
        async with turns.taken("one"):
            for _ in range(2):
                began = now()
                with pytest.raises(ProblemError):
                    async with turns.taken("two"):
                        pass
                assert now() - began <= 0.5

    play(scene)


def test_a_few_that_come_at_once_are_never_refused() -> None:
    herd = Herd(AT_ONCE, lambda _now: 0.1)

    play(herd.run)

    assert sum(herd.refused) == 0


def test_a_beginning_that_fails_gives_its_turn_to_another() -> None:
    async def scene() -> None:
        turns = Turns(1, SETTLED, now)
        with pytest.raises(ZeroDivisionError):
            async with turns.taken("one"):
                raise ZeroDivisionError
        async with turns.taken("two"):
            pass

    play(scene)


def test_a_sender_that_goes_away_while_it_waits_or_has_just_got_its_turn_takes_none() -> None:
    async def scene() -> None:
        turns, hold = Turns(1, SETTLED, now), asyncio.Event()

        async def ask(call: str) -> None:
            async with turns.taken(call):
                await hold.wait()

        first = asyncio.create_task(ask("first"))
        await asyncio.sleep(0)
        second, third = asyncio.create_task(ask("second")), asyncio.create_task(ask("third"))
        await asyncio.sleep(1)
        hold.set()
        await first
        second.cancel()
        await asyncio.gather(second, return_exceptions=True)
        await third
        async with turns.taken("fourth"):
            pass

    play(scene)
