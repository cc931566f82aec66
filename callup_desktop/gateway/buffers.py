"""The memory that all uploads of a process fill and send in turn. Event loop only.

More than the wanted buffers are handed out only while the storage has nothing to do and the senders are slow to fill
theirs: a crowd of fast senders shares a few buffers, for more of them would not bring the storage more to do, and a
crowd of slow ones has one each.
"""

import asyncio
import mmap
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from callup_desktop.gateway.admission import PART, WHOLE
from callup_desktop.gateway.settings import MIB

_KEPT = 3
"""Free buffers that keep their memory for the next upload: as many as one upload uses."""
_LOOK_INTERVAL = 0.05
_FAST = 1 * MIB
"""Bytes that come between two looks where waiting for a full buffer is short: 20 MiB a second."""


class PartBuffer:
    """Room for one part, or a small recording as a whole, of memory that belongs to nobody else.

    It is given back whole, and only as much of it as was used.

    Bytes that grow in the common heap leave holes behind that hold several times as much.
    """

    def __init__(self) -> None:
        self._bytes = memoryview(mmap.mmap(-1, WHOLE))
        self.room = PART
        self.filled = 0

    @property
    def is_full(self) -> bool:
        """Whether not one byte more fits."""
        return self.filled == self.room

    def take(self, data: memoryview) -> memoryview:
        """Keep as much of the data as fits; the rest of it."""
        taken = min(len(data), self.room - self.filled)
        self._bytes[self.filled : self.filled + taken] = data[:taken]
        self.filled += taken
        return data[taken:]

    def bytes(self) -> memoryview:
        """What was kept."""
        return self._bytes[: self.filled]

    def empty(self) -> None:
        """Start over."""
        self.filled = 0


class BufferPool:
    """Buffers for all uploads, in the order in which they are asked for."""

    def __init__(self, wanted: int) -> None:
        self._wanted = wanted
        self._in_use: set[PartBuffer] = set()
        self._free: list[PartBuffer] = []
        self._waiting: deque[asyncio.Future[PartBuffer]] = deque()
        self._on_their_way = 0
        self._filled = 0
        """Bytes in all buffers at the last look."""
        self._look: asyncio.TimerHandle | None = None

    @property
    def in_use(self) -> int:
        """Buffers that are neither given back nor discarded."""
        return len(self._in_use)

    async def take(self, room: int = PART) -> PartBuffer:
        """An empty buffer for so many bytes, to be given back or discarded."""
        turn: asyncio.Future[PartBuffer] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        self._hand_out(self._wanted - self.in_use)
        self._look_later()
        try:
            buffer = await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.give_back(turn.result())
            raise
        buffer.room = room
        return buffer

    @contextmanager
    def sending(self) -> Iterator[None]:
        """A buffer needs nothing more of its sender: it is on its way to the storage, or next."""
        self._on_their_way += 1
        try:
            yield
        finally:
            self._on_their_way -= 1

    def give_back(self, buffer: PartBuffer) -> None:
        """Take a buffer that nobody reads any more."""
        buffer.empty()
        self._free.append(buffer)
        self.discard(buffer)

    def discard(self, buffer: PartBuffer) -> None:
        """Count a buffer out; without `give_back` it is never used again, as a thread may still read it."""
        self._in_use.discard(buffer)
        self._hand_out(1)
        del self._free[_KEPT:]

    def _hand_out(self, most: int) -> None:
        while self._waiting and most > 0:
            turn = self._waiting.popleft()
            if turn.done():
                continue
            buffer = self._free.pop() if self._free else PartBuffer()
            self._in_use.add(buffer)
            turn.set_result(buffer)
            most -= 1

    def _look_later(self) -> None:
        if self._waiting and self._look is None:
            self._filled = sum(buffer.filled for buffer in self._in_use)
            self._look = asyncio.get_running_loop().call_later(_LOOK_INTERVAL, self._look_on)

    def _look_on(self) -> None:
        """Hand out one more where nothing moves that would free one."""
        self._look = None
        filled = sum(buffer.filled for buffer in self._in_use)
        if not self._on_their_way and filled - self._filled < _FAST:
            self._hand_out(1)
        self._look_later()
