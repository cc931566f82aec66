"""The bytes of one request on their way out. Read by one pool thread; its position is looked at by the engine."""

import io
import time
from collections.abc import Callable, Iterator

from callup_desktop.engine.cancel_token import CancelToken
from callup_desktop.engine.errors import Code, TransientError
from callup_desktop.engine.pace import Pace
from callup_desktop.recordings.recording import CRC64_BYTES, PIECE

_SMALLEST_READ = 16 * 1024
_FIRST_READ = 256 * 1024
_SLOW = 0.1
_FAST = 0.02


Read = Callable[[int, int], memoryview]
"""The bytes of a body at an offset in it, exactly so many; raises where they cannot be had."""


class PartBody:
    """A seekable reader over bytes in memory, or read piece by piece; ends early on Cancelled and keeps to the pace.

    However long it is, one piece is held in memory.

    `read` hands out up to a whole piece whatever was asked, because urllib3's own 16 KiB reads cost a third of the
    speed (docs/facts.md, "Upload speed"); on a slow link it hands out less, so that a pause is quick and `sendall`
    stays within its timeout.
    """

    def __init__(self, token: CancelToken, pace: Pace, data: memoryview | None = None) -> None:
        """`token` ends it, `pace` slows it; without `data` it is empty until the pool thread loads it."""
        self._token = token
        self._pace = pace
        self._position = 0
        self._unsent: Callable[[], int] = lambda: 0
        self._seen = 0
        self._chunk = _FIRST_READ
        self._last_read = 0.0
        whole = data or memoryview(b"")
        self.load(len(whole), lambda offset, length: whole[offset : offset + length])

    def load(self, size: int, read: Read, crc64nvmes: bytes = b"") -> None:
        """Take its bytes from `read` from now on, a piece at a time; pool thread, before the first read.

        `crc64nvmes` are the CRC64NVME that its pieces were found to have, 8 bytes each; b"" where that is not known.
        """
        self._size = size
        self._read = read
        self.crc64nvmes = crc64nvmes
        self._crc64nvme_of: Callable[[memoryview], int] | None = None
        self._piece, self._piece_at = memoryview(b""), 0

    def pieces(self) -> Iterator[memoryview]:
        """All its bytes in order, wherever the position is; raises Cancelled."""
        for offset in range(0, self._size, PIECE):
            self._token.check()
            yield self._rest_of_piece(offset)

    def verify_with(self, crc64nvme_of: Callable[[memoryview], int]) -> None:
        """See from now on that each piece is what it was found to be; a read raises TransientError(FILE_CHANGED)."""
        self._crc64nvme_of = crc64nvme_of

    def leaves_through(self, unsent: Callable[[], int]) -> None:
        """`unsent` tells how many bytes the system has taken and the other side has not; pool thread."""
        self._unsent = unsent

    def newly_left(self) -> int:
        """Bytes that the other side has acknowledged since the last look; engine thread."""
        seen, self._seen = self._seen, max(self._seen, self._position - self._unsent())
        return self._seen - seen

    @property
    def position(self) -> int:
        """Bytes handed to the socket so far."""
        return self._position

    def __len__(self) -> int:
        """All bytes."""
        return self._size

    def tell(self) -> int:
        """The position."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """The new position; a second try starts over with it."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(0, min(self._size, base + offset))
        return self._position

    def readable(self) -> bool:
        """Always."""
        return True

    def read(self, size: int = -1) -> memoryview:
        """The next bytes, not copied, none at the end; raises Cancelled."""
        self._token.check()
        if self._position >= self._size or size == 0:
            return memoryview(b"")
        chunk = self._rest_of_piece(self._position)[: self._next_size()]
        if wait := self._pace.reserve(len(chunk)):
            self._token.wait(wait)
        self._position += len(chunk)
        self._last_read = time.monotonic()
        return chunk

    def _rest_of_piece(self, offset: int) -> memoryview:
        """The bytes from the offset to the end of its piece; the piece that was read last is kept."""
        start = offset // PIECE * PIECE
        if start != self._piece_at or not self._piece:
            piece = self._read(start, min(PIECE, self._size - start))
            self._verify(start // PIECE, piece)
            self._piece, self._piece_at = piece, start
        return self._piece[offset - start :]

    def _verify(self, number: int, piece: memoryview) -> None:
        known = self.crc64nvmes[number * CRC64_BYTES : (number + 1) * CRC64_BYTES]
        if known and self._crc64nvme_of is not None and self._crc64nvme_of(piece) != int.from_bytes(known, "big"):
            raise TransientError(Code.FILE_CHANGED, f"piece {number} is no longer what was checked")

    def _next_size(self) -> int:
        if self._last_read:
            took = time.monotonic() - self._last_read
            if took > _SLOW:
                self._chunk = max(_SMALLEST_READ, self._chunk // 2)
            elif took < _FAST:
                self._chunk = min(PIECE, self._chunk * 2)
        if limit := self._pace.limit:
            return max(1024, min(self._chunk, limit // 10, 64 * 1024))
        return self._chunk
