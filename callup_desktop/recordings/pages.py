"""Positioned reads of one open file through a few cached blocks, so that a network drive is asked seldom.

Belongs to the thread that probes. Memory is bounded by BLOCK times the blocks kept.
"""

from collections import OrderedDict
from typing import Final, Protocol

BLOCK: Final = 64 * 1024
_KEPT: Final = 4


class Readable(Protocol):
    """Bytes that can be read at any place: an open file, or what is put together from one."""

    def read_at(self, offset: int, length: int) -> bytes:
        """The bytes at the offset: `length` of them, fewer only at the end; raises OSError."""
        ...


class Pages:
    """The bytes of a file by position. `size` is what the file had when it was opened."""

    def __init__(self, file: Readable, size: int) -> None:
        """Read nothing yet."""
        self.size = size
        self._file = file
        self._blocks: OrderedDict[int, bytes] = OrderedDict()

    def at(self, offset: int, length: int) -> bytes:
        """The bytes at the offset, `length` of them (at most BLOCK), fewer only at the end; raises OSError."""
        length = min(length, BLOCK, self.size - offset)
        if offset < 0 or length <= 0:
            return b""
        for start, block in self._blocks.items():
            if start <= offset and offset + length <= start + len(block):
                self._blocks.move_to_end(start)
                return block[offset - start : offset - start + length]
        return self._fetch(offset)[:length]

    def run(self, offset: int, length: int) -> bytes:
        """Like `at` for a longer run, not kept; the caller bounds the length."""
        length = min(length, self.size - offset)
        return self._file.read_at(offset, length) if offset >= 0 and length > 0 else b""

    def _fetch(self, offset: int) -> bytes:
        # Near the end one block takes in all that is left, and what lies before it, where a tail is read backwards.
        start = max(0, min(offset, self.size - BLOCK))
        block = self._file.read_at(start, BLOCK)
        self._blocks[start] = block
        if len(self._blocks) > _KEPT:
            self._blocks.popitem(last=False)
        return block[offset - start :]
