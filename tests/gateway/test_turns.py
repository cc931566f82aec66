"""Many senders come back at once: some wait, the others are told when, and find their turn then. No server."""

import heapq
import itertools
import math
from collections import deque
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial

import pytest

from callup_desktop.gateway.problems import ProblemError
from callup_desktop.gateway.turns import Turns

AT_ONCE = 16


class Herd:
    """Senders that all come within two seconds, and a gateway that begins so many uploads a second."""

    def __init__(self, senders: int, rate: float) -> None:
        self.now = 0.0
        self.refused = [0] * senders
        self.begun = [0.0] * senders
        self._turns = Turns(AT_ONCE, lambda: self.now)
        self._seconds = 1 / rate
        self._waiting: deque[tuple[int, ExitStack]] = deque()
        self._order = itertools.count()
        self._coming: list[tuple[float, int, Callable[[], None]]] = []
        for number in range(senders):
            self._at(2.0 * number / senders, partial(self._ask, number))

    def run(self) -> None:
        while self._coming:
            self.now, _, action = heapq.heappop(self._coming)
            action()

    def _at(self, moment: float, action: Callable[[], None]) -> None:
        heapq.heappush(self._coming, (moment, next(self._order), action))

    def _ask(self, number: int) -> None:
        turn = ExitStack()
        try:
            turn.enter_context(self._turns.taken())
        except ProblemError as exc:
            self.refused[number] += 1
            self._at(self.now + math.ceil(exc.problem.retry_after or 0.0), partial(self._ask, number))
            return
        self._waiting.append((number, turn))
        if len(self._waiting) == 1:
            self._at(self.now + self._seconds, self._serve)

    def _serve(self) -> None:
        number, turn = self._waiting.popleft()
        turn.close()
        self.begun[number] = self.now
        if self._waiting:
            self._at(self.now + self._seconds, self._serve)


@pytest.mark.parametrize("rate", [5, 20, 100])
def test_who_is_refused_is_told_its_own_moment_and_not_refused_again(rate: float) -> None:
    herd = Herd(senders=700, rate=rate)

    herd.run()

    assert all(herd.begun)
    assert sum(herd.refused) > 0
    assert max(herd.refused) == 1
    assert max(herd.begun) < 3 * 700 / min(rate, 40)


def test_a_few_that_come_at_once_are_never_refused() -> None:
    herd = Herd(senders=AT_ONCE, rate=0.1)

    herd.run()

    assert sum(herd.refused) == 0


def test_a_beginning_that_fails_gives_its_turn_to_another() -> None:
    turns = Turns(1, lambda: 0.0)

    with pytest.raises(ZeroDivisionError), turns.taken():
        raise ZeroDivisionError
    with turns.taken():
        pass
