"""One recording on its way from a request to the storage: judged early, cut into parts, two of them in flight.

Event loop; only whole parts are handed to threads.
"""

import asyncio
import base64
from dataclasses import dataclass

from callup_desktop.calls.metadata import Details
from callup_desktop.engine.cancel_token import CancelToken
from callup_desktop.engine.parts import Part
from callup_desktop.files.errors import Refusal, RefusedError
from callup_desktop.gateway.admission import IN_FLIGHT, PART, WHOLE
from callup_desktop.gateway.blocking import BlockingCalls, shielded
from callup_desktop.gateway.buffers import BufferPool, PartBuffer
from callup_desktop.gateway.pipeline import Pipeline
from callup_desktop.gateway.steps import Content, refuse_doubtful
from callup_desktop.recordings import checksums
from callup_desktop.recordings.formats import Format
from callup_desktop.recordings.probe import JUDGED, HeldFile, format_of_head, probe_whole
from callup_desktop.services.uploads import UploadRecord

_CRC64NVME_BYTES = 8


def _content(size: int, crc64nvme: int) -> Content:
    """The checksum as S3 writes it: the big-endian bytes in base64."""
    return Content(size, base64.b64encode(crc64nvme.to_bytes(_CRC64NVME_BYTES, "big")).decode())


@dataclass(frozen=True, slots=True)
class _StoredPart:
    part: Part
    crc64nvme: int


class Measuring:
    """Takes a recording's bytes and keeps none of them: for a call that has arrived before."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._crc64nvme = 0
        self._size = 0

    async def write(self, data: bytes) -> None:
        """Take the next bytes; RefusedError(TOO_LARGE) beyond the limit."""
        self._size += len(data)
        _refuse_beyond(self._size, self._limit)
        self._crc64nvme = checksums.crc64nvme(data, self._crc64nvme)

    def content(self) -> Content:
        """What the bytes were."""
        return _content(self._size, self._crc64nvme)


class Storing:
    """Takes a recording's bytes and stores them. After any error `stop` must be called before anything is cleaned."""

    def __init__(
        self,
        pipeline: Pipeline,
        work: BlockingCalls,
        buffers: BufferPool,
        record: UploadRecord,
        details: Details,
        limit: int,
        content_length: int | None,
    ) -> None:
        """`work` are the threads of checksums and judging; `content_length` is the form's around the recording."""
        self.record = record
        self.parts: tuple[Part, ...] = ()
        self.checked = False
        """Whether every byte was judged before it was stored."""
        self._pipeline = pipeline
        self._work = work
        self._buffers = buffers
        self._details = details
        self._limit = limit
        self._room = WHOLE if content_length is not None and content_length <= WHOLE else PART
        self._format: Format | None = None
        self._judge_at = JUDGED
        self._size = 0
        self._held: set[PartBuffer] = set()
        """Those that are not given back."""
        self._buffer: PartBuffer | None = None
        """The one that is being filled."""
        self._waiting: list[PartBuffer] = []
        """Whole parts that came before the recording could be judged."""
        self._slots = asyncio.Semaphore(IN_FLIGHT)
        self._sending: list[asyncio.Task[_StoredPart]] = []
        self._token = CancelToken()

    async def write(self, data: bytes) -> None:
        """Take the next bytes, waiting while two parts are on their way; raises RefusedError and CallError."""
        self._size += len(data)
        _refuse_beyond(self._size, self._limit)
        rest = memoryview(data)
        while rest:
            if self._buffer is not None and self._buffer.is_full:
                await self._part_full(self._buffer)
            if self._buffer is None:
                self._buffer = await self._buffers.take(self._room)
                self._held.add(self._buffer)
            rest = self._buffer.take(rest)
            if self._format is None and len(self._waiting) * PART + self._buffer.filled >= self._judge_at:
                await self._judge()

    async def finish(self) -> UploadRecord:
        """The row once all bytes are stored or, in parts, ready to be made one object; raises as `write` does."""
        _refuse_empty(self._size)
        if self._buffer is not None and not self._sending and not self._waiting:
            return await self._put(self._buffer)
        if self._format is None:
            await self._judge(last=True)
        if self._buffer is not None:
            await self._part_full(self._buffer)
        stored = await asyncio.gather(*self._sending)
        self.parts = tuple(each.part for each in stored)
        crc64nvme = 0
        for each in stored:
            crc64nvme = checksums.combine_crc64nvme(crc64nvme, each.crc64nvme, each.part.size)
        self.record = await self._pipeline.tried(
            self._pipeline.registry, self._pipeline.steps.close, self.record, _content(self._size, crc64nvme)
        )
        return self.record

    def content(self) -> Content:
        """What the recording is, once it is finished."""
        return Content(self.record.size, self.record.crc64nvme)

    async def stop(self) -> None:
        """End what is on its way; returns once no thread of it touches the storage any more."""
        self._token.cancel()
        await shielded(self._ended())

    async def _ended(self) -> None:
        await asyncio.gather(*self._sending, return_exceptions=True)
        for buffer in self._held:
            self._buffers.discard(buffer)
        self._held.clear()

    async def _judge(self, *, last: bool = False) -> None:
        """Look at the first bytes; where they do not tell, look again once there are twice as many."""
        held = [*self._waiting, self._buffer] if self._buffer else self._waiting
        head = b"".join(buffer.bytes() for buffer in held)
        self._format = await self._work.run(format_of_head, head)
        self._judge_at = 2 * len(head)
        if self._format is None and (last or len(self._waiting) == IN_FLIGHT):
            raise RefusedError(Refusal.CORRUPT, {"kind": "unknown"})

    async def _part_full(self, buffer: PartBuffer) -> None:
        """Send the buffer on its way once the recording is judged."""
        if self._format is None and len(self._waiting) == IN_FLIGHT:
            await self._judge(last=True)
        self._waiting.append(buffer)
        self._buffer = None
        if self._format is not None:
            waiting, self._waiting = self._waiting, []
            with self._buffers.sending():
                for each in waiting:
                    await self._send(each)

    async def _send(self, buffer: PartBuffer) -> None:
        if self._format is not None and self.record.upload_id is None:
            await self._plan(self._format)
            steps = self._pipeline.steps
            self.record = await self._pipeline.tried(
                self._pipeline.storage, steps.create, self.record, again=steps.recreate
            )
        await self._slots.acquire()
        for sent in self._sending:
            if sent.done():
                sent.result()  # raises what went wrong on the way
        self._sending.append(asyncio.create_task(self._send_part(len(self._sending) + 1, buffer)))

    async def _send_part(self, number: int, buffer: PartBuffer) -> _StoredPart:
        try:
            with self._buffers.sending():
                part = await self._pipeline.tried(
                    self._pipeline.storage,
                    self._pipeline.steps.upload_part,
                    self.record,
                    number,
                    buffer.bytes(),
                    self._token,
                )
            crc64nvme = await self._crc64nvme_of(part, buffer)
            self._give_back(buffer)
        finally:
            self._slots.release()
        return _StoredPart(part, crc64nvme)

    async def _crc64nvme_of(self, part: Part, buffer: PartBuffer) -> int:
        """What the store confirmed; computed where it has another checksum or none."""
        confirmed = base64.b64decode(part.checksum)
        if len(confirmed) == _CRC64NVME_BYTES:
            return int.from_bytes(confirmed, "big")
        return await self._work.run(checksums.crc64nvme, buffer.bytes())

    def _give_back(self, buffer: PartBuffer) -> None:
        self._held.discard(buffer)
        self._buffers.give_back(buffer)

    async def _put(self, buffer: PartBuffer) -> UploadRecord:
        """A recording that one buffer holds: judged to its last byte, then stored at once."""
        data = buffer.bytes()
        with self._buffers.sending():
            recording = await self._work.run(probe_whole, HeldFile(data))
            refuse_doubtful(recording.warnings, send_anyway=self.record.send_anyway)
            await self._plan(recording.format, Content(recording.size, recording.crc64nvme))
            self.record = await self._pipeline.tried(
                self._pipeline.storage, self._pipeline.steps.put, self.record, data
            )
        self._give_back(buffer)
        self.checked = True
        return self.record

    async def _plan(self, format_: Format, content: Content | None = None) -> None:
        self.record = await self._pipeline.tried(
            self._pipeline.registry, self._pipeline.steps.plan, self.record, self._details, format_, content
        )


def _refuse_beyond(size: int, limit: int) -> None:
    if size > limit:
        raise RefusedError(Refusal.TOO_LARGE, {"size": size, "limit": limit})


def _refuse_empty(size: int) -> None:
    if size == 0:
        raise RefusedError(Refusal.EMPTY, {"size": 0})
