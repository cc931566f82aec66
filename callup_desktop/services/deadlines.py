"""How long silence is borne, learnt from the servers' own answers; one a transport. Any thread."""

from collections import deque
from collections.abc import Mapping
from threading import Lock

SHORTEST = 10.0
"""Seconds that any answer may take, however quick the earlier ones were."""
SHORTEST_OF_SMALL = 4.0
"""Seconds that an answer to a small request may take, or a connection to open, once a few were quick: its try again
costs nothing. A packet may be lost twice within it."""
LONGEST_LEARNT = 300.0
"""Seconds; nobody is waited for longer, however slow the earlier answers were."""
_UNTRIED: Mapping[str, float] = {"CompleteMultipartUpload": 30.0}
"""Seconds that an answer may take which is known to be slow, before one was seen."""
_LARGE = frozenset({"send", "UploadPart", "PutObject", "CompleteMultipartUpload"})
"""Waits that a link, or the work of a server, may make long, and whose try again costs bytes."""
_ENOUGH = 4
"""Answers from which on it is known how quick they are."""
_MARGIN = 5.0
"""How many times as long as the slowest recent answer the next one may take."""
_OVERTAKEN_MARGIN = 1.0
"""By how many times the slowest one may be later, once requests that were sent later have their answers. Of as many of
its own kind as `_OVERTAKING`; of twice as many by half, as luck explains less."""
_OVERTAKING = 3
"""How many later requests are needed: one may have been lucky."""
_RECENT = 16
"""How many answers are remembered of a kind."""
_SLOWEST_LINK = 5 * 1024.0
"""Bytes a second of a link of which nothing is known yet."""
_DRAIN_MARGIN = 3.0
"""How many times as long as measured the last bytes of a body may take to leave."""
_MEASURABLE = 0.2
"""Seconds that a body must take to leave, so that a rate can be told from it."""
_MEASURABLE_BODY = 64 * 1024
"""Bytes that a body must have for that."""


class Deadlines:
    """A deadline for each kind of wait: opening a connection, sending, the answer to each operation.

    `longest` bounds what is borne of a silent server; an answer that was really slow may be waited for longer.
    """

    def __init__(self, longest: float) -> None:
        self._longest = longest
        self._shortest = min(SHORTEST, longest)
        self._lock = Lock()
        self._took: dict[str, deque[float]] = {}
        self._raised: dict[str, float] = {}
        self._answered: deque[tuple[str, float]] = deque(maxlen=_RECENT)
        """The kind of each request that was answered last, and when it was sent."""
        self._rates: deque[float] = deque(maxlen=_RECENT)

    def within(self, wait: str) -> float:
        """Seconds of silence after which the wait is given up."""
        with self._lock:
            took = self._took.get(wait)
            is_quick = wait not in _LARGE and took is not None and len(took) >= _ENOUGH
            shortest = min(SHORTEST_OF_SMALL, self._shortest) if is_quick else self._shortest
            learnt = _MARGIN * max(took) if took else min(_UNTRIED.get(wait, 0.0), self._longest)
            return min(LONGEST_LEARNT, max(shortest, learnt, self._raised.get(wait, 0.0)))

    def ended(self, wait: str, seconds: float) -> None:
        """The wait ended well, after so many seconds."""
        with self._lock:
            self._took.setdefault(wait, deque(maxlen=_RECENT)).append(seconds)
            self._raised.pop(wait, None)

    def ran_out(self, wait: str, seconds: float) -> None:
        """Nothing came within so many seconds: the next wait of this kind may take twice as long."""
        with self._lock:
            self._raised[wait] = min(self._longest, max(2 * seconds, self._raised.get(wait, 0.0)))

    def answered(self, wait: str, sent_at: float, seconds: float) -> None:
        """The answer to a request came within so many seconds after it was sent; monotonic seconds."""
        self.ended(wait, seconds)
        with self._lock:
            self._answered.append((wait, sent_at))

    def is_overtaken(self, wait: str, since: float, now: float) -> bool:
        """Whether a wait since then is in vain: what others sent later was answered, and nothing slow explains it."""
        with self._lock:
            slowest = max(self._took.get(wait, ()), default=0.0)
            overtaking = [kind for kind, sent_at in self._answered if sent_at > since]
            margin = _OVERTAKEN_MARGIN * _OVERTAKING / max(_OVERTAKING, overtaking.count(wait))
            borne = max(SHORTEST_OF_SMALL, (1 + margin) * slowest)
            return len(overtaking) >= _OVERTAKING and now - since > borne

    def left(self, size: float, seconds: float) -> None:
        """A body of so many bytes left and was answered within so many seconds."""
        if size >= _MEASURABLE_BODY and seconds > 0:
            with self._lock:
                self._rates.append(size / seconds)

    def drain(self, unsent: float, sent: float, seconds: float) -> float:
        """Seconds that the `unsent` last bytes of a body may take to leave; its first `sent` took `seconds`."""
        if seconds >= _MEASURABLE and sent > 0:
            return _DRAIN_MARGIN * unsent * seconds / sent
        with self._lock:
            slowest = min(self._rates, default=None)
        if slowest is None:
            return min(self._longest, unsent / _SLOWEST_LINK)
        return _DRAIN_MARGIN * unsent / slowest
